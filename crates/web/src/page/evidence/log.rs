//! The log of evidence: segments, filters, rows.

use jiff::civil::Date;
use maud::{Markup, html};

use super::row::{Row, Rows};
use crate::format::{count, date, instant, words};
use crate::part::badge::{self, Tone, status};
use crate::part::list::{Segment, Slice, filters, segments};
use crate::part::person::name_of;
use crate::part::table::{Head, head, heads, order, sorted};
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;
use crate::verification::Known;

/// Days ahead of its end from which proof is called expiring.
const SOON: i64 = 30;
/// Chips shown in a row.
const CHIPS: usize = 3;
/// Systems named in a row.
const SYSTEMS: usize = 1;

/// Whether a row stands in a segment.
fn is_in(segment: Option<&str>, row: &Row, today: Date) -> bool {
    let left = row.left(today);
    match segment {
        Some("review") => row.to_review,
        Some("expiring") => left.is_some_and(|left| (0..=SOON).contains(&left)),
        Some("stale") => left.is_some_and(|left| left < 0),
        _ => true,
    }
}

/// The rows that the address asks for, in its order.
pub(super) fn chosen<'r>(context: &Context<'_>, rows: &'r Rows) -> Vec<&'r Row> {
    let today = context.view.today();
    let words = context.query("q").unwrap_or_default().to_lowercase();
    let (system, item, source) = (context.query("system"), context.query("requirement"), context.query("source"));
    let fits = |row: &&Row| {
        is_in(context.query("show"), row, today)
            && system.is_none_or(|system| row.systems.iter().any(|id| id.to_string() == system))
            && item.is_none_or(|item| row.requirements.iter().any(|own| own == item))
            && source.is_none_or(|source| row.source == source)
            && (words.is_empty()
                || format!("{} {} {} {}", row.title, row.id, row.by, row.fingerprint).to_lowercase().contains(&words)
                || row.systems.iter().any(|id| id.to_string().to_lowercase() == words))
    };
    let mut shown: Vec<&Row> = rows.all.iter().filter(fits).collect();
    match order(context, "-no") {
        ("until", down) => {
            shown.sort_by_key(|row| (row.in_date_until.is_none(), row.in_date_until));
            if down {
                shown.reverse();
            }
        }
        ("no", false) => shown.reverse(),
        _ => {}
    }
    shown
}

/// The section.
pub(super) fn log(context: &Context<'_>, rows: &Rows, shown: &[&Row]) -> Markup {
    let slice = Slice::of(context, shown.len());
    html! {
        section id="log" aria-label="Log of evidence" {
            div.toolbar { (parts(context, rows)) (choices(context, rows)) }
            div id="results" {
                @if shown.is_empty() { div.card { (empty::empty("Nothing fits", "The filter leaves nothing of the log.", Some(button::link(&context.link("/evidence#log"), "Clear filters")))) } }
                @else {
                    div.card.flush {
                        table.table.cards.log data-rows {
                            caption.vh { "Evidence with what it proves, system, state and date" }
                            (heads(context, "-no", &HEADS))
                            tbody { @for row in slice.cut(shown) { (line(context, row)) } }
                        }
                        (slice.foot(context, "record", "records"))
                    }
                }
            }
        }
    }
}

const HEADS: [Head<'static>; 7] = [
    Head { name: "No.", sort: Some("no"), number: true },
    head("Recorded"),
    head("Evidence"),
    head("Proves"),
    head("System"),
    head("Proof"),
    sorted("In date until", "until"),
];

fn parts(context: &Context<'_>, rows: &Rows) -> Markup {
    let today = context.view.today();
    let number = |segment| Some(rows.all.iter().filter(|row| is_in(Some(segment), row, today)).count());
    segments(
        context,
        "show",
        "Which evidence",
        &[
            Segment { name: "All", value: None, count: Some(rows.all.len()) },
            Segment { name: "To review", value: Some("review"), count: number("review") },
            Segment { name: "Expiring", value: Some("expiring"), count: number("expiring") },
            Segment { name: "Out of date", value: Some("stale"), count: number("stale") },
        ],
    )
}

fn choices(context: &Context<'_>, rows: &Rows) -> Markup {
    let items = context.view.frameworks().items();
    filters(
        context,
        "results",
        &[
            ("system", "Any system", rows.systems.iter().map(|(id, name)| (id.as_str(), name.clone())).collect()),
            (
                "requirement",
                "Any requirement",
                items.iter().map(|item| (item.id.as_str(), format!("{} {}", item.id, item.title))).collect(),
            ),
            ("source", "Any source", rows.sources.iter().map(|source| (source.as_str(), source.clone())).collect()),
        ],
    )
}

fn line(context: &Context<'_>, row: &Row) -> Markup {
    let more = row.requirements.len().saturating_sub(CHIPS);
    html! {
        tr {
            td.num.ref { (row.seq) }
            td.nowrap data-label="Recorded" { (instant(row.recorded, context.view.zone())) }
            td.main-cell { a href=(context.link(&place::of(row.id))) title=(row.title) { (row.title) } span.sub { (row.source) " · " (row.by) " · " code { (row.fingerprint) } } }
            td data-label="Proves" { span.row.tight { @for item in row.requirements.iter().take(CHIPS) { (badge::requirement(&context.link(&place::of_requirement(item)), item)) } @if more > 0 { span.small.muted { "+" (more) } } } }
            td data-label="System" { div.cell { (systems(context, row)) } }
            td.nowrap data-label="Proof" { div { (proof(context, row)) } }
            td.nowrap data-label="In date until" { div { (until(context, row)) } }
        }
    }
}

fn systems(context: &Context<'_>, row: &Row) -> Markup {
    html! {
        @if row.systems.is_empty() { span.muted { "Organisation" } }
        @for id in row.systems.iter().take(SYSTEMS) { a.clip href=(context.link(&place::of(*id))) title=(name_of(&context.view, *id)) { (name_of(&context.view, *id)) } }
        @if row.systems.len() > SYSTEMS { span.sub { "and " (row.systems.len() - SYSTEMS) " more" } }
    }
}

/// Whether its leaf was verified, and whether somebody else looked at it.
fn proof(context: &Context<'_>, row: &Row) -> Markup {
    html! {
        @match context.site.verification.known() {
            Known::Verified(size) if row.seq < size => (status(Tone::Good, "Verified")),
            Known::Broken(_) => (status(Tone::Bad, "Log broken")),
            _ => (status(Tone::Progress, "Verifying")),
        }
        @if row.to_review { span.sub { "to review" } }
        @else if let Some(depth) = row.depth { span.sub { (words(depth.word()).to_lowercase()) } }
    }
}

fn until(context: &Context<'_>, row: &Row) -> Markup {
    let left = row.left(context.view.today());
    html! {
        @match row.in_date_until {
            None => span.faint { "No end" },
            Some(day) => {
                @match left {
                    Some(left) if left < 0 => { (status(Tone::Bad, &date(day))) span.sub { (count(usize::try_from(-left).unwrap_or(0), "day", "days")) " out" } }
                    Some(left) if left <= SOON => { (status(Tone::Attention, &date(day))) span.sub { "in " (count(usize::try_from(left).unwrap_or(0), "day", "days")) } }
                    _ => (date(day)),
                }
            }
        }
    }
}
