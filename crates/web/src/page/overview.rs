//! The overview: how ready, what would be found, what comes next.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::readiness::{Count, Depth};

use crate::answer::{Answer, Page};
use crate::chart::depth;
use crate::format::{percent, words};
use crate::part::finding;
use crate::request::Context;

/// `GET /`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let answers = context.answers()?;
    let depths = &answers.readiness.depths;
    let findings = answers.readiness.raised_first(7);
    let body = html! {
        div.grid.stretch {
            section.card.span-5 {
                div.card-head { h2 { "Readiness" } span { (depths.documented.of) " requirements" } }
                div.readiness {
                    (depth::rings(depths))
                    dl {
                        (share(Depth::Documented, depths.documented, "approved and in review date"))
                        (share(Depth::Operating, depths.operating, "ran at their cadence"))
                        (share(Depth::Proven, depths.proven, "sealed and checked by another"))
                    }
                }
            }
            section.card.span-7 {
                div.card-head { h2 { "Would be a finding today" } a href=(context.link("/gaps")) { (answers.readiness.findings().len()) " in all" } }
                div { @for one in findings { (finding::line(context, one)) } }
            }
        }
    };
    Ok(Page::new("/", "Overview", body).into())
}

fn share(depth: Depth, count: Count, what: &str) -> Markup {
    html! {
        dt { span { svg viewBox="0 0 10 10" aria-hidden="true" { rect class=(format!("fill-{}", depth.word())) width="10" height="10" rx="2" {} } (words(depth.word())) } strong.num { (percent(count.met, count.of)) "%" } }
        dd { (count.met) " " (what) }
    }
}
