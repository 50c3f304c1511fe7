//! Revisions of a document: who approved which, and how two of them differ.

use maud::{Markup, html};
use vouch_app::{Error, Result};
use vouch_conform::view::Given;
use vouch_record::Value;
use vouch_record::state::Leaf;

use super::reader::{Open, page, version};
use crate::answer::Answer;
use crate::format::{count, date, instant, words};
use crate::part::badge::{Tone, status};
use crate::part::person::{name_of, who};
use crate::part::{difference, empty};
use crate::request::Context;

/// Every revision, the latest first, with its approvals.
pub(super) fn card(context: &Context<'_>, open: &Open<'_>) -> Markup {
    let mut leaves: Vec<&Leaf> = open.entry.revisions().collect();
    leaves.reverse();
    html! {
        section.card {
            div.card-head { h2 { "Versions" } span { (count(leaves.len(), "revision", "revisions")) } }
            ol.lines { @for leaf in leaves.iter().take(10) { (one(context, open, leaf)) } }
            @if leaves.len() > 10 { p { a.link href=(context.link(&format!("/records/{}?tab=history", open.entry.id()))) { "All revisions" } } }
        }
    }
}

fn one(context: &Context<'_>, open: &Open<'_>, leaf: &Leaf) -> Markup {
    let (id, number) = (open.entry.id(), leaf.revision);
    let this = format!("/documents/{id}");
    let given = open.entry.given();
    let covering = given.iter().filter(|given| given.revision() < number && open.entry.covers(given.revision(), number));
    let covering = covering.map(Given::revision).max().filter(|_| given.iter().all(|given| given.revision() != number));
    html! {
        li {
            div.grow.stack-4 {
                p.row.between {
                    a.link href=(context.link(&format!("{this}?revision={number}"))) aria-current=[(number == open.leaf.revision).then_some("true")] { "Version " (version(leaf)) ", revision " (number) }
                    @if open.row.in_force == Some(number) { (status(Tone::Good, "In force")) }
                }
                p.small.muted { "Written by " (who(&context.view, &leaf.actor)) ", " (instant(leaf.time, context.view.zone())) }
                @for given in given.iter().filter(|given| given.revision() == number) { p.small.muted { (words(given.entry.text("decision").unwrap_or_default())) " by " @if let Some(by) = given.by() { (name_of(&context.view, by)) } ", " (date(given.on())) } }
                @if let Some(earlier) = covering { p.small.muted { "Nothing changed that the approval of revision " (earlier) " covers" } }
                @if let Some(summary) = leaf.body.get("change_summary").and_then(Value::as_text) { p.small { (summary) } }
                @if number > 1 { p.small { a.link href=(context.link(&format!("{this}?compare={}..{number}", number - 1))) { "Compare with revision " (number - 1) } } }
            }
        }
    }
}

/// `GET /documents/{id}?compare=1..2`
pub(super) fn compare(context: &Context<'_>, open: &Open<'_>, range: &str) -> Result<Answer> {
    if context.request.wants_json {
        return crate::page::record::show(context);
    }
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let pair = range.split_once("..").and_then(|(one, two)| number(one).zip(number(two)));
    let (one, two) =
        pair.ok_or_else(|| Error::invalid(format!("`{range}` does not name two revisions")).hint("write it as 1..2"))?;
    let leaf = |number: u32| {
        let found = open.entry.revisions().find(|leaf| leaf.revision == number);
        found.ok_or_else(|| Error::not_found(format!("{} has no revision {number}", open.entry.id())).hint("see its versions"))
    };
    let (before, now) = (leaf(one)?, leaf(two)?);
    Ok(page(context, open, differences(context, open, before, now)).into())
}

fn differences(context: &Context<'_>, open: &Open<'_>, before: &Leaf, now: &Leaf) -> Markup {
    let text = |leaf: &Leaf| leaf.body.get("body").and_then(Value::as_text).unwrap_or_default().to_owned();
    let others = before.body.differing(&now.body).into_iter().filter(|name| *name != "body").count();
    let (was, is) = (text(before), text(now));
    html! {
        div.notice {
            div.grow { strong { "Version " (version(before)) " and version " (version(now)) } ": revisions " (before.revision) " and " (now.revision) "." }
            a.link href=(context.link(&format!("/documents/{}?revision={}", open.entry.id(), now.revision))) { "Read revision " (now.revision) }
            span.legend { ins { "put in" } del { "taken out" } }
        }
        div.stack {
            @if was == is { div.card { (empty::empty("The text is the same", "Only what stands around it differs.", None)) } }
            @else { article.card.reader aria-label="Text with changes" { (difference::words(&was, &is)) } }
            @if others > 0 { p { a.link href=(context.link(&format!("/records/{}?compare={}..{}", open.entry.id(), before.revision, now.revision))) { (count(others, "other field differs", "other fields differ")) } } }
        }
    }
}
