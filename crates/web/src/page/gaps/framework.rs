//! Another framework through the crosswalk: what evidence reaches how far, from which source, and what remains.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Error, ErrorKind, Result};
use vouch_conform::coverage::{By, Coverage, Duty, Reach, Reached, duties, milestones};
use vouch_conform::framework::{Framework, FrameworkError};

use super::tabs;
use crate::answer::{Answer, Page};
use crate::format::{date, sentence};
use crate::part::badge::{self, Tone, status};
use crate::part::list::{self, Segment, Slice, segments};
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// Said with every answer about another framework.
const NO_CLAIM: &str = "This shows where evidence can be used again. It is no claim of conformity with a law or another standard.";

/// `GET /gaps?framework=KEY`
pub(super) fn show(context: &Context<'_>, key: &str) -> Result<Answer> {
    let answers = context.answers()?;
    let coverage = Coverage::of(context.view.frameworks(), &answers.readiness, key).map_err(broken)?;
    let coverage =
        coverage.ok_or_else(|| Error::not_found(format!("there is no framework `{key}`")).hint("choose one of the tabs"))?;
    let duties = duties(&context.view, &coverage).map_err(broken)?;
    if context.request.wants_json {
        let milestones = milestones(&duties, answers.readiness.as_of);
        return Ok(Answer::Json(json!({"coverage": coverage, "duties": duties, "milestones": milestones, "note": NO_CLAIM})));
    }
    let rows: Vec<&Reached<'_>> = coverage.requirements.iter().filter(|row| is_shown(context, row)).collect();
    let body = html! {
        (tabs(context, Some(key)))
        div.notice role="note" { span.grow { (NO_CLAIM) @if let Some(certifiable) = coverage.certifiable { " Certification: " (certifiable) "." } } }
        div.toolbar { (views(context, &coverage)) (list::filters(context, "results", &[])) }
        div id="results" { (table(context, key, &rows)) }
        (to_do(&coverage))
        (law(context, &duties))
    };
    let counts = coverage.counts;
    let lead = html! { strong { (counts.covered) " of " (counts.of) } " are reached by evidence that runs today, " (counts.partly) " in part, " (counts.not) " not." };
    Ok(Page::new("/gaps", coverage.title, body).lead(lead).into())
}

fn broken(error: FrameworkError) -> Error {
    Error::new(ErrorKind::Unavailable, error.to_string()).hint("correct the file, or take it out of the data folder")
}

const fn reach_id(reach: Reach) -> &'static str {
    match reach {
        Reach::Covered => "covered",
        Reach::Partly => "partly",
        Reach::Not => "not",
    }
}

fn is_shown(context: &Context<'_>, row: &Reached<'_>) -> bool {
    let fits = |words: &str| {
        let words = words.to_lowercase();
        row.id.to_lowercase().contains(&words)
            || row.title.to_lowercase().contains(&words)
            || row.by.iter().any(|by| by.item.to_lowercase() == words)
    };
    context.query("reach").is_none_or(|asked| reach_id(row.reach) == asked) && context.query("q").is_none_or(fits)
}

fn views(context: &Context<'_>, coverage: &Coverage<'_>) -> Markup {
    let counts = coverage.counts;
    let view = |name, value, count| Segment { name, value, count: Some(count) };
    segments(
        context,
        "reach",
        "How far evidence reaches",
        &[
            view("All", None, counts.of),
            view("Reached", Some("covered"), counts.covered),
            view("In part", Some("partly"), counts.partly),
            view("Not reached", Some("not"), counts.not),
        ],
    )
}

