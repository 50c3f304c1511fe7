//! Lines over time: a share with its forecast to a day, and a small line with its limit.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::format::{days_between, month, near_date};

/// A share in percent on a day.
pub(crate) type Point = (Date, f64);

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 104.0;

/// A share over past days, and dotted to where it leads by a day.
pub(crate) fn burn_up(points: &[Point], ahead: Option<Point>) -> Markup {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return html! {} };
    let end = ahead.map_or(last.0, |(day, _)| day);
    let days = days_between(first.0, end).max(1) as f64;
    // Room for the words at the last point.
    let width = if ahead.is_some() { WIDTH - 44.0 } else { WIDTH - 36.0 };
    let x = |day: Date| width * days_between(first.0, day) as f64 / days;
    let y = |share: f64| HEIGHT - (HEIGHT - 8.0) * share / 100.0;
    let path: String = points.iter().map(|(day, share)| format!("{:.1},{:.1} ", x(*day), y(*share))).collect();
    let forecast = ahead
        .map(|(day, share)| format!(", {share:.0}% on {} if it goes on like this", near_date(day, last.0)))
        .unwrap_or_default();
    let sentence = format!("Proven: {:.0}% in {}, {:.0}% today{forecast}", first.1, month(first.0), last.1);
    html! {
        svg.chart viewBox="0 0 400 124" role="img" aria-label=(sentence) {
            line.axis x1="0" x2="400" y1="8" y2="8" {}
            line.axis x1="0" x2="400" y1="56" y2="56" {}
            line.axis x1="0" x2="400" y1="104" y2="104" {}
            polyline.trend points=(path.trim_end()) {}
            circle.fill-proven cx=(format!("{:.1}", x(last.0))) cy=(format!("{:.1}", y(last.1))) r="3" {}
            @if let Some((day, share)) = ahead {
                line.trend.ahead x1=(format!("{:.1}", x(last.0))) y1=(format!("{:.1}", y(last.1))) x2=(format!("{:.1}", x(day))) y2=(format!("{:.1}", y(share))) {}
                circle.trend.fill-surface cx=(format!("{:.1}", x(day))) cy=(format!("{:.1}", y(share))) r="3" {}
                text x=(format!("{:.1}", x(day) + 8.0)) y=(format!("{:.1}", y(share) + 4.0)) { (format!("{share:.0}%")) }
                text x=(format!("{:.1}", x(day))) y="120" text-anchor="middle" { (near_date(day, last.0)) }
            } @else {
                text x=(format!("{:.1}", x(last.0) + 8.0)) y=(format!("{:.1}", y(last.1) + 4.0)) { (format!("{:.0}%", last.1)) }
            }
            text x="0" y="120" { (month(first.0)) }
            text x=(format!("{:.1}", x(last.0))) y="120" text-anchor=(if ahead.is_some() { "middle" } else { "end" }) { "today" }
        }
    }
}

/// Where a share leads by a day when it goes on as over the points; nothing while they span less than a month, or it falls.
pub(crate) fn forecast(points: &[Point], day: Date) -> Option<Point> {
    let (first, last) = (points.first()?, points.last()?);
    let days = days_between(first.0, last.0);
    if days < 28 || last.1 < first.1 || day <= last.0 {
        return None;
    }
    let each = (last.1 - first.1) / days as f64;
    Some((day, (last.1 + each * days_between(last.0, day) as f64).min(100.0)))
}

/// A small line with its limit; `sentence` says what is seen, `over` whether the last value is past the limit.
pub(crate) fn spark(values: &[f64], limit: Option<f64>, over: bool, sentence: &str) -> Markup {
    let all = || values.iter().copied().chain(limit);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let span = if high > low { high - low } else { 1.0 };
    let x = |place: usize| if values.len() > 1 { 4.0 + 152.0 * place as f64 / (values.len() - 1) as f64 } else { 80.0 };
    let y = |value: f64| 28.0 - 24.0 * (value - low) / span;
    let path: String = values.iter().enumerate().map(|(place, value)| format!("{:.1},{:.1} ", x(place), y(*value))).collect();
    html! {
        svg.chart.spark viewBox="0 0 160 32" role="img" aria-label=(sentence) {
            @if let Some(limit) = limit { line.stroke-limit x1="0" x2="160" y1=(format!("{:.1}", y(limit))) y2=(format!("{:.1}", y(limit))) {} }
            polyline.trend points=(path.trim_end()) {}
            @if let Some(last) = values.last() {
                @let (x, y) = (x(values.len() - 1), y(*last));
                @if over { path.fill-attention d=(format!("M{:.1} {:.1}l4 7h-8z", x, y - 4.0)) {} } @else { circle.fill-proven cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2.6" {} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_forecast_goes_on_as_before_and_not_beyond_all() {
        let points = [(date(2026, 6, 30), 20.0), (date(2026, 9, 30), 43.0)];
        let (_, share) = forecast(&points, date(2026, 12, 31)).expect("there is a span");
        assert!((share - 66.0).abs() < 0.01, "{share}");
        assert_eq!(forecast(&points, date(2028, 1, 1)), Some((date(2028, 1, 1), 100.0)));
        assert_eq!(forecast(&points[1..], date(2027, 1, 1)), None);
        assert_eq!(forecast(&points, date(2026, 9, 1)), None);
    }
}
