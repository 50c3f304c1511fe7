//! A list as a file: what the filter shows, all pages, every field.

use serde_json::Value as Json;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::kind::Kind;

use crate::answer::Answer;
use crate::part::value;
use crate::request::Context;

/// The list as JSON to save.
pub(super) fn json(kind: &Kind, listed: &Json) -> Answer {
    Answer::File { name: Some(format!("{}.json", kind.name)), mime: "application/json", bytes: listed.to_string().into_bytes() }
}

/// The list as a table to save.
pub(super) fn file(context: &Context<'_>, kind: &Kind, rows: &[Entry<'_>], format: &str) -> Result<Answer> {
    let _ = context;
    if format != "csv" {
        return Err(Error::invalid(format!("there is no export as `{format}`")).hint("choose csv, xlsx or json"));
    }
    let mut text = String::new();
    for entry in rows {
        let cells = kind
            .fields
            .iter()
            .map(|field| entry.value(&field.name).get().map_or_else(String::new, |value| value::line(&value.to_json())));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
    }
    Ok(Answer::File { name: Some(format!("{}.csv", kind.name)), mime: "text/csv; charset=utf-8", bytes: text.into_bytes() })
}
