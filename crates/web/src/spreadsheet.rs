//! Lists as files: CSV and XLSX. Every cell is text or a number; none can become a formula where it is opened.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use vouch_app::{Error, ErrorKind, Result};

use crate::answer::Answer;

/// A list to save.
pub(crate) struct Sheet {
    /// name of the file without its ending, and of the sheet
    pub(crate) name: &'static str,
    pub(crate) heads: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Number(usize),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// Characters with which programs begin a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Most characters that a cell of a workbook holds.
const LONGEST: usize = 32_767;

impl Sheet {
    /// As CSV (RFC 4180, UTF-8 with a mark by which spreadsheets know it). A text that a program could read as a formula begins
    /// with an apostrophe.
    pub(crate) fn csv(&self) -> Answer {
        let mut text = String::from('\u{feff}');
        let heads = self.heads.iter().map(|head| quoted(head)).collect::<Vec<_>>().join(",");
        text.push_str(&heads);
        text.push_str("\r\n");
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(csv_cell).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        Answer::File { name: Some(format!("{}.csv", self.name)), mime: "text/csv; charset=utf-8", bytes: text.into_bytes() }
    }

    /// As a workbook of one sheet. The same list gives the same bytes.
    ///
    /// # Errors
    /// Unavailable when it does not fit into a workbook.
    pub(crate) fn xlsx(&self) -> Result<Answer> {
        let bytes = self.workbook().map_err(|error| {
            Error::new(ErrorKind::Unavailable, format!("the list does not fit into a workbook: {error}")).hint("take the CSV file")
        })?;
        let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Ok(Answer::File { name: Some(format!("{}.xlsx", self.name)), mime, bytes })
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet();
        sheet.set_name(self.name)?.set_freeze_panes(1, 0)?;
        for (column, head) in (0_u16..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, *head, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
                    Cell::Text(text) => sheet.write_string(line, column, text.chars().take(LONGEST).collect::<String>())?,
                };
            }
        }
        sheet.autofit();
        book.save_to_buffer()
    }
}

fn csv_cell(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) if text.starts_with(FORMULA) => quoted(&format!("'{text}")),
        Cell::Text(text) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let rows = vec![vec!["=1+1".into(), "a, \"b\"".into(), 3.into()], vec!["-2".into(), "plain".into(), 0.into()]];
        Sheet { name: "list", heads: vec!["One", "Two", "Three"], rows }
    }

    fn bytes(answer: Answer) -> Vec<u8> {
        if let Answer::File { bytes, .. } = answer { bytes } else { Vec::new() }
    }

    #[test]
    fn no_cell_of_a_csv_file_begins_like_a_formula() {
        let text = String::from_utf8(bytes(sheet().csv())).expect("it is text");
        assert_eq!(text, "\u{feff}One,Two,Three\r\n'=1+1,\"a, \"\"b\"\"\",3\r\n'-2,plain,0\r\n");
    }

    #[test]
    fn a_workbook_is_an_archive_without_formulas_and_always_the_same() {
        let (one, two) = (sheet().xlsx().expect("it fits"), sheet().xlsx().expect("it fits"));
        let one = bytes(one);
        assert_eq!(one, bytes(two));
        assert!(one.starts_with(b"PK"));
    }
}
