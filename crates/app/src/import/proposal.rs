//! One row of a table seen through a mapping: the records that would come of it, or what is wrong with it.
//!
//! Nothing here is written anywhere. The use case looks at which rows were imported before ([`ImportKey`],
//! [`Fingerprints`]), resolves what a row cannot know ([`ProposedLookup`], [`ProposedFill`]) and writes.

mod build;
mod fingerprint;
mod key;
mod row;
mod rows;
mod value;

use serde::Serialize;
use serde_json::{Map, Value};

pub use fingerprint::{Fingerprint, Fingerprints};
pub use key::ImportKey;
pub use rows::{RowOutcome, Rows};

use super::mapping::Fill;

/// What one row would make.
#[derive(Clone, PartialEq, Debug)]
pub struct RowProposal {
    /// Number of the row as a spreadsheet program shows it.
    pub row: usize,
    /// What tells it apart from other rows, in this and later runs.
    pub key: ImportKey,
    /// The records, in the order of the mapping.
    pub records: Vec<ProposedRecord>,
    /// Answers that are compared with what is there, never written.
    pub comparisons: Vec<Comparison>,
    /// What a person should know: answers that were not understood or went nowhere.
    pub notes: Vec<Note>,
    /// Digests by which a later run tells what has changed.
    pub fingerprints: Fingerprints,
}

/// One record that a row would make, in the first state of its kind.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ProposedRecord {
    /// Key by which other records of the row link to it, as `@key`.
    pub local_key: String,
    /// Its kind.
    pub kind: String,
    /// Its filled fields, encoded as in a body (FORMATS §1), but for links to records of the row.
    pub fields: Map<String, Value>,
    /// Links that the use case finds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<ProposedLookup>,
    /// Fields that the use case fills.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fills: Vec<ProposedFill>,
}

/// A link in a row of a list, to the record of `kind` one of whose values, `by`, is `value`. Where there is none the cell
/// stays empty; the value stands as text beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProposedLookup {
    /// List of the record.
    pub list: String,
    /// Row of the list, from 0.
    pub row: usize,
    /// Column of the list that takes the link.
    pub column: String,
    /// Kind that is searched.
    pub kind: String,
    /// Field of that kind, or `list.column`.
    pub by: String,
    /// Value to find, compared without case, spaces and punctuation.
    pub value: String,
}

/// A field that only the use case can fill.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProposedFill {
    /// The field.
    pub field: String,
    /// With what.
    pub with: Fill,
}

/// An answer that is compared with a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comparison {
    /// Name of the column in the table.
    pub column: String,
    /// Kind of the record.
    pub kind: String,
    /// Its field, or `list.column`.
    pub field: String,
    /// What the table says.
    pub value: String,
}

/// Something about one cell that is no error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Note {
    /// Name of the column in the table.
    pub column: String,
    /// What the cell says.
    pub value: String,
    /// What became of it.
    pub text: String,
}

/// What sort of problem a row has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// A cell is wrong; nothing of the row can be taken.
    Wrong,
    /// The row repeats another one; nothing is lost when it is left out.
    Duplicate,
}

/// Why a row makes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RowProblem {
    /// What sort of problem it is.
    #[serde(skip)]
    pub kind: ProblemKind,
    /// Number of the row as a spreadsheet program shows it.
    pub row: usize,
    /// Name of the column in the table; none where the whole row is meant.
    pub column: Option<String>,
    /// What the cell says.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

#[cfg(test)]
mod tests;
