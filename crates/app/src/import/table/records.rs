//! Rows out of delimited text, one at a time and in bounded memory.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader};

use super::super::error::{Error, ErrorKind};
use super::super::text::clean;
use super::Row;
use super::bounds::Bounds;
use super::dialect::Dialect;
use super::encoding::Decoded;

/// The rows of delimited text. A row that holds line breaks counts as one, an empty line as one too, as in a spreadsheet
/// program.
pub(super) struct Records<R> {
    text: Decoded<R>,
    parser: Reader,
    bounds: Bounds,
    chunk: Vec<u8>,
    chunk_at: usize,
    ended: bool,
    after_return: bool,
    number: usize,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(text: Decoded<R>, dialect: Dialect, bounds: Bounds) -> Self {
        Self {
            text,
            parser: dialect.reader(),
            bounds,
            chunk: Vec::new(),
            chunk_at: 0,
            ended: false,
            after_return: false,
            number: 0,
            cells: vec![0; 4 << 10],
            ends: vec![0; 128],
        }
    }

    /// The next row that holds anything.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, Error> {
        loop {
            self.skip_empty_lines()?;
            if self.ended {
                return Ok(None);
            }
            self.number += 1;
            let (bytes, cells) = self.read_record()?;
            let row = self.row(bytes, cells)?;
            if !row.is_empty() {
                return Ok(Some(row));
            }
        }
    }

    /// Counts lines without any cell; the parser would pass over them in silence.
    fn skip_empty_lines(&mut self) -> Result<(), Error> {
        loop {
            if self.chunk_at == self.chunk.len() && !self.fill()? {
                return Ok(());
            }
            let byte = self.chunk[self.chunk_at];
            if byte == b'\n' && self.after_return {
                self.after_return = false;
            } else if byte == b'\n' || byte == b'\r' {
                self.number += 1;
                self.after_return = byte == b'\r';
            } else {
                return Ok(());
            }
            self.chunk_at += 1;
        }
    }

    fn fill(&mut self) -> Result<bool, Error> {
        let chunk = self.text.next_chunk().map_err(Error::unreadable)?;
        self.chunk.clear();
        self.chunk.extend_from_slice(chunk);
        self.chunk_at = 0;
        self.ended = self.chunk.is_empty();
        Ok(!self.ended)
    }

    fn read_record(&mut self) -> Result<(usize, usize), Error> {
        let (mut bytes, mut cells) = (0, 0);
        loop {
            if self.chunk_at == self.chunk.len() && !self.fill()? {
                return self.end_record(bytes, cells);
            }
            let input = &self.chunk[self.chunk_at..];
            let (result, read, wrote, ended) = self.parser.read_record(input, &mut self.cells[bytes..], &mut self.ends[cells..]);
            self.chunk_at += read;
            bytes += wrote;
            cells += ended;
            match result {
                ReadRecordResult::Record => {
                    self.after_return = read > 0 && self.chunk[self.chunk_at - 1] == b'\r';
                    return Ok((bytes, cells));
                }
                ReadRecordResult::End => return Ok((bytes, cells)),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.grow_cells()?,
                ReadRecordResult::OutputEndsFull => self.grow_ends()?,
            }
        }
    }

    /// The last row, where the text ends without a line break. A line break that does not end it shows an open quote.
    fn end_record(&mut self, mut bytes: usize, mut cells: usize) -> Result<(usize, usize), Error> {
        loop {
            let (result, _, wrote, ended) = self.parser.read_record(b"\n", &mut self.cells[bytes..], &mut self.ends[cells..]);
            bytes += wrote;
            cells += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return Ok((bytes, cells)),
                ReadRecordResult::OutputFull => self.grow_cells()?,
                ReadRecordResult::OutputEndsFull => self.grow_ends()?,
                ReadRecordResult::InputEmpty => {
                    let message = format!("row {} opens a quote that is never closed", self.number);
                    let hint = "close the quote; a quote inside a quoted cell is written twice";
                    return Err(Error::new(ErrorKind::NotATable, message, hint));
                }
            }
        }
    }

    fn grow_cells(&mut self) -> Result<(), Error> {
        if self.cells.len() >= self.bounds.row_bytes {
            return Err(self.bounds.row_too_long(self.number));
        }
        let size = (self.cells.len() * 2).min(self.bounds.row_bytes);
        self.cells.resize(size, 0);
        Ok(())
    }

    fn grow_ends(&mut self) -> Result<(), Error> {
        if self.ends.len() > self.bounds.columns {
            return Err(self.bounds.too_many_columns(self.number));
        }
        let size = (self.ends.len() * 2).min(self.bounds.columns + 1);
        self.ends.resize(size, 0);
        Ok(())
    }

    fn row(&self, bytes: usize, cells: usize) -> Result<Row, Error> {
        if cells > self.bounds.columns {
            return Err(self.bounds.too_many_columns(self.number));
        }
        let mut begin = 0;
        let mut row = Row { number: self.number, cells: Vec::with_capacity(cells) };
        for end in &self.ends[..cells] {
            let cell = &self.cells[begin.min(bytes)..(*end).min(bytes)];
            begin = *end;
            if cell.len() > self.bounds.cell_bytes {
                return Err(self.bounds.cell_too_long(self.number, row.cells.len() + 1));
            }
            row.cells.push(clean(&String::from_utf8_lossy(cell)));
        }
        Ok(row)
    }
}
