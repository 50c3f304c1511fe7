//! One control: why, how, by whom, what it treats, what shows it per system, what its checks say.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Error, Result};
use vouch_conform::readiness::{Explanation, RuleExplained, explain};
use vouch_record::Id;

use super::panel;
use super::row::{self, Line};
use crate::answer::{Answer, Page};
use crate::format::{count, words};
use crate::part::badge::{self, Tone, mark, tone_of};
use crate::part::markdown;
use crate::part::person::name_of;
use crate::place;
use crate::request::Context;

/// `GET /soa/{control}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let control = context.param("control");
    let statement = &context.answers()?.statement;
    let found = statement.row(control);
    let row = found
        .ok_or_else(|| Error::not_found(format!("there is no control `{control}`")).hint("see the Statement of Applicability"))?;
    if context.request.wants_json {
        return Ok(Answer::Json(json!(row)));
    }
    let line = row::line(context, statement, row);
    let explained = explain(&context.view, control, None);
    let body = html! {
        div.grid {
            div.span-8.stack {
                (decided(context, &line))
                (systems(context, &line))
                @if let Some(explained) = &explained { (checks(context, explained)) }
            }
            div.span-4.stack {
                section.card.stack { h2 { "Standing" } (panel::facts(context, &line)) }
                (treats(context, &line))
                section.card.stack-8 { h2 { "Proof" } (panel::timeline(context, &row.proof, 8)) }
                (serves(context, control))
            }
        }
    };
    Ok(page(context, &line, body).into())
}

fn page(context: &Context<'_>, line: &Line<'_>, body: Markup) -> Page {
    let row = line.row;
    Page::new("/soa", format!("{} {}", row.control, row.title), body)
        .lead(html! { (line.item.map_or("", |item| item.summary.as_str())) })
        .actions(html! {
            a.button href=(context.link(&place::of_requirement(&row.control))) { "Open requirement" }
            @if context.as_of.is_none() {
                (panel::request_button(context, line))
                @if let Some(decided) = &row.applicability { a.button.primary href=(format!("/records/{}/edit", decided.id)) data-edit { "Edit decision" } }
                @else { a.button.primary href=(format!("{}?control=iso42001:{}&title={}&origin=annex_a", place::new("control-applicability"), row.control, form_urlencoded::byte_serialize(row.title.as_bytes()).collect::<String>())) { "Decide about it" } }
            }
        })
}

/// The decision with its reasons, and how it is carried out.
fn decided(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let row = line.row;
    let entry = row.applicability.as_ref().and_then(|decided| context.view.find(decided.id));
    html! {
        section.card.stack {
            div.card-head { h2 { "Decision" } @if let Some(decided) = &row.applicability { a.link href=(context.link(&place::of(decided.id))) { (decided.id) " revision " (decided.revision) } } }
            @if entry.is_none() { p.muted { "Nobody decided about this control. An auditor asks for a decision about each of the 38." } }
            @if let Some(exclusion) = &row.exclusion {
                (markdown::prose(&exclusion.reason, 3))
                @if let Some(back) = &exclusion.back_when { p.small.muted { "Comes back when " (back) } }
            }
            @if !row.reasons.is_empty() {
                ul.lines { @for reason in &row.reasons { li { (badge::tag("plain", &words(reason.source))) div.grow { (reason.why) @if !reason.stated { " " span.small.muted { "(said by the linked record)" } } } @if let Some(record) = reason.record { a.link.nowrap href=(context.link(&place::of(record))) { (record) } } } } }
            }
            @if let Some(how) = entry.and_then(|entry| entry.text("how")) { div { h3 { "How it is carried out" } (markdown::prose(how, 4)) } }
            @if !row.procedures.is_empty() {
                div { h3 { "Carried out by" } ul.stack-4 { @for one in &row.procedures { li { a.link href=(context.link(&place::of(one.id))) { (one.label) } } } } }
            }
        }
    }
}

fn treats(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let risks = panel::risks(line.row);
    html! {
        @if !risks.is_empty() {
            section.card { div.card-head { h2 { "Risks treated" } span { (risks.len()) } }
                ul.stack-8 { @for id in risks.iter().take(12) { li { a.link href=(context.link(&place::of(*id))) { (name_of(&context.view, *id)) } " " span.ref { (id) } } } }
                @if risks.len() > 12 { p.small.muted { (risks.len() - 12) " more" } }
            }
        }
    }
}

fn serves(context: &Context<'_>, control: &str) -> Markup {
    let rows = panel::crossing_rows(context, control);
    html! {
        section.card {
            h2.card-title { "Also serves" }
            @if rows.is_empty() { p.muted { "The crosswalk has no row for this control." } }
            ul.stack-4 { @for (framework, node, strength) in &rows { li.row.between { span { (framework) " " (node) } span.small.muted { (strength.word()) } } } }
        }
    }
}

/// Which systems it is applied to and which fail.
fn systems(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let failing: &[Id] = &line.row.failing;
    html! {
        section.card id="systems" {
            div.card-head { h2 { "Systems" } span { (line.row.systems) " in scope" } }
            @if failing.is_empty() { p { (badge::status(Tone::Good, "No system fails it")) } }
            @else {
                p.strong { (count(failing.len(), "system fails it", "systems fail it")) }
                ul.lines { @for id in failing.iter().take(50) { li { (mark(Tone::Attention, "fails")) a.link.grow href=(context.link(&place::of(*id))) { (name_of(&context.view, *id)) } span.ref { (id) } } } }
            }
        }
    }
}

/// Every rule with its verdict.
fn checks(context: &Context<'_>, explained: &Explanation) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { "Checks" } span { (count(explained.rules.len(), "rule", "rules")) } }
            @if let Some(why) = &explained.applies_because { p.muted { (why) } }
            ul.lines { @for rule in &explained.rules { (check(context, rule)) } }
            @if let Some(question) = &explained.sample_question { p.small.muted { "An auditor would ask: " (question) } }
        }
    }
}

fn check(context: &Context<'_>, rule: &RuleExplained) -> Markup {
    let (tone, word) = match rule.holds {
        Some(true) => (Tone::Good, "holds"),
        Some(false) => (tone_of(rule.grade), "fails"),
        None => (Tone::Plain, "not asked"),
    };
    html! {
        li {
            (mark(tone, word))
            div.grow {
                p { (rule.rule) }
                p.small.muted { (words(rule.depth.word())) " · " (rule.passed.len()) " of " (rule.population) " pass" @if let Some(why) = &rule.not_asked_because { " · " (why) } }
                @for seen in rule.failed.iter().take(3) { p.small { @if let Some(id) = seen.id { a.link href=(context.link(&place::of(id))) { (id) } " " } @if let Some(why) = &seen.why { (why) } } }
                @if rule.failed.len() > 3 { p.small.muted { (rule.failed.len() - 3) " more fail" } }
            }
            span.small.muted.nowrap { (word) }
        }
    }
}
