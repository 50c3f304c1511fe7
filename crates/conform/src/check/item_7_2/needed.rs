//! Whether it is written what people must be able to do.

use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::role::{Role, RoleActivityPart};
use vouch_record::kind::generated::shared::CompetenceBasis;

use crate::check::training::needs_of;
use crate::check::wording::words;
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Groups of work for which every organisation describes what it takes.
const ALWAYS: [CompetenceNeedGroup; 4] =
    [CompetenceNeedGroup::Risk, CompetenceNeedGroup::Impact, CompetenceNeedGroup::Oversight, CompetenceNeedGroup::Audit];
/// Those of an organisation that builds.
const BUILDING: [CompetenceNeedGroup; 3] = [CompetenceNeedGroup::Data, CompetenceNeedGroup::Build, CompetenceNeedGroup::Evaluation];

/// 7.2-D1
pub(super) fn needs_are_described(view: &View) -> Verdicts {
    let builds = view.systems().any(|system| system.is_built());
    let groups: Vec<CompetenceNeedGroup> = ALWAYS.into_iter().chain(BUILDING.into_iter().filter(|_| builds)).collect();
    let mut verdicts = Verdicts::default();
    for group in &groups {
        let described = verdicts.passed.len();
        verdicts.passed.extend(needs_of(view, *group).map(|need| need.subject()));
        if verdicts.passed.len() == described {
            let subject = format!("people who work in {}", words(group.id()));
            verdicts.failed.push(Lapse::of_organisation().value("subject", subject));
        }
    }
    let answers = |role: &Entry<'_>| {
        let part =
            |part: Option<RoleActivityPart>| matches!(part, Some(RoleActivityPart::Responsible | RoleActivityPart::Accountable));
        Role(role.content()).activities().any(|row| part(row.part()))
    };
    let roles: Vec<Entry<'_>> = view.live(Role::KIND).filter(answers).collect();
    let things = groups.len() + roles.len();
    let named = each(roles, |role| {
        Judgement::needing(role, &["competence_needs"], || {
            let named = role.links("competence_needs").any(|need| need.is("approved"));
            Judgement::when(named, || Lapse::of(role).value("subject", role.label()))
        })
    });
    verdicts.and(named).among(things)
}

/// 7.2-D2
pub(super) fn needs_are_complete(view: &View) -> Verdicts {
    each(view.live(CompetenceNeed::KIND), |need| {
        Judgement::needing(need, &["accepted_proof", "judged_by", "review_by"], || {
            let missing = lacking(need);
            Judgement::when(missing.is_empty(), || Lapse::of(need).value("need", need.label()).value("missing", missing.join(", ")))
        })
    })
}

fn lacking(need: Entry<'_>) -> Vec<&'static str> {
    let (content, view) = (CompetenceNeed(need.content()), need.view());
    let held = |role: Entry<'_>| role.is("approved") && !holders_on(role).is_empty();
    let course =
        |link: Option<vouch_record::Link>| link.and_then(|link| view.get(link.id)).is_some_and(|course| course.is("approved"));
    let wanted = [
        (content.accepted_proof().any(|row| row.valid_for().is_some()), "a proof with the time for which it holds"),
        (need.links("judged_by").any(held), "a role that judges it and is held"),
        (content.effect_shown_by().is_filled(), "how the effect is seen"),
        (content.review_by().get().is_some_and(|by| by >= view.today()), "a review in time"),
        (
            content.accepted_proof().filter(|row| row.basis() == Some(CompetenceBasis::Course)).all(|row| course(row.course())),
            "an approved course",
        ),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}
