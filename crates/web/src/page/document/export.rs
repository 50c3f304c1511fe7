//! The list of documents as a file: exactly what the address shows.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::sheet::Sheet;

use super::list::chosen;
use super::row::{Row, rows};
use crate::answer::Answer;
use crate::part::icon::icon;
use crate::request::Context;
use crate::spreadsheet;

/// `GET /documents/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::csv("Documents", &sheet(context))
}

/// `GET /documents/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::xlsx("Documents", &sheet(context))
}

/// The menu of the page's head.
pub(super) fn menu(context: &Context<'_>) -> Markup {
    let address = |ending: &str| context.with_query(&[]).replacen("/documents", &format!("/documents/export.{ending}"), 1);
    html! {
        details.pop.end {
            summary.button { (icon("down")) "Export" }
            div.pop-body.stack-4 { p { a.link href=(address("csv")) { "CSV" } } p { a.link href=(address("xlsx")) { "Excel workbook" } } p.small.muted { "What the filter shows, all pages." } }
        }
    }
}

const HEADINGS: [&str; 13] = [
    "Id",
    "Title",
    "Type",
    "Version",
    "State",
    "Revision in force",
    "Latest revision",
    "Owner",
    "Approved by",
    "Approved on",
    "Review by",
    "Confirmations given",
    "Confirmations asked for",
];

fn sheet(context: &Context<'_>) -> Sheet {
    let all = rows(&context.view);
    Sheet::new(&HEADINGS, chosen(context, &all).into_iter().map(cells).collect())
}

fn cells(row: &Row) -> Vec<String> {
    let (by, on) = row.approved.clone().unwrap_or_default();
    vec![
        row.id.clone(),
        row.title.clone(),
        row.kind.clone(),
        row.version.clone(),
        row.state.clone(),
        row.in_force.map(|number| number.to_string()).unwrap_or_default(),
        row.head.to_string(),
        row.owner.clone().unwrap_or_default(),
        by,
        on,
        row.review_by.clone().unwrap_or_default(),
        row.confirmed.to_string(),
        row.asked.to_string(),
    ]
}
