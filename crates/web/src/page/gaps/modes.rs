//! The ways certifications fail that no single requirement shows; they count in none.

use maud::{Markup, html};
use vouch_app::{Error, Result};
use vouch_conform::failure_mode::{FAILURE_MODES, Fired, fired};

use crate::format::words;
use crate::part::badge::{mark, tone_of};
use crate::part::finding;
use crate::place;
use crate::request::Context;

/// Cases shown of one.
const MOST: usize = 6;

/// Those that show on a day.
struct Shown(Vec<Fired>);

/// Those that show today, the worst first; looked for when somebody asks, since they rest on every record.
///
/// # Errors
/// What the shelf says.
pub(super) fn card(context: &Context<'_>) -> Result<Markup> {
    let view = &context.view;
    let shown = context.site.shelf.get(view.cut(), view.today(), || Ok::<_, Error>(Shown(fired(view))))?;
    let fired = &shown.0;
    Ok(html! {
        section.card.actions id="failure-modes" {
            div.card-head { h2 { "Ways certifications fail, seen here" } span { (fired.len()) " of " (FAILURE_MODES.len()) } }
            p.muted { "These look across requirements. They stand beside the findings and count in none." }
            @if fired.is_empty() { p { "None shows today." } }
            @for mode in fired { (one(context, mode)) }
        }
    })
}

fn one(context: &Context<'_>, mode: &Fired) -> Markup {
    let record = mode.cases.first().and_then(|case| case.record);
    let limits: Vec<String> =
        mode.limits.iter().map(|limit| format!("{} {} {}", words(&limit.name).to_lowercase(), limit.value, limit.unit)).collect();
    html! {
        div.finding-line {
            (mark(tone_of(mode.grade), mode.grade.word()))
            span.ref { (mode.id) }
            div {
                p.strong { (mode.title) }
                p.sub { (mode.message) }
                p.sub { (mode.remedy) }
                details { summary.small { (crate::format::count(mode.cases.len(), "case", "cases")) @if !limits.is_empty() { " · limits: " (limits.join(", ")) } }
                    ul.lines.small { @for case in mode.cases.iter().take(MOST) { li { @if let Some(id) = case.record.or(case.system) { a.chip href=(context.link(&place::of(id))) { (id) } } span.grow { (case.message) } } } @if mode.cases.len() > MOST { li.muted { "and " (mode.cases.len() - MOST) " more" } } }
                }
            }
            (finding::mend(context, &mode.act, record, ""))
            span {}
        }
    }
}
