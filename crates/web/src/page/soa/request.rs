//! Proof of many controls asked for at once: a task for each, previewed, then written in one unit of work.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::Id;
use vouch_record::kind::generated::task::Task;

use super::change::{chosen, item};
use crate::answer::{Answer, Page};
use crate::format::{count, date};
use crate::part::person::{name_of, person};
use crate::place;
use crate::request::Context;

/// Days that somebody is given unless another day is chosen.
const DAYS: i64 = 14;
/// Most tasks that are written or taken back at once.
const MOST: usize = 200;

/// Who is asked: the owner of the control, else the person who asks.
fn asked(context: &Context<'_>, control: Entry<'_>) -> Id {
    control.linked("owner").map_or(context.session.acting, |owner| owner.id())
}

/// `GET /soa/requests`: who would be asked for what.
pub(crate) fn preview(context: &Context<'_>) -> Result<Answer> {
    let controls = chosen(context, context.request.query.iter())?;
    let due = context.view.today().saturating_add(DAYS.days());
    let body = html! {
        form method="post" action="/soa/requests" {
            div.notice {
                div.grow { strong { (count(controls.len(), "task", "tasks")) } " will be written, one for each control, for its owner." }
                label.row { "Due" input.input.short type="date" name="due" required value=(due) min=(context.view.today()); }
            }
            @for control in &controls { input type="hidden" name="id" value=(control.id()); }
            (table(context, &controls))
            div.bulk {
                button.button.primary { "Request proof of " (count(controls.len(), "control", "controls")) }
                a.button href="/soa" { "Back to the list" }
            }
        }
    };
    Ok(Page::new("/soa", "Request proof", body).into())
}

fn table(context: &Context<'_>, controls: &[Entry<'_>]) -> Markup {
    html! {
        div.card.flush {
            table.table.cards {
                caption.vh { "Tasks that would be written" }
                thead { tr { th scope="col" { "Ref" } th scope="col" { "Control" } th scope="col" { "Who is asked" } } }
                tbody {
                    @for control in controls {
                        tr {
                            td.ref { (item(control)) }
                            td.main-cell { (control.text("title").unwrap_or_default()) }
                            td data-label="Who is asked" { (person(&name_of(&context.view, asked(context, *control)))) }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /soa/requests`
pub(crate) fn write(context: &Context<'_>) -> Result<Answer> {
    let controls = chosen(context, context.request.form.iter())?;
    let text = context.form("due").unwrap_or_default();
    let due: Date = text
        .parse()
        .map_err(|error| Error::invalid(format!("`{text}` is no day")).hint("write it as 2026-08-31").because(error))?;
    let tasks: Vec<Map<String, Json>> = controls.iter().map(|control| task(context, *control, due)).collect();
    let written: Vec<Id> = context
        .site
        .vouch
        .perform(context.acting(), move |work| tasks.iter().map(|fields| work.create(Task::KIND, fields)).collect())?;
    Ok(done(&written, due).into())
}

fn task(context: &Context<'_>, control: Entry<'_>, due: Date) -> Map<String, Json> {
    let (id, title) = (item(&control), control.text("title").unwrap_or_default());
    let fields = json!({
        "title": format!("Bring proof of {id} {title}"),
        "requirements": [format!("iso42001:{id}")],
        "about": [control.id().to_string()],
        "assignee": asked(context, control).to_string(),
        "due": due.to_string(),
    });
    fields.as_object().cloned().unwrap_or_default()
}

/// What was written, and the way back.
fn done(written: &[Id], due: Date) -> Page {
    let body = html! {
        div.notice.good role="status" {
            span.grow { strong { (count(written.len(), "task", "tasks")) " written." } " Each waits in the work of whom it names, until " (date(due)) "." }
            form method="post" action="/soa/requests/undo" {
                @for id in written { input type="hidden" name="task" value=(id); }
                button.button.small { "Undo" }
            }
            a.button.small href="/soa" { "Back to the list" }
        }
        section.card { h2 { "Tasks" } ul.lines { @for id in written { li { a.link href=(place::of(*id)) { (id) } } } } }
    };
    Page::new("/soa", "Proof requested", body)
}

/// `POST /soa/requests/undo`: cancels each of the tasks.
pub(crate) fn undo(context: &Context<'_>) -> Result<Answer> {
    let named = context.request.form.iter().filter(|(name, _)| name == "task").filter_map(|(_, text)| text.parse::<Id>().ok());
    let is_open = |id: &Id| context.view.find(*id).is_some_and(|entry| entry.kind().name == Task::KIND && entry.is("open"));
    let tasks: Vec<Id> = named.filter(is_open).take(MOST).collect();
    if tasks.is_empty() {
        return Err(Error::invalid("there is no open task of this to take back").hint("see My work"));
    }
    let why = "asked for by mistake";
    let set: Map<String, Json> = Map::from_iter([("cancelled_because".to_owned(), Json::from(why))]);
    context
        .site
        .vouch
        .perform(context.acting(), move |work| tasks.iter().try_for_each(|id| work.transition(*id, "cancelled", &set, why)))?;
    Ok(Answer::Go("/soa".to_owned()))
}
