//! One value for many systems: chosen, previewed, written in one unit of work, and taken back in one.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::record::Written;
use vouch_app::{Error, Result};
use vouch_record::{Id, Link};

use super::filter::Chosen;
use super::so_many;
use crate::answer::{Answer, Page};
use crate::format::{date, words};
use crate::part::badge::{Tone, status};
use crate::part::person::name_of;
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Fields that may be set for many at once, with their words.
pub(crate) const FIELDS: [(&str, &str); 5] = [
    ("owner", "owner"),
    ("deputy", "deputy"),
    ("technical_owner", "technical owner"),
    ("risk_owner", "risk owner"),
    ("review_by", "next review"),
];

/// Most systems that are edited at once.
const MOST: usize = 500;

/// What is asked for.
struct Asked {
    field: &'static str,
    word: &'static str,
    ids: Vec<Id>,
    value: Option<String>,
}

/// How a system would take the value.
struct Verdict {
    id: Id,
    expect: u32,
    before: String,
    outcome: Result<Written>,
}

/// `POST /systems/bulk`: without a value asks for one, with a value previews it, confirmed writes it.
pub(crate) fn edit(context: &Context<'_>) -> Result<Answer> {
    let asked = asked(context)?;
    let Some(value) = asked.value.clone() else { return Ok(choose(context, &asked).into()) };
    if context.form("confirm").is_none() {
        let verdicts = try_all(context, &asked, &value);
        return Ok(preview(context, &asked, &value, &verdicts).into());
    }
    let written = write(context, &asked, &value)?;
    Ok(done(context, &asked, &written).into())
}

fn asked(context: &Context<'_>) -> Result<Asked> {
    let name = context.form("field").unwrap_or_default();
    let (field, word) = FIELDS.into_iter().find(|(field, _)| *field == name).ok_or_else(|| {
        Error::invalid(format!("`{name}` cannot be set for many systems at once"))
            .hint("choose one of the list, or edit each system")
    })?;
    let ids: Vec<Id> = if context.form("all").is_some() {
        let rows = super::rows(context)?;
        Chosen::of(context, &rows).rows.iter().map(|row| row.id).collect()
    } else {
        let named = context.request.form.iter().filter(|(name, _)| name == "id").filter_map(|(_, text)| text.parse().ok());
        named.filter(|id: &Id| id.prefix() == "SYS").collect()
    };
    if ids.is_empty() {
        return Err(Error::invalid("no system is selected").hint("tick the systems in the list first"));
    }
    if ids.len() > MOST {
        return Err(Error::invalid(format!("{} are more than {MOST}, the most that are edited at once", so_many(ids.len())))
            .hint("narrow the list with a filter"));
    }
    let value = context.form("value").map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    Ok(Asked { field, word, ids, value })
}

fn fields(asked: &Asked, value: &str) -> Map<String, Json> {
    [(asked.field.to_owned(), Json::from(value))].into_iter().collect()
}

/// Tries the value on each system by itself and takes it back: nothing is written.
fn try_all(context: &Context<'_>, asked: &Asked, value: &str) -> Vec<Verdict> {
    let known = asked.ids.iter().filter_map(|id| context.view.find(*id));
    known
        .map(|entry| {
            let expect = entry.standing().head.leaf(entry.record()).revision;
            let before = entry.head().value(asked.field).get().map_or_else(String::new, |value| value::line(&value.to_json()));
            let outcome = attempt(context, entry.id(), expect, fields(asked, value));
            Verdict { id: entry.id(), expect, before, outcome }
        })
        .collect()
}

fn attempt(context: &Context<'_>, id: Id, expect: u32, fields: Map<String, Json>) -> Result<Written> {
    let slot: Arc<Mutex<Option<Result<Written>>>> = Arc::default();
    let inside = slot.clone();
    let refused = context.site.vouch.perform(context.acting(), move |work| -> Result<()> {
        *inside.lock().unwrap_or_else(PoisonError::into_inner) = Some(work.revise(id, expect, &fields));
        Err(Error::refused("a preview writes nothing"))
    });
    let tried = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    tried.unwrap_or_else(|| Err(refused.err().unwrap_or_else(|| Error::refused("nothing was tried"))))
}

