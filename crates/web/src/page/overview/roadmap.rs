//! Milestones by phase over time.

use maud::{Markup, html};
use vouch_record::kind::generated::milestone::Milestone;

use crate::chart::gantt::{Lane, Mark, gantt};
use crate::format::words;
use crate::part::button;
use crate::place;
use crate::request::Context;

/// Phases in their order.
const PHASES: [&str; 5] = ["foundation", "build", "operate", "certify", "maintain"];
/// Milestones of a phase that are drawn.
const MOST: usize = 40;

/// The figure; nothing where there is no milestone.
pub(crate) fn card(context: &Context<'_>) -> Markup {
    let lanes: Vec<Lane> = PHASES.iter().filter_map(|phase| lane(context, phase)).collect();
    let is_overview = context.request.path == "/";
    html! {
        @if lanes.is_empty() && is_overview && context.as_of.is_none() {
            section.card.span-12 {
                div.card-head { h2 { "Roadmap" } a href="/roadmap" { "Open roadmap" } }
                div.row.between { p.muted { "No milestone is set. An auditor asks by when each objective and change is planned." } (button::link(&place::new("milestone"), "Add milestone")) }
            }
        }
        @if !lanes.is_empty() {
            section.card.span-12 {
                div.card-head {
                    h2 { "Roadmap" }
                    @if is_overview { a href=(context.link("/roadmap")) { "Open roadmap" } }
                }
                (crate::part::table::scroll("Roadmap", gantt(&lanes, context.view.today())))
            }
        }
    }
}

fn lane(context: &Context<'_>, phase: &str) -> Option<Lane> {
    let today = context.view.today();
    let milestones = context.view.all("milestone").filter(|entry| !entry.is("dropped") && entry.text("phase") == Some(phase));
    let mut marks: Vec<Mark> = milestones
        .filter_map(|entry| {
            let milestone = Milestone(entry.content());
            let reached = entry.is("reached");
            let on = milestone.reached_on().get().filter(|_| reached).or(milestone.planned_on().get())?;
            Some(Mark { name: milestone.title().get().unwrap_or_default().to_owned(), on, reached, late: !reached && on < today })
        })
        .collect();
    marks.sort_by_key(|mark| mark.on);
    marks.truncate(MOST);
    (!marks.is_empty()).then(|| Lane { name: words(phase), marks })
}
