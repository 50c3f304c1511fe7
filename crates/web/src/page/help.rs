//! Help: how Vouch judges, who may do what, the words, the keys.

mod glossary;
mod rules;

use maud::{Markup, html};
use vouch_app::Result;

use crate::answer::{Answer, Page};
use crate::nav::GROUPS;
use crate::request::Context;

/// `GET /help`
pub(crate) fn show(_: &Context<'_>) -> Result<Answer> {
    let body = html! {
        div.grid {
            div.span-8.stack {
                (rules::depths())
                (rules::people())
                (glossary::card())
            }
            div.span-4.stack {
                nav.card aria-label="On this page" {
                    div.card-head { h2 { "On this page" } }
                    ul.lines {
                        @for (to, name) in [("depths", "Three depths"), ("roles", "Roles and rules"), ("glossary", "Glossary"), ("keys", "Keys")] { li { a.link href={ "#" (to) } { (name) } } }
                    }
                }
                (keys())
            }
        }
    };
    let lead = html! { "How Vouch judges, who may do what, and what its words mean." };
    Ok(Page::new("", "Help and glossary", body).lead(lead).into())
}

/// The keys that pages listen to.
fn keys() -> Markup {
    let keys = [
        ("Ctrl K", "Search or jump to a page, a record, a requirement"),
        ("/", "Filter the list, or search"),
        ("j k", "Next and previous row"),
        ("x", "Select the row"),
        ("e", "Edit"),
        ("Esc", "Close a menu"),
        ("?", "This list"),
    ];
    html! {
        section.card id="keys" {
            div.card-head { h2 { "Keys" } }
            label.check { input type="checkbox" data-keys checked; span { "Single keys act" br; span.small.muted { "Kept in this browser. Ctrl K works either way." } } }
            p.no-script.small.muted { "Keys need a script; everything here works without." }
            dl.facts.actions {
                @for (key, does) in keys { dt { kbd { (key) } } dd { (does) } }
                @for entry in GROUPS.iter().flat_map(|group| group.entries) { dt { kbd { "g" } " " kbd { (entry.key) } } dd { (entry.name) } }
            }
        }
    }
}
