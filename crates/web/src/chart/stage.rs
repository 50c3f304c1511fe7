//! The life cycle: squares in a row for lists.

use maud::{Markup, html};
use vouch_record::kind::generated::shared::Stage;

/// Six squares, filled up to the stage; the word stands beside them.
pub(crate) fn squares(stage: Stage) -> Markup {
    html! {
        svg.stage-squares viewBox="0 0 46 6" aria-hidden="true" {
            @for (place, of) in Stage::ALL.into_iter().enumerate() {
                @let class = if of < stage { "fill-operating" } else if of == stage { "fill-proven" } else { "fill-rest" };
                rect.(class) x=(place * 8) y="0" width="6" height="6" rx="1.2" {}
            }
        }
    }
}
