//! Freshness: a year of proof in lanes, with the stretches in which it ran dry.

use std::sync::Arc;

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::freshness::Lane;
use vouch_conform::view::Window;

use crate::chart::lanes::{self as drawing, Named};
use crate::format::{date, days_between};
use crate::part::requirement::group_of;
use crate::part::{badge, table};
use crate::place;
use crate::request::Context;

/// Lanes: their label, what they hold, and the groups of requirements in them.
const LANES: [(&str, &str, &[&str]); 10] = [
    ("4–6", "Context, leadership, plan", &["4", "5", "6"]),
    ("7", "Support", &["7"]),
    ("8–10", "Operation to improvement", &["8", "9", "10"]),
    ("A.2–3", "Policies, organisation", &["A.2", "A.3"]),
    ("A.4", "Resources", &["A.4"]),
    ("A.5", "Impact assessment", &["A.5"]),
    ("A.6", "Life cycle", &["A.6"]),
    ("A.7", "Data", &["A.7"]),
    ("A.8–9", "Information, use", &["A.8", "A.9"]),
    ("A.10", "Third parties", &["A.10"]),
];

/// The card.
pub(super) fn card(context: &Context<'_>) -> Result<Markup> {
    let (year, lived) = drawing::year(&context.view);
    let lanes = lanes(context, lived)?;
    let all = lanes.0.as_slice();
    let sampled = context.view.window();
    Ok(html! {
        section.card.freshness {
            div.card-head { h2 { "Freshness" } (drawing::legend(sampled)) }
            (table::scroll("Freshness of proof over a year", drawing::chart((year, drawing::PAGE), sampled, all, &sentence(all))))
            details.more { summary.link { "As a table" } (as_table(context, all)) }
        }
    })
}

/// The lanes of a day.
struct Lanes(Vec<Named>);

/// Computed once for head and day.
fn lanes(context: &Context<'_>, lived: Window) -> Result<Arc<Lanes>> {
    let readiness = &context.answers()?.readiness;
    let items = context.view.frameworks().items();
    let of = || {
        LANES
            .into_iter()
            .map(|(label, name, groups)| {
                let own: Vec<&str> =
                    items.iter().map(|item| item.id.as_str()).filter(|item| groups.contains(&group_of(item))).collect();
                let lane = Lane::of(&context.view, readiness, lived, &own);
                Named { label: label.to_owned(), name: name.to_owned(), lane }
            })
            .collect()
    };
    context.site.shelf.get(context.view.cut(), context.view.today(), || Ok(Lanes(of())))
}

fn sentence(lanes: &[Named]) -> String {
    let dry: Vec<&str> =
        lanes.iter().filter(|drawn| !drawn.lane.out_of_date.is_empty()).map(|drawn| drawn.label.as_str()).collect();
    if dry.is_empty() {
        "Days on which proof was made over a year, by group of requirements; every group has proof in date today".to_owned()
    } else {
        format!(
            "Days on which proof was made over a year, by group of requirements; today requirements lack proof in date in {}",
            dry.join(", ")
        )
    }
}

fn as_table(context: &Context<'_>, lanes: &[Named]) -> Markup {
    html! {
        table.table.cards.inner {
            caption.vh { "Freshness by group of requirements" }
            thead { tr { th scope="col" { "Group" } th.num scope="col" { "Days with proof" } th scope="col" { "Latest" } th.num scope="col" { "Days without proof in date" } th scope="col" { "Out of date today" } } }
            tbody {
                @for drawn in lanes {
                    @let dry: i64 = drawn.lane.holes.iter().map(|hole| days_between(hole.from, hole.to)).sum();
                    tr {
                        th scope="row" { (drawn.label) " " (drawn.name) }
                        td.num data-label="Days with proof" { (drawn.lane.days.len()) }
                        td data-label="Latest" { (drawn.lane.days.last().map_or_else(|| "–".to_owned(), |day| date(*day))) }
                        td.num data-label="Days without proof in date" { (dry) }
                        td { span.row.tight { @for item in &drawn.lane.out_of_date { (badge::requirement(&context.link(&place::of_requirement(item)), item)) } } }
                    }
                }
            }
        }
    }
}
