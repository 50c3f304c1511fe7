//! Tables of any shape, read row by row: text with its encoding, delimiter, quotes and header found out, and workbooks.
//!
//! Numbers of rows are those that a person sees in a spreadsheet program: the first row is 1, a row whose cells hold
//! line breaks counts once, empty rows count too. In a plain file the header is row 1 and the first record row 2.
//!
//! Cells are text, cleaned as [`clean`](super::text::clean) says. A date of a workbook is `2024-10-01`, a number has
//! neither thousands separator nor trailing zeros, a truth value is `TRUE` or `FALSE`.

mod bounds;
mod dialect;
mod encoding;
mod header;
mod records;
mod workbook;

use std::collections::VecDeque;
use std::io::{Read, Seek};

pub use bounds::Bounds;
pub use dialect::Dialect;
pub use encoding::Encoding;
pub use header::{Header, Known};

use super::error::{Error, ErrorKind};
use encoding::Decoded;
use records::Records;

/// Rows and bytes at the begin of a table in which its header is looked for.
const HEAD_ROWS: usize = 60;
const HEAD_BYTES: usize = 1 << 20;
const SNIFF_BYTES: usize = 128 << 10;

/// One row of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Number of the row as a spreadsheet program shows it, from 1.
    pub number: usize,
    /// Its cells from left to right, cleaned; missing ones at the end are left out.
    pub cells: Vec<String>,
}

impl Row {
    /// Whether no cell holds anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// What is known about a table before it is read. What is left out is found out.
#[derive(Default)]
pub struct Options<'a> {
    /// Sheet of a workbook, by name.
    pub sheet: Option<&'a str>,
    /// Encoding of text.
    pub encoding: Option<Encoding>,
    /// Delimiter and quote of text.
    pub dialect: Option<Dialect>,
    /// Column names that tell the header, and the sheet that holds the table.
    pub known: Option<&'a Known<'a>>,
    /// Bounds, if others than the usual ones.
    pub bounds: Bounds,
}

/// In which form a table came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Format {
    /// Delimited text.
    Text {
        /// Its encoding.
        encoding: Encoding,
        /// Its delimiter and quote.
        dialect: Dialect,
    },
    /// A sheet of a workbook.
    Workbook {
        /// Name of the sheet.
        sheet: String,
    },
}

enum Source<R> {
    Text(Box<Records<R>>),
    Workbook(std::vec::IntoIter<Row>),
}

/// A table, read from its first row below the header to its last. Text is never held as a whole.
pub struct Table<R> {
    format: Format,
    header: Header,
    ahead: VecDeque<Row>,
    source: Source<R>,
    bounds: Bounds,
    read: usize,
}

impl<R: Read + Seek> Table<R> {
    /// Opens a table: finds out what it is and where its header stands.
    ///
    /// # Errors
    /// If it cannot be read, is no table, has no header or passes a bound in its first rows.
    pub fn open(mut input: R, options: &Options<'_>) -> Result<Self, Error> {
        let mut magic = Vec::with_capacity(8);
        input.rewind().map_err(Error::unreadable)?;
        input.by_ref().take(8).read_to_end(&mut magic).map_err(Error::unreadable)?;
        refuse_other_formats(&magic)?;
        if magic.starts_with(b"PK\x03\x04") { Self::open_workbook(input, options) } else { Self::open_text(input, options) }
    }

    fn open_workbook(input: R, options: &Options<'_>) -> Result<Self, Error> {
        let (sheet, rows) = workbook::read(input, options)?;
        let mut source = Source::Workbook(rows.into_iter());
        let head = read_head(&mut source)?;
        Self::start(Format::Workbook { sheet }, source, head, options)
    }

