//! One nonconformity: correction, cause, action, and the effectiveness check by another person.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::query;
use vouch_conform::Entry;
use vouch_conform::derived::nonconformity::{age, recurrence};
use vouch_record::kind::generated::nonconformity::Nonconformity;

use super::action;
use super::list::grade;
use crate::answer::{Answer, Page};
use crate::format::{count, date, words};
use crate::page::verb;
use crate::part::badge::{self, Tone, status};
use crate::part::{button, course, markdown, person, state, value};
use crate::place;
use crate::request::Context;

/// States in the order in which a case goes through them.
const COURSE: [&str; 6] = ["raised", "contained", "analysed", "acting", "verifying", "closed"];

/// `GET /nonconformities/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", Nonconformity::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, entry.id().into())?;
        let json =
            serde_json::to_value(detail).map_err(|error| vouch_app::Error::invalid("the record is no JSON").because(error))?;
        return Ok(Answer::Json(json));
    }
    let actions = action::of(entry);
    let body = html! { div.stack {
        section.card { h2.vh { "Course" } (course::track(entry, &COURSE)) }
        div.grid {
            div.span-8.stack {
                section.card { div.card-head { h2 { "What is, and what should be" } (grade(context, entry)) } (matter(entry)) }
                section.card { div.card-head { h2 { "Correction" } (due(entry, "correction_due")) } (correction(context, entry)) }
                section.card { div.card-head { h2 { "Cause" } span { (method(context, entry)) } } (cause(context, entry)) }
                section.card {
                    div.card-head { h2 { "Corrective action and effect" } (due(entry, "action_due")) }
                    div.stack-8 { @for entry in &actions { (action::card(context, *entry)) } }
                    (plan(context, entry, actions.is_empty()))
                }
            }
            aside.span-4.stack {
                section.card { (facts(context, entry)) }
                (verb::panel(context, entry))
                section.card { (origin(context, entry)) }
                (repeats(context, entry))
            }
        }
    } };
    let page = Page::new("/nonconformities", value::called(entry), body)
        .lead(html! { span.ref { (entry.id()) } " " (state::shown(entry)) })
        .actions(html! {
            (button::link(&context.link(&format!("/records/{}", entry.id())), "History"))
            @if context.as_of.is_none() { a.button href=(format!("/records/{}/edit", entry.id())) data-edit { "Edit nonconformity" } }
        });
    Ok(page.into())
}

fn prose(text: Option<&str>, none: &str) -> Markup {
    html! { @match text { Some(text) => (markdown::prose(text, 4)), None => { p.muted { (none) } } } }
}

fn matter(entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    html! {
        h3 { "What is" } (prose(case.is().get(), "Not described."))
        h3 { "What should be" } (prose(case.should_be().get(), "Not described."))
    }
}

/// A day of the case, and by how much it is late.
fn due(entry: Entry<'_>, field: &str) -> Markup {
    let case = Nonconformity(entry.content());
    let late = age(entry).map_or(0, |age| if field == "correction_due" { age.correction_late } else { age.action_late });
    let day = if field == "correction_due" { case.correction_due().get() } else { case.action_due().get() };
    html! {
        span {
            @if let Some(day) = day { "due " (date(day)) }
            @if late > 0 { " · " (status(Tone::Bad, &format!("{} late", count(usize::try_from(late).unwrap_or(0), "day", "days")))) }
        }
    }
}

fn correction(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    html! {
        @if case.corrections().len() == 0 { p.muted { "Nothing was done yet to limit the effect." } }
        ul.lines {
            @for row in case.corrections() {
                li {
                    div.grow { p { (row.what().unwrap_or_default()) } p.small.muted { @if let Some(by) = row.by() { (value::record(context, by)) } @if let Some(day) = row.at() { " · " (date(day)) } } }
                    @for proof in row.proof() { (value::record(context, proof)) }
                }
            }
        }
        h3 { "Consequences" } (prose(case.consequences().get(), "Not said yet whom it affected."))
    }
}

