//! How far an import is: as an event stream where a script runs, else as a page that is asked for again.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Waker, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use http_body::Frame;
use maud::{Markup, html};
use tokio::time::{Interval, interval};
use vouch_app::{Clock, Result};

use super::{address, job};
use crate::answer::Answer;
use crate::format::thousands;
use crate::intake::{Job, Stage};
use crate::page::incident::span;
use crate::request::Context;

/// How often it is told.
const STEP: Duration = Duration::from_millis(400);

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
        (Stage::Running { since, .. }, Some(total)) if read > 0 && total > read => {
            let seconds = clock.now().as_second() - since.as_second();
            i64::try_from(total - read)
                .ok()
                .zip(i64::try_from(read).ok())
                .map(|(rest, done)| seconds * rest / done)
                .filter(|left| *left > 30)
        }
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
    let job = job(context)?;
    let events = Events { job, clock: context.site.clock.clone(), tick: interval(STEP), is_over: false };
    let mut response = Response::new(Body::new(events));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(Answer::Whole(Box::new(response)))
}

/// The stream: a message each step, and a last one that takes the page on.
struct Events {
    job: Arc<Job>,
    clock: Arc<dyn Clock>,
    tick: Interval,
    is_over: bool,
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<Option<std::result::Result<Frame<Bytes>, Infallible>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        ready!(self.tick.poll_tick(waker));
        let is_running = matches!(self.job.held().stage, Stage::Running { .. });
        self.is_over = !is_running;
        let markup = if is_running {
            told(&self.job, self.clock.as_ref())
        } else {
            let place = address(&self.job);
            html! { p hx-get=(place) hx-trigger="load" hx-select="#import" hx-target="#import" hx-swap="outerHTML" { a.link href=(place) { "See the verdict" } } }
        };
        let message = format!("data: {}\n\n", markup.into_string().replace('\n', " "));
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(message)))))
    }
}
