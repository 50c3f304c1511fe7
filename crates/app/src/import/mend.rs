//! Mending a table by hand: one row for looking at, and the table again with some cells put anew.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::mapping::Mapping;
use super::run::table_error;
use super::table::{Options, Row, Table};
use crate::error::{Error, Kind, Result};

/// Place of a cell: number of the row as a spreadsheet program shows it, place of the column from 0.
pub type Place = (usize, usize);

fn open<R: Read + Seek>(file: R, mapping: &Mapping) -> Result<Table<R>> {
    let known_names = mapping.known_names();
    let known = |name: &str| known_names.contains(name);
    Table::open(file, &Options { known: Some(&known), ..Options::default() }).map_err(table_error)
}

/// The names of the columns, and the row of this number.
///
/// # Errors
/// Not found when there is no such row.
pub fn row<R: Read + Seek>(file: R, mapping: &Mapping, number: usize) -> Result<(Vec<String>, Row)> {
    let mut table = open(file, mapping)?;
    let names = table.header().names.clone();
    while let Some(row) = table.next_row().map_err(table_error)? {
        if row.number == number {
            return Ok((names, row));
        }
    }
    Err(Error::not_found(format!("the table has no row {number}")).hint("see the verdict for the rows it has"))
}

/// The table as CSV with some cells put anew; every row keeps its number.
///
/// # Errors
/// When it cannot be read.
pub fn mended<R: Read + Seek>(file: R, mapping: &Mapping, cells: &BTreeMap<Place, String>) -> Result<Vec<u8>> {
    let mut table = open(file, mapping)?;
    let (names, header) = (table.header().names.clone(), table.header().last_row);
    let failed = |error: csv::Error| Error::new(Kind::Unavailable, "the mended table cannot be written").because(error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let blank = vec![""; names.len().max(2)];
    for _ in 1..header {
        writer.write_record(&blank).map_err(failed)?;
    }
    writer.write_record(&names).map_err(failed)?;
    let mut written = header;
    while let Some(row) = table.next_row().map_err(table_error)? {
        while written + 1 < row.number {
            writer.write_record(&blank).map_err(failed)?;
            written += 1;
        }
        let width = names.len().max(row.cells.len());
        let cell = |at: usize| cells.get(&(row.number, at)).or_else(|| row.cells.get(at)).map_or("", String::as_str);
        writer.write_byte_record(&(0..width).map(|at| cell(at).as_bytes()).collect()).map_err(failed)?;
        written = row.number;
    }
    writer
        .into_inner()
        .map_err(|error| Error::new(Kind::Unavailable, "the mended table cannot be written").because(error.into_error()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::table::Options;
    use super::*;

    const TABLE: &str =
        "Agency inventory,,\r\nname,purpose,owner\r\nAlpha,counts,Ada\r\n,,\r\n\"Beta, two\",\"says \"\"x\"\"\",\r\n";

    fn mapping() -> Mapping {
        let fields: Vec<_> = ["name", "purpose", "owner"].map(String::from).to_vec();
        let guess = super::super::mapping::GuessField { name: "name".to_owned(), of_type: super::super::mapping::GuessType::Text };
        Mapping::guess("test", &fields, "ai-system", &[guess]).unwrap()
    }

    fn rows(bytes: &[u8]) -> Vec<Row> {
        let mut table = Table::open(Cursor::new(bytes), &Options::default()).unwrap();
        std::iter::from_fn(|| table.next_row().unwrap()).filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect()
    }

    #[test]
    fn a_table_without_mended_cells_reads_the_same() {
        let again = mended(Cursor::new(TABLE), &mapping(), &BTreeMap::new()).unwrap();
        assert_eq!(rows(&again), rows(TABLE.as_bytes()));
    }

    #[test]
    fn a_mended_cell_stands_in_its_row_and_no_other() {
        let cells = [((3, 2), "Ben".to_owned())].into_iter().collect();
        let again = mended(Cursor::new(TABLE), &mapping(), &cells).unwrap();
        let (_, third) = row(Cursor::new(again.as_slice()), &mapping(), 3).unwrap();
        assert_eq!(third.cells, ["Alpha", "counts", "Ben"]);
        assert_eq!(rows(&again)[1..], rows(TABLE.as_bytes())[1..]);
        assert!(row(Cursor::new(TABLE), &mapping(), 99).is_err());
    }
}
