//! What an import did, or would do.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};
use vouch_record::Id;

use crate::import::proposal::{Comparison, Note, RowProblem};

/// What an import did, or would do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// rows read
    pub rows: usize,
    /// records created, by kind
    pub created: BTreeMap<String, usize>,
    /// records revised, by kind
    pub updated: BTreeMap<String, usize>,
    /// rows that change nothing
    pub unchanged: usize,
    /// fields whose present value was kept
    pub conflicts: Vec<Conflict>,
    /// rows that make nothing
    pub rejected: Vec<Rejection>,
    /// rows of earlier runs that are not in this file
    pub vanished: Vec<Vanished>,
    /// systems of one name and unit
    pub possible_duplicates: Vec<Vec<String>>,
    /// what a person should know about single cells
    pub notes: Vec<Json>,
    /// columns that no mapping knows
    pub unrecognised: Vec<String>,
    /// whether a rejected row keeps the whole file out
    #[serde(skip)]
    pub blocked: bool,
}

/// A field, or record, in which the present value was kept.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    /// number of the row
    pub row: usize,
    /// the record
    pub record: String,
    /// the field; empty for the record as a whole
    pub field: String,
    /// what is there
    pub kept: Json,
    /// what the file offers
    pub offered: Json,
    /// why it was kept
    pub reason: String,
}

/// Why a row makes nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Rejection {
    /// number of the row, as a spreadsheet program shows it
    pub row: usize,
    /// the column, or the field it feeds
    pub column: Option<String>,
    /// what the cell says
    pub value: String,
    /// what is wrong
    pub reason: String,
    /// what to do
    pub remedy: String,
}

/// A row of an earlier run that is gone.
#[derive(Clone, Debug, Serialize)]
pub struct Vanished {
    /// key of the row
    pub key: String,
    /// the AI system it had made
    pub record: Option<String>,
}

impl From<RowProblem> for Rejection {
    fn from(problem: RowProblem) -> Self {
        let RowProblem { row, column, value, reason, remedy, .. } = problem;
        Self { row, column, value, reason, remedy }
    }
}

impl Report {
    /// Whether a record was created or revised.
    #[must_use]
    pub fn wrote_anything(&self) -> bool {
        !self.created.is_empty() || !self.updated.is_empty()
    }

    pub(super) fn differs(&mut self, id: Id, comparison: &Comparison, there: &[String]) {
        let note = json!({
            "column": comparison.column, "value": comparison.value,
            "text": format!("{id} says {} for {}; it is not overwritten", there.join(", "), comparison.field),
        });
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

pub(super) fn note(row: usize, note: &Note) -> Json {
    json!({"row": row, "column": note.column, "value": note.value, "text": note.text})
}
