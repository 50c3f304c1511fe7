//! What waits for the person who looks: to do, to decide, to review, to confirm, to answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};
use serde_json::json;
use vouch_app::Result;
use vouch_app::waiting::{Sort, Waiting, waiting as waiting_for};
use vouch_conform::gap::Gap;
use vouch_record::Id;

use crate::answer::{Answer, Page};
use crate::format::{count, date, distance, near_date, thousands, words};
use crate::intake::{Job, Stage};
use crate::page::verb::step::decision_address;
use crate::page::{import, overview, pack};
use crate::part::badge::{self, Tone, mark};
use crate::part::person::name_of;
use crate::part::{button, empty, value};
use crate::place;
use crate::request::Context;

/// Lines of one sort that are shown; the rest stands behind a fold.
const LINES: usize = 12;
/// Most lines of one sort.
const MOST: usize = 200;
/// Requirements shown that the person answers for.
const REQUIREMENTS: usize = 10;

/// What waits, by person, for one head and day.
#[derive(Default)]
struct Waits(Mutex<BTreeMap<Id, Arc<Vec<Waiting>>>>);

/// What waits for the person who acts, computed once for each head and day.
fn mine(context: &Context<'_>) -> Result<Arc<Vec<Waiting>>> {
    let (view, me) = (&context.view, context.session.acting);
    let waits = context.site.shelf.get(view.cut(), view.today(), || Ok::<_, vouch_app::Error>(Waits::default()))?;
    let mut known = waits.0.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(known.entry(me).or_insert_with(|| Arc::new(waiting_for(view, me))).clone())
}

/// How much waits for the person who acts.
///
/// # Errors
/// What the store says.
pub(crate) fn waiting(context: &Context<'_>) -> Result<usize> {
    mine(context).map(|all| all.len())
}

/// `GET /my-work`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let all = mine(context)?;
    if context.request.wants_json {
        let name = name_of(&context.view, context.session.acting);
        return Ok(Answer::Json(
            json!({"as_of": context.view.today().to_string(), "person": context.session.acting.to_string(), "name": name, "waiting": *all}),
        ));
    }
    let gaps: Vec<&Gap> = context.answers()?.gaps.iter().filter(|gap| is_mine(context, gap) && !gap.missing.is_empty()).collect();
    let jobs = jobs(context);
    let body = html! {
        div.grid {
            div.span-8.stack {
                (running(&jobs))
                @if all.is_empty() { section.card { (nothing(&gaps)) } }
                @for sort in Sort::ALL {
                    @let lines: Vec<&Waiting> = all.iter().filter(|one| one.sort == sort).collect();
                    @if !lines.is_empty() { (section(context, sort, &lines)) }
                }
            }
            div.span-4.stack {
                (requirements(context, &gaps))
                section.card { (overview::coming(context, 30, 6)) }
            }
        }
    };
    let lead = lead(context, &all);
    let mut page = Page::new("/my-work", "My work", body).lead(lead);
    if !jobs.is_empty() {
        page = page.live();
    }
    if let Some(first) = all.first() {
        page = page.actions(button::primary("arrow", &to(context, first), "Do the next one"));
    }
    Ok(page.into())
}

/// Long work under way, as a line.
struct Running {
    what: &'static str,
    name: String,
    address: String,
    extent: String,
    stands: Markup,
}

/// Imports and packs that the person began and that are not over, the latest first. A pack is over when it is fetched no more.
fn jobs(context: &Context<'_>) -> Vec<Running> {
    if context.as_of.is_some() {
        return Vec::new();
    }
    let (site, me) = (context.site, context.session.acting);
    let packs = site.packing.of(me).into_iter().map(|job| Running {
        what: "Audit pack",
        name: format!("As of {}", date(job.day)),
        address: pack::address(&job),
        extent: pack::extent(&job),
        stands: pack::stands(&job.stage()),
    });
    let imports = site.intake.of(me).into_iter().filter(|job| !matches!(job.held().stage, Stage::Written(_))).map(|job| Running {
        what: "Import",
        name: job.held().name,
        address: import::address(&job),
        extent: rows_read(&job),
        stands: import::stands(&job.held().stage),
    });
    packs.chain(imports).collect()
}

/// What runs, or waits for a word before it writes.
fn running(jobs: &[Running]) -> Markup {
    html! {
        @if !jobs.is_empty() {
            section.card id="running" {
                div.card-head { h2 { "Under way" } span { (jobs.len()) } }
                ul.lines {
                    @for job in jobs {
                        li {
                            div.grow {
                                p { span.muted { (job.what) ": " } a.strong href=(job.address) { (job.name) } }
                                p.small.muted { (job.extent) }
                            }
                            (job.stands)
                            a.button.small href=(job.address) aria-label={ "Open " (job.what.to_lowercase()) ": " (job.name) } { "Open" }
                        }
                    }
                }
            }
        }
    }
}

