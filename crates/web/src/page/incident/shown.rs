//! One incident, from detection to what was learned.

use jiff::Timestamp;
use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::query;
use vouch_conform::Entry;
use vouch_conform::derived::incident::recipients_without_row;
use vouch_record::kind::generated::incident::Incident;

use super::clock::{between, mark, next, notifications};
use super::list::severity;
use crate::answer::{Answer, Page};
use crate::format::{capital, count, instant};
use crate::page::verb;
use crate::part::badge::{Tone, point, status, tag};
use crate::part::{button, icon, markdown, person, state, value};
use crate::place;
use crate::request::Context;

/// `GET /incidents/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", Incident::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, entry.id().into())?;
        let json =
            serde_json::to_value(detail).map_err(|error| vouch_app::Error::invalid("the record is no JSON").because(error))?;
        return Ok(Answer::Json(json));
    }
    let body = html! {
        (warning(context, entry))
        div.grid {
            div.span-8.stack {
                section.card { div.card-head { h2 { "What happened" } (severity(context, entry)) } (what(context, entry)) }
                section.card { div.card-head { h2 { "Who must be told" } span { "clocks run from " (since(context, entry)) } } (notifications(context, entry)) }
                section.card { div.card-head { h2 { "Timeline" } (lasted(entry)) } (timeline(context, entry)) }
                section.card { div.card-head { h2 { "Cause and lessons" } } (learned(context, entry)) }
            }
            aside.span-4.stack {
                section.card { (facts(context, entry)) }
                (verb::panel(context, entry))
                section.card { (cure(context, entry)) }
            }
        }
    };
    let page = Page::new("/incidents", value::called(entry), body)
        .lead(html! { span.ref { (entry.id()) } " " (state::shown(entry)) })
        .actions(html! {
            (button::link(&context.link(&format!("/records/{}", entry.id())), "History"))
            @if context.as_of.is_none() { a.button href=(format!("/records/{}/edit", entry.id())) data-edit { "Edit incident" } }
        });
    Ok(page.into())
}

/// What cannot wait.
fn warning(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let missing = recipients_without_row(entry);
    html! {
        @if let Some(deadline) = next(entry) {
            div.notice.attention { (mark(deadline.stands)) span.grow { @if let Some(link) = deadline.row.recipient() { (value::record(context, link)) } @else { "a party that is not named" } " has not been told." } a.button.small href=(format!("/records/{}/edit#f-notifications", entry.id())) { "Record notification" } }
        }
        @if !missing.is_empty() && !entry.is_any(&["closed", "dismissed"]) {
            div.notice.attention {
                (icon::icon("warning"))
                span.grow { (count(missing.len(), "party", "parties")) " named by a plan, a duty or a promise " (if missing.len() == 1 { "has" } else { "have" }) " no row: "
                    @for (at, recipient) in missing.iter().take(3).enumerate() { @if at > 0 { ", " } (value::record(context, recipient.party.into())) } }
                a.button.small href=(format!("/records/{}/edit#f-notifications", entry.id())) { "Add rows" }
            }
        }
    }
}

fn prose(text: Option<&str>, none: &str) -> Markup {
    html! { @match text { Some(text) => (markdown::prose(text, 3)), None => { p.muted { (none) } } } }
}

fn what(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    html! {
        (prose(incident.description().get(), "It is not described."))
        p.row { @for kind in incident.types() { (tag("plain", &value::choice(&context.view, Incident::KIND, "types", kind.id()))) } }
        h3 { "Harm" }
        @if incident.harm().len() == 0 { p.muted { "Not said yet who was or could be harmed." } }
        ul.lines {
            @for harm in incident.harm() {
                li {
                    span.grow { strong { (harm.who().unwrap_or("Persons")) } @if let Some(kind) = harm.kind() { " · " (crate::format::words(kind.id())) } @if let Some(note) = harm.note() { " · " (note) } }
                    @if let Some(count) = harm.count() { span.num { (count) " affected" } }
                    @match harm.reversible() { Some(true) => (status(Tone::Plain, "Reversible")), Some(false) => (status(Tone::Attention, "Not reversible")), None => {} }
                }
            }
        }
    }
}

fn since(context: &Context<'_>, entry: Entry<'_>) -> String {
    Incident(entry.content())
        .aware_at()
        .get()
        .map_or_else(|| "the day it is known".to_owned(), |at| instant(at, context.view.zone()))
}

