//! How many of something lie at each level of risk, as one bar.

use maud::{Markup, html};

/// Units of the longest bar.
const LONGEST: f64 = 240.0;

/// Counts from low to critical; `most` is the sum that fills the bar.
pub(crate) fn bar(counts: [usize; 4], most: usize, name: &str) -> Markup {
    let width = |count: usize| LONGEST * count as f64 / most.max(1) as f64;
    let sentence = format!("{name}: {} critical, {} high, {} moderate, {} low", counts[3], counts[2], counts[1], counts[0]);
    let mut from = 0.0;
    let mut parts = Vec::new();
    for (level, class) in [(3, "fill-risk-5"), (2, "fill-risk-4"), (1, "fill-risk-3"), (0, "fill-risk-2")] {
        if counts[level] > 0 {
            parts.push((from, width(counts[level]), class));
            from += width(counts[level]);
        }
    }
    html! {
        svg.chart.levels viewBox="0 0 240 10" preserveAspectRatio="none" role="img" aria-label=(sentence) {
            @for (from, width, class) in parts { rect class=(class) x=(format!("{from:.1}")) width=(format!("{:.1}", (width - 1.0).max(1.0))) height="10" rx="2" {} }
        }
    }
}
