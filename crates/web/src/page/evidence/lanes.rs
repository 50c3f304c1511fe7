//! Freshness: a year of proof in lanes, with the stretches in which it ran dry.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::freshness::Lane;
use vouch_conform::view::Window;

use crate::format::{count, date, days_between, month};
use crate::part::requirement::group_of;
use crate::part::{badge, table};
use crate::place;
use crate::request::Context;

/// Lanes: their label, what they hold, and the groups of requirements in them.
const LANES: [(&str, &str, &[&str]); 10] = [
    ("4–6", "Context, leadership, plan", &["4", "5", "6"]),
    ("7", "Support", &["7"]),
    ("8–10", "Operation to improvement", &["8", "9", "10"]),
    ("A.2–3", "Policies, organisation", &["A.2", "A.3"]),
    ("A.4", "Resources", &["A.4"]),
    ("A.5", "Impact assessment", &["A.5"]),
    ("A.6", "Life cycle", &["A.6"]),
    ("A.7", "Data", &["A.7"]),
    ("A.8–9", "Information, use", &["A.8", "A.9"]),
    ("A.10", "Third parties", &["A.10"]),
];

/// One lane, drawn and told.
struct Drawn {
    label: &'static str,
    name: &'static str,
    lane: Lane,
}

const LEFT: i64 = 210;
const RIGHT: i64 = 1060;
const TOP: i64 = 26;
const ROW: i64 = 23;

/// The card.
pub(super) fn card(context: &Context<'_>) -> Result<Markup> {
    let view = &context.view;
    let today = view.today();
    let year = Window { from: today.saturating_sub(1.year()), to: today };
    let began = view.state().time_of(0).map_or(today, |at| view.day(at));
    let lived = Window { from: began.max(year.from), to: today };
    let lanes = lanes(context, lived)?;
    let sampled = view.window();
    Ok(html! {
        section.card.freshness {
            div.card-head {
                h2 { "Freshness" }
                div.legend {
                    span { svg viewBox="0 0 10 10" aria-hidden="true" { rect.fill-proven x="4" width="2" height="10" {} } "proof" }
                    span { svg viewBox="0 0 10 10" aria-hidden="true" { rect width="10" height="10" fill="url(#dry)" {} } "a requirement without proof in date" }
                    @if let Some(window) = sampled { span { svg viewBox="0 0 10 10" aria-hidden="true" { rect.fill-tint width="10" height="10" rx="2" {} } "sampling window, " (count(usize::try_from(window.days()).unwrap_or(0), "day", "days")) } }
                }
            }
            (table::scroll("Freshness of proof over a year", chart(year, sampled, &lanes)))
            details.more { summary.link { "As a table" } (as_table(context, &lanes)) }
        }
    })
}

fn lanes(context: &Context<'_>, lived: Window) -> Result<Vec<Drawn>> {
    let readiness = &context.answers()?.readiness;
    let items = context.view.frameworks().items();
    Ok(LANES
        .into_iter()
        .map(|(label, name, groups)| {
            let own: Vec<&str> =
                items.iter().map(|item| item.id.as_str()).filter(|item| groups.contains(&group_of(item))).collect();
            Drawn { label, name, lane: Lane::of(&context.view, readiness, lived, &own) }
        })
        .collect())
}

/// Place of a day on the axis.
fn at(year: Window, day: Date) -> String {
    let share = days_between(year.from, day).clamp(0, 366) as f64 / days_between(year.from, year.to).max(1) as f64;
    format!("{:.1}", LEFT as f64 + share * (RIGHT - LEFT) as f64)
}

fn width(year: Window, from: Date, to: Date) -> String {
    let share = days_between(from.max(year.from), to.max(year.from)) as f64 / days_between(year.from, year.to).max(1) as f64;
    format!("{:.1}", (share * (RIGHT - LEFT) as f64).max(1.0))
}

fn chart(year: Window, sampled: Option<Window>, lanes: &[Drawn]) -> Markup {
    let height = TOP + ROW * i64::try_from(lanes.len()).unwrap_or(0);
    html! {
        svg.chart.lanes viewBox=(format!("0 0 1070 {}", height + 8)) role="img" aria-label=(sentence(lanes)) {
            defs { pattern id="dry" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { line.stroke-bad x1="0" y1="0" x2="0" y2="6" stroke-width="2.4" {} } }
            @if let Some(window) = sampled { rect.fill-tint x=(at(year, window.from)) y=(TOP - 4) width=(width(year, window.from, window.to)) height=(height - TOP + 8) {} }
            @for first in months(year) {
                line.grid-line x1=(at(year, first)) x2=(at(year, first)) y1=(TOP - 4) y2=(height + 4) {}
                text x=(at(year, first)) y="14" dx="4" { (month(first)) }
            }
            @for (place, drawn) in (0_i64..).zip(lanes) { (lane(year, TOP + place * ROW, drawn)) }
            line.stroke-ink x1=(RIGHT) x2=(RIGHT) y1=(TOP - 8) y2=(height + 4) stroke-width="1.6" {}
        }
    }
}

fn lane(year: Window, top: i64, drawn: &Drawn) -> Markup {
    let middle = top + ROW / 2;
    html! {
        text.strong x="0" y=(middle + 4) { (drawn.label) }
        text x="48" y=(middle + 4) { (drawn.name) }
        line.grid-line x1=(LEFT) x2=(RIGHT) y1=(middle) y2=(middle) {}
        @for hole in &drawn.lane.holes { rect.dry x=(at(year, hole.from)) y=(middle - 6) width=(width(year, hole.from, hole.to)) height="12" fill="url(#dry)" {} }
        @for day in &drawn.lane.days { rect.fill-proven x=(at(year, *day)) y=(middle - 6) width="1.6" height="12" rx=".5" {} }
    }
}

/// The first days of the months of the year.
fn months(year: Window) -> Vec<Date> {
    year.months().into_iter().map(|part| part.from).filter(|from| from.day() == 1).collect()
}

fn sentence(lanes: &[Drawn]) -> String {
    let dry: Vec<&str> = lanes.iter().filter(|drawn| !drawn.lane.out_of_date.is_empty()).map(|drawn| drawn.label).collect();
    if dry.is_empty() {
        "Days on which proof was made over a year, by group of requirements; every group has proof in date today".to_owned()
    } else {
        format!(
            "Days on which proof was made over a year, by group of requirements; today requirements lack proof in date in {}",
            dry.join(", ")
        )
    }
}

fn as_table(context: &Context<'_>, lanes: &[Drawn]) -> Markup {
    html! {
        table.table.cards.inner {
            caption.vh { "Freshness by group of requirements" }
            thead { tr { th scope="col" { "Group" } th.num scope="col" { "Days with proof" } th scope="col" { "Latest" } th.num scope="col" { "Days without proof in date" } th scope="col" { "Out of date today" } } }
            tbody {
                @for drawn in lanes {
                    @let dry: i64 = drawn.lane.holes.iter().map(|hole| days_between(hole.from, hole.to)).sum();
                    tr {
                        th scope="row" { (drawn.label) " " (drawn.name) }
                        td.num data-label="Days with proof" { (drawn.lane.days.len()) }
                        td data-label="Latest" { (drawn.lane.days.last().map_or_else(|| "–".to_owned(), |day| date(*day))) }
                        td.num data-label="Days without proof in date" { (dry) }
                        td { span.row.tight { @for item in &drawn.lane.out_of_date { (badge::requirement(&context.link(&place::of_requirement(item)), item)) } } }
                    }
                }
            }
        }
    }
}
