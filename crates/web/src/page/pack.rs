//! The audit pack: what it will hold, building it while its progress is told, and fetching it.

mod contents;
mod fetch;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;
use vouch_app::pack::LOG;
use vouch_app::{Clock, Error, ErrorKind, Result};
use vouch_ledger::verify::WHAT_IT_PROVES;

pub(crate) use self::fetch::fetch;
use crate::answer::{Answer, Page};
use crate::format::{capital, count, date, sentence, thousands};
use crate::packing::{Built, Job, Packing, Stage};
use crate::page::incident::span;
use crate::part::badge::{Tone, status};
use crate::part::button;
use crate::part::field::bytes;
use crate::part::icon::icon;
use crate::part::input::summary;
use crate::request::Context;
use crate::stream::{Told, seconds_left, stream};

/// Where its pages stand in the sidebar.
const NAV: &str = "/";

/// The pack that the address names.
fn job(context: &Context<'_>) -> Result<Arc<Job>> {
    let found = context.site.packing.find(context.param("job"), context.session.acting);
    found.ok_or_else(|| {
        Error::not_found("there is no such audit pack").hint("packs last until the server stops; build it again, it holds the same")
    })
}

/// Where a pack is followed and fetched.
pub(crate) fn address(job: &Job) -> String {
    format!("/pack/{}", job.id)
}

/// A number of the log as one of a page.
fn number(of: u64) -> usize {
    usize::try_from(of).unwrap_or(usize::MAX)
}

/// `GET /pack`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    if context.request.wants_json {
        return contents::data(context).map(Answer::Json);
    }
    Ok(ask_page(context, None)?.into())
}

fn ask_page(context: &Context<'_>, error: Option<&Error>) -> Result<Page> {
    let jobs = context.site.packing.of(context.session.acting);
    let body = html! {
        div.grid {
            div.span-8.stack {
                (contents::card(context)?)
                form.card.form method="post" action="/pack" novalidate {
                    @if let Some(error) = error { (summary(&said(&error.message, error.hint.as_deref()), &[])) }
                    div.field {
                        label for="f-as-of" { "As of" }
                        input.input.short id="f-as-of" type="date" name="as-of" value=(context.form("as-of").map_or_else(|| context.view.today().to_string(), str::to_owned)) max=(context.site.vouch.today()) aria-describedby="f-as-of-help";
                        p.help id="f-as-of-help" { "The day that statement, gaps and lists are about. The log in the pack goes to today, so that what they rest on can be checked." }
                    }
                    div.row { button.button.primary { (icon("down")) "Build audit pack" } a.button href=(context.link("/")) { "Cancel" } }
                }
            }
            aside.span-4.stack {
                section.card.stack { (how_to_check(context)) }
                @if !jobs.is_empty() { section.card { (built(&jobs)) } }
            }
        }
    };
    let lead = html! { "What an auditor asks for first, in one file, with the whole log and its proofs beside it." };
    Ok(Page::new(NAV, "Audit pack", body).lead(lead).live())
}

/// A message with what to do.
fn said(message: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{} {}", sentence(message), sentence(hint)),
        None => sentence(message),
    }
}

/// How whoever gets it finds out that nothing in it was changed.
fn how_to_check(context: &Context<'_>) -> Markup {
    html! {
        div.card-head { h2 { "Checked without trusting us" } }
        div.prose {
            ol {
                li { "Hand over the fingerprint of the key by another way than the pack: on paper, by telephone." }
                li { code { "python3 verify.py " (LOG) " --policy POLICY" } ", a verifier in 300 lines that is in the pack, or " code { "vouch verify" } " on a machine of their own." }
                li { "Each line of the lists names its record and leaf, and is found again in the log." }
            }
        }
        p.small { "Fingerprint " code.break { (context.site.settings.key.fingerprint()) } }
        p.small.muted { (capital(WHAT_IT_PROVES)) "." }
    }
}

