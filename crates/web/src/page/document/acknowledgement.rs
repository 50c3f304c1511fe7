//! Who must confirm a document, who did, and confirming it oneself.

use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_conform::derived::document::in_force;
use vouch_record::{Id, Value};

use super::reader::{Open, version};
use crate::answer::Answer;
use crate::format::{date, distance};
use crate::part::badge::{Tone, mark, status};
use crate::part::person::name_of;
use crate::request::Context;

/// People named who have not confirmed.
const NAMED: usize = 8;

/// The requests for one revision.
fn of_revision(entry: Entry<'_>, revision: u32) -> Vec<Entry<'_>> {
    let about = move |ack: &Entry<'_>| ack.value("subject_revision").get().and_then(Value::as_int) == Some(i64::from(revision));
    entry.incoming("acknowledgement", "subject").filter(about).collect()
}

fn person(ack: Entry<'_>) -> Option<Id> {
    ack.text("person").and_then(|id| id.parse().ok())
}

/// The card.
pub(super) fn card(context: &Context<'_>, open: &Open<'_>) -> Markup {
    let Some(revision) = open.row.in_force else { return html! {} };
    let all = of_revision(open.entry, revision);
    let waiting: Vec<Entry<'_>> = all.iter().copied().filter(|ack| ack.is("requested")).collect();
    let mine = waiting.iter().any(|ack| person(*ack) == Some(context.session.acting));
    let today = context.view.today();
    html! {
        section.card.stack-8 {
            div.card-head { h2 { "Read and confirmed" } @if !all.is_empty() { span { (open.row.confirmed) " of " (open.row.asked) } } }
            @if all.is_empty() { p.muted { "Nobody is asked to confirm this document." } }
            @else if waiting.is_empty() { p { (status(Tone::Good, "Everybody who was asked has confirmed")) } }
            @else {
                ul.stack-4 {
                    @for ack in waiting.iter().take(NAMED) {
                        @let due = ack.text("due").and_then(|day| day.parse().ok());
                        li.row { (mark(if due.is_some_and(|day: jiff::civil::Date| day < today) { Tone::Bad } else { Tone::Progress }, "waits")) span.grow { @if let Some(id) = person(*ack) { (name_of(&context.view, id)) } } @if let Some(day) = due { span.small.muted title=(date(day)) { "due " (distance(day, today)) } } }
                    }
                }
                @if waiting.len() > NAMED { p.small.muted { (waiting.len() - NAMED) " more" } }
            }
            @if mine && context.as_of.is_none() { (form(open)) }
        }
    }
}

/// What a person confirms.
fn sentence(open: &Open<'_>) -> String {
    format!("I have read version {} and will follow it.", version(open.entry.made()))
}

fn form(open: &Open<'_>) -> Markup {
    html! {
        form.stack-8 method="post" action=(format!("/documents/{}/acknowledgement", open.entry.id())) {
            label.check { input type="checkbox" name="confirmed" value="yes" required; span { (sentence(open)) } }
            button.button.primary.small { "Confirm document" }
        }
    }
}

/// `POST /documents/{id}/acknowledgement`: the person who acts confirms the revision in force.
pub(crate) fn acknowledge(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", "document")?;
    let nothing = || {
        Error::refused(format!("nobody asked {} to confirm {}", name_of(&context.view, context.session.acting), entry.id()))
            .hint("who must confirm a document stands in it")
    };
    let revision = in_force(entry).ok_or_else(nothing)?;
    let asked =
        of_revision(entry, revision).into_iter().find(|ack| ack.is("requested") && person(*ack) == Some(context.session.acting));
    let asked = asked.ok_or_else(nothing)?.id();
    if context.form("confirmed") != Some("yes") {
        return Err(Error::invalid("the sentence is not confirmed").hint("tick the box beside it"));
    }
    let shown = format!("I have read version {} and will follow it.", version(entry.made()));
    let set: Map<String, Json> = [("shown_text".to_owned(), Json::from(shown))].into_iter().collect();
    context
        .site
        .vouch
        .perform(context.acting(), move |work| work.transition(asked, "given", &set, "confirmed on the page of the document"))?;
    Ok(Answer::Go(format!("/documents/{}", entry.id())))
}
