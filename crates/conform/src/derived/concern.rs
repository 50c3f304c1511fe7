//! Derived values of a concern.

use jiff::{Span, ToSpan, Unit};
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::concern::{Concern, ConcernState};

use super::Derived;
use super::answer::{ids, length};
use crate::view::Entry;

/// The derived values of a concern.
pub const TABLE: &[Derived] = &[
    Derived::new("time_to_acknowledge", |entry| length(time_to_acknowledge(entry))).reading(&["received_at", "acknowledged_at"]),
    Derived::new("time_to_answer", |entry| length(time_to_answer(entry))).reading(&["received_at", "answered_at"]),
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["received_at", "acknowledged_at", "answer_due", "answered_at"]),
    Derived::new("seen_by", |entry| ids(seen_by(entry))),
];

/// Days within which a reporter is told that a concern arrived: an auditor's practice, not the standard's (`terms.yaml`, numbers).
const ACKNOWLEDGE_DAYS: i64 = 7;

/// From receipt to the word that it arrived.
#[must_use]
pub fn time_to_acknowledge(entry: Entry<'_>) -> Option<Span> {
    let concern = Concern(entry.content());
    concern.acknowledged_at().get()?.since((Unit::Hour, concern.received_at().get()?)).ok()
}

/// From receipt to the answer.
#[must_use]
pub fn time_to_answer(entry: Entry<'_>) -> Option<Span> {
    let concern = Concern(entry.content());
    concern.answered_at().get()?.since((Unit::Hour, concern.received_at().get()?)).ok()
}

/// Not acknowledged within seven days of receipt, or not answered by the time the reporter could expect; a void one is never late.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let (concern, view) = (Concern(entry.content()), entry.view());
    if entry.is(ConcernState::Void.id()) {
        return false;
    }
    let last = concern.received_at().get().map(|at| view.day(at).saturating_add(ACKNOWLEDGE_DAYS.days()));
    let told = concern.acknowledged_at().get().map_or_else(|| view.today(), |at| view.day(at));
    let answered = concern.answered_at().get();
    let after = |due| answered.map_or_else(|| view.is_past(due), |at| at > due);
    last.is_some_and(|last| told > last) || concern.answer_due().get().is_some_and(after)
}

/// Persons who gave an approval with purpose review on it.
#[must_use]
pub fn seen_by(entry: Entry<'_>) -> Vec<Id> {
    let reviews = entry.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Review) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let mut people: Vec<Id> = reviews.filter_map(|given| given.by()).collect();
    people.sort_unstable();
    people.dedup();
    people
}