/// Packs that the person had built since the server began.
fn built(jobs: &[Arc<Job>]) -> Markup {
    html! {
        div.card-head { h2 { "Your packs" } span { (jobs.len()) } }
        ul.lines { @for job in jobs { li { a.link.grow href=(address(job)) { "As of " (date(job.day)) } (stands(&job.stage())) } } }
        p.small.muted { "They last until the server stops. Building one again gives the same lists as long as nothing was written." }
    }
}

/// How far a pack is, as shape and word.
pub(crate) fn stands(stage: &Stage) -> Markup {
    match stage {
        Stage::Running { .. } => status(Tone::Progress, "Building"),
        Stage::Ready(_) => status(Tone::Good, "Ready"),
        Stage::Stopped => status(Tone::Plain, "Stopped"),
        Stage::Failed(..) => status(Tone::Bad, "Failed"),
    }
}

/// How far it is, in words for a line.
pub(crate) fn extent(job: &Job) -> String {
    match (job.stage(), job.progress()) {
        (Stage::Ready(built), _) => format!("{} leaves, {}", thousands(number(built.packed.leaves)), bytes(built.size)),
        (_, (_, 0)) => "Gathering what the lists say".to_owned(),
        (_, (done, all)) => format!("{} of {} packed", thousands(number(done)), count(number(all), "leaf", "leaves")),
    }
}

