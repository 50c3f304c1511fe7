//! What roles say: who answers for what, up to where, appointed by whom, and to whom they report.

use vouch_record::Id;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::role::{Role, RoleActivityActivity, RoleActivityPart, RoleHolderRow, RoleKey};

use crate::check::wording::{called, words};
use crate::derived::role::{holders_on, holding};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What somebody has to answer for.
const ANSWERED: [RoleActivityActivity; 7] = [
    RoleActivityActivity::RiskAcceptance,
    RoleActivityActivity::ImpactApproval,
    RoleActivityActivity::Release,
    RoleActivityActivity::Stop,
    RoleActivityActivity::Incident,
    RoleActivityActivity::AimsConformity,
    RoleActivityActivity::AimsReporting,
];

/// Whether a role answers for an activity.
pub(super) fn answers_for(role: Entry<'_>, activity: RoleActivityActivity) -> bool {
    let mut rows = Role(role.content()).activities();
    rows.any(|row| row.activity() == Some(activity) && row.part() == Some(RoleActivityPart::Accountable))
}

/// 5.3-D1
pub(super) fn one_role_answers_for_each(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for activity in ANSWERED {
        let roles: Vec<Entry<'_>> = view.live(Role::KIND).filter(|role| answers_for(*role, activity)).collect();
        let mut holders: Vec<Id> = roles.iter().flat_map(|role| holders_on(*role)).collect();
        holders.sort_unstable();
        holders.dedup();
        let held = !roles.is_empty() && roles.iter().all(|role| !holders_on(*role).is_empty());
        let apart = roles.iter().enumerate().all(|(at, role)| roles[at + 1..].iter().all(|other| !overlap(*role, *other)));
        if held && apart {
            verdicts.passed.extend(roles.iter().map(Entry::subject));
        } else {
            let lapse = Lapse::of_organisation().value("activity", words(activity.id()));
            verdicts.failed.push(lapse.value("n", roles.len()).value("holders", holders.len()));
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(ANSWERED.len())
}

/// Whether two roles are held for the same system: holders of one of them name none, or both name one system or unit.
fn overlap(one: Entry<'_>, other: Entry<'_>) -> bool {
    holding(one).any(|mine| holding(other).any(|theirs| meet(mine, theirs)))
}

fn meet(one: RoleHolderRow<'_>, other: RoleHolderRow<'_>) -> bool {
    let systems = |row: RoleHolderRow<'_>| -> Vec<Id> { row.ai_systems().map(|link| link.id).collect() };
    let units = |row: RoleHolderRow<'_>| -> Vec<String> {
        let text = row.units().unwrap_or_default();
        text.split([',', ';', ' ', '\n']).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    };
    let limited = |row: RoleHolderRow<'_>| !systems(row).is_empty() || !units(row).is_empty();
    if !limited(one) || !limited(other) {
        return true;
    }
    systems(one).iter().any(|system| systems(other).contains(system)) || units(one).iter().any(|unit| units(other).contains(unit))
}

/// 5.3-D2
pub(super) fn limits_and_appointments(view: &View) -> Verdicts {
    each(view.live(Role::KIND), |role| {
        Judgement::needing(role, &["authority", "holders"], || {
            let content = Role(role.content());
            let lapse = |defect: String| Lapse::of(role).value("role", role.label()).value("defect", defect);
            let unlimited = content.authority().next().is_none().then(|| lapse("nothing says what it may decide".to_owned()));
            let at_the_top = content.key().is(RoleKey::TopManagement);
            let alone = |row: &RoleHolderRow<'_>| {
                let person = row.person().map(|link| link.id);
                let appointed = row.appointed_by().map(|link| link.id);
                let unappointed = appointed.is_none() || appointed == person;
                unappointed && (!at_the_top || has_a_board_beside(view, person))
            };
            let unappointed = holding(role).filter(alone).map(|row| {
                let person = called(view, row.person().map(|link| link.id));
                lapse(format!("{person} holds it without an appointment by somebody else"))
            });
            Judgement::of(unlimited.into_iter().chain(unappointed).collect())
        })
    })
}

/// Whether there is somebody else of the board who could appoint whoever directs.
fn has_a_board_beside(view: &View, person: Option<Id>) -> bool {
    let mut people = view.all(Person::KIND).filter(|one| one.is("active") && Some(one.id()) != person);
    people.any(|one| Person(one.content()).relation().is(PersonRelation::Board))
}

/// 5.3-D3
pub(super) fn reporting_lines(view: &View) -> Verdicts {
    let asked = |role: &Entry<'_>| {
        let content = Role(role.content());
        let reports = answers_for(*role, RoleActivityActivity::AimsReporting) || content.key().is(RoleKey::InternalAuditor);
        reports && !content.key().is(RoleKey::TopManagement)
    };
    each(view.live(Role::KIND).filter(asked), |role| {
        let above = role.linked("reports_to").is_some_and(|above| Role(above.content()).key().is(RoleKey::TopManagement));
        Judgement::when(above, || Lapse::of(role).value("role", role.label()))
    })
}
