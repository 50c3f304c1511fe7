//! Sheets as files to save: CSV, and XLSX in which no cell can become a formula.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use vouch_app::sheet::Sheet;
use vouch_app::{Error, ErrorKind, Result};

use crate::answer::Answer;

/// Most characters that a cell of a workbook holds.
const LONGEST: usize = 32_767;
/// Most digits that a workbook keeps of a number.
const DIGITS: usize = 15;

/// As CSV.
///
/// # Errors
/// When a row has more or fewer cells than there are headings.
pub(crate) fn csv(name: &str, sheet: &Sheet) -> Result<Answer> {
    Ok(Answer::File { name: Some(format!("{name}.csv")), mime: "text/csv; charset=utf-8", bytes: sheet.csv()? })
}

/// As a workbook of one sheet. The same list gives the same bytes.
///
/// # Errors
/// Unavailable when it does not fit into a workbook.
pub(crate) fn xlsx(name: &str, sheet: &Sheet) -> Result<Answer> {
    let bytes = workbook(name, sheet).map_err(|error| {
        Error::new(ErrorKind::Unavailable, format!("the list does not fit into a workbook: {error}")).hint("take the CSV file")
    })?;
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(Answer::File { name: Some(format!("{name}.xlsx")), mime, bytes })
}

fn workbook(name: &str, sheet: &Sheet) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day: the file says nothing of when it was asked for.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, heading) in (0_u16..).zip(&sheet.headings) {
        page.write_string_with_format(0, column, heading, &bold)?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match number(cell) {
                Some(number) => page.write_number(line, column, number)?,
                None => page.write_string(line, column, cell.chars().take(LONGEST).collect::<String>())?,
            };
        }
    }
    page.autofit();
    book.save_to_buffer()
}

/// A count as a number, so that it can be added up.
fn number(cell: &str) -> Option<f64> {
    let is_count = (1..=DIGITS).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit());
    (is_count && (cell == "0" || !cell.starts_with('0'))).then(|| cell.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_an_archive_and_always_the_same() {
        let sheet = Sheet::new(&["One", "Two"], vec![vec!["=1+1".to_owned(), "3".to_owned()]]);
        let (one, two) = (workbook("list", &sheet).expect("it fits"), workbook("list", &sheet).expect("it fits"));
        assert_eq!(one, two);
        assert!(one.starts_with(b"PK"));
    }

    #[test]
    fn counts_are_numbers_and_codes_are_not() {
        let check = |cell: &str, expected: Option<f64>| assert_eq!(number(cell), expected, "{cell}");
        check("0", Some(0.0));
        check("42", Some(42.0));
        check("042", None);
        check("-1", None);
        check("1234567890123456", None);
        check("", None);
    }
}
