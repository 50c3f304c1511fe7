//! A list as a file: what the filter shows, all pages, every field.

use maud::{Markup, html};
use serde_json::Value as Json;
use vouch_app::query::{Listed, shown};
use vouch_app::sheet::Sheet;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::kind::Kind;

use crate::answer::Answer;
use crate::part::icon::icon;
use crate::part::value;
use crate::request::Context;
use crate::spreadsheet;

/// A list in one of the forms to save.
pub(crate) fn file(context: &Context<'_>, kind: &Kind, rows: &[Entry<'_>], format: &str) -> Result<Answer> {
    match format {
        "csv" => spreadsheet::csv(&kind.name, &sheet(kind, rows)),
        "xlsx" => spreadsheet::xlsx(&kind.name, &sheet(kind, rows)),
        "json" => {
            let bytes = listed(context, rows.len(), rows)?.to_string().into_bytes();
            Ok(Answer::File { name: Some(format!("{}.json", kind.name)), mime: "application/json", bytes })
        }
        _ => Err(Error::invalid(format!("there is no export as `{format}`")).hint("choose csv, xlsx or json")),
    }
}

/// Some of so many records as the command line lists them.
pub(crate) fn listed(context: &Context<'_>, total: usize, rows: &[Entry<'_>]) -> Result<Json> {
    let records = rows.iter().copied().map(shown).collect();
    let listed = Listed { as_of: context.view.today().to_string(), total, records };
    serde_json::to_value(listed).map_err(|error| Error::invalid("the list is no JSON").because(error))
}

/// The menu of forms in which what the filter shows can be saved.
pub(crate) fn menu(context: &Context<'_>) -> Markup {
    html! {
        details.pop {
            summary.button { (icon("down")) "Export" }
            div.pop-body {
                p.small.muted { "What the filter shows, all pages." }
                @for (format, word) in [("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")] {
                    p { a.link href=(context.with_query(&[("format", Some(format))])) download { "Export as " (word) } }
                }
            }
        }
    }
}

/// Id, revision, state, then every field; dates and choices as they are stored.
fn sheet(kind: &Kind, rows: &[Entry<'_>]) -> Sheet {
    let fields = kind.fields.iter().map(|field| field.name.as_str());
    let headings: Vec<&str> = ["id", "revision", "state"].into_iter().chain(fields).collect();
    let value =
        |entry: &Entry<'_>, name: &str| entry.value(name).get().map_or_else(String::new, |value| value::line(&value.to_json()));
    let cells = |entry: &Entry<'_>| {
        let fields = kind.fields.iter().map(|field| value(entry, &field.name));
        [entry.id().to_string(), entry.revision().to_string(), entry.state().to_owned()].into_iter().chain(fields).collect()
    };
    Sheet::new(&headings, rows.iter().map(cells).collect())
}