/// Writes the value to the systems that were previewed, in the revisions that were previewed: all or none.
fn write(context: &Context<'_>, asked: &Asked, value: &str) -> Result<Vec<Written>> {
    let expected: Vec<Link> =
        context.request.form.iter().filter(|(name, _)| name == "expect").filter_map(|(_, text)| text.parse().ok()).collect();
    let fields = fields(asked, value);
    context.site.vouch.perform(context.acting(), move |work| {
        expected.iter().map(|link| work.revise(link.id, link.revision.unwrap_or(0), &fields)).collect()
    })
}

/// `POST /systems/bulk/undo`: gives each system the value that it had in the revision before.
pub(crate) fn undo(context: &Context<'_>) -> Result<Answer> {
    let name = context.form("field").unwrap_or_default().to_owned();
    let changed: Vec<Link> =
        context.request.form.iter().filter(|(name, _)| name == "changed").filter_map(|(_, text)| text.parse().ok()).collect();
    if !FIELDS.iter().any(|(field, _)| *field == name) || changed.len() > MOST {
        return Err(Error::invalid("there is nothing of this to take back").hint("edit each system"));
    }
    let mut back: Vec<(Id, u32, Map<String, Json>)> = Vec::new();
    for link in changed {
        let (Some(entry), Some(revision)) = (context.view.find(link.id), link.revision) else { continue };
        let before = entry.revisions().rfind(|leaf| leaf.revision < revision).and_then(|leaf| leaf.body.get(&name).cloned());
        let value = before.map_or(Json::Null, |value| value.to_json());
        back.push((link.id, revision, [(name.clone(), value)].into_iter().collect()));
    }
    context.site.vouch.perform(context.acting(), move |work| {
        for (id, expect, fields) in &back {
            work.revise(*id, *expect, fields)?;
        }
        Ok(())
    })?;
    Ok(Answer::Go(list_address(context)))
}

/// The list that the selection was made in.
fn list_address(context: &Context<'_>) -> String {
    let here = context.with_query(&[]);
    here.split_once('?').map_or_else(|| "/systems".to_owned(), |(_, query)| format!("/systems?{query}"))
}

fn page(asked: &Asked, body: Markup) -> Page {
    Page::new("/systems", format!("Change {} of {}", asked.word, so_many(asked.ids.len())), body)
        .under("AI systems", Some("/systems".to_owned()))
}

fn choose(context: &Context<'_>, asked: &Asked) -> Page {
    page(
        asked,
        html! {
            form.form.card method="post" action=(context.with_query(&[])) {
                input type="hidden" name="field" value=(asked.field);
                @for id in &asked.ids { input type="hidden" name="id" value=(id); }
                div.field {
                    label for="value" { (words(asked.word)) }
                    @if asked.field == "review_by" { input.input.short id="value" type="date" name="value" required min=(context.view.today()); }
                    @else { (people(context)) }
                    p.help { "The next page shows what will change and what may not. Nothing is written before that." }
                }
                div.row { button.button.primary { "Preview the change" } a.button href=(list_address(context)) { "Back to the list" } }
            }
        },
    )
}

fn people(context: &Context<'_>) -> Markup {
    let mut people: Vec<_> = context.view.live("person").filter(|person| context.view.is_active(person.id())).collect();
    people.sort_by_key(|person| value::name(*person));
    html! {
        select.input id="value" name="value" required {
            option value="" { "Choose a person" }
            @for person in people { option value=(person.id()) { (value::name(person)) " (" (person.id()) ")" } }
        }
    }
}

/// A value for reading: people by name.
fn shown(context: &Context<'_>, text: &str) -> String {
    match text.parse::<Id>() {
        Ok(id) => name_of(&context.view, id),
        Err(_) => text.parse().map_or_else(|_| text.to_owned(), date),
    }
}

