//! Phases and milestones over time.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::format::{days_between, month, near_date};

/// A point on the way.
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) on: Date,
    pub(crate) reached: bool,
    pub(crate) late: bool,
}

/// A part of the way with its points.
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) marks: Vec<Mark>,
}

const LEFT: f64 = 132.0;
const WIDTH: f64 = 1100.0;
const ROW: f64 = 30.0;
/// Months with a word of their own; beyond, each third has one.
const MONTHS: usize = 15;

/// Lanes one below the other with the months above and today across.
pub(crate) fn gantt(lanes: &[Lane], today: Date) -> Markup {
    let days = || lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.on).chain([today]);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return html! {} };
    let (from, to) = (first.first_of_month(), last.last_of_month().saturating_add(1.month()));
    let span = days_between(from, to).max(1) as f64;
    let x = |day: Date| LEFT + (WIDTH - LEFT) * days_between(from, day) as f64 / span;
    let height = 28.0 + ROW * lanes.len() as f64 + 18.0;
    let months: Vec<Date> = std::iter::successors(Some(from), |day| Some(day.saturating_add(1.month())))
        .take_while(|day| *day < to)
        .take(240)
        .collect();
    let each = months.len().div_ceil(MONTHS).max(1);
    html! {
        svg.chart.gantt viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(sentence(lanes, today)) {
            @for (place, day) in months.iter().enumerate().filter(|(place, _)| place % each == 0) {
                line.grid-line x1=(px(x(*day))) x2=(px(x(*day))) y1="6" y2=(px(height - 18.0)) {}
                text x=(px(x(*day) + 5.0)) y="14" { (month(*day)) @if day.month() == 1 || place == 0 { " " (day.year()) } }
            }
            @for (place, lane) in lanes.iter().enumerate() { (row(lane, 28.0 + ROW * place as f64, &x)) }
            line.stroke-bad x1=(px(x(today))) x2=(px(x(today))) y1="18" y2=(px(height - 18.0)) {}
            circle.fill-bad cx=(px(x(today))) cy="18" r="3" {}
            text x=(px(x(today))) y=(px(height - 4.0)) text-anchor="middle" { "Today" }
        }
    }
}

fn row(lane: &Lane, top: f64, x: &impl Fn(Date) -> f64) -> Markup {
    let (first, last) = (lane.marks.iter().map(|mark| mark.on).min(), lane.marks.iter().map(|mark| mark.on).max());
    let middle = top + ROW / 2.0;
    // A word stands beside its mark only where it does not run into the next.
    let mut words: Vec<bool> = lane
        .marks
        .iter()
        .zip(lane.marks.iter().skip(1))
        .map(|(one, next)| x(next.on) - x(one.on) > 7.0 * one.name.chars().count() as f64 + 24.0)
        .collect();
    words.push(true);
    html! {
        line.grid-line x1="0" x2=(WIDTH) y1=(px(top)) y2=(px(top)) {}
        text.strong x="0" y=(px(middle + 4.0)) { (lane.name) }
        @if let (Some(first), Some(last)) = (first, last) { rect.fill-tint x=(px(x(first))) y=(px(middle - 9.0)) width=(px((x(last) - x(first)).max(2.0))) height="18" rx="4" {} }
        @for (mark, word) in lane.marks.iter().zip(words) {
            @let class = if mark.late { "fill-bad" } else if mark.reached { "fill-ink" } else { "fill-surface stroke-ink" };
            path class=(class) d=(format!("M{:.1} {:.1}l6 6l-6 6l-6-6z", x(mark.on), middle - 6.0)) {}
            @if word { text x=(px(x(mark.on) + 10.0)) y=(px(middle + 4.0)) { (mark.name) } }
        }
    }
}

fn px(at: f64) -> String {
    format!("{at:.1}")
}

fn sentence(lanes: &[Lane], today: Date) -> String {
    let marks = || lanes.iter().flat_map(|lane| &lane.marks);
    let (all, reached, late) =
        (marks().count(), marks().filter(|mark| mark.reached).count(), marks().filter(|mark| mark.late).count());
    let next = marks().filter(|mark| !mark.reached && mark.on >= today).min_by_key(|mark| mark.on);
    let next = next.map(|mark| format!("; next: {} on {}", mark.name, near_date(mark.on, today))).unwrap_or_default();
    format!("{reached} of {all} milestones reached, {late} late{next}")
}