fn choice(context: &Context<'_>, field: &str, entry: Entry<'_>) -> Option<String> {
    entry.text(field).map(|id| value::choice(&context.view, Nonconformity::KIND, field, id))
}

fn method(context: &Context<'_>, entry: Entry<'_>) -> String {
    choice(context, "cause_method", entry).map_or_else(String::new, |method| format!("found by: {method}"))
}

fn cause(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    html! {
        (prose(case.cause().get(), "Not analysed yet. A cause that lies in a person's mistake alone is seldom the whole."))
        p.row { @for field in ["cause_level", "cause_category"] { @if let Some(word) = choice(context, field, entry) { (badge::tag("plain", &word)) } } }
        h3 { "Similar cases" }
        @if case.similar().len() == 0 { p.muted { "Nobody has looked for similar cases yet." } }
        ul.lines {
            @for row in case.similar() {
                li {
                    span.grow { (row.where_().unwrap_or_default()) @if let Some(how) = row.how() { span.muted { " · " (how) } } }
                    span.num { (row.found_n().unwrap_or(0)) " found of " (row.population_n().unwrap_or(0)) }
                }
            }
        }
    }
}

fn plan(context: &Context<'_>, entry: Entry<'_>, none: bool) -> Markup {
    let case = Nonconformity(entry.content());
    html! {
        @if let Some(why) = case.no_action_because().get() { p.muted { "No action is needed, because:" } (markdown::prose(why, 4)) }
        @else if none { p.muted { "No action is planned. What removes the cause stands here, with who judges the effect." } }
        @if context.as_of.is_none() && !entry.is_any(&["closed", "rejected"]) {
            p { (button::link(&format!("{}?from={}", place::new("corrective-action"), entry.id()), "Plan corrective action")) }
        }
    }
}

fn facts(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    html! {
        h2.vh { "Facts" }
        dl.facts {
            dt { "Requirements" } dd.row { @for item in case.requirements() { (badge::requirement(&context.link(&place::of_requirement(item.item)), item.item)) } }
            dt { "Owner" } dd { @if let Some(owner) = entry.linked("owner") { (person::person(&value::name(owner))) } }
            dt { "Raised" } dd { (case.raised_at().get().map(date).unwrap_or_default()) @if let Some(by) = entry.linked("raised_by") { " by " (value::name(by)) } }
            @if let Some(age) = age(entry) { dt { "Age" } dd { (count(usize::try_from(age.days).unwrap_or(0), "day", "days")) } }
            dt { "Action needed" } dd { (choice(context, "action_needed", entry).unwrap_or_else(|| "Not decided".to_owned())) }
            @if case.ai_systems().next().is_some() { dt { "Systems" } dd { @for link in case.ai_systems() { div { (value::record(context, link)) } } } }
            @if case.suppliers().next().is_some() { dt { "Suppliers" } dd { @for link in case.suppliers() { div { (value::record(context, link)) } } } }
        }
    }
}

/// What it came from, and what it led to.
fn origin(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    let behind: Vec<_> =
        case.findings().chain(case.incidents()).chain(case.concerns()).chain(case.measurements()).chain(case.evidence()).collect();
    let led: Vec<_> = case.risks().chain(case.aims_change().get()).collect();
    html! {
        div.card-head { h2 { "Where it came from" } span { (choice(context, "source", entry).unwrap_or_else(|| words("unknown"))) } }
        @if behind.is_empty() { p.muted { "No record is named behind it." } }
        ul.lines { @for link in behind { li { span.grow { (value::record(context, link)) } } } }
        @if !led.is_empty() { h3 { "What it changed" } ul.lines { @for link in led { li { span.grow { (value::record(context, link)) } } } } }
    }
}

/// Earlier ones of the same cause.
fn repeats(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let earlier = recurrence(entry);
    html! {
        @if !earlier.is_empty() {
            section.card {
                div.card-head { h2 { "It came back" } }
                p.muted { "Closed within two years before, with a common requirement and the same kind of cause:" }
                ul.lines { @for other in &earlier { li { span.grow { (value::record(context, other.id().into())) } } } }
            }
        }
    }
}
