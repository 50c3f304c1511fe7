//! How far an import is: as an event stream where a script runs, else as a page that is asked for again.

use maud::{Markup, html};
use vouch_app::{Clock, Result};

use super::{address, job};
use crate::answer::Answer;
use crate::format::thousands;
use crate::intake::{Job, Stage};
use crate::page::incident::span;
use crate::request::Context;
use crate::stream::{Told, seconds_left, stream};

/// The part of the page that tells how far it is.
pub(super) fn running(context: &Context<'_>, job: &Job, is_written: bool) -> Markup {
    html! {
        div.card.stack {
            div.card-head { h2 { (if is_written { "Writing records" } else { "Reading rows" }) } }
            div hx-sse:connect=(format!("{}/events", address(job))) hx-swap="innerHTML" { (told(job, context.site.clock.as_ref())) }
            p.muted { "You may leave this page; the import goes on and waits for you under Import." }
            form method="post" action=(format!("{}/cancel", address(job))) { button.button { "Stop import" } }
            p.no-script { a.link href=(address(job)) { "Show how far it is" } }
        }
    }
}

/// Rows read, of how many, and about how long it takes.
fn told(job: &Job, clock: &dyn Clock) -> Markup {
    let (read, total) = job.progress();
    let left = match (job.held().stage, total) {
        (Stage::Running { since, .. }, Some(total)) => seconds_left(since, clock.now(), read as u64, total as u64),
        _ => None,
    };
    html! {
        p role="status" {
            strong { (thousands(read)) } @if let Some(total) = total { " of " (thousands(total)) } " rows read"
            @if let Some(left) = left { " · about " (span(left)) " left" }
        }
        progress max=[total] value=[total.map(|total| read.min(total))] aria-label="Rows read" {}
    }
}

/// `GET /import/{job}/events`
pub(crate) fn follow(context: &Context<'_>) -> Result<Answer> {
    let (job, clock) = (job(context)?, context.site.clock.clone());
    Ok(stream(move || {
        if matches!(job.held().stage, Stage::Running { .. }) {
            return Told::More(told(&job, clock.as_ref()));
        }
        let place = address(&job);
        Told::Last(
            html! { p hx-get=(place) hx-trigger="load" hx-select="#import" hx-target="#import" hx-swap="outerHTML" { a.link href=(place) { "See the verdict" } } },
        )
    }))
}
