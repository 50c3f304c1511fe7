//! A trend on a line of text, with its limit.

use maud::{Markup, html};

const WIDE: f64 = 132.0;
const HIGH: f64 = 28.0;
/// Room for the mark at the end.
const EDGE: f64 = 4.0;

/// Values in the order of time; `beyond` says whether the last one is past its limit.
pub(crate) fn line(values: &[f64], limit: Option<f64>, beyond: bool, name: &str) -> Markup {
    let Some(last) = values.last() else { return html! { span.faint { "No values" } } };
    let all = || values.iter().copied().chain(limit);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let room = if high > low { high - low } else { 1.0 };
    let y = |value: f64| HIGH - EDGE - (value - low) / room * (HIGH - 2.0 * EDGE);
    let step = (WIDE - 2.0 * EDGE) / (values.len().saturating_sub(1).max(1)) as f64;
    let points: Vec<String> =
        values.iter().enumerate().map(|(at, value)| format!("{:.1},{:.1}", EDGE + at as f64 * step, y(*value))).collect();
    let (end, top) = (EDGE + (values.len() - 1) as f64 * step, y(*last));
    let sentence = format!("{name}: {} values, last {last}{}", values.len(), if beyond { ", beyond its limit" } else { "" });
    html! {
        svg.chart.spark viewBox=(format!("0 0 {WIDE} {HIGH}")) role="img" aria-label=(sentence) {
            @if let Some(limit) = limit { line.stroke-limit x1="0" x2=(WIDE) y1=(format!("{:.1}", y(limit))) y2=(format!("{:.1}", y(limit))) {} }
            @if values.len() > 1 { polyline.trend points=(points.join(" ")) {} }
            @if beyond { path.fill-attention d=(format!("M{:.1} {:.1}l4 7h-8z", end, top - 4.0)) {} }
            @else { circle.fill-proven cx=(format!("{end:.1}")) cy=(format!("{top:.1}")) r="2.6" {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_and_equal_values_are_drawn_inside_the_figure() {
        for values in [&[1.0][..], &[2.0, 2.0, 2.0]] {
            let drawn = line(values, Some(2.0), false, "Rate").into_string();
            assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
        }
        assert!(line(&[], None, false, "Rate").into_string().contains("No values"));
    }

    #[test]
    fn a_value_beyond_its_limit_has_another_shape_and_says_so() {
        let drawn = line(&[1.0, 3.0], Some(2.0), true, "Rate").into_string();
        assert!(drawn.contains("fill-attention") && drawn.contains("beyond its limit") && !drawn.contains("<circle"), "{drawn}");
    }
}
