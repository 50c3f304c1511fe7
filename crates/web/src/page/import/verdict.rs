//! What an import would write, row by row, and what it wrote.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde_json::{Value as Json, json};
use vouch_app::import::{Rejection, Report};

use super::address;
use crate::format::{count, sentence, thousands};
use crate::intake::{Held, Job, Meaning, Stage};
use crate::part::badge::{Tone, status};
use crate::part::icon::icon;
use crate::part::list::Slice;
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// Conflicts, notes and groups shown.
const SHOWN: usize = 25;

/// The verdict as data.
pub(super) fn data(job: &Job, held: &Held) -> Json {
    let (read, total) = job.progress();
    let (stage, report) = match &held.stage {
        Stage::Columns => ("columns", None),
        Stage::Running { .. } => ("running", None),
        Stage::Verdict(report) => ("verdict", Some(report)),
        Stage::Written(report) => ("written", Some(report)),
        Stage::Failed(..) => ("failed", None),
    };
    json!({"file": held.name, "stage": stage, "read": read, "total": total, "report": report.map(|report| &**report)})
}

/// The verdict, and what may be done with it.
pub(super) fn verdict(context: &Context<'_>, job: &Job, held: &Held, report: &Report) -> Markup {
    let bad: BTreeSet<usize> = report.rejected.iter().map(|rejection| rejection.row).collect();
    html! {
        div.stack {
            section.card {
                div.card-head { h2 { "Verdict" } span { (count(report.rows, "row", "rows")) " read, nothing written yet" } }
                (counts(context, report))
                (actions(job, held, report, bad.len()))
            }
            @if !bad.is_empty() { section.card.flush { (rejected(context, job, &report.rejected)) } }
            (conflicts(context, report))
            (others(context, report))
        }
    }
}

