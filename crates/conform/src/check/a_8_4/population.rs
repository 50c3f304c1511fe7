//! Which incidents, exercises and plans the rules look at.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::incident::{Incident, IncidentNotificationRow};
use vouch_record::kind::generated::test::{Test, TestType};

use crate::view::{Entry, View, Window};

/// The incidents noticed in the window that are no exercise and were triaged.
pub(super) fn triaged(view: &View) -> impl Iterator<Item = Entry<'_>> {
    noticed(view).filter(Entry::is_settled)
}

/// The incidents noticed in the window that are no exercise, in whatever state.
pub(super) fn noticed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let window = view.window();
    view.all(Incident::KIND).filter(move |incident| {
        let content = Incident(incident.content());
        let within = content.detected_at().get().zip(window).is_some_and(|(at, window)| window.has(view.day(at)));
        within && !content.exercise().is(true)
    })
}

/// The plans in force that say who is told.
pub(super) fn plans(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.procedures("T-INCIDENT", "A.8.4")
}

/// The notification rows of an incident that were sent, each with when.
pub(super) fn sent(incident: Entry<'_>) -> impl Iterator<Item = (Timestamp, IncidentNotificationRow<'_>)> {
    Incident(incident.content()).notifications().filter_map(|row| Some((row.sent_at()?, row)))
}

/// The exercises held in a period, each with its day: tests that were reviewed, and incidents that are exercises.
pub(super) fn exercises(view: &View, period: Window) -> Vec<(Date, Entry<'_>)> {
    let tests = view.all(Test::KIND).filter(|test| test.is("reviewed"));
    let tests = tests.filter(|test| Test(test.content()).type_().is(TestType::IncidentExercise));
    let tests = tests.filter_map(|test| Some((view.day(Test(test.content()).run_at().get()?), test)));
    let played = view.live(Incident::KIND).filter(|incident| Incident(incident.content()).exercise().is(true));
    let played = played.filter_map(|incident| Some((view.day(Incident(incident.content()).detected_at().get()?), incident)));
    let mut held: Vec<_> = tests.chain(played).filter(|(on, _)| period.has(*on)).collect();
    held.sort_by_key(|(on, entry)| (*on, entry.id()));
    held
}

/// The days on which somebody approved or reviewed a plan.
pub(super) fn looked_at(plan: Entry<'_>) -> Vec<Date> {
    use ApprovalPurpose::{Approve, Review};
    let looks = plan.given().into_iter().filter(|given| {
        let of = given.approval.purpose().get();
        of.is_some_and(|of| matches!(of, Approve | Review))
            && given.approval.decision().is(vouch_record::kind::generated::approval::ApprovalDecision::Approved)
    });
    looks.map(|given| given.on()).collect()
}