fn table(context: &Context<'_>, key: &str, rows: &[&Reached<'_>]) -> Markup {
    if rows.is_empty() {
        let clear = button::link(&context.with_query(&[("q", None), ("reach", None)]), "Clear filters");
        return html! { div.card { (empty::empty("Nothing fits", "No requirement is left with these filters.", Some(clear))) } };
    }
    let slice = Slice::of(context, rows.len());
    let framework = context.view.frameworks().framework(key).ok().flatten();
    html! {
        div.card.flush {
            table.table.cards data-rows {
                caption.vh { "Requirements of the framework, how far evidence reaches them, from which items, and what remains" }
                thead { tr { @for head in ["Ref", "Requirement", "Reach", "Through", "What remains"] { th scope="col" { (head) } } } }
                tbody { @for row in slice.cut(rows) { (one(context, framework, row)) } }
            }
            (slice.foot(context, "requirement", "requirements"))
        }
    }
}

fn one(context: &Context<'_>, framework: Option<&Framework>, row: &Reached<'_>) -> Markup {
    let (tone, word) = match row.reach {
        Reach::Covered => (Tone::Good, "Reached"),
        Reach::Partly => (Tone::Progress, "In part"),
        Reach::Not => (Tone::Plain, "Not reached"),
    };
    let text = framework.and_then(|framework| framework.node(row.id)).map_or("", |node| node.text.as_str());
    html! {
        tr {
            td.ref { (row.id) }
            td.asks { @if row.title != row.id { p.strong { (row.title) } } @if text != row.title { p.small.muted { (text) } } }
            td.nowrap data-label="Reach" { (status(tone, word)) }
            td { (through(context, &row.by)) }
            td { @if row.remainder.is_empty() { span.faint { "Nothing named" } } @else { ul.points.small { @for what in &row.remainder { li { (sentence(what)) } } } } }
        }
    }
}

/// The items that reach it, the strongest first: strength, depth, and whose mapping says so.
fn through(context: &Context<'_>, all: &[By<'_>]) -> Markup {
    let mut sources: Vec<&str> = all.iter().flat_map(|by| [Some(by.source), by.corroborated_by]).flatten().collect();
    sources.sort_unstable();
    sources.dedup();
    html! {
        @if all.is_empty() { span.faint { "Nothing" } }
        ul.small {
            @for by in all {
                li {
                    (badge::requirement(&context.link(&place::of_requirement(by.item)), by.item)) " " (by.strength.word()) ", "
                    @if by.applies { @match by.depth { Some(depth) => (depth.word()), None => "not met" } } @else { "not applied" }
                    @if let Some(flag) = by.flag { span.muted { " (" (flag) ")" } }
                }
            }
        }
        @if !sources.is_empty() { p.small.muted { "Source: " (sources.join(", ")) } }
    }
}

fn to_do(coverage: &Coverage<'_>) -> Markup {
    html! {
        @if !coverage.still_to_do.is_empty() {
            section.card.actions {
                div.card-head { h2 { "Remains to be done, whatever the evidence is" } span { (coverage.still_to_do.len()) } }
                ul.points { @for what in coverage.still_to_do { li { (what) } } }
            }
        }
    }
}

/// Duties that bind systems in scope, by the day from which they do.
fn law(context: &Context<'_>, duties: &[Duty<'_>]) -> Markup {
    html! {
        @if !duties.is_empty() {
            section.card.actions {
                div.card-head { h2 { "Duties by the roles and tiers decided for systems in scope" } span { (duties.len()) } }
                p.muted { "People decided roles and tiers; they stand in the records of the systems." }
                @for step in milestones(duties, context.view.today()) {
                    h3.actions { @if step.binds { "Binding since " } @else { "Binding from " } (date(step.on)) }
                    ul.lines {
                        @for duty in duties.iter().filter(|duty| duty.from == step.on) {
                            li {
                                span.ref { (duty.id) }
                                div.grow { p.strong { (duty.title) } p.small.muted { (duty.roles.join(", ")) "; " (duty.tiers.join(", ")) " · " (duty.reach.word()) } }
                                span.row { @for id in duty.ai_systems.iter().take(6) { a.chip href=(context.link(&place::of(*id))) { (id) } } @if duty.ai_systems.len() > 6 { span.small.muted { "and " (duty.ai_systems.len() - 6) " more" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
