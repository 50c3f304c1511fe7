//! The latest that shows how a system is run.

use maud::{Markup, html};
use vouch_conform::Entry;

use crate::format::{instant, thousands};
use crate::part::badge::{Tone, mark};
use crate::part::value;
use crate::place;
use crate::request::Context;
use crate::verification::Known;

/// Kinds that show how a system is run, each with the field that names it.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("evidence", "about"),
    ("test", "ai_system"),
    ("measurement", "ai_system"),
    ("sealed-batch", "ai_system"),
    ("user-information", "ai_systems"),
];

/// Records shown.
const LATEST: usize = 5;

/// The card with the latest.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut found: Vec<Entry<'_>> = KINDS.iter().flat_map(|(kind, field)| entry.incoming(kind, field)).collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.made_at()), one.id()));
    html! {
        section.card {
            div.card-head { h2 { "Latest evidence" } a href=(context.with_query(&[("tab", Some("evidence"))])) { (thousands(found.len())) " in all" } }
            @if found.is_empty() { p.muted { "Nothing yet that shows how it is run." } }
            ol.timeline {
                @for one in found.iter().take(LATEST) {
                    li {
                        (sealed(context, *one))
                        a href=(context.link(&place::of(one.id()))) { (value::called(*one)) }
                        p.small.muted { "#" (one.made().seq) " · " (instant(one.made_at(), context.view.zone())) }
                    }
                }
            }
        }
    }
}

/// Whether its leaf was verified.
fn sealed(context: &Context<'_>, one: Entry<'_>) -> Markup {
    match context.site.verification.known() {
        Known::Verified(size) if one.made().seq < size => mark(Tone::Good, "verified"),
        Known::Broken(_) => mark(Tone::Bad, "log broken"),
        _ => mark(Tone::Progress, "being verified"),
    }
}
