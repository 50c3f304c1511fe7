//! Derived values of a change.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion, ChangeOrigin, ChangeState, ChangeWhat};
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::{Answer, RiskTier};

use super::answer::{choices, day, ids, records, table};
use super::{Derived, ai_system};
use crate::view::{Entry, Given};

/// The derived values of a change.
pub const TABLE: &[Derived] = &[
    Derived::new("significant", |entry| Val::Bool(significant(entry))).reading(&["answers"]),
    Derived::new("aims_change", |entry| Val::Bool(aims_change(entry))).reading(&["what"]),
    Derived::new("decided_on", |entry| day(decided_on(entry))),
    Derived::new("releases", |entry| records(releases(entry))),
    Derived::new("before_the_fact", |entry| Val::Bool(before_the_fact(entry))).reading(&["implemented_on"]),
    Derived::new("follow_open", |entry| {
        table(entry, "change.follow_open", || {
            follow_open(entry).into_iter().map(|row| row! { record: row.record, due: row.due }).collect()
        })
    })
    .reading(&["follow"]),
    Derived::new("effect_overdue", |entry| Val::Bool(effect_overdue(entry))).reading(&["effect_due"]),
    Derived::new("unregularised", |entry| Val::Bool(unregularised(entry))).reading(&["found_on", "implemented_on", "ai_systems"]),
    Derived::new("unplanned_review_due", |entry| Val::Bool(unplanned_review_due(entry))).reading(&["found_on"]),
    Derived::new("unanswered", |entry| choices(unanswered(entry).into_iter().map(ChangeAnswerQuestion::id))).reading(&["answers"]),
    Derived::new("risk_owners_asked", |entry| ids(risk_owners_asked(entry))),
];

/// At least one question is answered yes or unclear.
#[must_use]
pub fn significant(entry: Entry<'_>) -> bool {
    Change(entry.content()).answers().any(|row| matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)))
}

/// It changes the management system or the organisation.
#[must_use]
pub fn aims_change(entry: Entry<'_>) -> bool {
    Change(entry.content()).what().any(|what| what == ChangeWhat::Organisation || what.id().starts_with("aims_"))
}

/// The day of the approval that made state approved. A change found or made in an emergency has none: it is approved after the fact.
#[must_use]
pub fn decided_on(entry: Entry<'_>) -> Option<Date> {
    super::approved::approved_at(entry).map(|at| entry.view().day(at))
}

/// Releases that carry it.
#[must_use]
pub fn releases(entry: Entry<'_>) -> Vec<Entry<'_>> {
    entry.incoming(Release::KIND, "changes").collect()
}

/// It was decided not after it took effect, and not after the first of its releases was deployed.
#[must_use]
pub fn before_the_fact(entry: Entry<'_>) -> bool {
    let Some(decided) = decided_on(entry) else { return false };
    let view = entry.view();
    let effect = Change(entry.content()).implemented_on().get();
    let deployed = releases(entry)
        .into_iter()
        .filter_map(|release| Release(release.content()).deployed_at().get())
        .map(|at| view.day(at))
        .min();
    effect.is_none_or(|on| decided <= on) && deployed.is_none_or(|on| decided <= on)
}

/// A record that had to follow and did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowOpen {
    /// the record; nothing where a new one was to be made
    pub record: Option<Id>,
    /// by when
    pub due: Option<Date>,
}

/// Follow rows past due without `done_on`, or whose `done_revision` was made before the decision.
#[must_use]
pub fn follow_open(entry: Entry<'_>) -> Vec<FollowOpen> {
    let view = entry.view();
    let decided = super::approved::approved_at(entry);
    let rows = Change(entry.content()).follow().filter(|row| {
        let late = row.done_on().is_none() && row.due().is_some_and(|due| due < view.today());
        let done = row.record().zip(row.done_revision()).and_then(|(link, number)| {
            view.find(link.id)?.revisions().find(|leaf| i64::from(leaf.revision) == number).map(|leaf| leaf.time)
        });
        late || matches!((done, decided), (Some(done), Some(decided)) if done < decided)
    });
    rows.map(|row| FollowOpen { record: row.record().map(|link| link.id), due: row.due() }).collect()
}

/// The day on which its effect was to be judged has passed, and it is not reviewed.
#[must_use]
pub fn effect_overdue(entry: Entry<'_>) -> bool {
    let due = Change(entry.content()).effect_due().get();
    entry.is(ChangeState::Implemented.id()) && due.is_some_and(|due| due < entry.view().today())
}

/// Found or made in an emergency, and ten days after it was found or took effect not approved by the owner of each system touched (on
/// the day of the approval), or by top management where the management system changes or no system is named.
#[must_use]
pub fn unregularised(entry: Entry<'_>) -> bool {
    let (change, view) = (Change(entry.content()), entry.view());
    let begun = match change.origin().get() {
        Some(ChangeOrigin::Found) => change.found_on().get(),
        Some(ChangeOrigin::Emergency) => change.implemented_on().get(),
        Some(ChangeOrigin::Planned) | None => None,
    };
    let Some(last) = begun.map(|on| on.saturating_add(10.days())) else { return false };
    let timely = |given: &Given<'_>| {
        let approves =
            given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved);
        approves && given.on() <= last
    };
    let approvals: Vec<Given<'_>> = entry.given().into_iter().filter(timely).collect();
    let by_owner =
        |system: Id| approvals.iter().any(|given| given.by().is_some() && owner_on(view.on(given.on()).find(system)) == given.by());
    let systems: Vec<Id> = change.ai_systems().map(|link| link.id).collect();
    let by_top = || approvals.iter().any(|given| given.by().is_some_and(|by| directs(view.on(given.on()).find(by))));
    let wants_top = systems.is_empty() || aims_change(entry);
    let approved = systems.into_iter().all(by_owner) && (!wants_top || by_top());
    !approved && last < view.today()
}

fn owner_on(system: Option<Entry<'_>>) -> Option<Id> {
    AiSystem(system?.content()).owner().get().map(|link| link.id)
}

fn directs(person: Option<Entry<'_>>) -> bool {
    person.is_some_and(|person| person.is("active") && Person(person.content()).top_management().is(true))
}

/// Found, and thirty days later not reviewed.
#[must_use]
pub fn unplanned_review_due(entry: Entry<'_>) -> bool {
    let change = Change(entry.content());
    let found = change.found_on().get().filter(|_| change.origin().is(ChangeOrigin::Found));
    let over = found.is_some_and(|on| on.saturating_add(30.days()) < entry.view().today());
    over && !entry.is_any(&[ChangeState::Reviewed.id(), ChangeState::Cancelled.id()])
}

/// Questions without a row.
#[must_use]
pub fn unanswered(entry: Entry<'_>) -> Vec<ChangeAnswerQuestion> {
    let asked: Vec<_> = Change(entry.content()).answers().filter_map(|row| row.question()).collect();
    ChangeAnswerQuestion::ALL.into_iter().filter(|question| !asked.contains(question)).collect()
}

/// Risk owners of the systems touched whose tier is high or critical.
#[must_use]
pub fn risk_owners_asked(entry: Entry<'_>) -> Vec<Id> {
    let heavy = entry.links("ai_systems").filter(|system| ai_system::tier(*system) >= Some(RiskTier::High));
    let mut owners: Vec<Id> =
        heavy.filter_map(|system| AiSystem(system.content()).risk_owner().get()).map(|link| link.id).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}
