//! A document as lists and its reader show it.

use jiff::civil::Date;
use serde::Serialize;
use vouch_conform::derived::document::{in_force, review_was_due};
use vouch_conform::{Entry, View};
use vouch_record::kind::generated::document::Document;

use crate::part::value;

/// A group of types: how the page divides documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    Policy,
    Procedure,
    Record,
}

impl Group {
    fn of(kind: &str) -> Self {
        match kind {
            "policy" | "statement" => Self::Policy,
            "procedure" | "plan" | "guide" | "instruction" | "form" => Self::Procedure,
            _ => Self::Record,
        }
    }

    /// Its value in addresses.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policies",
            Self::Procedure => "procedures",
            Self::Record => "records",
        }
    }
}

/// One document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) title: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) group: Group,
    pub(super) version: String,
    pub(super) state: String,
    /// revision in force, and the head's
    pub(super) in_force: Option<u32>,
    pub(super) head: u32,
    pub(super) owner: Option<String>,
    /// who approved the revision in force, and on which day
    pub(super) approved: Option<(String, String)>,
    /// day by which it is looked at again
    pub(super) review_by: Option<String>,
    /// day since which the review is overdue
    pub(super) overdue_since: Option<String>,
    /// confirmations given of the revision in force, and asked for
    pub(super) confirmed: usize,
    pub(super) asked: usize,
}

impl Row {
    /// The row of a document on the view's day.
    pub(super) fn of(entry: Entry<'_>) -> Self {
        let document = Document(entry.content());
        let force = in_force(entry);
        let kind = document.type_().get().map(|kind| kind.id()).unwrap_or_default();
        let (confirmed, asked) = confirmations(entry, force);
        Self {
            id: entry.id().to_string(),
            title: value::name(entry),
            kind: value::choice(entry.view(), "document", "type", kind),
            group: Group::of(kind),
            version: entry.text("version").unwrap_or_default().to_owned(),
            state: entry.state().to_owned(),
            in_force: force,
            head: head(entry),
            owner: entry.linked("owner").map(value::name),
            approved: force.and_then(|revision| approved(entry, revision)),
            review_by: document.review_by().get().map(|day| day.to_string()),
            overdue_since: review_was_due(entry).map(|day| day.to_string()),
            confirmed,
            asked,
        }
    }

    /// Whether an unapproved head waits.
    pub(super) fn is_waiting(&self) -> bool {
        self.state != "withdrawn" && self.in_force != Some(self.head)
    }
}

/// Number of the latest revision.
pub(super) fn head(entry: Entry<'_>) -> u32 {
    entry.standing().head.leaf(entry.record()).revision
}

/// Who approved a revision, or an earlier one since which nothing changed that the approval covers.
pub(super) fn approved(entry: Entry<'_>, revision: u32) -> Option<(String, String)> {
    let given = entry
        .given()
        .into_iter()
        .rfind(|given| given.entry.text("decision") == Some("approved") && entry.covers(given.revision(), revision))?;
    let by = given.by().and_then(|id| entry.view().find(id)).map_or_else(|| "–".to_owned(), value::name);
    Some((by, given.on().to_string()))
}

/// Confirmations of a revision: given, and asked for.
fn confirmations(entry: Entry<'_>, revision: Option<u32>) -> (usize, usize) {
    let about = |ack: &Entry<'_>| {
        let named = ack.value("subject_revision").get().and_then(vouch_record::Value::as_int);
        revision.is_some_and(|revision| named == Some(i64::from(revision)))
    };
    let all: Vec<Entry<'_>> = entry
        .incoming("acknowledgement", "subject")
        .filter(about)
        .filter(|ack| ack.is_any(&["given", "requested", "declined"]))
        .collect();
    (all.iter().filter(|ack| ack.is("given")).count(), all.len())
}

/// Every document, by title.
pub(super) fn rows(view: &View) -> Vec<Row> {
    let mut rows: Vec<Row> = view.all("document").map(Row::of).collect();
    rows.sort_by(|one, other| one.title.cmp(&other.title));
    rows
}

/// A day from its text.
pub(super) fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}
