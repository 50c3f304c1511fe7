//! What a check asks about earlier leaves: the store gives those of a record, and what is to be compared at the end lies in a file.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use vouch_ledger::verify::Past;
use vouch_ledger::{Error, Result};
use vouch_store::{LeafQuery, MAX_PAGE, Snapshot};

/// A snapshot, and a place for what is set aside.
pub(super) struct Beside<'s> {
    snapshot: &'s dyn Snapshot,
    aside: Option<File>,
    /// Where each part of the file ends.
    ends: RefCell<Vec<u64>>,
    /// What is kept where there is no file.
    held: RefCell<Vec<Vec<u8>>>,
}

impl<'s> Beside<'s> {
    pub(super) fn new(snapshot: &'s dyn Snapshot, aside: Option<File>) -> Self {
        Self { snapshot, aside, ends: RefCell::default(), held: RefCell::default() }
    }
}

impl Past for Beside<'_> {
    fn leaves_of(&self, id: &str, seq: u64, each: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut from = 0;
        while from < seq {
            let query = LeafQuery { id: Some(id), from, limit: MAX_PAGE, bodies: false };
            let page =
                self.snapshot.leaves(query).map_err(|error| Error::source(format!("leaves of {id} cannot be read"), error))?;
            let Some(last) = page.last() else { return Ok(()) };
            from = last.seq + 1;
            page.iter().filter(|leaf| leaf.seq < seq).for_each(|leaf| each(&leaf.envelope));
        }
        Ok(())
    }

    fn keep(&self, bytes: &[u8]) -> Result<()> {
        let Some(mut file) = self.aside.as_ref() else {
            self.held.borrow_mut().push(bytes.to_vec());
            return Ok(());
        };
        let mut ends = self.ends.borrow_mut();
        let begin = ends.last().copied().unwrap_or(0);
        let written = file.seek(SeekFrom::Start(begin)).and_then(|_| file.write_all(bytes));
        written.map_err(|error| Error::source("there is no room for what the check sets aside", error))?;
        ends.push(begin + bytes.len() as u64);
        Ok(())
    }

    fn kept(&self) -> Result<Vec<Box<dyn Read + '_>>> {
        let Some(file) = self.aside.as_ref() else {
            let held = self.held.take();
            return Ok(held.into_iter().map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read>).collect());
        };
        let ends = self.ends.borrow();
        let begins = std::iter::once(&0).chain(ends.iter());
        Ok(begins.zip(ends.iter()).map(|(&at, &end)| Box::new(Part { file, at, end }) as Box<dyn Read>).collect())
    }
}

/// A part of a file, which others read in turn.
struct Part<'f> {
    file: &'f File,
    at: u64,
    end: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(buffer.len());
        self.file.seek(SeekFrom::Start(self.at))?;
        let read = self.file.read(&mut buffer[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vouch_store::{Head, Refusal, Settings, Signer, Sqlite, Store as _};

    use super::*;

    struct Unsigned;

    impl Signer for Unsigned {
        fn sign(&self, _: &Head, _: &dyn Snapshot) -> std::result::Result<Vec<u8>, Refusal> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn what_is_set_aside_comes_back_in_parts() {
        let store = Sqlite::memory(Arc::new(Unsigned), Settings::default()).unwrap();
        let snapshot = store.snapshot().unwrap();
        for aside in [None, Some(tempfile::tempfile().unwrap())] {
            let past = Beside::new(snapshot.as_ref(), aside);
            let parts = [vec![1; 100_000], vec![2; 3], vec![3; 70_000]];
            parts.iter().for_each(|part| past.keep(part).unwrap());
            let mut kept = past.kept().unwrap();
            let mut read: Vec<Vec<u8>> = vec![Vec::new(); 3];
            // In turns, as a merge reads them.
            for _ in 0..200 {
                for (from, into) in kept.iter_mut().zip(&mut read) {
                    from.take(1_000).read_to_end(into).unwrap();
                }
            }
            assert_eq!(read, parts);
        }
    }
}