/// `POST /pack`
pub(crate) fn begin(context: &Context<'_>) -> Result<Answer> {
    match begun(context) {
        Ok(job) => Ok(Answer::Go(address(&job))),
        Err(error) if context.request.wants_json => Err(error),
        Err(error) if error.kind == ErrorKind::Invalid => {
            Ok(ask_page(context, Some(&error))?.status(StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Err(error) if error.kind == ErrorKind::Unavailable => {
            Ok(ask_page(context, Some(&error))?.status(StatusCode::SERVICE_UNAVAILABLE).into())
        }
        Err(error) => Err(error),
    }
}

fn begun(context: &Context<'_>) -> Result<Arc<Job>> {
    let (text, today) = (context.form("as-of").unwrap_or_default().trim(), context.site.vouch.today());
    let day = match text {
        "" => today,
        text => text
            .parse::<Date>()
            .map_err(|error| Error::invalid(format!("`{text}` is no day")).hint("write it as 2026-08-31").because(error))?,
    };
    // A day on which nothing can be said is refused here, and not after it was waited for.
    context.site.vouch.view(Some(day))?;
    Packing::begin(context.site, context.session.acting, Some(day).filter(|day| *day != today))
}

/// `GET /pack/{job}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    let stage = job.stage();
    if context.request.wants_json {
        return Ok(Answer::Json(told_to_programs(&job, &stage)));
    }
    let body = html! {
        div id="pack" {
            div.grid {
                div.span-8 {
                    @match &stage {
                        Stage::Running { .. } => (running(context, &job)),
                        Stage::Ready(built) => (ready(context, &job, built)),
                        Stage::Stopped => (over(&job, "The pack was stopped. Nothing of it is kept.")),
                        Stage::Failed(message, hint) => (over(&job, &said(message, hint.as_deref()))),
                    }
                }
                aside.span-4 { section.card.stack { (how_to_check(context)) } }
            }
        }
    };
    let page = Page::new(NAV, format!("Audit pack as of {}", date(job.day)), body)
        .under("Audit pack", Some(context.link("/pack")))
        .lead(stands(&stage))
        .live();
    Ok(if job.is_running() { page.again_after(2).into() } else { page.into() })
}

fn told_to_programs(job: &Job, stage: &Stage) -> serde_json::Value {
    let (done, all) = job.progress();
    let (word, more) = match stage {
        Stage::Running { .. } => ("running", json!({})),
        Stage::Ready(built) => (
            "ready",
            json!({"file": format!("{}/file", address(job)), "size": built.size, "sha256": built.sha256, "leaves": built.packed.leaves,
                   "records": built.packed.records, "files": built.packed.files}),
        ),
        Stage::Stopped => ("stopped", json!({})),
        Stage::Failed(message, hint) => ("failed", json!({"detail": message, "hint": hint})),
    };
    let mut told = json!({"id": job.id, "as_of": job.day.to_string(), "stage": word, "done": done, "all": all});
    if let (Some(told), serde_json::Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
    told
}

fn running(context: &Context<'_>, job: &Job) -> Markup {
    html! {
        div.card.stack {
            div.card-head { h2 { "Building the pack" } }
            div hx-sse:connect=(format!("{}/events", address(job))) hx-swap="innerHTML" { (far(job, context.site.clock.as_ref())) }
            p.muted { "You may leave this page; the pack goes on and waits for you in My work." }
            form method="post" action=(format!("{}/cancel", address(job))) { button.button { "Stop building" } }
            p.no-script { a.link href=(address(job)) { "Show how far it is" } }
        }
    }
}

/// Leaves packed, of how many, and about how long it takes.
fn far(job: &Job, clock: &dyn Clock) -> Markup {
    let (done, all) = job.progress();
    let left = match job.stage() {
        Stage::Running { since } => seconds_left(since, clock.now(), done, all),
        _ => None,
    };
    html! {
        p role="status" { (extent(job)) @if let Some(left) = left { " · about " (span(left)) " left" } }
        progress max=[(all > 0).then_some(all)] value=[(all > 0).then_some(done.min(all))] aria-label="Leaves packed" {}
    }
}

/// `GET /pack/{job}/events`
pub(crate) fn follow(context: &Context<'_>) -> Result<Answer> {
    let (job, clock) = (job(context)?, context.site.clock.clone());
    Ok(stream(move || {
        if job.is_running() {
            return Told::More(far(&job, clock.as_ref()));
        }
        let place = address(&job);
        Told::Last(
            html! { p hx-get=(place) hx-trigger="load" hx-select="#pack" hx-target="#pack" hx-swap="outerHTML" { a.link href=(place) { "See what came of it" } } },
        )
    }))
}

fn ready(context: &Context<'_>, job: &Job, built: &Built) -> Markup {
    let since = context.site.vouch.state().size().saturating_sub(built.packed.leaves);
    html! {
        div.card.stack {
            div.row.between {
                div { h2 { (fetch::name(context, job)) } p.muted { (bytes(built.size)) } }
                a.button.primary href=(format!("{}/file", address(job))) download { (icon("down")) "Download pack" }
            }
            dl.facts {
                dt { "Lists as of" } dd { (date(job.day)) }
                dt { "Log" } dd { (count(number(built.packed.leaves), "leaf", "leaves")) @if since > 0 { " · " (status(Tone::Attention, &format!("{} since", count(number(since), "leaf", "leaves")))) } }
                dt { "Records" } dd { (count(built.packed.records, "line", "lines")) " by requirement" }
                dt { "Files" } dd { (count(built.packed.files, "file of records", "files of records")) }
                dt { "SHA-256" } dd { code.break { (built.sha256) } }
            }
            p.small.muted { "It holds the content of every record: hand it to those who may see them. It can be fetched here until the server stops." }
            @if since > 0 { (again(job)) }
        }
    }
}

fn over(job: &Job, why: &str) -> Markup {
    html! { div.card.stack { (summary(why, &[])) (again(job)) } }
}

/// The same day once more.
fn again(job: &Job) -> Markup {
    html! {
        div.row {
            form method="post" action="/pack" { input type="hidden" name="as-of" value=(job.day); button.button { "Build again" } }
            (button::link("/pack", "Choose another day"))
        }
    }
}

/// `POST /pack/{job}/cancel`
pub(crate) fn cancel(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    job.stop();
    Ok(Answer::Go(address(&job)))
}
