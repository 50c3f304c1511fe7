//! Reading the body lines of one bundle beside its entries.

use std::io::{BufRead, BufReader, Read};

use super::Report;
use crate::body::MAX_LINE;
use crate::line::seq_of;
use crate::tree::TilePath;
use crate::{Error, Result};

/// The lines of one bodies file, matched to leaves by their seq. Holds one line at a time.
pub(super) struct Lines<'a> {
    path: String,
    reader: Option<BufReader<Box<dyn Read + 'a>>>,
    /// The line that was read last and not yet taken, with its seq.
    held: Option<u64>,
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(tile: TilePath, reader: Option<Box<dyn Read + 'a>>) -> Self {
        let reader = reader.map(|reader| BufReader::with_capacity(32 * 1024, reader));
        Self { path: tile.bodies(), reader, held: None, line: Vec::new() }
    }

    /// The line of the leaf `seq`, without its line feed; leaves are asked for in order. Lines that belong to no leaf that is
    /// still to come are faults.
    pub(super) fn take(&mut self, seq: u64, report: &mut Report) -> Result<Option<&[u8]>> {
        loop {
            if self.held.is_none() && !self.read(report)? {
                return Ok(None);
            }
            match self.held {
                Some(held) if held == seq => {
                    self.held = None;
                    return Ok(Some(&self.line));
                }
                Some(held) if held > seq => return Ok(None),
                Some(held) => {
                    report.fault(&self.path, format!("a line of leaf {held} is out of order or occurs twice"));
                    self.held = None;
                }
                None => {}
            }
        }
    }

    /// Faults for lines after the last leaf of the bundle.
    pub(super) fn finish(mut self, report: &mut Report) -> Result<()> {
        while self.held.is_some() || self.read(report)? {
            if let Some(held) = self.held.take() {
                report.fault(&self.path, format!("a line of leaf {held} does not belong here"));
            }
        }
        Ok(())
    }

    /// Reads the next line; false at the end. A line that names no leaf is a fault and leaves nothing held.
    fn read(&mut self, report: &mut Report) -> Result<bool> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        self.line.clear();
        let failed = |error| Error::source(format!("`{}` cannot be read", self.path), error);
        reader.take(MAX_LINE as u64).read_until(b'\n', &mut self.line).map_err(failed)?;
        if self.line.is_empty() {
            return Ok(false);
        }
        if self.line.pop_if(|last| *last == b'\n').is_none() {
            if self.line.len() == MAX_LINE {
                report.fault(&self.path, format!("a line has more than {MAX_LINE} bytes"));
                self.reader = None;
                return Ok(false);
            }
            report.fault(&self.path, "the last line lacks its line feed");
        }
        self.held = seq_of(&self.line);
        if self.held.is_none() {
            report.fault(&self.path, "a line is not that of a body");
        }
        Ok(true)
    }
}
