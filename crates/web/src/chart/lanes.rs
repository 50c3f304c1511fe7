//! Freshness over a year: a lane each, a mark for each day with proof, hatched where it ran dry.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use vouch_conform::View;
use vouch_conform::freshness::Lane;
use vouch_conform::view::Window;

use crate::format::{days_between, month};

/// A lane with its names.
pub(crate) struct Named {
    /// short, before the name; may be empty
    pub(crate) label: String,
    pub(crate) name: String,
    pub(crate) lane: Lane,
}

/// Where lanes begin, after their names.
const LEFT: i64 = 210;
/// How wide a drawing is that has a page to itself.
pub(crate) const PAGE: i64 = 1060;
/// How wide it is beside something else.
pub(crate) const BESIDE: i64 = 720;
const TOP: i64 = 26;
const ROW: i64 = 23;
/// Letters of a name that fit before the lanes.
const LETTERS: usize = 30;

/// The year up to the day of a view, and the part of it in which the log was kept.
pub(crate) fn year(view: &View) -> (Window, Window) {
    let today = view.today();
    let year = Window { from: today.saturating_sub(1.year()), to: today };
    let began = view.state().time_of(0).map_or(today, |at| view.day(at));
    (year, Window { from: began.max(year.from), to: today })
}

/// A year, and where it ends on the drawing.
type Axis = (Window, i64);

/// Place of a day on the axis.
fn at((year, right): Axis, day: Date) -> String {
    let share = days_between(year.from, day).clamp(0, 366) as f64 / days_between(year.from, year.to).max(1) as f64;
    format!("{:.1}", LEFT as f64 + share * (right - LEFT) as f64)
}

fn width((year, right): Axis, from: Date, to: Date) -> String {
    let share = days_between(from.max(year.from), to.max(year.from)) as f64 / days_between(year.from, year.to).max(1) as f64;
    format!("{:.1}", (share * (right - LEFT) as f64).max(1.0))
}

/// The drawing; `sentence` says what is seen. One on a page: the hatching has a name.
pub(crate) fn chart(axis: Axis, sampled: Option<Window>, lanes: &[Named], sentence: &str) -> Markup {
    let (year, right) = axis;
    let height = TOP + ROW * i64::try_from(lanes.len()).unwrap_or(0);
    html! {
        svg.chart.lanes viewBox=(format!("0 0 {} {}", right + 10, height + 8)) role="img" aria-label=(sentence) {
            defs { pattern id="dry" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { line.stroke-bad x1="0" y1="0" x2="0" y2="6" stroke-width="1.8" {} } }
            @if let Some(window) = sampled { rect.fill-tint x=(at(axis, window.from)) y=(TOP - 4) width=(width(axis, window.from, window.to)) height=(height - TOP + 8) {} }
            @for first in months(year) {
                line.grid-line x1=(at(axis, first)) x2=(at(axis, first)) y1=(TOP - 4) y2=(height + 4) {}
                text x=(at(axis, first)) y="14" dx="4" { (month(first)) }
            }
            @for (place, named) in (0_i64..).zip(lanes) { (lane(axis, TOP + place * ROW, named)) }
            line.stroke-ink x1=(right) x2=(right) y1=(TOP - 8) y2=(height + 4) stroke-width="1.6" {}
        }
    }
}

fn lane(axis: Axis, top: i64, named: &Named) -> Markup {
    let middle = top + ROW / 2;
    html! {
        @if !named.label.is_empty() { text.strong x="0" y=(middle + 4) { (named.label) } }
        text x=(if named.label.is_empty() { 0 } else { 48 }) y=(middle + 4) { (short(&named.name)) title { (named.name) } }
        line.grid-line x1=(LEFT) x2=(axis.1) y1=(middle) y2=(middle) {}
        @for hole in &named.lane.holes { rect x=(at(axis, hole.from)) y=(middle - 6) width=(width(axis, hole.from, hole.to)) height="12" fill="url(#dry)" {} }
        @if !named.lane.days.is_empty() { path.stroke-proven d=(marks(axis, middle, &named.lane.days)) stroke-width="1.6" {} }
    }
}

/// A stroke for each day, all of them one path: a year of days is a short text.
fn marks(axis: Axis, middle: i64, days: &[Date]) -> String {
    days.iter().map(|day| format!("M{} {}v12", at(axis, *day), middle - 6)).collect()
}

fn short(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// The first days of the months of the year; one whose name would not fit is left out.
fn months(year: Window) -> Vec<Date> {
    year.months().into_iter().map(|part| part.from).filter(|from| from.day() == 1 && days_between(*from, year.to) > 12).collect()
}

/// What the marks mean.
pub(crate) fn legend(sampled: Option<Window>) -> Markup {
    html! {
        div.legend {
            span { svg viewBox="0 0 10 10" aria-hidden="true" { rect.fill-proven x="4" width="2" height="10" {} } "proof" }
            span { svg viewBox="0 0 10 10" aria-hidden="true" { rect width="10" height="10" fill="url(#dry)" {} } "no proof in date" }
            @if let Some(window) = sampled { span { svg viewBox="0 0 10 10" aria-hidden="true" { rect.fill-tint.stroked width="10" height="10" rx="2" {} } "sampling window, " (window.days()) " days" } }
        }
    }
}