fn preview(context: &Context<'_>, asked: &Asked, value: &str, verdicts: &[Verdict]) -> Page {
    let changing: Vec<&Verdict> =
        verdicts.iter().filter(|verdict| matches!(&verdict.outcome, Ok(written) if !written.changed.is_empty())).collect();
    let refused = verdicts.iter().filter(|verdict| verdict.outcome.is_err()).count();
    let after = shown(context, value);
    let status_code = if changing.is_empty() && refused > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(asked, html! {
        div.notice {
            span.grow { strong { (so_many(changing.len())) " will change" } ", " (verdicts.len() - changing.len() - refused) " stay as they are, " (refused) " may not change." }
        }
        section.card.flush aria-label="Preview" {
            table.table.cards {
                caption.vh { "What would change" }
                thead { tr { th scope="col" { "System" } th scope="col" { "Now" } th scope="col" { "Then" } th scope="col" { "What follows" } } }
                tbody { @for verdict in verdicts { (preview_line(context, verdict, &after)) } }
            }
        }
        form.bulk method="post" action=(context.with_query(&[])) {
            input type="hidden" name="field" value=(asked.field);
            input type="hidden" name="value" value=(value);
            input type="hidden" name="confirm" value="1";
            @for verdict in &changing {
                input type="hidden" name="id" value=(verdict.id);
                input type="hidden" name="expect" value={ (verdict.id) "@" (verdict.expect) };
            }
            @if changing.is_empty() { span { "Nothing would change." } }
            @else { button.button.primary { "Change " (so_many(changing.len())) } }
            a.button href=(list_address(context)) { "Back to the list" }
        }
    })
    .status(status_code)
}

fn preview_line(context: &Context<'_>, verdict: &Verdict, after: &str) -> Markup {
    let name = name_of(&context.view, verdict.id);
    html! {
        tr {
            td.main-cell { a href=(place::of(verdict.id)) { (name) " " span.ref { (verdict.id) } } }
            td data-label="Now" { @if verdict.before.is_empty() { span.faint { "Empty" } } @else { (shown(context, &verdict.before)) } }
            td data-label="Then" { @match &verdict.outcome { Ok(written) if !written.changed.is_empty() => strong { (after) }, _ => span.faint { "As it is" } } }
            td data-label="What follows" {
                @match &verdict.outcome {
                    Err(error) => { (status(Tone::Bad, "May not change")) span.sub { (error.message) @if let Some(problem) = error.problems.first() { ": " (problem.to_string()) } } }
                    Ok(written) if written.changed.is_empty() => (status(Tone::Plain, "Has it already")),
                    Ok(written) if written.state == "draft" => { (status(Tone::Progress, "Waits for approval")) span.sub { "The revision in force counts until the new one is approved." } }
                    Ok(_) => (status(Tone::Good, "Takes effect at once")),
                }
            }
        }
    }
}

fn done(context: &Context<'_>, asked: &Asked, written: &[Written]) -> Page {
    let changed: Vec<&Written> = written.iter().filter(|one| !one.changed.is_empty()).collect();
    page(
        asked,
        html! {
            div.notice.good role="status" {
                span.grow { strong { (so_many(changed.len())) " changed." } " All in one step; nothing in between could be seen." }
                form method="post" action="/systems/bulk/undo" {
                    input type="hidden" name="field" value=(asked.field);
                    @for one in &changed { input type="hidden" name="changed" value={ (one.id) "@" (one.revision) }; }
                    button.button.small { "Undo" }
                }
                a.button.small href=(list_address(context)) { "Back to the list" }
            }
            section.card {
                h2 { "Changed" }
                ul.lines { @for one in &changed { li { a.grow href=(place::of(one.id)) { (name_of(&context.view, one.id)) " " span.ref { (one.id) "@" (one.revision) } } span.muted { (words(&one.state)) } } } }
            }
        },
    )
}
