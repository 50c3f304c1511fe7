//! Derived values of a committee.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::time::{after, days_between};

use super::Derived;
use super::answer::{records, table};
use crate::view::{Entry, Hole};

/// The derived values of a committee.
pub const TABLE: &[Derived] = &[
    Derived::new("meetings_missed", |entry| {
        table(entry, "committee.meetings_missed", || {
            meetings_missed(entry).into_iter().map(|hole| row! { from: hole.from, to: hole.to }).collect()
        })
    })
    .reading(&["meets_every"]),
    Derived::new("without_quorum", |entry| records(without_quorum(entry))).reading(&["quorum", "members"]),
    Derived::new("single_view", |entry| Val::Bool(single_view(entry))).reading(&["members"]),
];

/// Members with a vote on a day.
#[must_use]
pub fn voting_members(entry: Entry<'_>, day: Date) -> Vec<Id> {
    let rows = Committee(entry.content()).members().filter(|row| row.votes() == Some(true));
    let on = rows.filter(|row| row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day));
    on.filter_map(|row| row.person().map(|link| link.id)).collect()
}

/// Its meetings that were held, each with its day.
#[must_use]
pub fn held(entry: Entry<'_>) -> Vec<(Entry<'_>, Date)> {
    let view = entry.view();
    let meetings = entry.incoming(Meeting::KIND, "committee").filter(|meeting| meeting.is_any(&["held", "signed"]));
    meetings.filter_map(|meeting| Some((meeting, view.day(Meeting(meeting.content()).held_from().get()?)))).collect()
}

/// Gaps of the window between held meetings that are longer than its rhythm plus thirty days. Days before it was first approved do not
/// count.
#[must_use]
pub fn meetings_missed(entry: Entry<'_>) -> Vec<Hole> {
    let approved = entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| entry.view().day(leaf.time));
    let window = entry.view().window().zip(approved).and_then(|(window, approved)| window.from_day(approved));
    let (Some(window), Some(every)) = (window, Committee(entry.content()).meets_every().get()) else { return Vec::new() };
    let longest = days_between(window.from, after(window.from, &every)) + 30;
    window.holes(held(entry).into_iter().map(|(_, day)| day), longest)
}

/// Held meetings of the window with fewer voting members present than its quorum, both as of the day of the meeting.
#[must_use]
pub fn without_quorum(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let Some(window) = entry.view().window() else { return Vec::new() };
    let short = |meeting: Entry<'_>, day: Date| {
        let then = entry.on(day).unwrap_or(entry);
        let voting = voting_members(then, day);
        let present = Meeting(meeting.content()).attendees().filter(|row| row.present() == Some(true));
        let present = present.filter(|row| row.person().is_some_and(|link| voting.contains(&link.id))).count();
        Committee(then.content()).quorum().get().is_some_and(|quorum| i64::try_from(present).is_ok_and(|present| present < quorum))
    };
    held(entry).into_iter().filter(|(meeting, day)| window.has(*day) && short(*meeting, *day)).map(|(meeting, _)| meeting).collect()
}

/// Members with a vote today speak for fewer than three different views.
#[must_use]
pub fn single_view(entry: Entry<'_>) -> bool {
    let voting = voting_members(entry, entry.view().today());
    let rows = Committee(entry.content()).members().filter(|row| row.person().is_some_and(|link| voting.contains(&link.id)));
    let mut views: Vec<_> = rows.filter_map(|row| row.speaks_for()).collect();
    views.sort_unstable();
    views.dedup();
    views.len() < 3
}
