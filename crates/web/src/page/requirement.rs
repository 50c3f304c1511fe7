//! A requirement: what it asks, what an auditor would ask at each stage, and every rule with the records behind its verdict.

mod about;
mod rules;

pub(crate) use rules::judged;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};
use vouch_app::{Error, Result};
use vouch_conform::framework::Item;
use vouch_conform::gap::Gap;
use vouch_conform::readiness::{Answer as Answered, Explanation, explain};

use crate::answer::{Answer, Page};
use crate::part::{badge, button, finding};
use crate::place;
use crate::request::Context;

/// `GET /requirements/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let id = context.param("id");
    let unknown = || Error::not_found(format!("ISO/IEC 42001 has no item `{id}`")).hint("see the gap analysis for all 70");
    let item = context.view.frameworks().item(id).ok_or_else(unknown)?;
    let explained = explained(context, id)?.ok_or_else(unknown)?;
    if context.request.wants_json {
        let json = serde_json::to_value(&*explained);
        return json
            .map(Answer::Json)
            .map_err(|error| Error::new(vouch_app::ErrorKind::Unavailable, "the answer cannot be written").because(error));
    }
    let answers = context.answers()?;
    let answer = answers.readiness.answer(id).ok_or_else(unknown)?;
    let gap = answers.gaps.iter().find(|gap| gap.requirement == id).ok_or_else(unknown)?;
    let body = html! {
        div.grid {
            div.span-8.stack {
                (findings(context, answer))
                (rules::all(context, &explained))
            }
            div.span-4.stack {
                (facts(context, item, gap, answer))
                (about::asked(item, &explained))
                (about::evidence(context, answer))
                (about::elsewhere(context, id))
            }
        }
    };
    let title = format!("{id} {}", item.title);
    let mut page = Page::new("/gaps", title, body).lead(html! { (item.summary) });
    if item.is_control() {
        page = page.actions(button::link(&context.link(&format!("/soa/{id}")), "Open control"));
    }
    Ok(page.into())
}

/// Explanations by requirement, for one head and day.
#[derive(Default)]
struct Explained(Mutex<BTreeMap<String, Arc<Explanation>>>);

/// Why a requirement is met or not, computed once for each head and day; nothing for what is no requirement.
///
/// # Errors
/// What the shelf says.
pub(crate) fn explained(context: &Context<'_>, id: &str) -> Result<Option<Arc<Explanation>>> {
    let view = &context.view;
    let known = context.site.shelf.get(view.cut(), view.today(), || Ok::<_, Error>(Explained::default()))?;
    let found = known.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
    if found.is_some() {
        return Ok(found);
    }
    // What is kept for today answers at once; it is the view's answer only if nothing was written in between.
    let today = match context.as_of {
        Some(_) => None,
        None => context.site.vouch.explain(id, None, None)?.filter(|_| context.site.vouch.state().size() == view.cut()),
    };
    let Some(explanation) = today.or_else(|| explain(view, id, None)).map(Arc::new) else { return Ok(None) };
    known.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), explanation.clone());
    Ok(Some(explanation))
}

/// What would be found, what is open work, what is accepted.
fn findings(context: &Context<'_>, answer: &Answered) -> Markup {
    let all = context.answers().map(|answers| answers.readiness.findings()).unwrap_or_default();
    let elsewhere = all.into_iter().filter(|finding| finding.requirement != answer.id && finding.concerns(&answer.id));
    let shown: Vec<_> = answer.findings.iter().chain(&answer.open_work).chain(elsewhere).collect();
    html! {
        @if !shown.is_empty() {
            section.card {
                div.card-head {
                    h2 { @if answer.open_work.is_empty() { "Would be a finding today" } @else { "Open work before the first statement" } }
                    span { (shown.len()) }
                }
                div { @for one in &shown { (finding::line(context, one)) } }
            }
        }
        @if !answer.accepted.is_empty() {
            section.card {
                div.card-head { h2 { "Accepted for now" } span { (answer.accepted.len()) } }
                ul.lines {
                    @for accepted in &answer.accepted {
                        li { span.ref { (accepted.check) } p.grow { (accepted.lapse.message) } span.row { @for by in &accepted.by { a.chip href=(context.link(&place::of(*by))) { (by) } } } }
                    }
                }
            }
        }
    }
}

fn facts(context: &Context<'_>, item: &Item, gap: &Gap, answer: &Answered) -> Markup {
    let owner = finding::owner(context, &item.id);
    html! {
        section.card {
            div.card-head { h2 { "Where it stands" } }
            dl.facts {
                dt { "Depth" } dd { @if gap.applies { (badge::depth(gap.met)) } @else { "Not judged" } }
                @if let Some(reason) = &gap.reason { dt { "Why not deeper" } dd { (reason) } }
                dt { "Owner" } dd { @match owner { Some(name) => (crate::part::person::person(&name)), None => { span.muted { "Nobody; usually the " (crate::format::words(&gap.owner.role).to_lowercase()) } } } }
                @if let Some(due) = &gap.due { dt { "Promised for" } dd { a.link href=(context.link(&place::of(due.by))) { (crate::format::date(due.on)) } } }
                @if gap.steps > 0 { dt { "To do" } dd { (crate::format::count(gap.steps, "step", "steps")) } }
                @if !answer.failing.is_empty() { dt { "AI systems failing" } dd.row { @for id in answer.failing.iter().take(12) { a.chip href=(context.link(&place::of(*id))) { (id) } } } }
            }
            @for note in &answer.notes { p.small.muted.actions { (crate::format::sentence(note)) } }
        }
    }
}