/// How long it took to notice it, to end its effect, to go on.
fn lasted(entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    let span = |from: Option<Timestamp>, to: Option<Timestamp>| between(from?, to?);
    let (begun, noticed, ended) = (incident.occurred_from().get(), incident.detected_at().get(), incident.contained_at().get());
    html! {
        span {
            @if let Some(time) = span(begun, noticed) { "noticed after " (time) }
            @if let Some(time) = span(noticed, ended) { " · contained after " (time) }
        }
    }
}

/// What happened in order: the moments of the record, and what was written about it.
fn timeline(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    let moments = [
        (incident.occurred_from().get(), "First effect"),
        (incident.detected_at().get(), "Noticed"),
        (incident.aware_at().get(), "The organisation knew"),
        (incident.contained_at().get(), "Effect ended"),
        (incident.restored_at().get(), "Normal use again"),
    ];
    let mut events: Vec<(Timestamp, String, Option<String>)> =
        moments.into_iter().filter_map(|(at, what)| Some((at?, what.to_owned(), None))).collect();
    events.extend(incident.timeline().filter_map(|row| Some((row.at()?, row.what()?.to_owned(), row.by().map(str::to_owned)))));
    events.extend(incident.notifications().filter_map(|row| {
        let who = row.recipient().and_then(|link| context.view.find(link.id)).map_or_else(|| "A party".to_owned(), value::name);
        Some((row.sent_at()?, format!("{who} told"), row.channel().map(str::to_owned)))
    }));
    events.sort();
    html! {
        ol.timeline {
            @for (at, what, by) in &events {
                li { (point("")) p { strong { (capital(what)) } @if let Some(by) = by { " · " (by) } } p.small.muted { (instant(*at, context.view.zone())) } }
            }
        }
        @if events.is_empty() { p.muted { "Nothing is recorded yet." } }
    }
}

fn learned(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    html! {
        h3 { "Cause" } (prose(incident.cause().get(), "Not known yet."))
        h3 { "Lessons" } (prose(incident.lessons().get(), "Written before it is closed."))
        @let risks: Vec<_> = incident.risks().chain(incident.impact_assessments()).collect();
        @if !risks.is_empty() { h3 { "Looked at again" } ul.lines { @for link in risks { li { (value::record(context, link)) } } } }
    }
}

fn facts(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    html! {
        h2.vh { "Facts" }
        dl.facts {
            dt { "Systems" } dd { @for link in incident.ai_systems() { div { (value::record(context, link)) } } }
            dt { "Lead" } dd { @match entry.linked("lead") { Some(lead) => (person::person(&value::name(lead))), None => "Nobody yet" } }
            dt { "Noticed by" } dd { @if let Some(by) = incident.detected_by().get() { (value::choice(&context.view, Incident::KIND, "detected_by", by.id())) } }
            @if incident.containment().next().is_some() { dt { "Containment" } dd { @for kind in incident.containment() { div { (value::choice(&context.view, Incident::KIND, "containment", kind.id())) } } } }
            @if let Some(release) = incident.release().get() { dt { "Release" } dd { (value::record(context, release)) } }
            @if let Some(concern) = incident.concern().get() { dt { "Concern" } dd { (value::record(context, concern)) } }
            @if let Some(measurement) = incident.measurement().get() { dt { "Alarm" } dd { (value::record(context, measurement)) } }
            dt { "Exercise" } dd { (if incident.exercise().is(true) { "Yes" } else { "No" }) }
        }
    }
}

/// The nonconformity it led to, and how far its cure is.
fn cure(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    html! {
        div.card-head { h2 { "Nonconformity" } }
        @match (incident.nonconformity().get(), incident.no_nonconformity_because().get()) {
            (Some(link), _) => {
                p { (value::record(context, link)) }
                @if let Some(case) = context.view.find(link.id) { p { (state::shown(case)) } }
            }
            (None, Some(why)) => { p.muted { "None was raised:" } (markdown::prose(why, 3)) }
            (None, None) => {
                p.muted { "None yet. A serious or critical incident closes with one, or with the reason why none is needed." }
                @if context.as_of.is_none() { p { (button::link(&format!("{}?from={}&source=incident", place::new("nonconformity"), entry.id()), "Raise nonconformity")) } }
            }
        }
    }
}
