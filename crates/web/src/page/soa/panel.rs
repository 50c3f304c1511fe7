//! One control beside the list: who, how far, how often, what it treats and serves, what changed, what shows it.

use maud::{Markup, html};
use vouch_app::query;
use vouch_conform::framework::Strength;
use vouch_conform::readiness::{Depth, Evidence};
use vouch_record::Id;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;

use super::row::{self, Line};
use crate::format::{date, words};
use crate::page::evidence::title;
use crate::part::badge::{self, Tone, mark, status};
use crate::part::person::{name_of, person};
use crate::part::{button, difference};
use crate::place;
use crate::request::Context;

/// Risks, frameworks and records named; the rest stands on the control's page.
const NAMED: usize = 3;

/// The panel.
pub(super) fn panel(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let row = line.row;
    html! {
        section.card.stack id="panel" tabindex="-1" {
            div.row { h2 { span.ref { (row.control) } " " (row.title) } @if line.changed.is_some() { (badge::tag("accent", "Changed")) } }
            (facts(context, line))
            @if let Some(drift) = &line.changed { (changed(context, line, drift)) }
            div { h3 { "Proof" } (timeline(context, &row.proof, 4)) }
            div.row {
                @if context.as_of.is_none() { a.button.small href=(request_proof(line)) { "Request proof" } }
                a.button.small href=(context.link(&format!("/soa/{}", row.control))) { "Open control" }
            }
            @if context.query("control").is_some() { p { a.link href=(context.with_query(&[("control", None)])) { "Close" } } }
        }
    }
}

/// Owner, depth, cadence, what it treats and serves.
pub(super) fn facts(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let row = line.row;
    let risks = risks(row);
    html! {
        dl.facts {
            dt { "Owner" } dd { @match &row.owner { Some(owner) => (person(&name_of(&context.view, owner.id))), None => span.attention { "Nobody" } } }
            dt { "Decision" } dd { (words(row.decision.word())) @if !row.approved { ", " span.attention { "not approved" } } }
            @if let Some(exclusion) = &row.exclusion { dt { "Left out" } dd { (exclusion.reason) @if exclusion.contradicted { " " (status(Tone::Bad, "Records speak against it")) } } }
            @else { dt { "Depth" } dd { (badge::depth(line.depth())) @if let Some(next) = &row.next { p.small.muted { (next) } } } }
            @if line.is_stale() { dt { "Operating" } dd { (status(Tone::Bad, &format!("Proof {} days old", line.age.unwrap_or_default()))) } }
            @if let Some(item) = line.item { dt { "Cadence" } dd { (row::cadence(item)) } }
            @if !risks.is_empty() { dt { "Treats" } dd { (links(context, &risks, NAMED)) } }
            dt { "Also serves" } dd { (crossings(context, &row.control, NAMED)) }
            @if row.systems > 0 { dt { "Systems" } dd { (row.systems) @if !row.failing.is_empty() { ", " a.link href=(context.link(&format!("/soa/{}#systems", row.control))) { (row.failing.len()) " fail" } } } }
        }
    }
}

/// The risks that a control brings down.
pub(super) fn risks(row: &vouch_conform::statement::Row) -> Vec<Id> {
    let mut risks: Vec<Id> = row.reasons.iter().filter_map(|reason| reason.record).filter(|id| id.prefix() == "RSK").collect();
    risks.dedup();
    risks
}

/// Records by id, a few, and how many more.
fn links(context: &Context<'_>, ids: &[Id], most: usize) -> Markup {
    html! {
        @for (at, id) in ids.iter().take(most).enumerate() { @if at > 0 { ", " } a.link href=(context.link(&place::of(*id))) title=(name_of(&context.view, *id)) { (id) } }
        @if ids.len() > most { " and " (ids.len() - most) " more" }
    }
}

/// What the same evidence serves in other frameworks.
pub(super) fn crossings(context: &Context<'_>, control: &str, most: usize) -> Markup {
    let rows = crossing_rows(context, control);
    html! {
        @if rows.is_empty() { span.faint { "Nothing known" } }
        span.row.tight {
            @for (framework, node, strength) in rows.iter().take(most) { span.chip title=(strength.word()) { (framework) " " (node) } }
            @if rows.len() > most { span.small.muted { "and " (rows.len() - most) " more" } }
        }
    }
}

