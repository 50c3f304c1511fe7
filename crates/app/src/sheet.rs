//! Sheets: what is exported as a table, the same for the command line and for pages.

mod gaps;
mod statement;

pub use gaps::gaps;
pub use statement::statement;

use crate::error::{Error, Kind, Result};

/// A table of texts under headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// names of the columns
    pub headings: Vec<String>,
    /// cells, as many in each row as there are headings
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A table under these headings.
    #[must_use]
    pub fn new(headings: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { headings: headings.iter().map(|heading| (*heading).to_owned()).collect(), rows }
    }

    /// Comma-separated values as RFC 4180 has them, the headings first. A cell that a spreadsheet would read as a formula begins with
    /// an apostrophe.
    ///
    /// # Errors
    /// When a row has more or fewer cells than there are headings.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let failed = |error: csv::Error| Error::new(Kind::Unavailable, "the table could not be written").because(error);
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.headings).map_err(failed)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(failed)?;
        }
        writer
            .into_inner()
            .map_err(|error| Error::new(Kind::Unavailable, "the table could not be written").because(error.into_error()))
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_quoted_and_separators_too() {
        let sheet = Sheet::new(&["a", "b"], vec![vec!["=1+1".to_owned(), "x, \"y\"".to_owned()]]);
        let csv = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert_eq!(csv, "a,b\r\n'=1+1,\"x, \"\"y\"\"\"\r\n");
    }

    #[test]
    fn a_row_that_does_not_fit_is_an_error() {
        assert!(Sheet::new(&["a", "b"], vec![vec!["x".to_owned()]]).csv().is_err());
    }
}
