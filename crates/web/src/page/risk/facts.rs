//! Facts of a risk, and what stands around it.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::risk;
use vouch_record::kind::generated::risk::Risk;

use crate::page::risks::register::day;
use crate::part::badge::{Tone, status};
use crate::part::person::{name_of, person};
use crate::part::{state, value};
use crate::place;
use crate::request::Context;

/// The card with the facts.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = Risk(entry.content());
    let choice = |field: &str, id: &str| value::choice(&context.view, Risk::KIND, field, id);
    let categories: Vec<String> = content.categories().map(|of| choice("categories", of.id())).collect();
    let assessors: Vec<String> = content.assessed_by().map(|link| name_of(&context.view, link.id)).collect();
    html! {
        section.card {
            h2.vh { "Facts" }
            dl.facts {
                dt { "Owner" } dd { @match content.owner().get() { Some(link) => (person(&name_of(&context.view, link.id))), None => (status(Tone::Bad, "Nobody")) } }
                dt { "System" } dd {
                    @let systems: Vec<_> = content.ai_systems().collect();
                    @if systems.is_empty() { "Management system" }
                    @for link in systems { p { (value::record(context, link)) } }
                }
                dt { "Category" } dd { @if categories.is_empty() { span.faint { "Not sorted" } } @else { (categories.join(", ")) } }
                dt { "Decision" } dd {
                    @match content.decision().get() { Some(of) => (choice("decision", of.id())), None => { span.faint { "None yet" } } }
                    @if let Some(reason) = content.decision_reason().get() { p.small.muted { (value::short(reason, 160)) } }
                }
                dt { "Assessed by" } dd { @if assessors.is_empty() { span.faint { "Nobody" } } @else { (assessors.join(", ")) } @if risk::owner_alone(entry) { p.small.attention { "The owner alone; another person must score it too." } } }
                @if let Some(of) = content.occasion().get() { dt { "Occasion" } dd { (choice("occasion", of.id())) @if let Some(link) = content.occasion_record().get() { ", " (value::record(context, link)) } } }
                @if let Some(of) = content.confidence().get() { dt { "Confidence" } dd { (choice("confidence", of.id())) } }
                @if let Some(by) = content.review_by().get() { dt { "Review" } dd { (day(context, by)) } }
            }
        }
    }
}

/// What stands around it: where it came from, what happened, what would show that it grows.
pub(super) fn around(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = Risk(entry.content());
    let mut found: Vec<Entry<'_>> = risk::impact_assessments(entry).collect();
    found.extend(entry.incoming("incident", "risks"));
    found.extend(content.found_through().get().and_then(|link| context.view.get(link.id)));
    found.extend(entry.links("indicators").chain(entry.links("obligations")).chain(entry.links("objectives")));
    found.sort_by_key(|one| one.id());
    found.dedup_by_key(|one| one.id());
    html! {
        section.card {
            h2 { "Around it" }
            @if found.is_empty() { p.muted.apart { "No impact assessment, incident, measure or duty is linked." } }
            ul.lines { @for one in found.into_iter().take(12) { li { div.grow { p { a href=(context.link(&place::of(one.id()))) { (value::called(one)) } } p.small.muted { (one.kind().title) " " (one.id()) } } (state::shown(one)) } } }
        }
    }
}