    fn open_text(mut input: R, options: &Options<'_>) -> Result<Self, Error> {
        let encoding = match options.encoding {
            Some(encoding) => encoding,
            None => encoding::detect(&mut input).map_err(Error::unreadable)?,
        };
        let (start, is_all) = read_start(&mut input, encoding)?;
        if is_binary(&start) {
            let hint = "choose a table: CSV, other delimited text, or .xlsx";
            return Err(Error::new(ErrorKind::NotATable, "the file holds no text that a person wrote", hint));
        }
        let dialect = options.dialect.unwrap_or_else(|| dialect::detect(&start, is_all));
        input.rewind().map_err(Error::unreadable)?;
        let records = Records::new(Decoded::new(input, encoding), dialect, options.bounds);
        let mut source = Source::Text(Box::new(records));
        let head = read_head(&mut source)?;
        Self::start(Format::Text { encoding, dialect }, source, head, options)
    }

    fn start(format: Format, source: Source<R>, mut head: Vec<Row>, options: &Options<'_>) -> Result<Self, Error> {
        let known = options.known.unwrap_or(&|_| false);
        let Some((mut header, above, _)) = header::find(&head, known) else {
            return Err(Error::new(ErrorKind::NotATable, "the table is empty", "choose a file with a row of column names"));
        };
        let ahead: VecDeque<Row> = head.drain(above..).collect();
        header.name_wide_columns(ahead.iter());
        Ok(Self { format, header, ahead, source, bounds: options.bounds, read: 0 })
    }
}

impl<R: Read> Table<R> {
    /// In which form it came.
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// Its header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The next row below the header that holds anything and does not repeat the header.
    ///
    /// # Errors
    /// If the rest cannot be read, or the row passes a bound.
    pub fn next_row(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let next = match self.ahead.pop_front() {
                Some(row) => Some(row),
                None => self.source.next_row()?,
            };
            let Some(row) = next else { return Ok(None) };
            if self.header.is_repeated_by(&row) {
                continue;
            }
            self.read += 1;
            if self.read > self.bounds.rows {
                return Err(self.bounds.too_many_rows(row.number));
            }
            return Ok(Some(row));
        }
    }
}

impl<R: Read> Source<R> {
    fn next_row(&mut self) -> Result<Option<Row>, Error> {
        match self {
            Self::Text(records) => records.next_row(),
            Self::Workbook(rows) => Ok(rows.next()),
        }
    }
}

fn read_head<R: Read>(source: &mut Source<R>) -> Result<Vec<Row>, Error> {
    let mut head = Vec::new();
    let mut bytes = 0;
    while head.len() < HEAD_ROWS && bytes < HEAD_BYTES {
        let Some(row) = source.next_row()? else { break };
        bytes += row.cells.iter().map(String::len).sum::<usize>();
        head.push(row);
    }
    Ok(head)
}

/// The first characters, by which a table is judged, and whether they are all.
fn read_start<R: Read + Seek>(input: &mut R, encoding: Encoding) -> Result<(Vec<u8>, bool), Error> {
    input.rewind().map_err(Error::unreadable)?;
    let mut decoded = Decoded::new(input, encoding);
    let mut start = Vec::with_capacity(SNIFF_BYTES);
    loop {
        let chunk = decoded.next_chunk().map_err(Error::unreadable)?;
        if chunk.is_empty() || start.len() >= SNIFF_BYTES {
            return Ok((start, chunk.is_empty()));
        }
        start.extend_from_slice(chunk);
    }
}

/// Whether more than one character in fifty is a control character that no table holds.
fn is_binary(start: &[u8]) -> bool {
    let controls = start.iter().filter(|byte| matches!(byte, 0x01..=0x08 | 0x0e..=0x1f | 0x7f)).count();
    controls * 50 > start.len()
}

/// Formats that people take for tables, by their first bytes.
fn refuse_other_formats(magic: &[u8]) -> Result<(), Error> {
    let (name, hint) = if magic.starts_with(b"\xd0\xcf\x11\xe0") {
        ("an old or an encrypted workbook", "save it as .xlsx without password, or as CSV")
    } else if magic.starts_with(b"%PDF") {
        ("a PDF", "export the table behind it as CSV or .xlsx")
    } else if magic.starts_with(b"\x1f\x8b") {
        ("a compressed file", "unpack it first")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::NotATable, format!("the file is {name}, not a table"), hint))
}

#[cfg(test)]
mod tests;
