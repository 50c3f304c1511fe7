//! Controlled documents: those in force, and the editions of each that came into force one after another.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::{Document, DocumentState};

use crate::derived;
use crate::derived::document::Effective;
use crate::view::{Entry, Given, View, Window};

/// Every document of which a revision is in force.
pub(super) fn in_force(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Document::KIND).filter(|entry| derived::document::in_force(*entry).is_some())
}

/// A revision of a document that came into force.
pub(super) struct Edition<'v> {
    /// the leaf that made it
    pub(super) leaf: &'v Leaf,
    /// the approvals by which it came into force, also those withdrawn since, the earliest first
    pub(super) approvals: Vec<Given<'v>>,
    /// its first day by its own words; nothing if that was erased
    pub(super) effective: Option<Date>,
    /// the days on which it was in force
    pub(super) days: Window,
}

impl Edition<'_> {
    /// Its number.
    pub(super) fn revision(&self) -> u32 {
        self.leaf.revision
    }
}

/// The editions of a document, the earliest first, by the log: a revision that was approved, or reached the state approved, from that
/// day and its `effective_from` on, until the next one.
pub(super) fn editions(document: Entry<'_>) -> Vec<Edition<'_>> {
    let view = document.view();
    let approving: Vec<Given<'_>> = approving(document);
    let mut editions: Vec<Edition<'_>> = Vec::new();
    for leaf in document.revisions() {
        let approvals: Vec<Given<'_>> = approving.iter().filter(|given| given.revision() == leaf.revision).copied().collect();
        let settled = document
            .leaves()
            .iter()
            .find(|one| one.revision == leaf.revision && one.state.as_ref() == DocumentState::Approved.id());
        let begun = approvals.first().map(|given| given.at()).or_else(|| own_approval(document, leaf, settled?));
        let Some(begun) = begun.map(|at| view.day(at)) else { continue };
        let effective = match derived::document::effective_from(document, leaf.revision) {
            Effective::From(day) => Some(day),
            Effective::Erased => None,
            Effective::Never => continue,
        };
        let from = effective.map_or(begun, |day| day.max(begun));
        let to = until(document, &approvals).unwrap_or(view.today());
        for earlier in &mut editions {
            earlier.days.to = earlier.days.to.min(from.saturating_sub(1.day()));
        }
        editions.push(Edition { leaf, approvals, effective, days: Window { from, to } });
    }
    editions.retain(|edition| edition.days.from <= edition.days.to);
    editions
}

/// When a revision without an approval of its own was put in force, unless one of an earlier revision still covers it.
fn own_approval(document: Entry<'_>, leaf: &Leaf, settled: &Leaf) -> Option<jiff::Timestamp> {
    let covered = approving(document)
        .iter()
        .any(|given| given.revision() < leaf.revision && document.covers(given.revision(), leaf.revision));
    (!covered).then_some(settled.time)
}

/// The approvals that put a revision in force, also those withdrawn since, the earliest first.
pub(super) fn approving(document: Entry<'_>) -> Vec<Given<'_>> {
    let mut given: Vec<Given<'_>> = document
        .given_ever()
        .filter(|given| {
            given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
        })
        .collect();
    given.sort_by_key(|given| given.entry.made().seq);
    given
}

/// The last day of an edition that ends without a next one: the document was withdrawn, or the last of its approvals ended.
fn until(document: Entry<'_>, approvals: &[Given<'_>]) -> Option<Date> {
    let withdrawn = document.entered(DocumentState::Withdrawn.id()).filter(|_| document.is(DocumentState::Withdrawn.id()));
    let before = |day: Date| day.saturating_sub(1.day());
    let ends = |given: &Given<'_>| {
        let taken_back = given.entry.entered("withdrawn").map(before);
        taken_back.into_iter().chain(given.approval.valid_until().get()).min()
    };
    let each: Option<Vec<Date>> = approvals.iter().map(ends).collect();
    let unapproved = each.and_then(|days| days.into_iter().max());
    withdrawn.map(before).into_iter().chain(unapproved).min()
}

/// Fields of a record that are empty, in words; nothing when all are filled.
pub(super) fn missing(entry: Entry<'_>, wanted: &[(&'static str, &'static str)]) -> Option<String> {
    let empty: Vec<&str> = wanted.iter().filter(|(field, _)| !is_filled(entry, field)).map(|(_, words)| *words).collect();
    (!empty.is_empty()).then(|| empty.join(", "))
}

fn is_filled(entry: Entry<'_>, field: &str) -> bool {
    let value = entry.value(field);
    value.is_erased() || value.get().is_some_and(|value| !value.is_empty())
}
