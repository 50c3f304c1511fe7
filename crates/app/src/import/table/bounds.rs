//! Bounds of what is read. Each is checked while reading, so that no file can make the program hold more.

use super::super::error::{Error, ErrorKind};

/// Bounds of a table (FORMATS §1: a field 256 KiB, a body 1 MiB, an import 200,000 rows).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Most rows below the header.
    pub rows: usize,
    /// Most columns.
    pub columns: usize,
    /// Most bytes of one cell, as UTF-8.
    pub cell_bytes: usize,
    /// Most bytes of one row, as UTF-8.
    pub row_bytes: usize,
    /// Most bytes that one part of a workbook may unpack to, sheets apart.
    pub part_bytes: u64,
    /// Most bytes that a workbook may unpack to.
    pub workbook_bytes: u64,
    /// Most bytes that the rows of a sheet may take in memory.
    pub sheet_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            rows: 200_000,
            columns: 2_000,
            cell_bytes: 256 << 10,
            row_bytes: 1 << 20,
            part_bytes: 64 << 20,
            workbook_bytes: 256 << 20,
            sheet_bytes: 256 << 20,
        }
    }
}

impl Bounds {
    pub(super) fn too_many_rows(&self, row: usize) -> Error {
        too_large(
            format!("row {row} is beyond the {} rows that one import may have", self.rows),
            "split the file and import the parts one after the other",
        )
    }

    pub(super) fn too_many_columns(&self, row: usize) -> Error {
        too_large(
            format!("row {row} has more than {} columns", self.columns),
            "remove the columns that are not needed, or look for a wrong delimiter",
        )
    }

    pub(super) fn cell_too_long(&self, row: usize, column: usize) -> Error {
        too_large(
            format!("the cell in row {row}, column {column} is longer than {} bytes", self.cell_bytes),
            "shorten it and attach the long text as a file, or look for a quote that is opened and not closed",
        )
    }

    pub(super) fn row_too_long(&self, row: usize) -> Error {
        too_large(
            format!("row {row} is longer than {} bytes", self.row_bytes),
            "shorten its cells, or look for a quote that is opened in this row and not closed",
        )
    }

    pub(super) fn workbook_too_large(&self, part: &str) -> Error {
        too_large(
            format!("the workbook unpacks to more than is allowed, in its part `{part}`"),
            "save the one sheet that holds the table as CSV and import that",
        )
    }

    pub(super) fn sheet_too_large(&self, row: usize) -> Error {
        too_large(
            format!("the sheet takes more than {} bytes of memory, reached at row {row}", self.sheet_bytes),
            "save the sheet as CSV, which is read row by row, and import that",
        )
    }
}

fn too_large(message: String, hint: &str) -> Error {
    Error::new(ErrorKind::TooLarge, message, hint)
}