fn counts(context: &Context<'_>, report: &Report) -> Markup {
    let plural = |kind: &str, number: usize| {
        let kind = context.view.kinds().get(kind);
        kind.map_or_else(String::new, |kind| if number == 1 { kind.title.clone() } else { kind.plural.clone() })
    };
    let list = |counts: &BTreeMap<String, usize>| {
        counts
            .iter()
            .map(|(kind, number)| format!("{} {}", thousands(*number), plural(kind, *number)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    html! {
        dl.facts {
            dt { "New" } dd { @if report.created.is_empty() { "Nothing" } @else { (list(&report.created)) } }
            @if !report.updated.is_empty() { dt { "Revised" } dd { (list(&report.updated)) } }
            dt { "Unchanged" } dd { (count(report.unchanged, "row", "rows")) }
            @if !report.unrecognised.is_empty() { dt { "Kept as said" } dd { (count(report.unrecognised.len(), "column", "columns")) " that no field takes up" } }
        }
    }
}

fn actions(job: &Job, held: &Held, report: &Report, bad: usize) -> Markup {
    let commit = format!("{}/commit", address(job));
    let nothing = !report.wrote_anything();
    html! {
        div.row.actions {
            @if nothing { (button::refused("Import all rows", "Nothing in this file is new or changed.")) }
            @else if report.blocked {
                (button::refused("Import all rows", &format!("{} must be mended first.", count(bad, "row", "rows"))))
                form method="post" action=(commit) { input type="hidden" name="partial" value="1"; button.button { "Import without " (count(bad, "rejected row", "rejected rows")) } }
            } @else { form method="post" action=(commit) { button.button.primary { "Import " (count(report.rows - bad, "row", "rows")) } } }
            @if matches!(held.meaning, Meaning::Columns(_)) { form method="post" action=(format!("{}/columns", address(job))) { button.button { "Change columns" } } }
        }
    }
}

/// Rows that make nothing: which cell, why, what to do, and the way to mend it here.
fn rejected(context: &Context<'_>, job: &Job, rejections: &[Rejection]) -> Markup {
    let slice = Slice::of(context, rejections.len());
    html! {
        table.table.cards {
            caption.vh { "Rejected rows" }
            thead { tr { th.num scope="col" { "Row" } th scope="col" { "Column" } th scope="col" { "Says" } th scope="col" { "Why not" } th scope="col" { "Mend" } } }
            tbody {
                @for rejection in slice.cut(rejections) {
                    tr {
                        th.num scope="row" { (rejection.row) }
                        td data-label="Column" { (rejection.column.as_deref().unwrap_or("The whole row")) }
                        td data-label="Says" { (rejection.value) }
                        td data-label="Why not" { (status(Tone::Bad, &sentence(&rejection.reason))) span.sub { (sentence(&rejection.remedy)) } }
                        td data-label="Mend" { a.link href=(format!("{}/rows/{}", address(job), rejection.row)) { "Mend row " (rejection.row) } }
                    }
                }
            }
        }
        (slice.foot(context, "problem", "problems"))
    }
}

fn conflicts(context: &Context<'_>, report: &Report) -> Markup {
    html! {
        @if !report.conflicts.is_empty() {
            section.card {
                div.card-head { h2 { "Kept as a person wrote it" } span { (count(report.conflicts.len(), "field", "fields")) } }
                ul.lines {
                    @for conflict in report.conflicts.iter().take(SHOWN) {
                        li { span.grow { @match conflict.record.parse() { Ok(id) => { a.link href=(context.link(&place::of(id))) { (conflict.record) } } Err(_) => (conflict.record) } " · " (crate::format::words(&conflict.field)) " · " span.muted { (conflict.reason) } } span.small.muted { "row " (conflict.row) } }
                    }
                }
            }
        }
    }
}

fn others(context: &Context<'_>, report: &Report) -> Markup {
    html! {
        @if !report.vanished.is_empty() {
            details.card {
                summary.line { (icon("chevron")) h2 { "Not in this file" } span.small.muted { (count(report.vanished.len(), "row", "rows")) " of earlier files of this form" } }
                p.muted { "They stay as they are. Where the file should hold them, decide about each: retired, moved, or forgotten." }
                ul.lines {
                    @for gone in report.vanished.iter().take(SHOWN) {
                        li { span.grow { @match gone.record.as_deref().and_then(|id| id.parse().ok()) { Some(link) => (value::record(context, link)), None => (gone.key) } } }
                    }
                }
                @if report.vanished.len() > SHOWN { p.small.muted { (report.vanished.len() - SHOWN) " more" } }
            }
        }
        @if !report.possible_duplicates.is_empty() {
            section.card {
                div.card-head { h2 { "Possible duplicates" } span { "one name in one unit" } }
                ul.lines { @for group in report.possible_duplicates.iter().take(SHOWN) { li { (group.join(", ")) } } }
            }
        }
        @if !report.notes.is_empty() {
            details.card {
                summary.line { (icon("chevron")) h2 { "Notes about single cells" } span.small.muted { (count(report.notes.len(), "note", "notes")) } }
                ul.lines {
                    @for note in report.notes.iter().take(SHOWN) {
                        li { span.grow { (note["column"].as_str().unwrap_or_default()) " · " span.muted { (note["text"].as_str().unwrap_or_default()) } } @if let Some(row) = note["row"].as_u64() { span.small.muted { "row " (row) } } }
                    }
                }
            }
        }
    }
}

/// What was written.
pub(super) fn written(context: &Context<'_>, report: &Report) -> Markup {
    html! {
        div.stack {
            section.card {
                div.card-head { h2 { (status(Tone::Good, "Imported")) } span { (count(report.rows, "row", "rows")) ", in one transaction" } }
                (counts(context, report))
                div.row.actions { (button::link(&context.link("/systems"), "See AI systems")) (button::link(&context.link("/gaps"), "See what is missing")) }
            }
            (conflicts(context, report))
            (others(context, report))
        }
    }
}
