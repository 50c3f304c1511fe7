//! Derived values of an interested party.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::finding::Finding;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::interested_party::{
    InterestedParty, InterestedPartyListeningChannel, InterestedPartyNeedAccepted,
};
use vouch_record::time::after;

use super::answer::{choice, instant, records, texts};
use super::{Derived, is_over};
use crate::view::Entry;

/// The derived values of an interested party.
pub const TABLE: &[Derived] = &[
    Derived::new("unmet_needs", |entry| texts(unmet_needs(entry))).reading(&["needs"]),
    Derived::new("listening_overdue", |entry| {
        Val::List(listening_overdue(entry).into_iter().map(|one| choice(one.id())).collect())
    })
    .reading(&["listening", "heard"]),
    Derived::new("last_reviewed", |entry| instant(last_reviewed(entry))),
    Derived::new("signals", |entry| records(signals(entry))),
];

/// Codes of needs accepted yes or partly whose `met_by` is empty or names only records that are over.
#[must_use]
pub fn unmet_needs(entry: Entry<'_>) -> Vec<String> {
    let view = entry.view();
    let needs = InterestedParty(entry.content()).needs();
    let taken =
        needs.filter(|row| matches!(row.accepted(), Some(InterestedPartyNeedAccepted::Yes | InterestedPartyNeedAccepted::Partly)));
    let unmet = taken.filter(|row| !row.met_by().filter_map(|link| view.get(link.id)).any(|record| !is_over(record)));
    unmet.map(|row| row.code().or(row.need()).unwrap_or_default().to_owned()).collect()
}

/// Channels of listening without a heard row inside the last interval; it counts from the day the party was first assessed at the
/// earliest.
#[must_use]
pub fn listening_overdue(entry: Entry<'_>) -> Vec<InterestedPartyListeningChannel> {
    let (party, view) = (InterestedParty(entry.content()), entry.view());
    let begun =
        entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "assessed").map_or(entry.created_on(), |leaf| view.day(leaf.time));
    let overdue = party.listening().filter_map(|row| {
        let (channel, every) = (row.channel()?, row.every()?);
        let heard: Option<Date> = party
            .heard()
            .filter(|heard| heard.channel() == Some(channel))
            .filter_map(|heard| heard.on())
            .filter(|on| *on <= view.today())
            .max();
        let last = heard.map_or(begun, |heard| heard.max(begun));
        (after(last, &every) < view.today()).then_some(channel)
    });
    let mut overdue: Vec<_> = overdue.collect();
    overdue.sort_unstable();
    overdue.dedup();
    overdue
}

/// Latest time of an approval with purpose review.
#[must_use]
pub fn last_reviewed(entry: Entry<'_>) -> Option<Timestamp> {
    entry.last_given(&[ApprovalPurpose::Review]).map(|given| given.at())
}

/// Concerns, incidents and findings of the window that name the party.
#[must_use]
pub fn signals(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let Some(window) = view.window() else { return Vec::new() };
    let concerns = entry
        .incoming(Concern::KIND, "")
        .filter(|one| Concern(one.content()).received_at().get().is_some_and(|at| window.has(view.day(at))));
    let incidents = entry
        .incoming(Incident::KIND, "")
        .filter(|one| Incident(one.content()).detected_at().get().is_some_and(|at| window.has(view.day(at))));
    let findings =
        entry.incoming(Finding::KIND, "").filter(|one| Finding(one.content()).raised_at().get().is_some_and(|on| window.has(on)));
    concerns.chain(incidents).chain(findings).collect()
}
