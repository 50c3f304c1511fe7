//! Import: a file, what its columns mean, a verdict for each row, a bad row mended in the browser, and all of it in one transaction.

mod columns;
mod events;
mod mend;
mod verdict;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use maud::{Markup, html};
use vouch_app::import::mapping::Mapping;
use vouch_app::import::preset::{PRESETS, Preset};
use vouch_app::import::{Mode, columns as columns_of};
use vouch_app::{Error, ErrorKind, Result};

pub(crate) use self::events::follow;
pub(crate) use self::mend::{ask as ask_row, mend as mend_row};
use crate::answer::{Answer, Page};
use crate::format::count;
use crate::intake::{Held, Job, Meaning, Stage};
use crate::part::badge::{Tone, status};
use crate::part::button;
use crate::part::input::summary;
use crate::request::{Context, Upload};

/// Where the pages of an import stand in the sidebar.
const NAV: &str = "/systems";

/// The import that the address names.
fn job(context: &Context<'_>) -> Result<Arc<Job>> {
    let found = context.site.intake.find(context.param("job"), context.session.acting);
    found.ok_or_else(|| {
        Error::not_found("there is no such import").hint("imports last until the server stops; choose the file again")
    })
}

/// Where an import is followed.
pub(crate) fn address(job: &Job) -> String {
    format!("/import/{}", job.id)
}

fn table_error(error: &vouch_app::import::error::Error) -> Error {
    Error::invalid(error.message.clone()).hint(error.hint.clone())
}

/// `GET /import`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    if context.as_of.is_some() {
        return Err(Error::refused("nothing is written on a past day").hint("go back to today first"));
    }
    Ok(begin_page(context, None).into())
}

fn begin_page(context: &Context<'_>, error: Option<&Error>) -> Page {
    let jobs = context.site.intake.of(context.session.acting);
    let body = html! {
        div.grid {
            div.span-8 {
                form.card.form method="post" action="/import" enctype="multipart/form-data" novalidate {
                    @if let Some(error) = error { (summary(&format!("{}{}", error.message, error.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default()), &[])) }
                    div.field {
                        label for="f-file" { "Inventory" }
                        input.input id="f-file" type="file" name="file" accept=".csv,.tsv,.txt,.xlsx" aria-describedby="f-file-help";
                        p.help id="f-file-help" { "CSV or XLSX, one AI system in each row, at most 32 MB. Nothing is written before you have seen the verdict." }
                    }
                    fieldset.field {
                        legend { "Form of the file" }
                        div {
                            label.check { input type="radio" name="preset" value="" checked; span { "Any table " span.small.muted { "Columns are recognised by their names; you look at them next." } } }
                            @for preset in PRESETS { label.check { input type="radio" name="preset" value=(preset.name); span { (preset.title) } } }
                        }
                    }
                    div.row { button.button.primary { "Read file" } a.button href=(context.link("/systems")) { "Cancel" } }
                }
            }
            aside.span-4.stack {
                section.card {
                    div.card-head { h2 { "What comes of it" } }
                    p { "Each row becomes a system in its first state, with everything the row tells: owner, purpose, risks, data, contracts. What no field takes up is kept as it was said." }
                    p.muted { "A later file of the same inventory revises what it brought and never overwrites what a person has changed." }
                }
                @if !jobs.is_empty() {
                    section.card {
                        div.card-head { h2 { "Your imports" } }
                        ul.lines { @for job in &jobs { li { span.grow { a.link href=(address(job)) { (job.held().name) } } (stands(&job.held().stage)) } } }
                    }
                }
            }
        }
    };
    let lead = html! { "Bring an inventory of AI systems in from a table." };
    Page::new(NAV, "Import", body).lead(lead).live()
}

/// How far an import is, as shape and word.
pub(crate) fn stands(stage: &Stage) -> Markup {
    match stage {
        Stage::Columns => status(Tone::Progress, "Columns to look at"),
        Stage::Running { .. } => status(Tone::Progress, "Running"),
        Stage::Verdict(report) if report.rejected.is_empty() => status(Tone::Progress, "Ready to import"),
        Stage::Verdict(_) => status(Tone::Attention, "Rows to mend"),
        Stage::Written(_) => status(Tone::Good, "Imported"),
        Stage::Failed(..) => status(Tone::Bad, "Failed"),
    }
}

