//! AI systems: what the organisation develops, provides or uses, each with one accountable owner.

pub(crate) mod bulk;
pub(crate) mod export;
mod filter;
mod list;
pub(crate) mod row;

use std::sync::Arc;

use maud::html;
use vouch_app::Result;

use self::filter::Chosen;
use self::row::Rows;
use crate::answer::{Answer, Page};
use crate::format::count;
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// Every system of the day, computed once for head and day.
///
/// # Errors
/// What the store says.
pub(crate) fn rows(context: &Context<'_>) -> Result<Arc<Rows>> {
    let (view, readiness) = (&context.view, &context.answers()?.readiness);
    context.site.shelf.get(view.cut(), view.today(), || Ok(Rows::of(view, readiness)))
}

/// `GET /systems`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let rows = rows(context)?;
    let chosen = Chosen::of(context, &rows);
    if context.request.wants_json {
        return list::json(context, &chosen);
    }
    let page = if rows.all.is_empty() {
        Page::new("/systems", "AI systems", nothing(context))
    } else {
        list::page(context, &rows, &chosen)
    };
    Ok(page.lead(html! { "Everything the organisation develops, provides or uses, with one accountable owner each." }).into())
}

/// What stands here before the first system.
fn nothing(context: &Context<'_>) -> maud::Markup {
    let can_write = context.as_of.is_none();
    html! {
        div.card {
            (empty::empty(
                "No system is in the inventory",
                "An AI system is the hub of the management system: risks, impacts, data, tests and incidents hang on it. \
                 An auditor starts here, picks one and asks for everything about it.",
                can_write.then(|| html! {
                    (button::primary("plus", &place::new("ai-system"), "Register system"))
                    (button::link("/import", "Import a file"))
                }),
            ))
        }
    }
}

/// `12 of 128 systems`, for exports and previews.
pub(crate) fn so_many(number: usize) -> String {
    count(number, "system", "systems")
}
