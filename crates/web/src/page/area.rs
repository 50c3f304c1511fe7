//! Areas of the management system that have no page made for them alone: what is asked there, what is missing and who must act,
//! and the records of the area.

mod dates;
mod kinds;
mod table;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::query::shown;
use vouch_app::{Error, Result};
use vouch_conform::gap::Gap;
use vouch_conform::readiness::Finding;

use self::table::{AREAS, Area};
use crate::answer::{Answer, Page};
use crate::format::{count, sentence};
use crate::measures::{self, Figures};
use crate::page::overview;
use crate::part::{badge, button, empty, finding, person};
use crate::request::Context;
use crate::{nav, place};

/// Findings shown before the link to all of them.
const FINDINGS: usize = 5;

/// `GET` of each area's path.
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let area = AREAS.iter().find(|area| area.path == context.request.path);
    let area = area.ok_or_else(|| Error::not_found("there is no such area"))?;
    let answers = context.answers()?;
    let gaps: Vec<&Gap> = answers.gaps.iter().filter(|gap| area.requirements.contains(&gap.requirement.as_str())).collect();
    if context.request.wants_json {
        return Ok(Answer::Json(data(context, area, &gaps)));
    }
    let mut findings = answers.readiness.findings();
    findings.retain(|finding| area.requirements.iter().any(|item| finding.concerns(item)));
    let body = html! {
        @if !gaps.is_empty() {
            div.grid.stretch {
                section.card.span-5 { (asked(context, &gaps)) }
                section.card.span-7 { (found(context, &findings)) }
            }
        }
        (figures(context, area)?)
        (kinds::cards(context, area))
    };
    let title = nav::find(area.path).map_or("", |entry| entry.name);
    let page = Page::new(area.path, title, body).lead(html! { (area.about) }).actions(actions(context, area));
    Ok(page.into())
}

/// What some areas show besides: the way ahead, or how their measures went.
fn figures(context: &Context<'_>, area: &Area) -> Result<Markup> {
    Ok(match area.path {
        "/roadmap" => html! {
            div.grid.actions {
                (overview::way(context))
                section.card.span-12 id="ahead" { (overview::coming(context, 90, 12)) }
            }
        },
        "/certification" => dates::certification(context),
        "/audits" => dates::coverage(context),
        "/measures" => html! { div.actions { (measures::strip(context, &Figures::of(context)?.0)) } },
        _ => html! {},
    })
}

fn data(context: &Context<'_>, area: &Area, gaps: &[&Gap]) -> serde_json::Value {
    let latest = |kind: &str| kinds::latest(context, kind).into_iter().map(shown).collect::<Vec<_>>();
    let kinds: Vec<_> = area
        .kinds
        .iter()
        .map(|kind| json!({"kind": kind, "total": context.view.state().of_kind(kind).len(), "latest": latest(kind)}))
        .collect();
    json!({"as_of": context.view.today().to_string(), "requirements": gaps, "kinds": kinds})
}

fn actions(context: &Context<'_>, area: &Area) -> Markup {
    let (kind, words) = area.act;
    match context.as_of {
        None => button::primary("plus", &place::new(kind), words),
        Some(_) => button::refused(words, "a past day is shown"),
    }
}

/// The requirements that the area serves, each with its depth.
fn asked(context: &Context<'_>, gaps: &[&Gap]) -> Markup {
    html! {
        div.card-head { h2 { "What is asked here" } span { (count(gaps.len(), "requirement", "requirements")) } }
        ul.lines {
            @for gap in gaps {
                li {
                    a.ref href=(context.link(&place::of_requirement(&gap.requirement))) { (gap.requirement) }
                    div.grow {
                        a.strong href=(context.link(&place::of_requirement(&gap.requirement))) { (gap.title) }
                        @if let Some(reason) = &gap.reason { p.small.muted { (sentence(reason)) } }
                    }
                    span.nowrap { @if gap.applies { (badge::depth(gap.met)) } @else { span.muted { "Not judged" } } }
                }
            }
        }
    }
}

/// What would be found here, worst first, and who answers.
fn found(context: &Context<'_>, findings: &[&Finding]) -> Markup {
    html! {
        div.card-head {
            h2 { "Missing here" }
            @if !findings.is_empty() { span { (findings.len()) } }
        }
        @if findings.is_empty() {
            (empty::empty("Nothing would be found here today", "Each rule of these requirements that is asked today holds, or waits for its day.", None))
        } @else {
            div { @for one in findings.iter().take(FINDINGS) { (finding::line(context, one)) } }
            @if findings.len() > FINDINGS {
                details { summary { "Show " (findings.len() - FINDINGS) " more" } div { @for one in findings.iter().skip(FINDINGS) { (finding::line(context, one)) } } }
            }
            (who(context, findings))
        }
    }
}

fn who(context: &Context<'_>, findings: &[&Finding]) -> Markup {
    let mut names: Vec<String> = Vec::new();
    for one in findings {
        if let Some(owner) = finding::owner(context, &one.requirement).filter(|owner| !names.contains(owner)) {
            names.push(owner);
        }
    }
    html! { @if !names.is_empty() { div.row.actions { span.small.muted { "Who must act" } @for name in names { (person::person(&name)) } } } }
}