/// How many rows were read, of how many once that is known.
fn rows_read(job: &Job) -> String {
    match job.progress() {
        (0, _) => "No row is read yet".to_owned(),
        (read, None) => count(read, "row read", "rows read"),
        (read, Some(all)) => format!("{} of {} read", thousands(read), count(all, "row", "rows")),
    }
}

fn is_mine(context: &Context<'_>, gap: &Gap) -> bool {
    gap.owner.person.as_ref().is_some_and(|person| person.id == context.session.acting)
}

fn lead(context: &Context<'_>, all: &[Waiting]) -> Markup {
    let today = context.view.today();
    let overdue = all.iter().filter(|one| one.due.is_some_and(|due| due < today)).count();
    html! {
        (name_of(&context.view, context.session.acting)) ": "
        @if all.is_empty() { "nothing waits." }
        @else { strong { (count(all.len(), "thing waits", "things wait")) } @if overdue > 0 { ", " (overdue) " overdue" } "." }
    }
}

fn nothing(gaps: &[&Gap]) -> Markup {
    let why = if gaps.is_empty() {
        "No task, decision, review or request to confirm names you. What comes next stands beside."
    } else {
        "No task, decision, review or request to confirm names you. You answer for requirements with gaps; they stand beside."
    };
    empty::empty("Nothing waits for you", why, None)
}

const fn heading(sort: Sort) -> (&'static str, &'static str, &'static str) {
    match sort {
        Sort::Do => ("To do", "to-do", "Open"),
        Sort::Approve => ("To decide", "to-decide", "Decide"),
        Sort::Review => ("To review", "to-review", "Review"),
        Sort::Acknowledge => ("To confirm", "to-confirm", "Confirm"),
        Sort::Answer => ("Mentions", "mentions", "Answer"),
    }
}

fn section(context: &Context<'_>, sort: Sort, lines: &[&Waiting]) -> Markup {
    let (name, id, word) = heading(sort);
    let (shown, more) = lines.split_at(lines.len().min(LINES));
    html! {
        section.card id=(id) {
            div.card-head { h2 { (name) } span { (lines.len()) } }
            ul.lines { @for one in shown { (line(context, one, word)) } }
            @if !more.is_empty() {
                details { summary { "Show " (more.len().min(MOST)) " more" } ul.lines { @for one in more.iter().take(MOST) { (line(context, one, word)) } } }
            }
        }
    }
}

fn line(context: &Context<'_>, one: &Waiting, word: &str) -> Markup {
    let view = &context.view;
    let entry = view.find(one.record);
    let today = view.today();
    let late = one.due.is_some_and(|due| due < today);
    html! {
        li {
            @if late { (mark(Tone::Bad, "Overdue")) } @else { (mark(Tone::Plain, "Open")) }
            div.grow {
                p { span.muted { (one.what) ": " } a.strong href=(context.link(&place::of(one.record))) { (entry.map(value::called).unwrap_or_default()) } }
                p.small.muted { span.ref { (one.record) } @if let Some(entry) = entry { " · " (entry.kind().title) ", " (words(entry.standing().state.as_ref()).to_lowercase()) } }
            }
            @if let Some(due) = one.due { span.small.nowrap class=[late.then_some("bad")] title=(distance(due, today)) { (near_date(due, today)) } }
            a.button.small href=(to(context, one)) aria-label={ (word) " " (one.record) } { (word) }
        }
    }
}

/// Where it is done: the form of a decision or of a word, else the record.
fn to(context: &Context<'_>, one: &Waiting) -> String {
    let id = one.record;
    match (one.sort, &one.decision) {
        (_, Some(wanted)) if context.as_of.is_none() => decision_address(id, &wanted.purpose, "approved", &wanted.to),
        (Sort::Acknowledge, _) if context.as_of.is_none() => format!("/records/{id}/state?to=given"),
        _ => context.link(&place::of(id)),
    }
}

fn requirements(context: &Context<'_>, gaps: &[&Gap]) -> Markup {
    html! {
        section.card {
            div.card-head {
                h2 { "Requirements you answer for" }
                @if gaps.len() > REQUIREMENTS { a href=(context.link(&format!("/gaps?owner={}", context.session.acting))) { "All " (gaps.len()) } }
            }
            @if gaps.is_empty() { p.muted { "None with a gap." } }
            ul.lines {
                @for gap in gaps.iter().take(REQUIREMENTS) {
                    li {
                        a.ref href=(context.link(&place::of_requirement(&gap.requirement))) { (gap.requirement) }
                        a.grow href=(context.link(&place::of_requirement(&gap.requirement))) { (gap.title) }
                        span.small.nowrap { (badge::depth(gap.met)) }
                    }
                }
            }
        }
    }
}
