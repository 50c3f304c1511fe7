//! The clock to each deadline: who must be told until when, and whether that happened.

use jiff::{Timestamp, Unit};
use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::incident::clocks;
use vouch_record::kind::generated::incident::{Incident, IncidentNotificationRow};

use crate::format::instant;
use crate::part::badge::{Tone, status};
use crate::part::{table, value};
use crate::request::Context;

/// How one notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// told in time
    Sent,
    /// told after its time
    SentLate,
    /// decided, with a reason, that nobody need be told
    NotNeeded,
    /// the clock runs: seconds left
    Running(i64),
    /// past its time: seconds since
    Overdue(i64),
    /// to be told, without a time
    Open,
}

/// A notification with its clock.
pub(super) struct Deadline<'v> {
    pub(super) row: IncidentNotificationRow<'v>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) stands: Stands,
}

/// Every notification of an incident with its clock.
pub(super) fn deadlines(entry: Entry<'_>) -> Vec<Deadline<'_>> {
    let now = entry.view().now();
    let rows = Incident(entry.content()).notifications();
    rows.zip(clocks(entry))
        .map(|(row, clock)| {
            let away = |due: Timestamp| due.as_second() - now.as_second();
            let stands = match (row.sent_at(), row.not_needed_because(), clock.due_at) {
                (Some(_), _, _) if clock.overdue => Stands::SentLate,
                (Some(_), _, _) => Stands::Sent,
                (None, Some(_), _) => Stands::NotNeeded,
                (None, None, Some(due)) if away(due) < 0 => Stands::Overdue(-away(due)),
                (None, None, Some(due)) => Stands::Running(away(due)),
                (None, None, None) => Stands::Open,
            };
            Deadline { row, due_at: clock.due_at, stands }
        })
        .collect()
}

/// The deadline that comes next, or was missed first.
pub(super) fn next(entry: Entry<'_>) -> Option<Deadline<'_>> {
    let open = deadlines(entry).into_iter().filter(|deadline| matches!(deadline.stands, Stands::Running(_) | Stands::Overdue(_)));
    open.min_by_key(|deadline| deadline.due_at)
}

/// Shape and word of how a notification stands.
pub(super) fn mark(stands: Stands) -> Markup {
    match stands {
        Stands::Sent => status(Tone::Good, "Told in time"),
        Stands::SentLate => status(Tone::Attention, "Told too late"),
        Stands::NotNeeded => status(Tone::Plain, "Not needed"),
        Stands::Running(left) => status(if left < DAY { Tone::Attention } else { Tone::Progress }, &format!("{} left", span(left))),
        Stands::Overdue(since) => status(Tone::Bad, &format!("Overdue by {}", span(since))),
        Stands::Open => status(Tone::Attention, "To be told"),
    }
}

const DAY: i64 = 86_400;

/// `3 days`, `14 hours`, `25 minutes`: the largest unit that says enough.
pub(crate) fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        s if s >= 3 * DAY => (s / DAY, "day"),
        s if s >= 7_200 => (s / 3_600, "hour"),
        s => ((s / 60).max(1), "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Time from one instant to another, in words.
pub(super) fn between(from: Timestamp, to: Timestamp) -> Option<String> {
    let seconds = to.since((Unit::Second, from)).ok()?.get_seconds();
    (seconds >= 0).then(|| span(seconds))
}

/// The table of notifications.
pub(super) fn notifications(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let deadlines = deadlines(entry);
    let zone = context.view.zone();
    html! {
        @if deadlines.is_empty() { p.muted { "Nobody is listed. A row for each party that may have to be told belongs here, also where the answer is no." } }
        @else {
            (table::scroll("Notifications", html! {
                table.table.cards {
                    caption.vh { "Who must be told until when" }
                    thead { tr { th scope="col" { "Who" } th scope="col" { "Because of" } th scope="col" { "Until" } th scope="col" { "Told" } th scope="col" { "Stands" } } }
                    tbody {
                        @for deadline in &deadlines {
                            tr {
                                td.main-cell { @match deadline.row.recipient() { Some(link) => (value::record(context, link)), None => "Not named" } }
                                td data-label="Because of" {
                                    @match deadline.row.obligation().or_else(|| deadline.row.commitment()) { Some(link) => (value::record(context, link)), None => (deadline.row.basis().unwrap_or_default()) }
                                }
                                td.nowrap data-label="Until" { (deadline.due_at.map(|at| instant(at, zone)).unwrap_or_default()) }
                                td data-label="Told" {
                                    @match (deadline.row.sent_at(), deadline.row.not_needed_because()) {
                                        (Some(at), _) => { (instant(at, zone)) @if let Some(channel) = deadline.row.channel() { " · " (channel) } }
                                        (None, Some(why)) => (why),
                                        (None, None) => "",
                                    }
                                }
                                td data-label="Stands" { (mark(deadline.stands)) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_name_the_unit_that_says_enough() {
        assert_eq!(span(30), "1 minute");
        assert_eq!(span(7_199), "119 minutes");
        assert_eq!(span(7_200), "2 hours");
        assert_eq!(span(71 * 3_600), "71 hours");
        assert_eq!(span(3 * DAY), "3 days");
    }
}
