//! Derived values of an auditor's request.

use jiff::{Span, Unit};
use vouch_record::kind::generated::auditor_request::AuditorRequest;

use super::Derived;
use super::answer::{length, records};
use crate::view::Entry;

/// The derived values of an auditor's request.
pub const TABLE: &[Derived] = &[
    Derived::new("answer_time", |entry| length(answer_time(entry))).reading(&["asked_at", "answered_at"]),
    Derived::new("made_after_asking", |entry| records(made_after_asking(entry))).reading(&["asked_at", "records"]),
];

/// From the question to the answer.
#[must_use]
pub fn answer_time(entry: Entry<'_>) -> Option<Span> {
    let request = AuditorRequest(entry.content());
    request.answered_at().get()?.since((Unit::Hour, request.asked_at().get()?)).ok()
}

/// Given records whose first revision is later than the question, by ledger time.
#[must_use]
pub fn made_after_asking(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let Some(asked) = AuditorRequest(entry.content()).asked_at().get() else { return Vec::new() };
    entry.links("records").filter(|record| record.created_at() > asked).collect()
}
