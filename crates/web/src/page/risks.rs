//! Risks: where they lie, what lies above the acceptance line, and the register.

mod filter;
mod map;
pub(crate) mod register;
pub(crate) mod row;

use std::sync::Arc;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Result, query};

use self::filter::chosen;
use self::row::{Row, Rows};
use crate::answer::{Answer, Page};
use crate::chart::levels;
use crate::format::{count, words};
use crate::part::badge::{Tone, level, mark};
use crate::part::list::Slice;
use crate::part::person::avatar;
use crate::part::{button, empty, value};
use crate::place;
use crate::request::Context;

/// Every risk of the day, computed once for head and day.
///
/// # Errors
/// What the store says.
pub(crate) fn rows(context: &Context<'_>) -> Result<Arc<Rows>> {
    let view = &context.view;
    context.site.shelf.get(view.cut(), view.today(), || Ok(Rows::of(view)))
}

/// `GET /risks`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let rows = rows(context)?;
    let chosen = chosen(context, &rows);
    if context.request.wants_json {
        let slice = Slice::of(context, chosen.len());
        let entries = slice.cut(&chosen).iter().filter_map(|row| context.view.find(row.id));
        let records: Vec<query::Shown> = entries.map(query::shown).collect();
        let json = json!({"as_of": context.view.today().to_string(), "total": chosen.len(), "records": records});
        return Ok(Answer::Json(json));
    }
    if rows.all.is_empty() {
        return Ok(Page::new("/risks", "Risks", nothing(context)).into());
    }
    let open: Vec<&Row> = rows.all.iter().filter(|row| row.is_open).collect();
    let body = html! {
        div.grid.stretch {
            section.card.span-5 id="map" { (map::card(context, &open)) }
            section.card.span-7 { (above(context, &open)) (by_category(context, &open)) }
        }
        (register::part(context, &rows, &chosen))
    };
    Ok(Page::new("/risks", "Risks", body).lead(lead(&open)).actions(actions(context)).into())
}

fn actions(context: &Context<'_>) -> Markup {
    html! {
        (register::export(context))
        @if context.as_of.is_none() { (button::primary("plus", &place::new("risk"), "Add risk")) }
    }
}

/// How many, how far treatment moved them, what is left above the line.
fn lead(open: &[&Row]) -> Markup {
    let mut systems: Vec<_> = open.iter().flat_map(|row| &row.systems).map(|(id, _)| *id).collect();
    systems.sort_unstable();
    systems.dedup();
    let down = open.iter().filter(|row| row.residual_level < row.inherent_level).count();
    let above = open.iter().filter(|row| row.above).count();
    html! {
        (count(open.len(), "open risk", "open risks")) " across " (count(systems.len(), "system", "systems")) ". Controls and treatment moved "
        (down) " of them down; " strong { (above) @if above == 1 { " lies" } @else { " lie" } " above the acceptance line" } "."
    }
}

fn nothing(context: &Context<'_>) -> Markup {
    html! {
        div.card {
            (empty::empty(
                "No risk is written down",
                "A risk is one thing that may happen through an AI system, scored for the organisation, for people and for society. \
                 An auditor asks who scored it, by which method, and who lives with what is left.",
                context.as_of.is_none().then(|| html! {
                    (button::primary("plus", &place::new("risk"), "Add risk"))
                    @if context.view.risk_method().is_none() { (button::link(&place::new("risk-method"), "Set the risk method")) }
                }),
            ))
        }
    }
}

/// Lines shown of what lies above the acceptance line.
const WORST: usize = 5;

/// What needs treatment or a signed acceptance, the worst first.
fn above(context: &Context<'_>, open: &[&Row]) -> Markup {
    let mut above: Vec<&&Row> = open.iter().filter(|row| row.above).collect();
    above.sort_by_key(|row| (row.answer.tone == Tone::Good, std::cmp::Reverse(row.residual_level), !row.overdue, row.due, row.id));
    html! {
        div.card-head {
            h2 { "Above the acceptance line" }
            @if above.len() > WORST { a href=(context.link("/risks?view=above#register")) { "All " (above.len()) } } @else { span { "needs treatment or a signed acceptance" } }
        }
        @if above.is_empty() { p.muted { "Nothing lies above the line that the risk method draws." } }
        ul.lines {
            @for row in above.into_iter().take(WORST) {
                li {
                    (mark(row.answer.tone, &row.answer.word))
                    a.ref href=(context.link(&place::of(row.id))) { (row.id) }
                    div.grow {
                        p.strong.clamp { (row.title) }
                        p.small.muted.clip { (row.systems.first().map(|(_, name)| name.as_str()).unwrap_or("Management system")) " · " (row.answer.word) @if let Some(due) = row.due { " · " (register::day(context, due)) } }
                    }
                    span.nowrap { (level(row.inherent_level, true)) " → " (level(row.residual_level, false)) }
                    @if let Some((_, name)) = &row.owner { (avatar(name)) }
                }
            }
        }
    }
}

/// Bars of the sorts of risk, each split by residual level.
fn by_category(context: &Context<'_>, open: &[&Row]) -> Markup {
    let held = row::by_category(open);
    let most = held.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0);
    html! {
        h2.apart { "By category" }
        ul.categories {
            @for (category, counts) in held {
                @let all: usize = counts.iter().sum();
                li {
                    a href=(context.with_query(&[("category", Some(category.id())), ("cell", None)])) { (value::choice(&context.view, "risk", "categories", category.id())) }
                    (levels::bar(counts, most, &words(category.id())))
                    span.num { (all) }
                }
            }
        }
    }
}
