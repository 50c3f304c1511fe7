//! Values of fields for reading: links lead on, files open, choices are words.

use maud::{Markup, html};
use serde_json::Value as Json;
use vouch_conform::{Entry, View};
use vouch_record::Link;
use vouch_record::kind::FieldSpec;

use crate::format::words;
use crate::place;
use crate::request::Context;

/// A link to a record by its label.
pub(crate) fn record(context: &Context<'_>, link: Link) -> Markup {
    let name = context.view.find(link.id).and_then(named);
    html! {
        a.link href=(context.link(&place::of(link.id))) { @match &name { Some(name) => (name), None => (link) } }
        @if name.is_some() { " " span.ref { (link) } }
    }
}

/// What a person calls a record, where it has a name.
pub(crate) fn named(entry: Entry<'_>) -> Option<String> {
    ["name", "title", "topic"].into_iter().find_map(|field| entry.text(field)).map(str::to_owned)
}

/// What a person calls a record: its name, else its id.
pub(crate) fn name(entry: Entry<'_>) -> String {
    named(entry).unwrap_or_else(|| entry.id().to_string())
}

/// Longest part of a text that stands for a record without a name, in characters.
const SHORT: usize = 72;
/// Fields that say what a record without a name is about, in the order in which they say most.
const ABOUT: [&str; 9] = ["subject", "measure", "person", "risk", "ai_system", "dataset", "control", "document", "committee"];

/// What a person calls a record, also one without a name: by what it is about, else by how its text begins.
pub(crate) fn called(entry: Entry<'_>) -> String {
    let is_named = named(entry).is_some() || ABOUT.iter().all(|field| entry.linked(field).and_then(named).is_none());
    let about = about(entry);
    if is_named { about } else { format!("{}: {about}", entry.kind().title) }
}

/// The same where the kind is clear from what stands around it.
pub(crate) fn about(entry: Entry<'_>) -> String {
    if let Some(name) = named(entry) {
        return name;
    }
    let about: Vec<String> = ABOUT.iter().filter_map(|field| named(entry.linked(field)?)).take(2).collect();
    if !about.is_empty() {
        return about.join(", ");
    }
    let text =
        ["version", "number", "question", "need", "text", "description", "event"].into_iter().find_map(|field| entry.text(field));
    match text {
        Some(text) if text.chars().count() > SHORT => format!("{}…", text.chars().take(SHORT).collect::<String>().trim_end()),
        Some(text) => text.to_owned(),
        None => format!("{} {}", entry.kind().title, entry.id()),
    }
}

/// The word of a choice of a field.
pub(crate) fn choice(view: &View, kind: &str, field: &str, value: &str) -> String {
    let spec = view.kinds().get(kind).and_then(|kind| kind.field(field));
    spec.and_then(|spec| label(spec, value)).unwrap_or_else(|| words(value))
}

/// The label of a value of a field of choices.
pub(crate) fn label(spec: &FieldSpec, value: &str) -> Option<String> {
    let choices = spec.kind.choices()?;
    choices.iter().find(|choice| choice.id == value).map(|choice| choice.label.clone())
}

/// A value as text on one line, for lists and exports.
pub(crate) fn line(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Array(items) => items.iter().map(line).collect::<Vec<_>>().join(", "),
        Json::Object(members) => members.values().map(line).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
    }
}

/// The beginning of a text, at most so many characters.
pub(crate) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(most).collect::<String>().trim_end())
    }
}
