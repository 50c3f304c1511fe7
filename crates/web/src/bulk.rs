//! One value for many records: tried on each and taken back, previewed, written in one unit of work, and undone in one.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::record::Written;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::{Id, Link};

use crate::answer::Page;
use crate::format::{count, words};
use crate::part::badge::{Tone, status};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Most records that are changed at once.
pub(crate) const MOST: usize = 500;

/// What is changed, where it was chosen and where it goes.
pub(crate) struct Bulk<'b> {
    pub(crate) context: &'b Context<'b>,
    /// entry of the sidebar that its pages belong to
    pub(crate) nav: &'static str,
    /// title of its pages
    pub(crate) title: String,
    /// the list that the selection was made in, with its query
    pub(crate) list: String,
    /// where its forms are sent
    pub(crate) address: String,
    /// where it is taken back
    pub(crate) undo: &'static str,
    /// what one and several of the records are called
    pub(crate) called: (&'static str, &'static str),
    /// the column of the records
    pub(crate) column: &'static str,
    /// what stands for a record in it
    pub(crate) named: fn(Entry<'_>) -> String,
    /// the field that is set
    pub(crate) field: &'static str,
}

/// How a record would take the value.
pub(crate) struct Verdict {
    pub(crate) id: Id,
    expect: u32,
    /// what stands there, and what would
    pub(crate) now: String,
    pub(crate) then: String,
    /// its state before, and whether that was settled
    was: (String, bool),
    outcome: Result<Written>,
}

impl Verdict {
    fn changes(&self) -> bool {
        matches!(&self.outcome, Ok(written) if !written.changed.is_empty())
    }
}

/// The revision that a write of this record expects.
pub(crate) fn head(entry: Entry<'_>) -> u32 {
    entry.standing().head.leaf(entry.record()).revision
}

/// The records that a form names in the revisions in which they were previewed, or written.
pub(crate) fn named(context: &Context<'_>, name: &str, prefix: &str) -> Result<Vec<Link>> {
    let links = context.request.form.iter().filter(|(own, _)| own == name).filter_map(|(_, text)| text.parse::<Link>().ok());
    let links: Vec<Link> = links.filter(|link| link.id.prefix() == prefix && link.revision.is_some()).collect();
    match links.len() {
        0 => Err(Error::invalid("no record of this is named").hint("tick records in the list first")),
        1..=MOST => Ok(links),
        many => Err(Error::invalid(format!("{many} are more than {MOST}, the most that are changed at once"))
            .hint("narrow the list with a filter")),
    }
}

/// Writes each record its fields, on the revision that was previewed: all or none.
pub(crate) fn write(context: &Context<'_>, changes: Vec<(Link, Map<String, Json>)>) -> Result<Vec<Written>> {
    context.site.vouch.perform(context.acting(), move |work| {
        changes.iter().map(|(link, fields)| work.revise(link.id, link.revision.unwrap_or(0), fields)).collect()
    })
}

/// A choice among the active people.
pub(crate) fn people(context: &Context<'_>, name: &str) -> Markup {
    let mut people: Vec<_> = context.view.live("person").filter(|person| context.view.is_active(person.id())).collect();
    people.sort_by_key(|person| value::name(*person));
    html! {
        select.input id=(name) name=(name) required {
            option value="" { "Choose a person" }
            @for person in people { option value=(person.id()) { (value::name(person)) " (" (person.id()) ")" } }
        }
    }
}

/// Gives each record the value of a field that it had in the revision before the one that the form names as `changed`.
pub(crate) fn undo(context: &Context<'_>, field: &str, prefix: &str) -> Result<()> {
    let mut back = Vec::new();
    for link in named(context, "changed", prefix)? {
        let (Some(entry), Some(revision)) = (context.view.find(link.id), link.revision) else { continue };
        let before = entry.revisions().rfind(|leaf| leaf.revision < revision);
        // A first revision has none before it to go back to.
        let Some(before) = before else { continue };
        let value = before.body.get(field).map_or(Json::Null, |value| value.to_json());
        back.push((link, Map::from_iter([(field.to_owned(), value)])));
    }
    if back.is_empty() {
        return Err(Error::invalid("there is nothing of this to take back").hint("edit each record"));
    }
    write(context, back).map(|_| ())
}

/// Tries fields on a record by itself and takes them back: nothing is written.
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

