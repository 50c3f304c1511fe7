//! One control: why, how, by whom, what it treats, what shows it per system, what its checks say.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Error, Result};
use vouch_conform::freshness::{Lane, days_of};
use vouch_conform::readiness::{Depth, Explanation, RuleExplained};
use vouch_record::Id;

use super::panel;
use super::row::{self, Line};
use crate::answer::{Answer, Page};
use crate::chart::lanes::{self, Named};
use crate::format::{capital, count, plain, words};
use crate::page::evidence::systems as systems_of;
use crate::page::requirement::{explained, judged};
use crate::part::badge::{self, Tone, mark, tone_of};
use crate::part::person::name_of;
use crate::part::{markdown, table};
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
    let explained = explained(context, control)?;
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
                (panel::request_button(line))
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

/// Systems drawn, those that fail first.
const SYSTEMS: usize = 16;

/// Proof over a year, system by system, and which of them fail.
fn systems(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let failing: &[Id] = &line.row.failing;
    let lanes = timelines(context, line);
    let (year, _) = lanes::year(&context.view);
    let sentence =
        format!("Days with proof of {} over a year, system by system; {} fail it today", line.row.control, failing.len());
    html! {
        section.card id="systems" {
            div.card-head { h2 { "Proof by system" } @if !lanes.is_empty() { (lanes::legend(context.view.window())) } }
            @if lanes.is_empty() { p.muted { "No proof of this control names a system." } }
            @else { (table::scroll("Proof of the control by system", lanes::chart((year, lanes::BESIDE), context.view.window(), &lanes, &sentence))) }
            @if failing.is_empty() { p { (badge::status(Tone::Good, "No system fails it")) } }
            @else {
                h3 { (count(failing.len(), "system fails it", "systems fail it")) }
                ul.lines { @for id in failing.iter().take(50) { li { (mark(Tone::Attention, "fails")) a.link.grow href=(context.link(&place::of(*id))) { (name_of(&context.view, *id)) } span.ref { (id) } } } }
                @if failing.len() > 50 { p.small.muted { (failing.len() - 50) " more" } }
            }
        }
    }
}

/// A lane for each system that proof of the control names, those that fail first.
fn timelines(context: &Context<'_>, line: &Line<'_>) -> Vec<Named> {
    let view = &context.view;
    let mut days: BTreeMap<Id, Vec<Date>> = line.row.failing.iter().map(|id| (*id, Vec::new())).collect();
    let shown = line.row.proof.iter().filter(|proof| proof.depth > Depth::Documented).filter_map(|proof| view.find(proof.id));
    for entry in shown {
        for system in systems_of(entry) {
            days.entry(system).or_default().extend(days_of(entry));
        }
    }
    let in_scope: Vec<Id> = view.systems().map(|system| system.id()).collect();
    let (_, lived) = lanes::year(view);
    let longest = line.item.and_then(|item| item.max_age_days);
    // A system that the rules pass has no holes, however far its days lie apart.
    let longest_for = |id: &Id| longest.filter(|_| line.row.failing.contains(id));
    let lane = |(id, days)| (id, Lane::of_days(lived, days, longest_for(&id)));
    let mut lanes: Vec<(Id, Lane)> = days.into_iter().filter(|(id, _)| in_scope.contains(id)).map(lane).collect();
    lanes.sort_by_key(|(id, lane)| (!line.row.failing.contains(id), std::cmp::Reverse(lane.days.len())));
    lanes.truncate(SYSTEMS);
    lanes.into_iter().map(|(id, lane)| Named { label: String::new(), name: name_of(view, id), lane }).collect()
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
                p { (capital(&plain(&rule.rule))) }
                p.small.muted { (words(rule.depth.word())) " · " (judged(rule)) @if let Some(why) = &rule.not_asked_because { " · " (why) } }
                @for seen in rule.failed.iter().take(3) { p.small { @if let Some(id) = seen.id { a.link href=(context.link(&place::of(id))) { (id) } " " } @if let Some(why) = &seen.why { (why) } } }
                @if rule.failed.len() > 3 { p.small.muted { (rule.failed.len() - 3) " more fail" } }
            }
            span.small.muted.nowrap { (word) }
        }
    }
}
