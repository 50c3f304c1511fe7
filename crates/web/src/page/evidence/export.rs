//! The log of evidence as a file: exactly what the address shows, all its pages.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::sheet::Sheet;

use super::log;
use super::row::Row;
use crate::answer::Answer;
use crate::part::icon::icon;
use crate::request::Context;
use crate::spreadsheet;

/// `GET /evidence/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::csv("Evidence", &sheet(context)?)
}

/// `GET /evidence/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::xlsx("Evidence", &sheet(context)?)
}

/// The menu of a page's head.
pub(super) fn menu(context: &Context<'_>) -> Markup {
    let address = |ending: &str| context.with_query(&[]).replacen("/evidence", &format!("/evidence/export.{ending}"), 1);
    html! {
        details.pop.end {
            summary.button { (icon("down")) "Export" }
            div.pop-body.stack-4 {
                p { a.link href=(address("csv")) { "CSV" } }
                p { a.link href=(address("xlsx")) { "Excel workbook" } }
                p.small.muted { "What the filter shows, all pages. The whole log with its proofs: " code { "vouch ledger export DIR" } }
            }
        }
    }
}

const HEADINGS: [&str; 14] = [
    "Leaf",
    "Recorded",
    "Id",
    "Revision",
    "Evidence",
    "Kind",
    "Source",
    "By",
    "Commitment",
    "Proves",
    "Systems",
    "Depth",
    "Covers to",
    "In date until",
];

fn sheet(context: &Context<'_>) -> Result<Sheet> {
    let rows = super::rows(context)?;
    Ok(Sheet::new(&HEADINGS, log::chosen(context, &rows).into_iter().map(cells).collect()))
}

fn cells(row: &Row) -> Vec<String> {
    let systems: Vec<String> = row.systems.iter().map(ToString::to_string).collect();
    vec![
        row.seq.to_string(),
        row.recorded.to_string(),
        row.id.to_string(),
        row.revision.to_string(),
        row.title.clone(),
        row.kind.clone(),
        row.source.clone(),
        row.by.clone(),
        row.fingerprint.clone(),
        row.requirements.join(" "),
        systems.join(" "),
        row.depth.map(|depth| depth.word().to_owned()).unwrap_or_default(),
        row.covers_to.to_string(),
        row.in_date_until.map(|day| day.to_string()).unwrap_or_default(),
    ]
}
