//! Everything that was written about a record.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::query::{self, Event};

use super::Seen;
use crate::format::{instant, words};
use crate::part::list::Slice;
use crate::part::person::who;
use crate::request::Context;

/// The tab.
pub(super) fn tab(context: &Context<'_>, seen: &Seen<'_>) -> Result<Markup> {
    let mut events = query::history(&context.view, seen.entry.id())?;
    events.reverse();
    let slice = Slice::of(context, events.len());
    Ok(html! {
        (choose(context, seen))
        div.card.flush {
            table.table.cards {
                caption.vh { "What was written about " (seen.entry.id()) ", latest first" }
                thead { tr { th.num scope="col" { "Leaf" } th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Why, or what changed" } th scope="col" { "" span.vh { "Compare" } } } }
                tbody { @for event in slice.cut(&events) { (row(context, seen, event)) } }
            }
            (slice.foot(context, "entry in the log", "entries in the log"))
        }
    })
}

fn row(context: &Context<'_>, seen: &Seen<'_>, event: &Event) -> Markup {
    let what = match event.action {
        "create" => "Created".to_owned(),
        "revise" => format!("Revision {}", event.revision),
        "transition" => format!("Became {}", words(&event.state).to_lowercase()),
        other => words(other),
    };
    let changed = event.changed.iter().map(|name| words(name).to_lowercase()).collect::<Vec<_>>().join(", ");
    let this = format!("/records/{}", seen.entry.id());
    html! {
        tr {
            td.num data-label="Leaf" { a.link href=(context.link(&format!("{this}?tab=proof&seq={}", event.seq))) { (event.seq) } }
            td.nowrap data-label="When" { (instant(event.time, context.view.zone())) }
            td data-label="Who" { (who(&context.view, &event.actor)) }
            td.nowrap data-label="What" { strong { (what) } }
            td { @if let Some(reason) = &event.reason { (reason) } @if !changed.is_empty() { span.sub { (changed) } } }
            td { @if event.action == "revise" { a.link.nowrap href=(context.link(&format!("{this}?compare={}..{}", event.revision - 1, event.revision))) { "Compare" span.vh { " revision " (event.revision - 1) " with " (event.revision) } } } }
        }
    }
}

/// Two revisions to be held against each other.
fn choose(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let numbers: Vec<u32> = seen.entry.revisions().map(|leaf| leaf.revision).collect();
    let head = numbers.last().copied().unwrap_or(1);
    let select = |name: &str, label: &str, chosen: u32| {
        html! { label.row { (label) select.input.auto name=(name) { @for number in numbers.iter().rev() { option value=(number) selected[*number == chosen] { "Revision " (number) } } } } }
    };
    html! {
        @if numbers.len() > 1 {
            form.toolbar action=(format!("/records/{}", seen.entry.id())) {
                @if let Some(day) = context.as_of { input type="hidden" name="as-of" value=(day); }
                input type="hidden" name="compare" value="chosen";
                div.row { (select("before", "Compare", head - 1)) (select("after", "with", head)) button.button { "Compare revisions" } }
            }
        }
    }
}
