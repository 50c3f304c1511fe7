//! The records of an area: how many, in which states, the latest, and the way to all and to a new one.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_record::kind::Kind;

use super::table::Area;
use crate::format::{inside, near_date, thousands, words};
use crate::part::{state, value};
use crate::place;
use crate::request::Context;

/// Records shown of each kind.
const LATEST: usize = 4;
/// Kinds whose records come from a decision or a machine, never from a form of their own.
const WRITTEN_ELSEWHERE: [&str; 2] = ["approval", "sealed-batch"];
/// Records whose states are counted; of more only the number is told.
const COUNTED: usize = 2_000;

/// A card for each kind of which there is a record, and one that says what is not begun.
pub(super) fn cards(context: &Context<'_>, area: &Area) -> Markup {
    let kinds = area.kinds.iter().filter_map(|name| context.view.kinds().get(name));
    let (begun, empty): (Vec<_>, Vec<_>) = kinds.partition(|kind| context.view.all(&kind.name).next().is_some());
    html! {
        div.grid.stretch.actions {
            @for kind in begun { section.card.span-4 { (card(context, kind)) } }
            @if !empty.is_empty() {
                section.card.span-12 {
                    div.card-head { h2 { "Not begun" } }
                    ul.lines { @for kind in empty { (not_begun(context, kind)) } }
                }
            }
        }
    }
}

/// A kind without a record: what it is for, and the way to the first.
fn not_begun(context: &Context<'_>, kind: &Kind) -> Markup {
    let add = format!("Add {}", inside(&kind.title));
    html! {
        li {
            div.grow { p { a.strong href=(context.link(&place::of_kind(&kind.name))) { (kind.plural) } } p.small.muted { (kind.help) } }
            @if context.as_of.is_none() && !WRITTEN_ELSEWHERE.contains(&kind.name.as_str()) { a.button.small href=(place::new(&kind.name)) { (add) } }
        }
    }
}

/// The latest records of a kind, the newest first.
pub(super) fn latest<'c>(context: &'c Context<'_>, kind: &str) -> Vec<Entry<'c>> {
    let records = context.view.state().of_kind(kind).iter().rev();
    records.filter_map(|record| context.view.get(record.id)).take(LATEST).collect()
}

fn card(context: &Context<'_>, kind: &Kind) -> Markup {
    let latest = latest(context, &kind.name);
    let all = context.view.state().of_kind(&kind.name).len();
    html! {
        div.card-head {
            h2 { a href=(context.link(&place::of_kind(&kind.name))) { (kind.plural) } }
            @if context.as_of.is_none() && !WRITTEN_ELSEWHERE.contains(&kind.name.as_str()) { a href=(place::new(&kind.name)) { "Add " (inside(&kind.title)) } }
        }
        (states(context, kind, all))
        ul.lines { @for entry in latest { (line(context, entry)) } }
    }
}

/// How many there are in each state, each a link to the list of those.
fn states(context: &Context<'_>, kind: &Kind, all: usize) -> Markup {
    let list = place::of_kind(&kind.name);
    if all > COUNTED {
        return html! { p.small.muted { (thousands(all)) " records" } };
    }
    let mut counts = vec![0_usize; kind.states.len()];
    for entry in context.view.all(&kind.name) {
        if let Some(place) = kind.state_rank(entry.state()) {
            counts[place] += 1;
        }
    }
    html! {
        p.row.small {
            @for (state, count) in kind.states.iter().zip(&counts).filter(|(_, count)| **count > 0) {
                a.chip href=(context.link(&format!("{list}?state={state}"))) { strong { (thousands(*count)) } " " (words(state).to_lowercase()) }
            }
        }
    }
}

fn line(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let today = context.view.today();
    html! {
        li {
            div.grow {
                a.strong href=(context.link(&place::of(entry.id()))) { (value::about(entry)) }
                p.small.muted { span.ref { (entry.id()) } " · " (near_date(context.view.day(entry.made_at()), today)) }
            }
            (state::shown(entry))
        }
    }
}
