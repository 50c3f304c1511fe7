//! Two revisions of a record, field by field.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::query::{self, Difference};
use vouch_app::{Error, Result};

use super::{Seen, page};
use crate::answer::Answer;
use crate::format::{count, instant, words};
use crate::part::{difference, empty};
use crate::request::Context;

/// `GET /records/{id}?compare=2..3`
pub(super) fn show(context: &Context<'_>, seen: &Seen<'_>, range: &str) -> Result<Answer> {
    let (one, two) = numbers(context, range)?;
    let differences = query::diff(&context.view, seen.entry.id(), one, two)?;
    if context.request.wants_json {
        return Ok(Answer::Json(json!(differences)));
    }
    Ok(page(context, seen, "history", body(context, seen, (one, two), &differences)).into())
}

/// The revisions asked for: `2..3`, or two numbers of a form.
fn numbers(context: &Context<'_>, range: &str) -> Result<(u32, u32)> {
    let pair = match range {
        "chosen" => context.query("before").zip(context.query("after")),
        range => range.split_once(".."),
    };
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let both = pair.and_then(|(one, two)| number(one).zip(number(two)));
    both.ok_or_else(|| Error::invalid(format!("`{range}` does not name two revisions")).hint("write it as 2..3"))
}

fn body(context: &Context<'_>, seen: &Seen<'_>, (one, two): (u32, u32), differences: &[Difference]) -> Markup {
    let made = |number: u32| seen.entry.revisions().find(|leaf| leaf.revision == number);
    html! {
        div.notice {
            div.grow {
                strong { "Revision " (one) " and revision " (two) } ": " (count(differences.len(), "field differs", "fields differ")) "."
                @if let Some(leaf) = made(two) { " " span.muted { "Revision " (two) " was made by " (super::about::actor(context, &leaf.actor)) " on " (instant(leaf.time, context.view.zone())) "." } }
            }
            span.legend { ins { "put in" } del { "taken out" } }
        }
        @if differences.is_empty() { (empty::empty("No difference", "Both revisions hold the same fields.", None)) }
        div.stack {
            @for difference in differences {
                section.card {
                    div.card-head { h2 { (words(&difference.field)) } span { @if difference.before.is_null() { "was empty" } @else if difference.after.is_null() { "is empty now" } } }
                    @match seen.entry.kind().field(&difference.field) {
                        Some(spec) => (difference::values(context, &spec.kind, &difference.before, &difference.after)),
                        None => { p { del { (difference.before) } } p { ins { (difference.after) } } }
                    }
                }
            }
        }
    }
}
