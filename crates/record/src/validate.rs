//! From what a person or a file hands in to a body, with every defect named (FORMATS §1, §2).

mod encode;
mod missing;
#[cfg(test)]
mod tests;

pub use encode::{Handed, encode};
pub use missing::{failed_checks, missing};

use std::fmt;

/// One defect of what was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// name of the field
    pub field: String,
    /// row of a list, from 1
    pub row: Option<usize>,
    /// column of a list
    pub column: Option<String>,
    /// the value, shortened
    pub value: String,
    /// what is wrong with it
    pub reason: String,
    /// what to do
    pub remedy: String,
}

impl Problem {
    /// A defect of a whole field.
    #[must_use]
    pub fn of(field: &str, value: impl Into<String>, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            row: None,
            column: None,
            value: shortened(&value.into()),
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}

/// The first 80 characters, so that a huge value does not fill a message.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 80 {
        return text.to_owned();
    }
    text.chars().take(79).chain(['…']).collect()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.field)?;
        if let Some(row) = self.row {
            write!(f, " row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " `{column}`")?;
        }
        if !self.value.is_empty() {
            write!(f, " is `{}`", self.value)?;
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
