//! Sheets of a workbook (XLSX), with its size bounded before and while it is read.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::super::error::{Error, ErrorKind};
use super::super::text::{clean, even};
use super::{Bounds, HEAD_ROWS, Options, Row, header};

const PARTS: usize = 10_000;

/// Name and rows of the sheet that was asked for, else of the visible one whose header has the most known names, else of
/// the first with more than one column.
pub(super) fn read<R: Read + Seek>(mut input: R, options: &Options<'_>) -> Result<(String, Vec<Row>), Error> {
    check_unpacked_size(&mut input, &options.bounds)?;
    input.rewind().map_err(Error::unreadable)?;
    let mut workbook = Xlsx::new(input).map_err(broken)?;
    let sheet = choose_sheet(&mut workbook, options)?;
    let rows = read_rows(&mut workbook, &sheet, &options.bounds, usize::MAX)?;
    Ok((sheet, rows))
}

/// Unpacks every part to nowhere and counts, since the sizes that an archive declares may be wrong.
fn check_unpacked_size<R: Read + Seek>(input: &mut R, bounds: &Bounds) -> Result<(), Error> {
    input.rewind().map_err(Error::unreadable)?;
    let mut archive = zip::ZipArchive::new(input).map_err(|source| not_a_workbook().caused_by(source))?;
    if archive.len() > PARTS {
        return Err(bounds.workbook_too_large("more parts than any workbook has"));
    }
    let mut left = bounds.workbook_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|source| not_a_workbook().caused_by(source))?;
        let name = part.name().map_err(|source| not_a_workbook().caused_by(source))?.into_owned();
        let most = if name.to_lowercase().contains("worksheets/") { left } else { left.min(bounds.part_bytes) };
        let unpacked = io::copy(&mut part.take(most + 1), &mut io::sink()).map_err(|source| not_a_workbook().caused_by(source))?;
        if unpacked > most {
            return Err(bounds.workbook_too_large(&name));
        }
        left -= unpacked;
    }
    Ok(())
}

fn choose_sheet<R: Read + Seek>(workbook: &mut Xlsx<R>, options: &Options<'_>) -> Result<String, Error> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let named = |name: &str| even(name) == options.sheet.map_or_else(String::new, even);
    let all: Vec<(String, bool)> = sheets.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect();
    if let Some(wanted) = options.sheet {
        let found = all.iter().find(|(name, _)| name == wanted).or_else(|| all.iter().find(|(name, _)| named(name)));
        return found.map(|(name, _)| name.clone()).ok_or_else(|| {
            let names = all.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Error::new(ErrorKind::Mismatch, format!("the workbook has no sheet `{wanted}`"), format!("choose one of {names}"))
        });
    }
    let known = options.known.unwrap_or(&|_| false);
    let mut best: Option<((usize, bool), String)> = None;
    for (name, _) in all.into_iter().filter(|(_, visible)| *visible) {
        let head = read_rows(workbook, &name, &options.bounds, HEAD_ROWS)?;
        let Some((header, _, score)) = header::find(&head, known) else { continue };
        let rank = (score, header.names.len() > 1);
        if best.as_ref().is_none_or(|(better, _)| rank > *better) {
            best = Some((rank, name));
        }
    }
    best.map(|(_, name)| name)
        .ok_or_else(|| Error::new(ErrorKind::NotATable, "no visible sheet of the workbook holds anything", "name the sheet"))
}

/// The rows of a sheet that hold anything, at most `most`.
fn read_rows<R: Read + Seek>(workbook: &mut Xlsx<R>, sheet: &str, bounds: &Bounds, most: usize) -> Result<Vec<Row>, Error> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    // Rows may come in any order and with any number; only those with cells take room.
    let mut rows = BTreeMap::<u32, Vec<String>>::new();
    let mut bytes = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let text = cell_text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (index, column) = cell.get_position();
        let (number, column) = (index as usize + 1, column as usize);
        if !rows.contains_key(&index) && rows.len() >= most {
            break;
        }
        if column >= bounds.columns {
            return Err(bounds.too_many_columns(number));
        }
        if text.len() > bounds.cell_bytes {
            return Err(bounds.cell_too_long(number, column + 1));
        }
        let row = rows.entry(index).or_default();
        let before = row.len();
        row.resize(before.max(column + 1), String::new());
        bytes += (row.len() - before) * size_of::<String>() + text.len();
        row[column] = text;
        if bytes > bounds.sheet_bytes {
            return Err(bounds.sheet_too_large(number));
        }
        // Some rows above the header are allowed; the exact count is kept while the table is read.
        if rows.len() > bounds.rows + HEAD_ROWS {
            return Err(bounds.too_many_rows(number));
        }
    }
    let rows = rows.into_iter().map(|(index, cells)| Row { number: index as usize + 1, cells }).collect::<Vec<_>>();
    for row in &rows {
        if row.cells.iter().map(String::len).sum::<usize>() > bounds.row_bytes {
            return Err(bounds.row_too_long(row.number));
        }
    }
    Ok(rows)
}

fn cell_text(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty => String::new(),
        Data::String(text) | Data::DurationIso(text) => clean(&text),
        Data::DateTimeIso(text) => clean(text.strip_suffix("T00:00:00").unwrap_or(&text)),
        Data::Bool(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(time) => time_text(&time),
        Data::Error(error) => error.to_string(),
    }
}

fn time_text(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return format!("{} days", time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

fn not_a_workbook() -> Error {
    Error::new(ErrorKind::NotATable, "the file is an archive but no workbook", "save the table as .xlsx or CSV")
}

fn broken(source: XlsxError) -> Error {
    Error::new(
        ErrorKind::NotATable,
        "the workbook is broken or no .xlsx",
        "open it in a spreadsheet program and save it as .xlsx or CSV",
    )
    .caused_by(source)
}
