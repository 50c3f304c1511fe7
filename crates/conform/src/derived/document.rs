//! Derived values of a document.

mod confirm;
mod template;
mod used;

pub use confirm::{confirmations, must_confirm, unconfirmed};
pub use template::template_gap;
pub use used::{Named, naming, used_unapproved};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::{Document, DocumentState};
use vouch_record::state::Leaf;
use vouch_record::time::parse_date;

use super::Derived;
use super::answer::{ids, instant, records, texts, whole};
use super::event::{Trigger, events};
use crate::view::{Entry, Given};

/// The derived values of a document.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| in_force(entry).map_or(Val::Empty, whole)),
    Derived::new("in_force_on", |entry| in_force_on(entry, entry.view().today()).map_or(Val::Empty, whole)),
    Derived::new("last_reviewed", |entry| instant(last_reviewed(entry))),
    Derived::new("review_overdue", |entry| Val::Bool(review_overdue(entry))).reading(&["review_by"]),
    Derived::new("must_confirm", |entry| ids(must_confirm(entry).into_keys())),
    Derived::new("unconfirmed", |entry| ids(unconfirmed(entry))),
    Derived::new("template_gap", |entry| texts(template_gap(entry))).reading(&["body"]),
    Derived::new("used_unapproved", |entry| records(used_unapproved(entry))),
    Derived::new("shared_with_outside", |entry| Val::Bool(shared_with_outside(entry))).reading(&["distribution"]),
    Derived::new("approved_earlier", |entry| Val::Bool(approved_earlier(entry))),
];

/// The number of the highest revision with an approval of purpose approve that stands today and whose `effective_from` is not after
/// today, while the document is not withdrawn.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> Option<u32> {
    *entry.view().keep(Some(entry.id()), "document.in_force", || {
        let today = entry.view().today();
        if entry.is_set_aside() || entry.is(DocumentState::Withdrawn.id()) {
            return None;
        }
        let approvals: Vec<u32> = approvals(entry)
            .filter(|given| given.approval.valid_until().get().is_none_or(|until| until >= today))
            .map(|given| given.revision())
            .collect();
        let effective = |revision: &u32| match effective_from(entry, *revision) {
            Effective::From(day) => day <= today,
            Effective::Erased => true,
            Effective::Never => false,
        };
        let approved = |revision: &u32| approvals.iter().any(|approved| entry.covers(*approved, *revision));
        entry.revisions().rev().map(|leaf| leaf.revision).find(|revision| approved(revision) && effective(revision))
    })
}

/// The revision in force on a past day, as things stood then.
#[must_use]
pub fn in_force_on(entry: Entry<'_>, day: Date) -> Option<u32> {
    entry.on(day).and_then(in_force)
}

/// Approvals with purpose approve and decision approved on any revision.
fn approvals(entry: Entry<'_>) -> impl Iterator<Item = Given<'_>> {
    entry.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    })
}

/// From when on a revision holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effective {
    /// from this day
    From(Date),
    /// no day is given
    Never,
    /// the day was erased, which fails no comparison (FORMATS §6)
    Erased,
}

/// What the revision says, or what its transitions wrote for it.
#[must_use]
pub fn effective_from(entry: Entry<'_>, revision: u32) -> Effective {
    const FIELD: &str = "effective_from";
    let leaves = entry.leaves().iter().filter(|leaf| leaf.revision == revision);
    let mut found = Effective::Never;
    for leaf in leaves {
        let written = if leaf.action.is_revision() { leaf.body.get(FIELD) } else { set(leaf, FIELD) };
        if let Some(day) = written.and_then(|value| parse_date(value.as_text()?)) {
            found = Effective::From(day);
        } else if leaf.erasure.of(FIELD).is_some() || leaf.erasure.of("set").is_some() {
            found = Effective::Erased;
        }
    }
    found
}

fn set<'l>(leaf: &'l Leaf, field: &str) -> Option<&'l vouch_record::Value> {
    leaf.set().iter().find(|(name, _)| name.as_ref() == field).map(|(_, value)| value)
}

/// The first day on which the revision in force holds.
#[must_use]
pub fn effective_since(entry: Entry<'_>) -> Option<Date> {
    match effective_from(entry, in_force(entry)?) {
        Effective::From(day) => Some(day),
        Effective::Never | Effective::Erased => None,
    }
}

/// Latest approval with purpose approve or review on any revision.
#[must_use]
pub fn last_reviewed(entry: Entry<'_>) -> Option<Timestamp> {
    entry.last_given(&[ApprovalPurpose::Approve, ApprovalPurpose::Review]).map(|given| given.at())
}

/// `review_by` has passed, or an event of `review_triggers` is more than sixty days old and later than the last review.
#[must_use]
pub fn review_overdue(entry: Entry<'_>) -> bool {
    review_was_due(entry).is_some()
}

/// The day by which it was to be reviewed, if that has passed: `review_by`, or sixty days after an event of `review_triggers` that is later
/// than the last review.
#[must_use]
pub fn review_was_due(entry: Entry<'_>) -> Option<Date> {
    let (document, view) = (Document(entry.content()), entry.view());
    if let Some(by) = document.review_by().get().filter(|by| *by < view.today()) {
        return Some(by);
    }
    let triggers: Vec<Trigger> = document.review_triggers().map(Trigger::from).collect();
    if triggers.is_empty() {
        return None;
    }
    let reviewed = last_reviewed(entry).map_or_else(|| entry.created_on(), |at| view.day(at));
    let own: Vec<_> = document.ai_systems().map(|link| link.id).collect();
    let concerns =
        |systems: &[vouch_record::Id]| own.is_empty() || systems.is_empty() || systems.iter().any(|system| own.contains(system));
    let unanswered =
        events(view).iter().filter(|event| event.on > reviewed && triggers.contains(&event.trigger) && concerns(&event.systems));
    unanswered.map(|event| event.on.saturating_add(60.days())).filter(|due| *due < view.today()).min()
}

/// A row of the distribution names a party, or there is an address where outsiders read it.
#[must_use]
pub fn shared_with_outside(entry: Entry<'_>) -> bool {
    let document = Document(entry.content());
    document.public_url().is_filled() || document.distribution().any(|row| row.party().is_some())
}

/// An earlier revision than the head was approved, and a field that its approval covers changed since.
#[must_use]
pub fn approved_earlier(entry: Entry<'_>) -> bool {
    let head = entry.standing().head.leaf(entry.record()).revision;
    approvals(entry).any(|given| given.revision() < head && !entry.covers(given.revision(), head))
}
