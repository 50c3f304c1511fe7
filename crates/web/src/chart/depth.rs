//! Depth as rings and as a nested bar.

use maud::{Markup, html};
use vouch_conform::readiness::{Depth, Depths};

use crate::format::percent;

/// Three rings, the outermost the shallowest depth; the share proven in the middle.
pub(crate) fn rings(depths: &Depths) -> Markup {
    let rings =
        [(Depth::Documented, depths.documented, 56), (Depth::Operating, depths.operating, 46), (Depth::Proven, depths.proven, 36)];
    let sentence = rings.map(|(depth, count, _)| format!("{} of {} requirements {}", count.met, count.of, depth.word())).join(", ");
    html! {
        svg.chart.rings viewBox="0 0 124 124" role="img" aria-label=(sentence) {
            @for (depth, count, radius) in rings {
                @let round = 2.0 * std::f64::consts::PI * f64::from(radius);
                @let share = count.met as f64 / count.of.max(1) as f64;
                circle.ring.stroke-rest cx="62" cy="62" r=(radius) {}
                @if count.met > 0 {
                    circle class=(format!("ring stroke-{}", depth.word())) cx="62" cy="62" r=(radius)
                        stroke-dasharray=(format!("{:.1} {:.1}", round * share, round)) transform="rotate(-90 62 62)" {}
                }
            }
            text.ring-figure x="62" y="64" text-anchor="middle" { (percent(depths.proven.met, depths.proven.of)) "%" }
            text.ring-word x="62" y="76" text-anchor="middle" { "proven" }
        }
    }
}

/// How many of some requirements are met at each depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) documented: usize,
    pub(crate) operating: usize,
    pub(crate) proven: usize,
    pub(crate) of: usize,
}

/// One bar with the depths laid over each other.
pub(crate) fn bar(met: Met) -> Markup {
    let width = |part: usize| format!("{:.1}", 112.0 * part as f64 / met.of.max(1) as f64);
    let sentence = format!("{} documented, {} operating, {} proven of {}", met.documented, met.operating, met.proven, met.of);
    html! {
        svg.chart.depth-bar viewBox="0 0 112 8" preserveAspectRatio="none" role="img" aria-label=(sentence) {
            rect.fill-rest width="112" height="8" rx="1.5" {}
            @for (part, class) in [(met.documented, "fill-documented"), (met.operating, "fill-operating"), (met.proven, "fill-proven")] {
                @if part > 0 { rect class=(class) width=(width(part)) height="8" rx="1.5" {} }
            }
        }
    }
}

/// A small square in the colour of a depth, with its word.
pub(crate) fn legend() -> Markup {
    html! {
        div.legend aria-hidden="true" {
            @for depth in Depth::ALL { span { svg viewBox="0 0 10 10" { rect class=(format!("fill-{}", depth.word())) width="10" height="10" rx="2" {} } (depth.word()) } }
        }
    }
}
