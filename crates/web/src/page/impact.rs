//! Impact assessments: which systems need one first and why, and where each stands.

mod asked;
pub(crate) mod guide;
mod list;
mod missing;
mod row;
pub(crate) mod shown;

use std::sync::Arc;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Result, query};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;

use self::row::{Row, Rows};
use crate::answer::{Answer, Page};
use crate::format::{count, words};
use crate::part::badge::{mark, tier};
use crate::part::list::Slice;
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// Every system of the day with its assessment, computed once for head and day.
///
/// # Errors
/// What the store says.
pub(crate) fn rows(context: &Context<'_>) -> Result<Arc<Rows>> {
    let view = &context.view;
    context.site.shelf.get(view.cut(), view.today(), || Ok(Rows::of(view)))
}

/// `GET /impact`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    if context.request.wants_json {
        return json_list(context);
    }
    let rows = rows(context)?;
    if rows.all.is_empty() {
        return Ok(Page::new("/impact", "Impact assessments", nothing(context)).into());
    }
    let wanted: Vec<&Row> = rows.wanted();
    let body = html! {
        @if !wanted.is_empty() { (first(context, &wanted)) }
        (list::part(context, &rows))
    };
    let page = Page::new("/impact", "Impact assessments", body).lead(lead(&rows, wanted.len()));
    Ok(page.actions(html! { @if context.as_of.is_none() { (button::primary("plus", &place::new(ImpactAssessment::KIND), "Start assessment")) } }).into())
}

/// The assessments as the command line lists them.
fn json_list(context: &Context<'_>) -> Result<Answer> {
    let listed = query::list(&context.view, ImpactAssessment::KIND, &[])?;
    let slice = Slice::of(context, listed.records.len());
    Ok(Answer::Json(json!({"as_of": listed.as_of, "total": listed.total, "records": slice.cut(&listed.records)})))
}

fn lead(rows: &Rows, wanted: usize) -> Markup {
    let held = rows.all.iter().filter(|row| row.is_in_force).count();
    html! {
        (count(held, "system has", "systems have")) " an assessment in force. "
        @if wanted == 0 { "None needs a new one today." } @else { strong { (count(wanted, "system needs", "systems need")) " one first" } "." }
    }
}

fn nothing(context: &Context<'_>) -> Markup {
    html! {
        div.card {
            (empty::empty(
                "No system to assess",
                "An impact assessment judges what a system does to single people, groups and society. Register the systems first; \
                 this page then says which of them needs one, how deep, and why.",
                context.as_of.is_none().then(|| button::primary("plus", &place::new("ai-system"), "Register system")),
            ))
        }
    }
}

/// Lines shown of what needs an assessment first.
const FIRST: usize = 8;

/// Which systems need an assessment first, and why.
fn first(context: &Context<'_>, wanted: &[&Row]) -> Markup {
    html! {
        section.card.first {
            div.card-head {
                h2 { "Needs one first" }
                @if wanted.len() > FIRST { a href=(context.link("/impact?view=needed#assessments")) { "All " (wanted.len()) } } @else { span { "the heaviest tier in use comes first" } }
            }
            ul.lines {
                @for row in wanted.iter().take(FIRST) {
                    li {
                        (mark(row.assessed.tone, &row.assessed.word))
                        div.grow {
                            p.strong { a href=(context.link(&place::of(row.system))) { (row.name) } " " span.ref { (row.system) } }
                            p.small.muted { (row.reasons.join(". ")) "." }
                        }
                        @if let Some(level) = row.tier { (tier(level.id())) }
                        @if context.as_of.is_none() { (list::next_step(row)) }
                    }
                }
            }
        }
    }
}

/// The depth of an assessment as a word.
fn depth_word(name: &str) -> String {
    words(name)
}
