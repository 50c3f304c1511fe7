//! Mending a row in the browser: its cells, those that are wrong first; the verdict is computed anew.

use std::collections::BTreeMap;

use maud::{Markup, html};
use vouch_app::import::mend::{mended, row};
use vouch_app::import::{Mode, Rejection};
use vouch_app::{Error, Result};

use super::{address, job};
use crate::answer::{Answer, Page};
use crate::format::{count, sentence};
use crate::intake::{Job, Stage};
use crate::request::Context;

/// Longest text that a line shows; longer ones get more room.
const LINE: usize = 80;

fn number(context: &Context<'_>) -> Result<usize> {
    let asked = context.param("row");
    asked.parse().map_err(|_| Error::not_found(format!("`{asked}` is no row")).hint("see the verdict"))
}

fn rejections(job: &Job, number: usize) -> Vec<Rejection> {
    match job.held().stage {
        Stage::Verdict(report) => report.rejected.iter().filter(|rejection| rejection.row == number).cloned().collect(),
        _ => Vec::new(),
    }
}

/// `GET /import/{job}/rows/{row}`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    let (job, number) = (job(context)?, number(context)?);
    let held = job.held();
    let (names, found) = row(held.file(), &held.mapping(&context.site.vouch)?, number)?;
    let wrong = rejections(&job, number);
    let is_wrong = |name: &str| wrong.iter().any(|rejection| rejection.column.as_deref() == Some(name));
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(|place| is_wrong(&names[*place]));
    let cell = |place: usize| found.cells.get(place).map_or("", String::as_str);
    let body = html! {
        form.card.form method="post" action=(context.request.path) {
            @if !wrong.is_empty() {
                div.summary role="alert" tabindex="-1" {
                    h2 { (count(wrong.len(), "cell to correct", "cells to correct")) }
                    ul { @for place in &first { li { a href=(format!("#f-cell-{place}")) { (names[*place]) } } } }
                }
            }
            @for rejection in wrong.iter().filter(|rejection| rejection.column.as_ref().is_none_or(|column| !names.contains(column))) {
                p { @if let Some(column) = &rejection.column { strong { (column) } ": " } (sentence(&rejection.reason)) " " span.muted { (sentence(&rejection.remedy)) } }
            }
            @for place in first { (input(place, &names[place], cell(place), wrong.iter().find(|rejection| rejection.column.as_ref() == Some(&names[place])))) }
            details.fields-group open[wrong.iter().all(|rejection| rejection.column.as_ref().is_none_or(|column| !names.contains(column)))] {
                summary.line { h2 { "Other cells" } span.small.muted { (rest.len()) } }
                @for place in rest { (input(place, &names[place], cell(place), None)) }
            }
            div.row { button.button.primary { "Mend row and check again" } a.button href=(address(&job)) { "Cancel" } }
        }
    };
    let page = Page::new(super::NAV, format!("Row {number}"), body)
        .under("Import", Some(context.link("/import")))
        .under(held.name, Some(address(&job)));
    Ok(page
        .lead(html! { "The file on your machine stays as it is; what is imported, and kept as its source, is the mended table." })
        .live()
        .into())
}

fn input(place: usize, name: &str, cell: &str, wrong: Option<&Rejection>) -> Markup {
    let (id, help) = (format!("f-cell-{place}"), format!("f-cell-{place}-wrong"));
    let described = wrong.map(|_| help.as_str());
    html! {
        div.field data-wrong[wrong.is_some()] {
            label for=(id) { (if name.is_empty() { "No name" } else { name }) }
            @if cell.len() > LINE { textarea.input id=(id) name=(format!("cell.{place}")) rows="3" aria-describedby=[described] { (cell) } }
            @else { input.input id=(id) type="text" name=(format!("cell.{place}")) value=(cell) autocomplete="off" aria-describedby=[described] aria-invalid=[wrong.map(|_| "true")]; }
            @if let Some(wrong) = wrong { p.wrong id=(help) { (sentence(&wrong.reason)) " " (sentence(&wrong.remedy)) } }
        }
    }
}

/// `POST /import/{job}/rows/{row}`
pub(crate) fn mend(context: &Context<'_>) -> Result<Answer> {
    let (job, number) = (job(context)?, number(context)?);
    let held = job.held();
    let mapping = held.mapping(&context.site.vouch)?;
    let (names, found) = row(held.file(), &mapping, number)?;
    let mut cells = BTreeMap::new();
    for place in 0..names.len() {
        if let Some(text) = context.form(&format!("cell.{place}")) {
            let text = text.replace("\r\n", "\n");
            if found.cells.get(place).map_or("", String::as_str) != text {
                cells.insert((number, place), text);
            }
        }
    }
    if !cells.is_empty() {
        let bytes = mended(held.file(), &mapping, &cells)?;
        job.change(|held| {
            held.bytes = bytes.into();
            held.mended.push(number);
            held.mended.sort_unstable();
            held.mended.dedup();
        })?;
    }
    job.run(&context.site.vouch, context.site.clock.as_ref(), context.acting(), Mode::DryRun)?;
    Ok(Answer::Go(address(&job)))
}
