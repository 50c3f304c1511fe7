//! The register: saved views, filters, table, foot, and the same as a file.

use jiff::civil::Date;
use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::sheet::Sheet;

use super::filter::{Choices, ORDER, chosen, views};
use super::map::word;
use super::row::{Row, Rows};
use crate::answer::Answer;
use crate::format::{days_between, near_date, words};
use crate::part::badge::{Tone, level, status};
use crate::part::list::{filters, segments};
use crate::part::person::person;
use crate::part::table::{Head, Listing, sorted};
use crate::part::{button, empty, value};
use crate::place;
use crate::request::Context;
use crate::spreadsheet;

/// The register under the map.
pub(crate) fn part(context: &Context<'_>, rows: &Rows, chosen: &[&Row]) -> Markup {
    let choices = Choices::of(context, rows);
    html! {
        h2.vh { "Register" }
        div.toolbar.apart { (segments(context, "view", "Saved views", &views(context, rows))) (filters(context, "register", &choices.selects())) }
        div id="register" {
            @if let Some(cell) = context.query("cell") {
                p.notice { span.grow { "Only the risks in cell " strong { (cell) } " of the map." } a.link href=(context.with_query(&[("cell", None)])) { "Show all" } }
            }
            @if chosen.is_empty() { (filtered_out(context)) } @else { (table(context, chosen)) }
        }
    }
}

fn filtered_out(context: &Context<'_>) -> Markup {
    let clear =
        context.with_query(&[("q", None), ("system", None), ("category", None), ("owner", None), ("cell", None), ("view", None)]);
    html! { div.card { (empty::empty("No risk fits", "Nothing in the register meets all filters at once.", Some(button::link(&clear, "Clear filters")))) } }
}

/// The table of some risks, a page of it.
pub(crate) fn table(context: &Context<'_>, chosen: &[&Row]) -> Markup {
    let columns = [
        sorted("Risk", "title"),
        sorted("System", "system"),
        sorted("Category", "category"),
        sorted("Inherent", "inherent"),
        sorted("Residual", "residual"),
        sorted("Treatment", "answer"),
        sorted("Owner", "owner"),
        Head { number: true, ..sorted("Due", "due") },
    ];
    let listing = Listing {
        name: "Risks",
        class: "register",
        caption: "Risks with system, category, levels, treatment, owner and the next day something is due",
        unless: ORDER,
        columns: &columns,
        rows: ["risk", "risks"],
    };
    listing.of(context, chosen, |row| line(context, row))
}

fn line(context: &Context<'_>, row: &Row) -> Markup {
    html! {
        tr {
            td.main-cell { a href=(context.link(&place::of(row.id))) { span.clamp { span.ref { (row.id) } " " (row.title) } } }
            td data-label="System" {
                @match row.systems.as_slice() {
                    [] => { span.faint { "Management system" } }
                    [(id, name), rest @ ..] => { a.clamp href=(context.link(&place::of(*id))) title=(name) { (name) } @if !rest.is_empty() { span.faint { "and " (rest.len()) " more" } } }
                }
            }
            td.muted data-label="Category" { (category(context, row)) }
            td data-label="Inherent" { (level(row.inherent_level, true)) }
            td data-label="Residual" { (level(row.residual_level, false)) }
            td.nowrap data-label="Treatment" { (status(row.answer.tone, &row.answer.word)) }
            td data-label="Owner" { @match &row.owner { Some((_, name)) => (person(name)) None => (status(Tone::Bad, "Nobody")) } }
            td.num data-label="Due" { @if let Some(due) = row.due { (day(context, due)) } @else { span.faint { "No day set" } } }
        }
    }
}

fn category(context: &Context<'_>, row: &Row) -> Markup {
    let Some(first) = row.categories.first() else { return html! { span.faint { "Not sorted" } } };
    html! { (value::choice(&context.view, "risk", "categories", first.id())) @if row.categories.len() > 1 { span.faint { " +" (row.categories.len() - 1) } } }
}

/// A day on which something is due: near days short, past ones as what they are.
pub(crate) fn day(context: &Context<'_>, due: Date) -> Markup {
    let today = context.view.today();
    let late = days_between(due, today);
    html! { @if late > 0 { span.bad { "Overdue " (late) " d" } } @else { time datetime=(due) { (near_date(due, today)) } } }
}

/// The register as a file, filtered and sorted as it is shown.
pub(crate) fn export(context: &Context<'_>) -> Markup {
    let here = context.with_query(&[]);
    let query = here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    html! {
        details.pop {
            summary.button { (crate::part::icon::icon("down")) "Export" }
            div.pop-body {
                p.muted.small { "Exactly the risks that the register shows, in this order." }
                div.row {
                    a.button.small href=(format!("/risks/export.csv{query}")) { "CSV" }
                    a.button.small href=(format!("/risks/export.xlsx{query}")) { "Excel workbook" }
                }
            }
        }
    }
}

/// `GET /risks/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::csv("Risks", &sheet(context)?)
}

/// `GET /risks/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::xlsx("Risks", &sheet(context)?)
}

fn sheet(context: &Context<'_>) -> Result<Sheet> {
    let rows = super::rows(context)?;
    Ok(Sheet::new(&HEADINGS, chosen(context, &rows).iter().map(|row| cells(context, row)).collect()))
}

const HEADINGS: [&str; 15] = [
    "Id",
    "Risk",
    "Type",
    "State",
    "Systems",
    "System ids",
    "Categories",
    "Inherent",
    "Residual",
    "Answer",
    "Owner",
    "Owner id",
    "Due",
    "Overdue",
    "Above the line",
];

fn cells(context: &Context<'_>, row: &Row) -> Vec<String> {
    let yes = |truth: bool| if truth { "Yes" } else { "No" }.to_owned();
    let names: Vec<&str> = row.systems.iter().map(|(_, name)| name.as_str()).collect();
    let ids: Vec<String> = row.systems.iter().map(|(id, _)| id.to_string()).collect();
    let categories: Vec<String> =
        row.categories.iter().map(|category| value::choice(&context.view, "risk", "categories", category.id())).collect();
    let (owner_id, owner) = row.owner.as_ref().map_or_else(Default::default, |(id, name)| (id.to_string(), name.clone()));
    vec![
        row.id.to_string(),
        row.title.clone(),
        if row.is_threat { "Threat" } else { "Opportunity" }.to_owned(),
        words(&row.state),
        names.join("; "),
        ids.join("; "),
        categories.join("; "),
        row.inherent_level.map(word).unwrap_or_default(),
        row.residual_level.map(word).unwrap_or_default(),
        row.answer.word.clone(),
        owner,
        owner_id,
        row.due.map(|due| due.to_string()).unwrap_or_default(),
        yes(row.overdue),
        yes(row.above),
    ]
}