/// `POST /import`
pub(crate) fn begin(context: &Context<'_>) -> Result<Answer> {
    match begun(context) {
        Ok(job) => Ok(Answer::Go(address(&job))),
        Err(error) if error.kind == ErrorKind::Invalid && !context.request.wants_json => {
            Ok(begin_page(context, Some(&error)).status(axum::http::StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Err(error) => Err(error),
    }
}

fn begun(context: &Context<'_>) -> Result<Arc<Job>> {
    let upload = context.request.files.iter().find(|upload| upload.field == "file" && !upload.bytes.is_empty());
    let Upload { name, bytes, .. } =
        upload.ok_or_else(|| Error::invalid("no file was chosen").hint("choose a CSV or XLSX file"))?;
    let bytes: Arc<[u8]> = bytes.as_slice().into();
    let (meaning, stage) = match context.form("preset").filter(|name| !name.is_empty()) {
        Some(preset) => {
            let preset = Preset::named(preset).map_err(|error| table_error(&error))?;
            let mapping: Mapping = preset.mapping().map_err(|error| table_error(&error))?;
            (Meaning::Preset(preset.title, Box::new(mapping)), Stage::Columns)
        }
        None => {
            let columns = columns_of(&context.site.vouch.tables().kinds, Cursor::new(bytes.clone()))?;
            (Meaning::Columns(columns), Stage::Columns)
        }
    };
    let is_preset = matches!(meaning, Meaning::Preset(..));
    let held = Held { name: name.clone(), bytes, meaning, stage, mended: Vec::new() };
    let job = context.site.intake.begin(context.site.sessions.fresh(), context.session.acting, held);
    if is_preset {
        job.run(&context.site.vouch, context.site.clock.as_ref(), context.acting(), Mode::DryRun)?;
    }
    Ok(job)
}

/// `GET /import/{job}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    let held = job.held();
    if context.request.wants_json {
        return Ok(Answer::Json(verdict::data(&job, &held)));
    }
    let body = html! {
        div id="import" {
            @match &held.stage {
                Stage::Columns => (columns::form(context, &job, &held)?),
                Stage::Running { is_written, .. } => (events::running(context, &job, *is_written)),
                Stage::Verdict(report) => (verdict::verdict(context, &job, &held, report)),
                Stage::Written(report) => (verdict::written(context, report)),
                Stage::Failed(message, hint) => (failed(&job, &held, message, hint.as_deref())),
            }
        }
    };
    let title = format!("Import of {}", held.name);
    let page = Page::new(NAV, title, body).under("Import", Some(context.link("/import"))).lead(lead(&held)).live();
    Ok(if matches!(held.stage, Stage::Running { .. }) { page.again_after(2).into() } else { page.into() })
}

fn lead(held: &Held) -> Markup {
    html! {
        @match &held.meaning { Meaning::Preset(title, _) => { (title) } Meaning::Columns(columns) => { (count(columns.names.len(), "column", "columns")) } }
        @if !held.mended.is_empty() { " · " (count(held.mended.len(), "row", "rows")) " mended here" }
    }
}

fn failed(job: &Job, held: &Held, message: &str, hint: Option<&str>) -> Markup {
    html! {
        div.card.stack {
            (summary(&crate::format::sentence(message), &[]))
            @if let Some(hint) = hint { p.muted { (crate::format::sentence(hint)) } }
            div.row {
                @if matches!(held.meaning, Meaning::Columns(_)) { form method="post" action=(format!("{}/columns", address(job))) { button.button { "Look at columns" } } }
                @else { form method="post" action=(address(job)) { button.button { "Read again" } } }
                (button::link("/import", "Choose another file"))
            }
        }
    }
}

/// `POST /import/{job}`: takes what was said of the columns and reads the rows for a verdict.
pub(crate) fn check(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    if let Meaning::Columns(columns) = &job.held().meaning
        && context.form("columns").is_some()
    {
        let mut fed = BTreeMap::new();
        for (place, _) in columns.names.iter().enumerate() {
            let field = context.form(&format!("column.{place}")).unwrap_or_default();
            if columns.fields.iter().any(|known| known == field) {
                fed.insert(field.to_owned(), place);
            }
        }
        job.change(|held| {
            if let Meaning::Columns(columns) = &mut held.meaning {
                columns.fed = fed;
            }
        })?;
    }
    match job.run(&context.site.vouch, context.site.clock.as_ref(), context.acting(), Mode::DryRun) {
        Ok(()) => Ok(Answer::Go(address(&job))),
        Err(error) if error.kind == ErrorKind::Invalid => {
            job.change(|held| held.stage = Stage::Failed(error.message, error.hint))?;
            Ok(Answer::Go(address(&job)))
        }
        Err(error) => Err(error),
    }
}

/// `POST /import/{job}/columns`: back to the columns.
pub(crate) fn again(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    job.change(|held| held.stage = Stage::Columns)?;
    Ok(Answer::Go(address(&job)))
}

/// `POST /import/{job}/commit`: writes, in one transaction; `partial` leaves rejected rows out.
pub(crate) fn commit(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    if !matches!(job.held().stage, Stage::Verdict(_)) {
        return Err(Error::refused("there is no verdict yet").hint("read the rows first"));
    }
    let mode = if context.form("partial").is_some() { Mode::Partial } else { Mode::Whole };
    job.run(&context.site.vouch, context.site.clock.as_ref(), context.acting(), mode)?;
    Ok(Answer::Go(address(&job)))
}

/// `POST /import/{job}/cancel`
pub(crate) fn cancel(context: &Context<'_>) -> Result<Answer> {
    let job = job(context)?;
    job.stop();
    Ok(Answer::Go(address(&job)))
}