/// Framework, node and strength of every row of the crosswalk from a control, the strongest first.
pub(super) fn crossing_rows(context: &Context<'_>, control: &str) -> Vec<(String, String, Strength)> {
    let frameworks = context.view.frameworks();
    let mut rows = Vec::new();
    for framework in frameworks.others().unwrap_or_default() {
        let Ok(crosswalk) = frameworks.crosswalk(&framework.key) else { continue };
        let own = crosswalk.rows.iter().filter(|row| row.item == control);
        rows.extend(own.map(|row| (framework.short_title.clone(), row.node.clone(), row.strength)));
    }
    rows.sort_by_key(|(_, _, strength)| std::cmp::Reverse(*strength));
    rows
}

/// What differs from the version in force: its words, and the fields that were rewritten since.
fn changed(context: &Context<'_>, line: &Line<'_>, drift: &str) -> Markup {
    let version = context.view.statement();
    let name = version.and_then(|entry| entry.text("version")).unwrap_or("the version in force");
    html! {
        div.stack-8 {
            h3 { "What changed since " (name) }
            p { (crate::format::capital(drift)) "." }
            (rewritten(context, line))
        }
    }
}

/// The prose of the decision that was rewritten since the version in force was frozen.
fn rewritten(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let Some(decided) = &line.row.applicability else { return html! {} };
    let frozen = context.view.statement().and_then(|entry| {
        let content = StatementOfApplicability(entry.content());
        let row = content.rows().find(|row| row.applicability().is_some_and(|link| link.id == decided.id))?;
        row.revision().and_then(|revision| u32::try_from(revision).ok())
    });
    let Some(frozen) = frozen.filter(|frozen| *frozen < decided.revision) else { return html! {} };
    let Ok(differences) = query::diff(&context.view, decided.id, frozen, decided.revision) else { return html! {} };
    let kind = context.view.find(decided.id).map(|entry| entry.kind()).filter(|_| !differences.is_empty());
    let made = context.view.find(decided.id);
    html! {
        @if let Some(kind) = kind {
            @for one in differences.iter().take(NAMED) {
                @if let Some(spec) = kind.field(&one.field) { p.small.muted { (words(&one.field)) } (difference::values(context, &spec.kind, &one.before, &one.after)) }
            }
            @if let Some(entry) = made { p.small.muted { @if let Some(by) = entry.made_by() { (name_of(&context.view, by)) " · " } (date(context.view.day(entry.made_at()))) } }
        }
    }
}

/// The latest records that show it.
pub(super) fn timeline(context: &Context<'_>, proof: &[Evidence], most: usize) -> Markup {
    let view = &context.view;
    let mut seen: Vec<(jiff::civil::Date, &Evidence)> =
        proof.iter().filter_map(|one| Some((row::shown_on(view, one)?, one))).collect();
    seen.sort_by_key(|(day, one)| std::cmp::Reverse((*day, one.depth, one.id)));
    seen.dedup_by_key(|(_, one)| one.id);
    html! {
        @if seen.is_empty() { p.muted { "No record shows it." } }
        ol.timeline {
            @for (day, one) in seen.iter().take(most) {
                @let tone = if one.depth == Depth::Proven { Tone::Good } else { Tone::Progress };
                li {
                    (mark(tone, one.depth.word()))
                    p { a.link href=(context.link(&place::of(one.id))) { (view.find(one.id).map_or_else(|| one.id.to_string(), title)) } }
                    p.small.muted { (one.id) " · " (date(*day)) " · " (one.depth.word()) }
                }
            }
        }
        @if seen.len() > most { p.small.muted { (seen.len() - most) " more" } }
    }
}

/// The form for a task to bring proof, filled with what is known.
pub(super) fn request_proof(line: &Line<'_>) -> String {
    let row = line.row;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("title", &format!("Bring proof of {} {}", row.control, row.title));
    query.append_pair("requirements", &format!("iso42001:{}", row.control));
    query.append_pair("requirement", &row.control);
    if let Some(owner) = &row.owner {
        query.append_pair("assignee", &owner.id.to_string());
    }
    if let Some(decided) = &row.applicability {
        query.append_pair("about", &decided.id.to_string()).append_pair("from", &decided.id.to_string());
    }
    format!("{}?{}", place::new("task"), query.finish())
}

/// The same as a button.
pub(super) fn request_button(line: &Line<'_>) -> Markup {
    button::link(&request_proof(line), "Request proof")
}
