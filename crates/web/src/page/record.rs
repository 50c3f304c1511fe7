//! Any record: what it says, what it proves, what it lacks and who must act, what links to it, who decided, and the way onward.

mod about;
mod compare;
mod content;
mod download;
mod history;
mod links;
mod path;
mod proof;

pub(crate) use download::{download, picture};
pub(crate) use proof::download as proof_file;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::query::{self, Detail};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::Link;

use crate::answer::{Answer, Page};
use crate::format::{inside, words};
use crate::page::verb;
use crate::part::badge::{Tone, status};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// A record as its page sees it.
pub(crate) struct Seen<'c> {
    /// the record on the day
    pub(crate) entry: Entry<'c>,
    /// what is shown of it
    pub(crate) detail: Detail,
    /// the revision asked for, if one is
    pub(crate) asked: Option<u32>,
}

impl<'c> Seen<'c> {
    /// The record that the address names, `SYS-1` or `SYS-1@2`; `revision=2` names a revision too.
    fn of(context: &'c Context<'_>) -> Result<Self> {
        let text = context.param("id");
        let unknown = || Error::not_found(format!("there is no record `{text}`")).hint("see the list of its kind, or search");
        let mut link: Link = text.parse().map_err(|_| unknown())?;
        if let Some(number) = context.query("revision") {
            link.revision =
                Some(number.parse().map_err(|_| Error::invalid(format!("`{number}` is no revision")).hint("write a number"))?);
        }
        let entry = context.view.find(link.id).ok_or_else(unknown)?;
        Ok(Self { entry, detail: query::show(&context.view, link)?, asked: link.revision })
    }

    /// The address of the record's page with a tab.
    pub(crate) fn tab(&self, tab: &str) -> String {
        format!("/records/{}?tab={tab}", self.entry.id())
    }
}

/// `GET /records/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let seen = Seen::of(context)?;
    if let Some(range) = context.query("compare") {
        return compare::show(context, &seen, range);
    }
    match context.query("tab") {
        Some("history") if context.request.wants_json => Ok(Answer::Json(json!(query::history(&context.view, seen.entry.id())?))),
        Some("history") => Ok(page(context, &seen, "history", history::tab(context, &seen)?).into()),
        Some("proof") => proof::show(context, &seen),
        Some("links") => Ok(page(context, &seen, "links", links::tab(context, &seen)).into()),
        _ if context.request.wants_json => Ok(Answer::Json(json!(seen.detail))),
        _ => Ok(page(context, &seen, "", overview(context, &seen)?).into()),
    }
}

fn overview(context: &Context<'_>, seen: &Seen<'_>) -> Result<Markup> {
    let entry = seen.entry;
    Ok(html! {
        (notices(context, seen))
        div.grid {
            div.span-8.stack { (content::cards(context, seen)) }
            div.span-4.stack {
                (about::standing(context, seen))
                (about::missing(context, seen)?)
                (verb::panel(context, entry))
                (about::proves(context, seen)?)
                (about::decisions(context, seen))
                (links::card(context, seen))
            }
        }
    })
}

/// The page of a record with one of its tabs open.
fn page(context: &Context<'_>, seen: &Seen<'_>, tab: &str, body: Markup) -> Page {
    let (entry, detail) = (seen.entry, &seen.detail);
    let nav = place::entry_of(&entry.kind().name);
    let whole = html! { (tabs(context, seen, tab)) (body) };
    let title = value::named(entry).unwrap_or_else(|| format!("{} {}", entry.kind().title, entry.id()));
    let mut page = Page::new(nav, title, whole);
    if place::of_kind(&entry.kind().name).starts_with("/kinds/") {
        page = page.under(entry.kind().plural.clone(), Some(place::of_kind(&entry.kind().name)));
    }
    page.lead(html! {
        (entry.kind().title) " " span.ref.of-lead { (entry.id()) } " · revision " (detail.record.revision)
        " · " (state(seen))
    })
    .actions(html! {
        a.button href=(context.link(&seen.tab("proof"))) { "Check proof" }
        @if context.as_of.is_none() && !entry.is_set_aside() {
            a.button.primary href=(format!("/records/{}/edit", entry.id())) data-edit { "Edit " (inside(&entry.kind().title)) }
        }
    })
}

/// The state of what is shown, as shape and word.
pub(crate) fn state(seen: &Seen<'_>) -> Markup {
    let (entry, state) = (seen.entry, seen.detail.record.state.as_str());
    let tone = if entry.is_set_aside() {
        Tone::Attention
    } else if entry.kind().is_settled(state) {
        Tone::Good
    } else {
        Tone::Progress
    };
    status(tone, &words(state))
}

fn tabs(context: &Context<'_>, seen: &Seen<'_>, open: &str) -> Markup {
    let address = format!("/records/{}", seen.entry.id());
    let tab = |name: &str, word: &str, count: Option<usize>| {
        let place = if name.is_empty() { address.clone() } else { seen.tab(name) };
        html! { a href=(context.link(&place)) aria-current=[(name == open).then_some("page")] { (word) @if let Some(count) = count { " " span.faint { (count) } } } }
    };
    html! {
        nav.tabs aria-label="Parts of the record" {
            (tab("", "Record", None))
            (tab("links", "Linked from", Some(seen.detail.linked_from.len())))
            (tab("history", "History", Some(seen.entry.leaves().len())))
            (tab("proof", "Proof", None))
        }
    }
}

/// What must be known before anything else is read.
fn notices(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let (entry, detail) = (seen.entry, &seen.detail);
    let this = format!("/records/{}", entry.id());
    html! {
        @if entry.is_set_aside() {
            div.notice.attention { div.grow { strong { "Set aside." } " It stays readable and stays in the populations of the days before." } }
        }
        @if let Some(number) = seen.asked.filter(|number| *number != entry.revision()) {
            div.notice { div.grow { "Revision " (number) " of " (detail.head) "; " @match detail.in_force { Some(force) => { "revision " (force) " is in force." } None => "none is in force." } } a.link href=(context.link(&this)) { "Show what is read today" } }
        } @else if entry.standing().is_proposed() {
            div.notice { div.grow { strong { "A change waits." } " Revision " (detail.record.revision) " is in force; revision " (detail.head) " is " (words(&entry.standing().state).to_lowercase()) "." }
                a.link href=(context.link(&format!("{this}?compare={}..{}", detail.record.revision, detail.head))) { "Compare both" }
                a.link href=(context.link(&format!("{this}?revision={}", detail.head))) { "Show revision " (detail.head) } }
        }
    }
}
