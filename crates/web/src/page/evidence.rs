//! Evidence: whether the log verifies, when proof was made and where it ran dry, and the log of what shows a requirement.

mod export;
mod lanes;
mod log;
mod row;
mod state;

pub(crate) use export::{csv, xlsx};
pub(crate) use row::{systems, title};
pub(crate) use state::{checkpoint, policy, verify};

use std::sync::Arc;

use maud::html;
use serde_json::json;
use vouch_app::Result;

use crate::answer::{Answer, Page};
use crate::part::icon::icon;
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;
use row::Rows;

/// Every row of the day, computed once for head and day.
fn rows(context: &Context<'_>) -> Result<Arc<Rows>> {
    let (view, readiness) = (&context.view, &context.answers()?.readiness);
    context.site.shelf.get(view.cut(), view.today(), || Ok(Rows::of(view, readiness)))
}

/// `GET /evidence`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    if context.query("part") == Some("verification") {
        return Ok(Answer::Part(state::card(context)));
    }
    let rows = rows(context)?;
    let shown = log::chosen(context, &rows);
    if context.request.wants_json {
        let slice = crate::part::list::Slice::of(context, shown.len());
        return Ok(Answer::Json(
            json!({"as_of": context.view.today().to_string(), "total": shown.len(), "records": slice.cut(&shown)}),
        ));
    }
    let body = html! {
        (state::card(context))
        @if rows.all.is_empty() { (nothing(context)) }
        @else {
            (lanes::card(context)?)
            (log::log(context, &rows, &shown))
        }
    };
    Ok(Page::new("/evidence", "Evidence", body)
        .lead(html! { "Everything that shows a requirement in operation, and what was brought to show it. Nothing here can be changed or taken away unseen." })
        .actions(html! {
            (export::menu(context))
            @if context.as_of.is_none() { (button::primary("plus", &place::new("evidence"), "Record evidence")) }
        })
        .into())
}

/// What stands here before the first proof.
fn nothing(context: &Context<'_>) -> maud::Markup {
    html! {
        div.card {
            (empty::empty(
                "No proof yet",
                "An auditor at Stage 2 asks what happened, when, who made the record of it and who looked at it. Evidence binds material to what it shows and to the days it covers.",
                context.as_of.is_none().then(|| html! {
                    a.button.primary href=(place::new("evidence")) { (icon("plus")) "Record evidence" }
                    (button::link("/import", "Import a file"))
                }),
            ))
        }
    }
}
