//! Who answers for each activity, each system, and who stands in.

use std::collections::BTreeSet;

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::role::{Role, RoleActivityActivity, RoleActivityPart, RoleHolderCapacity, RoleKey};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::holder::is_on;
use crate::check::wording::words;
use crate::derived::ai_system::tier;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Activities that one role answers for, development beside them where something is built.
const ACTIVITIES: [RoleActivityActivity; 15] = [
    RoleActivityActivity::Requirements,
    RoleActivityActivity::Data,
    RoleActivityActivity::Testing,
    RoleActivityActivity::Release,
    RoleActivityActivity::Monitoring,
    RoleActivityActivity::Oversight,
    RoleActivityActivity::Stop,
    RoleActivityActivity::Change,
    RoleActivityActivity::Security,
    RoleActivityActivity::Privacy,
    RoleActivityActivity::Safety,
    RoleActivityActivity::Incident,
    RoleActivityActivity::Supplier,
    RoleActivityActivity::ImpactApproval,
    RoleActivityActivity::Retirement,
];

fn is_accountable(role: Entry<'_>, activity: RoleActivityActivity) -> bool {
    let row = |of: Option<RoleActivityActivity>, part| of == Some(activity) && part == Some(RoleActivityPart::Accountable);
    Role(role.content()).activities().any(|one| row(one.activity(), one.part()))
}

/// A.3.2-D1
pub(super) fn one_role_answers(view: &View) -> Verdicts {
    let builds = view.systems().any(|system| system.is_built());
    let activities: Vec<RoleActivityActivity> =
        ACTIVITIES.into_iter().chain([RoleActivityActivity::Development].into_iter().filter(|_| builds)).collect();
    let roles: Vec<Entry<'_>> = view.live(Role::KIND).collect();
    let mut verdicts = Verdicts::default();
    for activity in &activities {
        let accountable: Vec<Entry<'_>> = roles.iter().copied().filter(|role| is_accountable(*role, *activity)).collect();
        if accountable.len() == 1 || are_apart(&accountable) {
            verdicts.passed.extend(accountable.iter().map(|role| role.subject()));
        } else {
            let lapse = accountable.first().map_or_else(Lapse::of_organisation, |role| Lapse::of(*role));
            verdicts.failed.push(lapse.value("activity", words(activity.id())).value("n", accountable.len()));
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(activities.len())
}

/// Whether the holders of several roles all name systems, and no two roles the same.
fn are_apart(roles: &[Entry<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    let apart = |role: &Entry<'_>| {
        let today = role.view().today();
        let rows: Vec<_> = Role(role.content()).holders().filter(|row| is_on(*row, today)).collect();
        let named: BTreeSet<_> = rows.iter().flat_map(|row| row.ai_systems()).map(|link| link.id).collect();
        !rows.is_empty() && rows.iter().all(|row| row.ai_systems().next().is_some()) && named.into_iter().all(|id| seen.insert(id))
    };
    !roles.is_empty() && roles.iter().all(apart)
}

/// A.3.2-D2
pub(super) fn systems_have_people(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["owner", "risk_owner", "deputy"], || {
            let content = AiSystem(system.content());
            let heavy = tier(system) >= Some(RiskTier::High);
            let active = |link: Option<vouch_record::Link>| link.is_some_and(|link| view.is_active(link.id));
            let wanted = [
                (active(content.owner().get()), "owner"),
                (active(content.risk_owner().get()), "risk owner"),
                (!heavy || active(content.deputy().get()), "deputy"),
            ];
            let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
            Judgement::when(missing.is_empty(), || {
                Lapse::of(system).value("system", system.label()).value("missing", missing.join(", "))
            })
        })
    })
}

/// A.3.2-D3
pub(super) fn roles_have_deputies(view: &View) -> Verdicts {
    let answers = |role: &Entry<'_>| Role(role.content()).activities().any(|row| row.part() == Some(RoleActivityPart::Accountable));
    each(view.live(Role::KIND).filter(answers), |role| {
        // Nobody stands in for those who direct the organisation.
        if Role(role.content()).key().is(RoleKey::TopManagement) {
            return Judgement::Skip("top management".to_owned());
        }
        Judgement::needing(role, &["holders"], || {
            let rows: Vec<_> = Role(role.content()).holders().filter(|row| is_on(*row, view.today())).collect();
            let deputy =
                rows.iter().filter(|row| row.capacity() == Some(RoleHolderCapacity::Deputy)).filter_map(|row| row.person());
            let holds = |person: vouch_record::Id| {
                rows.iter().any(|row| {
                    row.capacity() != Some(RoleHolderCapacity::Deputy) && row.person().is_some_and(|link| link.id == person)
                })
            };
            let stands_in = deputy.into_iter().any(|link| view.is_active(link.id) && !holds(link.id));
            Judgement::when(stands_in, || Lapse::of(role).value("role", role.label()))
        })
    })
}
