//! A list as a file: what the filter shows, all pages, every field.

use serde_json::Value as Json;
use vouch_app::sheet::Sheet;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::kind::Kind;

use crate::answer::Answer;
use crate::part::value;
use crate::spreadsheet;

/// The list as JSON to save.
pub(super) fn json(kind: &Kind, listed: &Json) -> Answer {
    Answer::File { name: Some(format!("{}.json", kind.name)), mime: "application/json", bytes: listed.to_string().into_bytes() }
}

/// The list as a table to save.
pub(crate) fn file(kind: &Kind, rows: &[Entry<'_>], format: &str) -> Result<Answer> {
    let sheet = sheet(kind, rows);
    match format {
        "csv" => spreadsheet::csv(&kind.name, &sheet),
        "xlsx" => spreadsheet::xlsx(&kind.name, &sheet),
        _ => Err(Error::invalid(format!("there is no export as `{format}`")).hint("choose csv, xlsx or json")),
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
