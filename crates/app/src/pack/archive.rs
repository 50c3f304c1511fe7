//! The archive that a pack is: documents first, then the log, counted leaf by leaf while it is written.

use std::cell::RefCell;
use std::io::{self, Seek, SeekFrom, Write};
use std::rc::Rc;

use vouch_ledger::export::Sink;
use vouch_ledger::tree::TILE_WIDTH;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{LOG, Progress};
use crate::error::{Error, Kind, Result};

/// Why an archive ended before its end, told instead of the export's own words.
type Ended = Rc<RefCell<Option<Error>>>;

/// What is said when the file takes no more.
fn unwritable(error: &io::Error) -> Error {
    let message = format!("the pack cannot be written: {error}");
    Error::new(Kind::Unavailable, message).hint("see whether there is room, and build it again")
}

/// A ZIP archive under way.
pub(super) struct Archive<'p, W: Write + Seek> {
    zip: ZipWriter<Ending<W>>,
    root: String,
    all: u64,
    bundles: u64,
    files: usize,
    progress: &'p mut dyn FnMut(Progress) -> Result<()>,
    ended: Ended,
}

/// A file that says once that it takes no more, and then pretends: a ZIP writer closes itself also where nothing can be written any more.
struct Ending<W> {
    file: W,
    at: u64,
    ended: Ended,
}

impl<W> Ending<W> {
    fn is_over(&self) -> bool {
        self.ended.borrow().is_some()
    }
}

/// The same outcome; the first failure is kept as why the archive ended.
fn noted<T>(ended: &Ended, done: io::Result<T>) -> io::Result<T> {
    if let Err(error) = &done
        && error.kind() != io::ErrorKind::Interrupted
    {
        ended.borrow_mut().get_or_insert_with(|| unwritable(error));
    }
    done
}

impl<W: Write> Write for Ending<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.is_over() { bytes.len() } else { noted(&self.ended, self.file.write(bytes))? };
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_over() { Ok(()) } else { noted(&self.ended, self.file.flush()) }
    }
}

impl<W: Seek> Seek for Ending<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) if self.is_over() => at,
            SeekFrom::Current(by) | SeekFrom::End(by) if self.is_over() => self.at.saturating_add_signed(by),
            to => noted(&self.ended, self.file.seek(to))?,
        };
        Ok(self.at)
    }
}

impl<'p, W: Write + Seek> Archive<'p, W> {
    pub(super) fn new(file: W, root: String, all: u64, progress: &'p mut dyn FnMut(Progress) -> Result<()>) -> Self {
        let ended = Ended::default();
        let zip = ZipWriter::new(Ending { file, at: 0, ended: ended.clone() });
        Self { zip, root, all, bundles: 0, files: 0, progress, ended }
    }

    fn start(&mut self, path: &str) -> io::Result<()> {
        // Files of more than 4 GiB are no exception here; the day of an entry is always the same, so that equal packs are equal.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        self.zip.start_file(format!("{}/{path}", self.root), options).map_err(io::Error::from)
    }

    /// Why it ended, else what is said of it; the archive is closed into nothing from here on.
    fn told(&self, otherwise: Error) -> Error {
        let over = Error::refused("it is over");
        self.ended.borrow_mut().replace(over).unwrap_or(otherwise)
    }

    /// Writes a document.
    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let put = self.start(path).and_then(|()| self.zip.write_all(bytes));
        put.map_err(|error| self.told(unwritable(&error)))
    }

    /// Ends the archive after the log was exported into it; leaves and files of records come back.
    pub(super) fn finish(self, exported: Result<u64>) -> Result<(u64, usize)> {
        let leaves = exported.map_err(|error| self.told(error))?;
        (self.progress)(Progress { done: leaves, all: leaves })?;
        let Self { zip, ended, files, .. } = self;
        let closed = zip.finish().map_err(io::Error::from).and_then(|mut file| file.flush());
        match (closed, ended.borrow_mut().take()) {
            (Ok(()), None) => Ok((leaves, files)),
            (_, Some(ended)) => Err(ended),
            (Err(error), None) => Err(unwritable(&error)),
        }
    }
}

impl<W: Write + Seek> Sink for Archive<'_, W> {
    fn create<'a>(&'a mut self, path: &str) -> vouch_ledger::Result<Box<dyn Write + 'a>> {
        if path.starts_with("bodies/") {
            let done = (self.bundles * TILE_WIDTH).min(self.all);
            self.bundles += 1;
            if let Err(error) = (self.progress)(Progress { done, all: self.all }) {
                self.ended.borrow_mut().get_or_insert(error);
                return Err(vouch_ledger::Error::refused("the pack was stopped"));
            }
        }
        self.files += usize::from(path.starts_with("files/"));
        let place = format!("{LOG}/{path}");
        self.start(&place).map_err(|error| vouch_ledger::Error::source(format!("`{place}` cannot be written"), error))?;
        Ok(Box::new(&mut self.zip))
    }
}
