//! What a system is, in a dozen lines.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::ai_system;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::release::Release;

use crate::format::{date, words};
use crate::page::systems::row::{first_sentence, role_word};
use crate::part::badge::{Tone, status, tier};
use crate::part::person::{name_of, person};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// The card with the facts.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = AiSystem(entry.content());
    let view = &context.view;
    let choice = |field: &str, id: &str| value::choice(view, AiSystem::KIND, field, id);
    let roles: Vec<String> = content.ai_roles().map(role_word).collect();
    let eu: Vec<String> = content.eu_tiers().map(|of| choice("eu_tiers", of.id())).collect();
    let users: Vec<&str> = content.intended_users().filter_map(|row| row.group()).collect();
    let people = [("Owner", content.owner().get()), ("Deputy", content.deputy().get()), ("Risk owner", content.risk_owner().get())];
    html! {
        section.card {
            h2.vh { "Facts" }
            dl.facts {
                dt { "State" } dd { (crate::part::state::shown(entry)) }
                dt { "Tier" } dd {
                    @match ai_system::tier(entry) { Some(level) => (tier(level.id())), None => { span.faint { "None yet" } } }
                    @if !eu.is_empty() { " " span.small.muted { (eu.join(", ")) } }
                    @if ai_system::tier_below_floor(entry) { p.small.attention { "Facts ask for more than was chosen" } }
                }
                dt { "Role" } dd { (roles.join(", ")) }
                @for (word, link) in people {
                    @if let Some(link) = link { dt { (word) } dd { a href=(context.link(&place::of(link.id))) { (person(&name_of(view, link.id))) } } }
                }
                @if content.owner().get().is_none() { dt { "Owner" } dd { (status(Tone::Bad, "Nobody")) } }
                @if let Some(of) = content.oversight().get() { dt { "Oversight" } dd { (choice("oversight", of.id())) } }
                @if !users.is_empty() { dt { "Used by" } dd { (users.join(", ")) } }
                @if let Some(text) = content.not_for().get() { dt { "Not for" } dd { (first_sentence(text)) } }
                dt { "Version" } dd { (version(context, entry)) }
                dt { "In scope" } dd { (scope(context, entry)) }
                @if let Some(unit) = content.unit().get() { dt { "Unit" } dd { (unit) } }
                @if let Some(topic) = content.topic().get() { dt { "Field" } dd { (choice("topic", topic.id())) } }
                @if let Some(by) = content.review_by().get() { dt { "Review" } dd { @if by < view.today() { span.bad { "Overdue since " (date(by)) } } @else { (date(by)) } } }
            }
        }
    }
}

fn version(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let Some(release) = ai_system::running_release(entry) else { return html! { span.faint { "Nothing released" } } };
    let content = Release(release.content());
    let digest = content.artefact_digest().get().map(|digest| digest.rsplit(':').next().unwrap_or(digest));
    html! {
        a.link href=(context.link(&place::of(release.id()))) { (content.version().get().unwrap_or("Release")) }
        @if let Some(digest) = digest { " " span.mono.small { (digest.chars().take(8).collect::<String>()) } }
    }
}

fn scope(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    match context.view.scope() {
        Some(scope) if ai_system::in_scope(entry) => {
            let version = scope.text("version").map(words).unwrap_or_default();
            html! { a.link href=(context.link(&place::of(scope.id()))) { "Scope " (version) } }
        }
        None if ai_system::in_scope(entry) => html! { "Yes, until a scope is approved" },
        _ => html! { "No" },
    }
}
