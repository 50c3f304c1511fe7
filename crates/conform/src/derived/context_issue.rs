//! Derived values of a context issue.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::context_issue::ContextIssue;
use vouch_record::kind::generated::document::DocumentReviewTrigger;
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};
use vouch_record::kind::generated::scope::Scope;

use super::Derived;
use super::answer::instant;
use super::event::{Trigger, events};
use crate::view::{Entry, View};

/// The derived values of a context issue.
pub const TABLE: &[Derived] = &[
    Derived::new("last_reviewed", |entry| instant(last_reviewed(entry))),
    Derived::new("traced", |entry| Val::Bool(traced(entry))),
    Derived::new("stale", |entry| Val::Bool(stale(entry))).reading(&["review_by"]),
];

/// Latest time of an approval with purpose review on any revision.
#[must_use]
pub fn last_reviewed(entry: Entry<'_>) -> Option<Timestamp> {
    entry.last_given(&[ApprovalPurpose::Review]).map(|given| given.at())
}

/// It led to a risk, objective, obligation or change, or a scope lists it.
#[must_use]
pub fn traced(entry: Entry<'_>) -> bool {
    let led = ["risks", "objectives", "obligations", "changes"].into_iter().any(|field| entry.value(field).is_filled());
    led || entry.incoming(Scope::KIND, "issues").next().is_some()
}

/// `review_by` has passed; or an event that calls for a look at the context came after the last review, and the thirty days for that look
/// have passed. Such events are: a system of tier high or critical was registered, an obligation that applies was noticed or its source
/// changed, the organisation changed its units, sites or entities.
#[must_use]
pub fn stale(entry: Entry<'_>) -> bool {
    let view = entry.view();
    if ContextIssue(entry.content()).review_by().get().is_some_and(|by| by < view.today()) {
        return true;
    }
    let looked = last_reviewed(entry).map_or_else(|| entry.created_on(), |at| view.day(at));
    let last = view.today().saturating_sub(30.days());
    triggers(view).iter().any(|on| *on > looked && *on < last)
}

/// Days of events that call for a look at the context.
fn triggers(view: &View) -> &[Date] {
    view.keep(None, "context-issue.triggers", || {
        let reviews =
            [DocumentReviewTrigger::NewAiSystem, DocumentReviewTrigger::LawChange, DocumentReviewTrigger::OrganisationChange];
        let reviews = reviews.map(Trigger::from);
        // An issue is itself what a look at the context gives.
        let happened = events(view)
            .iter()
            .filter(|event| reviews.contains(&event.trigger) && event.record.prefix() != "ISS")
            .map(|event| event.on);
        let applies = view
            .live(Obligation::KIND)
            .map(|entry| Obligation(entry.content()))
            .filter(|one| one.applies().is(ObligationApplies::Yes));
        let mut days: Vec<Date> = happened.chain(applies.filter_map(|one| one.noticed_on().get())).collect();
        days.sort_unstable();
        days.dedup();
        days
    })
}
