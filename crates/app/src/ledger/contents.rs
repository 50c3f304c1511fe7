//! A snapshot of the store as an export reads it, one bundle at a time.

use std::io::{Cursor, Read};

use vouch_ledger::export::Contents;
use vouch_ledger::tree::TileReader;
use vouch_ledger::{Error, Hash, KEY_KIND, Result, StoredBody};
use vouch_store::{LeafQuery, LogLeaf, Snapshot, Tiles};

/// A snapshot of the store.
pub(crate) struct Stored<'s>(pub(crate) &'s dyn Snapshot);

impl Stored<'_> {
    fn leaves(&self, start: u64, count: u16, bodies: bool) -> Result<Vec<LogLeaf>> {
        let mut leaves: Vec<LogLeaf> = Vec::with_capacity(count.into());
        while leaves.len() < usize::from(count) {
            let from = start + leaves.len() as u64;
            let query = LeafQuery { id: None, from, limit: usize::from(count) - leaves.len(), bodies };
            let page = self.0.leaves(query).map_err(|error| Error::source(format!("leaf {from} cannot be read"), error))?;
            if page.is_empty() {
                return Err(Error::missing(format!("leaf {from} is not there")));
            }
            leaves.extend(page);
        }
        Ok(leaves)
    }
}

impl TileReader for Stored<'_> {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        Tiles(self.0).tile(level, index, width)
    }
}

impl Contents for Stored<'_> {
    fn entries(&self, start: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        Ok(self.leaves(start, count, false)?.into_iter().map(|leaf| leaf.envelope).collect())
    }

    fn bodies(&self, start: u64, count: u16, each: &mut dyn FnMut(StoredBody) -> Result<()>) -> Result<()> {
        for leaf in self.leaves(start, count, true)? {
            let body = leaf.body.ok_or_else(|| Error::missing(format!("leaf {} has no body", leaf.seq)))?;
            each(StoredBody::from_bytes(&body)?)?;
        }
        Ok(())
    }

    fn key_leaves(&self) -> Result<Vec<u64>> {
        let failed = |error| Error::source("the key leaves cannot be read", error);
        let last = self.0.last_number(KEY_KIND).map_err(failed)?;
        let mut seqs = Vec::new();
        for number in 1..=last {
            let id = format!("KEY-{number}");
            let query = LeafQuery { id: Some(&id), from: 0, limit: 1, bodies: false };
            seqs.extend(self.0.leaves(query).map_err(failed)?.first().map(|leaf| leaf.seq));
        }
        Ok(seqs)
    }

    fn file(&self, sha256: &Hash) -> Result<Box<dyn Read + '_>> {
        let bytes = self.0.file(sha256).map_err(|error| Error::source("a file cannot be read", error))?;
        let bytes = bytes.ok_or_else(|| Error::missing(format!("file {} is not there", vouch_ledger::hex(sha256))))?;
        Ok(Box::new(Cursor::new(bytes)))
    }
}