impl Bulk<'_> {
    /// Tries the fields of a record: what stands there now and would then is for reading.
    pub(crate) fn tried(&self, entry: Entry<'_>, [now, then]: [String; 2], fields: Result<Map<String, Json>>) -> Verdict {
        let (expect, standing) = (head(entry), entry.standing());
        let was = standing.shown_state(entry.record()).to_owned();
        let is_settled = entry.kind().is_settled(&was);
        let outcome = fields.and_then(|fields| attempt(self.context, entry.id(), expect, fields));
        Verdict { id: entry.id(), expect, now, then, was: (was, is_settled), outcome }
    }

    fn name(&self, id: Id) -> String {
        self.context.view.find(id).map_or_else(|| id.to_string(), self.named)
    }

    fn so_many(&self, many: usize) -> String {
        count(many, self.called.0, self.called.1)
    }

    fn page(&self, body: Markup) -> Page {
        Page::new(self.nav, self.title.clone(), body)
    }

    /// Asks for the value; `input` is what takes it.
    pub(crate) fn choose(&self, ids: &[Id], input: &Markup, refusal: Option<&Error>) -> Page {
        let page = self.page(html! {
            form.form.card method="post" action=(self.address) novalidate {
                @if let Some(error) = refusal { (crate::part::input::summary(&crate::format::sentence(&error.message), &[])) }
                // Enter previews, also where the form has other buttons.
                button.vh tabindex="-1" aria-hidden="true" { "Preview the change" }
                input type="hidden" name="field" value=(self.field);
                @for id in ids { input type="hidden" name="id" value=(id); }
                (input)
                p.small.muted { "The next page shows what will change and what may not. Nothing is written before that." }
                div.row { button.button.primary { "Preview the change" } a.button href=(self.list) { "Back to the list" } }
            }
        });
        if refusal.is_some() { page.status(StatusCode::UNPROCESSABLE_ENTITY) } else { page }
    }

    /// What would change and what may not; `sent` is the value, to be sent again with the confirmation.
    pub(crate) fn preview(&self, verdicts: &[Verdict], sent: &[(&str, &str)]) -> Page {
        let changing: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.changes()).collect();
        let refused = verdicts.iter().filter(|verdict| verdict.outcome.is_err()).count();
        let code = if changing.is_empty() && refused > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.page(html! {
            div.notice {
                span.grow { strong { (self.so_many(changing.len())) " will change" } ", " (count(verdicts.len() - changing.len() - refused, "stays as it is", "stay as they are")) ", " (refused) " may not change." }
            }
            section.card.flush aria-label="Preview" {
                table.table.cards {
                    caption.vh { "What would change" }
                    thead { tr { th scope="col" { (self.column) } th scope="col" { "Now" } th scope="col" { "Then" } th scope="col" { "What follows" } } }
                    tbody { @for verdict in verdicts { (self.line(verdict)) } }
                }
            }
            form.bulk method="post" action=(self.address) {
                input type="hidden" name="field" value=(self.field);
                @for (name, value) in sent { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="confirm" value="1";
                @for verdict in &changing {
                    input type="hidden" name="id" value=(verdict.id);
                    input type="hidden" name="expect" value={ (verdict.id) "@" (verdict.expect) };
                }
                @if changing.is_empty() { span { "Nothing would change." } }
                @else { button.button.primary { "Change " (self.so_many(changing.len())) } }
                a.button href=(self.list) { "Back to the list" }
            }
        })
        .status(code)
    }

    fn line(&self, verdict: &Verdict) -> Markup {
        let name = self.name(verdict.id);
        html! {
            tr {
                td.main-cell { a href=(place::of(verdict.id)) { (name) " " span.ref { (verdict.id) } } }
                td data-label="Now" { @if verdict.now.is_empty() { span.faint { "Empty" } } @else { span { (verdict.now) } } }
                td data-label="Then" { @if verdict.changes() { strong { (verdict.then) } } @else { span.faint { "As it is" } } }
                td data-label="What follows" { div { (self.follows(verdict)) } }
            }
        }
    }

    fn follows(&self, verdict: &Verdict) -> Markup {
        let is_settled =
            |written: &Written| self.context.view.find(verdict.id).is_some_and(|entry| entry.kind().is_settled(&written.state));
        html! {
            @match &verdict.outcome {
                Err(error) => { (status(Tone::Bad, "May not change")) span.sub { (error.message) @if let Some(problem) = error.problems.first() { ": " (problem.to_string()) } } }
                Ok(written) if written.changed.is_empty() => (status(Tone::Plain, "Has it already")),
                Ok(written) if is_settled(written) => (status(Tone::Good, "Takes effect at once")),
                Ok(_) if verdict.was.1 => { (status(Tone::Progress, "Waits for approval")) span.sub { "The revision in force counts until the new one is approved." } }
                Ok(_) => (status(Tone::Plain, &format!("Stays {}", words(&verdict.was.0).to_lowercase()))),
            }
        }
    }

    /// What was written, and the way back.
    pub(crate) fn done(&self, written: &[Written]) -> Page {
        let changed: Vec<&Written> = written.iter().filter(|one| !one.changed.is_empty()).collect();
        self.page(html! {
            div.notice.good role="status" {
                span.grow { strong { (self.so_many(changed.len())) " changed." } " All in one step; nothing in between could be seen." }
                form method="post" action=(self.undo) {
                    input type="hidden" name="field" value=(self.field);
                    @for one in &changed { input type="hidden" name="changed" value={ (one.id) "@" (one.revision) }; }
                    button.button.small { "Undo" }
                }
                a.button.small href=(self.list) { "Back to the list" }
            }
            section.card {
                h2 { "Changed" }
                ul.lines { @for one in &changed { li { a.grow href=(place::of(one.id)) { (self.name(one.id)) " " span.ref { (one.id) "@" (one.revision) } } span.muted { (words(&one.state)) } } } }
            }
        })
    }
}
