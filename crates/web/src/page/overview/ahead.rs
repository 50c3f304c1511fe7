//! What records have planned for the coming days.

use maud::{Markup, html};
use vouch_app::waiting::{Ahead, ahead};

use crate::format::{count, near_date};
use crate::part::person::{avatar, name_of};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Most lines.
const MOST: usize = 200;

/// The next lines of so many days; all of them stand on the roadmap.
pub(crate) fn card(context: &Context<'_>, days: i64, lines: usize) -> Markup {
    let all = ahead(&context.view, days);
    html! {
        div.card-head {
            h2 { "Next " (days) " days" }
            @if all.len() > lines && context.request.path != "/roadmap" { a href=(context.link("/roadmap#ahead")) { "All " (all.len()) } } @else { span { (count(all.len(), "date", "dates")) } }
        }
        @if all.is_empty() { p.muted { "No record names a day in this time." } }
        ul.lines { @for one in all.iter().take(lines) { (line(context, one, days)) } }
        @if all.len() > lines && context.request.path == "/roadmap" {
            details { summary { "Show " (all.len().min(MOST) - lines) " more" } ul.lines { @for one in all.iter().take(MOST).skip(lines) { (line(context, one, days)) } } }
        }
    }
}

fn line(context: &Context<'_>, one: &Ahead, days: i64) -> Markup {
    let view = &context.view;
    let name = view.find(one.record).map(value::called).unwrap_or_default();
    html! {
        li {
            time.muted.when.far[days > 60] datetime=(one.on) { (near_date(one.on, view.today())) }
            a.grow href=(context.link(&place::of(one.record))) { (one.what) ": " (name) }
            @if let Some(person) = one.person { (avatar(&name_of(view, person))) }
        }
    }
}
