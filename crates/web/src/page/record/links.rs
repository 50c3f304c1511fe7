//! Records that link to a record, by kind.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_record::Id;

use super::Seen;
use crate::format::{date, words};
use crate::part::list::{Segment, Slice, segments};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Records of a kind named in the card.
const NAMED: usize = 4;

/// What links to it, kind by kind in the order of the kinds' names.
fn by_kind<'c>(context: &'c Context<'_>, seen: &Seen<'_>) -> Vec<(&'c str, Vec<Entry<'c>>)> {
    let mut kinds: Vec<(&str, Vec<Entry<'_>>)> = Vec::new();
    for id in &seen.detail.linked_from {
        let Some(entry) = id.parse::<Id>().ok().and_then(|id| context.view.find(id)) else { continue };
        let plural = entry.kind().plural.as_str();
        match kinds.iter_mut().find(|(name, _)| *name == plural) {
            Some((_, entries)) => entries.push(entry),
            None => kinds.push((plural, vec![entry])),
        }
    }
    kinds.sort_by_key(|(name, _)| *name);
    for (_, entries) in &mut kinds {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.made().seq));
    }
    kinds
}

/// The card beside the record.
pub(super) fn card(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let kinds = by_kind(context, seen);
    html! {
        section.card {
            div.card-head { h2 { "Linked from" } @if !kinds.is_empty() { a.link href=(context.link(&seen.tab("links"))) { "All " (seen.detail.linked_from.len()) } } }
            @if kinds.is_empty() { p.muted { "No record links here." } }
            @for (plural, entries) in &kinds {
                h3.small.muted { (plural) " " span.faint { (entries.len()) } }
                ul.stack-4.group { @for entry in entries.iter().take(NAMED) { li { (link(context, *entry)) } } }
            }
        }
    }
}

fn link(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let name = value::named(entry);
    html! {
        a.link href=(context.link(&place::of(entry.id()))) { @match &name { Some(name) => (name), None => (entry.id()) } }
        @if name.is_some() { " " span.ref { (entry.id()) } }
    }
}

/// The whole list, kind by kind or one kind, in pages.
pub(super) fn tab(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let kinds = by_kind(context, seen);
    let asked = context.query("kind");
    let mut choices = vec![Segment { name: "All", value: None, count: Some(seen.detail.linked_from.len()) }];
    choices.extend(kinds.iter().map(|(plural, entries)| Segment {
        name: plural,
        value: entries.first().map(|one| one.kind().name.as_str()),
        count: Some(entries.len()),
    }));
    let rows: Vec<Entry<'_>> = kinds
        .iter()
        .flat_map(|(_, entries)| entries)
        .copied()
        .filter(|entry| asked.is_none_or(|kind| entry.kind().name == kind))
        .collect();
    let slice = Slice::of(context, rows.len());
    html! {
        div.toolbar { (segments(context, "kind", "Kinds of record", &choices)) }
        div.card.flush {
            table.table.cards data-rows {
                caption.vh { "Records that link to " (seen.entry.id()) }
                thead { tr { th scope="col" { "Record" } th scope="col" { "Kind" } th scope="col" { "State" } th scope="col" { "In fields" } th scope="col" { "Made on" } } }
                tbody {
                    @for entry in slice.cut(&rows) {
                        tr {
                            td.main-cell { (link(context, *entry)) }
                            td data-label="Kind" { (entry.kind().title) }
                            td data-label="State" { (words(entry.state())) }
                            td data-label="In fields" { (fields(*entry, seen.entry.id())) }
                            td.nowrap data-label="Made on" { (date(context.view.day(entry.made_at()))) }
                        }
                    }
                }
            }
            (slice.foot(context, "record", "records"))
        }
    }
}

/// The fields by which a record links to another.
fn fields(entry: Entry<'_>, to: Id) -> String {
    let names = entry.kind().fields.iter().filter(|spec| entry.names(to, &spec.name)).map(|spec| words(&spec.name));
    names.collect::<Vec<_>>().join(", ")
}
