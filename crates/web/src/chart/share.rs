//! A share as a thin bar; the figure stands beside it.

use maud::{Markup, html};

/// A part of a whole. Below three quarters somebody must look, below half somebody must act.
pub(crate) fn bar(part: usize, whole: usize) -> Markup {
    let share = part as f64 / whole.max(1) as f64;
    let class = if share < 0.5 {
        "fill-bad"
    } else if share < 0.75 {
        "fill-attention"
    } else {
        "fill-proven"
    };
    html! {
        svg.share viewBox="0 0 64 6" aria-hidden="true" {
            rect.fill-rest width="64" height="6" rx="2" {}
            @if part > 0 { rect.(class) width=(format!("{:.1}", 64.0 * share)) height="6" rx="2" {} }
        }
    }
}
