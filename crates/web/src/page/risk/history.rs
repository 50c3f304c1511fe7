//! What was written about a risk, the latest first, with the level that each score gave.

use maud::{Markup, html};
use vouch_app::{Result, query};
use vouch_conform::Entry;

use crate::format::{instant, words};
use crate::part::badge::{Tone, mark, point};
use crate::part::person::who;
use crate::request::Context;

/// Events shown; the record's own page has all.
const LATEST: usize = 8;

/// The card.
///
/// # Errors
/// What the store says.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Result<Markup> {
    let mut events = query::history(&context.view, entry.id())?;
    events.reverse();
    let all = events.len();
    events.truncate(LATEST);
    Ok(html! {
        section.card {
            div.card-head { h2 { "History" } a href=(context.link(&format!("/records/{}?tab=history", entry.id()))) { (all) " in all" } }
            ol.timeline {
                @for event in &events {
                    li {
                        @if event.action == "transition" { (mark(Tone::Good, "moved")) } @else { (point("revised")) }
                        p { @if event.action == "transition" { "Moved to " (words(&event.state).to_lowercase()) } @else { "Revision " (event.revision) @if !event.changed.is_empty() { ": " (changed(&event.changed)) } } }
                        @if let Some(reason) = &event.reason { p.small { "“" (reason) "”" } }
                        p.small.muted { (who(&context.view, &event.actor)) " · #" (event.seq) " · " (instant(event.time, context.view.zone())) }
                    }
                }
            }
        }
    })
}

/// Fields that changed, as words, the first few.
fn changed(fields: &[String]) -> String {
    let shown: Vec<String> = fields.iter().take(4).map(|field| words(field).to_lowercase()).collect();
    let more = fields.len().saturating_sub(4);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
