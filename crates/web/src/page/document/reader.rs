//! The reader: the text, and beside it who approved which revision, who has read it, what follows.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::query;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_conform::derived::document::{effective_since, review_was_due};
use vouch_record::kind::generated::document::Document;
use vouch_record::state::Leaf;
use vouch_record::{Link, Value};

use super::row::{Row, head};
use super::{acknowledgement, versions};
use crate::answer::{Answer, Page};
use crate::format::date;
use crate::page::verb;
use crate::part::badge::{Tone, status};
use crate::part::{empty, field, markdown, preview, value};
use crate::request::Context;

/// A document opened at a revision.
pub(super) struct Open<'c> {
    pub(super) entry: Entry<'c>,
    pub(super) row: Row,
    /// the leaf of the revision that is read
    pub(super) leaf: &'c Leaf,
}

/// `GET /documents/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    if context.query("tab").is_some() {
        return crate::page::record::show(context);
    }
    let entry = context.record("id", "document")?;
    let open = Open { entry, row: Row::of(entry), leaf: revision(context, entry)? };
    if let Some(range) = context.query("compare") {
        return versions::compare(context, &open, range);
    }
    if context.request.wants_json {
        let link = Link { id: entry.id(), revision: Some(open.leaf.revision) };
        return Ok(Answer::Json(json!(query::show(&context.view, link)?)));
    }
    let body = html! {
        (notices(context, &open))
        div.grid {
            div.span-8.stack { (text(context, &open)) }
            div.span-4.stack {
                (facts(context, &open))
                (acknowledgement::card(context, &open))
                (verb::panel(context, entry))
                (versions::card(context, &open))
            }
        }
    };
    Ok(page(context, &open, body).into())
}

/// The revision asked for, else the one in force, else the head.
fn revision<'c>(context: &Context<'_>, entry: Entry<'c>) -> Result<&'c Leaf> {
    let Some(text) = context.query("revision") else { return Ok(entry.made()) };
    let found = text.parse().ok().and_then(|number: u32| entry.revisions().find(|leaf| leaf.revision == number));
    found.ok_or_else(|| Error::not_found(format!("{} has no revision `{text}`", entry.id())).hint("see its versions"))
}

pub(super) fn page(context: &Context<'_>, open: &Open<'_>, body: Markup) -> Page {
    let id = open.entry.id();
    Page::new("/documents", value::name(open.entry), body)
        .lead(html! { (open.row.kind) " " (id) " · version " (version(open.leaf)) " · " (state(open)) })
        .actions(html! {
            a.button href=(context.link(&format!("/records/{id}?tab=proof&revision={}", open.leaf.revision))) { "Check proof" }
            a.button href=(context.link(&format!("/records/{id}"))) { "All fields" }
            @if context.as_of.is_none() && !open.entry.is_set_aside() { a.button.primary href=(format!("/records/{id}/edit")) data-edit { "Revise document" } }
        })
}

/// The version that people see.
pub(super) fn version(leaf: &Leaf) -> &str {
    leaf.body.get("version").and_then(Value::as_text).unwrap_or("–")
}

fn state(open: &Open<'_>) -> Markup {
    let number = open.leaf.revision;
    match open.row.in_force {
        Some(force) if force == number => status(Tone::Good, "In force"),
        Some(force) if force > number => status(Tone::Plain, "Earlier version"),
        Some(_) => status(Tone::Progress, "Proposed"),
        None => crate::part::state::shown(open.entry),
    }
}

fn notices(context: &Context<'_>, open: &Open<'_>) -> Markup {
    let (id, read, latest) = (open.entry.id(), open.leaf.revision, head(open.entry));
    let this = format!("/documents/{id}");
    html! {
        @if let Some(force) = open.row.in_force.filter(|force| *force != read) {
            div.notice.attention { div.grow { strong { "Not the text that holds." } " Revision " (force) " is in force." } a.link href=(context.link(&this)) { "Read it" } a.link href=(context.link(&format!("{this}?compare={}..{}", read.min(force), read.max(force)))) { "Compare both" } }
        } @else if latest != read {
            div.notice { div.grow { strong { "A change waits." } " Revision " (latest) " is not approved yet." } a.link href=(context.link(&format!("{this}?compare={read}..{latest}"))) { "Compare both" } a.link href=(context.link(&format!("{this}?revision={latest}"))) { "Read the change" } }
        }
        @if let Some(since) = review_was_due(open.entry) { div.notice.attention { div.grow { strong { "Its review is overdue" } " since " (date(since)) "." } } }
    }
}

/// The text: written here, in files, or elsewhere.
fn text(context: &Context<'_>, open: &Open<'_>) -> Markup {
    let body = open.leaf.body.get("body").and_then(Value::as_text);
    let files = open.leaf.body.get("files").map(Value::to_json);
    let files = files.as_ref().and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    let url = open.leaf.body.get("url").and_then(Value::as_text);
    html! {
        @if let Some(text) = body { article.card.reader aria-label="Text" { (markdown::prose(text, 2)) } }
        @for file in files { (preview::card(context, file)) }
        @if let Some(url) = url {
            section.card { h2.card-title { "Kept elsewhere" } p { @if markdown::is_safe(url) { a.link.break href=(url) rel="noopener noreferrer" { (url) } } @else { (url) } } }
        }
        @if body.is_none() && files.is_empty() && url.is_none() {
            div.card { (empty::empty("No text", "Neither a text nor a file nor an address is filled in this revision.", None)) }
        }
    }
}

fn facts(context: &Context<'_>, open: &Open<'_>) -> Markup {
    let entry = open.entry;
    let kind = entry.kind();
    let shown = ["number", "language", "owner", "classification", "requirements", "ai_systems", "replaces"];
    let content: Vec<_> = shown.iter().filter_map(|name| Some((kind.field(name)?, open.leaf.body.get(name)?))).collect();
    html! {
        section.card {
            h2.card-title { "About" }
            dl.facts {
                dt { "State" } dd { (state(open)) }
                @if let Some(day) = effective_since(entry) { dt { "Holds since" } dd { (date(day)) } }
                @if let Some(by) = Document(entry.content()).review_by().get() { dt { "Review by" } dd { (date(by)) } }
                @for (spec, value) in content { dt { (crate::format::words(&spec.name)) } dd { (field::value(context, &spec.kind, &value.to_json())) } }
            }
        }
    }
}
