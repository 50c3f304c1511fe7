//! One risk: what may happen, how it was scored before and after controls, what is done about it, who lives with the rest.

pub(crate) mod acceptance;
mod facts;
mod history;
mod scores;
mod treated;

use maud::{Markup, html};
use vouch_app::{Result, query};
use vouch_conform::Entry;
use vouch_conform::derived::risk;
use vouch_record::kind::generated::risk::Risk;

use crate::answer::{Answer, Page};
use crate::page::risks::row;
use crate::page::verb;
use crate::part::badge::{level, status};
use crate::part::{button, icon, markdown, state, value};
use crate::place;
use crate::request::Context;

/// Heading level at which prose begins.
const PROSE: u8 = 4;

/// `GET /risks/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", Risk::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, entry.id().into())?;
        return Ok(Answer::Json(serde_json::to_value(detail).unwrap_or_default()));
    }
    let body = html! {
        (warning(context, entry))
        div.beside {
            div.stack {
                section.card { h2 { "What may happen" } (story(context, entry)) }
                (scores::card(context, entry))
                (treated::controls(context, entry))
                (treated::treatments(context, entry))
                (treated::acceptances(context, entry))
                (history::card(context, entry)?)
            }
            div.stack {
                (facts::card(context, entry))
                (verb::panel(context, entry))
                (facts::around(context, entry))
            }
        }
    };
    let row = row::row(entry);
    let page = Page::new("/risks", value::name(entry), body).lead(html! {
        span.ref { (entry.id()) } " " (state::shown(entry)) " · " (level(row.inherent_level, true)) " → " (level(row.residual_level, false)) " · " (status(row.answer.tone, &row.answer.word))
    });
    Ok(page.actions(actions(context, entry)).into())
}

fn actions(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let id = entry.id();
    let open = context.as_of.is_none() && !vouch_conform::derived::is_over(entry);
    html! {
        (button::link(&context.link(&format!("/records/{id}")), "History"))
        (button::link(&context.link(&format!("/records/{id}?tab=proof")), "Check proof"))
        @if open {
            a.button href=(format!("/records/{id}/edit?assessed_on={}#f-assessed_on", context.view.today())) data-edit { "Assess" }
            a.button href=(format!("{}?risks={id}", place::new("treatment"))) { "Plan treatment" }
            a.button.primary href=(format!("/risks/{id}/acceptance")) { (icon::icon("check-line")) "Accept" }
        }
    }
}

/// What cannot wait.
fn warning(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let id = entry.id();
    let unanswered = risk::above_limit(entry) && !risk::answered(entry);
    html! {
        @if unanswered {
            div.notice.bad {
                span.grow { strong { "It lies above the acceptance line, and nothing answers it." } " Plan a treatment, or have the rest accepted until a day." }
                @if context.as_of.is_none() { a.button.small href=(format!("/risks/{id}/acceptance")) { "Ask for acceptance" } }
            }
        }
        @if risk::overdue(entry) {
            div.notice.attention {
                span.grow { strong { "A new score is due." } " Its review day has passed, or something happened to its system since it was scored." }
                @if context.as_of.is_none() { a.button.small href=(format!("/records/{id}/edit?assessed_on={}#f-assessed_on", context.view.today())) { "Assess" } }
            }
        }
        @if risk::people_hidden(entry) {
            div.notice.attention { span.grow { strong { "The combined level hides people." } " For individuals or society alone it would be higher." } }
        }
    }
}

/// Cause, event and consequence, and what it would do to whom.
fn story(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = Risk(entry.content());
    let harms = [
        ("To the organisation", content.harm_organisation().get()),
        ("To people and groups", content.harm_individuals().get()),
        ("To society", content.harm_society().get()),
    ];
    let sources: Vec<String> =
        content.risk_sources().map(|of| value::choice(&context.view, Risk::KIND, "risk_sources", of.id())).collect();
    html! {
        (markdown::prose(content.description().get().unwrap_or("Not described yet."), PROSE))
        dl.harms {
            dt { "Cause" } dd { @if sources.is_empty() { span.faint { "Not named" } } @else { (sources.join("; ")) } }
            @for (name, text) in harms { dt { (name) } dd { @match text { Some(text) => (markdown::prose(text, PROSE)), None => { span.faint { "Not assessed" } } } } }
        }
    }
}
