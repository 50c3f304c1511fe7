//! The stored log as the export that it would make: each file of it is made when it is read and never kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use vouch_ledger::export::{CHECKPOINT, POLICY, file_path};
use vouch_ledger::tree::{TILE_WIDTH, TilePath, TileReader, bundle, tiles_of_size};
use vouch_ledger::verify::Source;
use vouch_ledger::{Error, Hash, Policy, Result, Show, SignedCheckpoint, StoredBody, parse_hex};
use vouch_store::{LeafQuery, LogLeaf, MAX_PAGE, Snapshot};

use crate::ledger::Stored;

/// What a verifier reads. What cannot be rendered is left out, so that the verdict names its leaf, and told in `faults`.
pub(super) struct Rendered<'s> {
    snapshot: &'s dyn Snapshot,
    policy: Vec<u8>,
    checkpoint: Vec<u8>,
    parts: BTreeMap<String, (Part, TilePath)>,
    faults: RefCell<Vec<String>>,
}

/// What a path that belongs to a tile holds.
#[derive(Clone, Copy)]
enum Part {
    Hashes,
    Entries,
    Bodies,
}

/// The paths of a log of this size, a hundredth of it in number.
fn parts(size: u64) -> BTreeMap<String, (Part, TilePath)> {
    let mut parts = BTreeMap::new();
    for tile in tiles_of_size(size) {
        parts.insert(tile.tile(), (Part::Hashes, tile));
        if tile.level == 0 {
            parts.insert(tile.entries(), (Part::Entries, tile));
            parts.insert(tile.bodies(), (Part::Bodies, tile));
        }
    }
    parts
}

impl<'s> Rendered<'s> {
    pub(super) fn new(snapshot: &'s dyn Snapshot, policy: &Policy, checkpoint: &SignedCheckpoint) -> Self {
        let policy = policy.clone().without_urls();
        let kept = checkpoint.keep(policy.keys());
        let (parts, faults) = (parts(checkpoint.checkpoint().size), RefCell::default());
        Self { snapshot, policy: policy.to_bytes(), checkpoint: kept.to_bytes(), parts, faults }
    }

    /// What could not be rendered, each once.
    pub(super) fn into_faults(self) -> Vec<String> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        faults
    }

    fn fault(&self, what: String) {
        self.faults.borrow_mut().push(what);
    }

    /// The leaves below a tile that are there.
    fn leaves(&self, tile: TilePath, bodies: bool) -> Vec<LogLeaf> {
        let (start, end) = (tile.index * TILE_WIDTH, tile.index * TILE_WIDTH + u64::from(tile.width));
        let (mut leaves, mut from) = (Vec::with_capacity(tile.width.into()), start);
        while from < end {
            let limit = usize::try_from(end - from).unwrap_or(MAX_PAGE);
            match self.snapshot.leaves(LeafQuery { id: None, from, limit, bodies }) {
                Ok(page) if page.is_empty() => break,
                Ok(page) => {
                    from = page.last().map_or(end, |leaf| leaf.seq + 1);
                    leaves.extend(page.into_iter().filter(|leaf| leaf.seq < end));
                }
                Err(error) => {
                    self.fault(format!("leaf {from} cannot be read: {error}"));
                    from += 1;
                }
            }
        }
        leaves
    }

    fn entries(&self, tile: TilePath) -> Result<Vec<u8>> {
        let leaves = self.leaves(tile, false);
        let start = tile.index * TILE_WIDTH;
        if leaves.len() != usize::from(tile.width) {
            let there = |seq: &u64| leaves.iter().any(|leaf| leaf.seq == *seq);
            let missing = (start..start + u64::from(tile.width)).filter(|seq| !there(seq));
            missing.for_each(|seq| self.fault(format!("leaf {seq} is not there")));
        }
        bundle(leaves.into_iter().map(|leaf| leaf.envelope))
    }

    fn bodies(&self, tile: TilePath) -> Vec<u8> {
        let mut lines = Vec::new();
        for leaf in self.leaves(tile, true) {
            let Some(stored) = leaf.body else { continue };
            match StoredBody::from_bytes(&stored).and_then(|body| body.line(leaf.seq, &Show::All)) {
                Ok(line) => {
                    lines.extend(line);
                    lines.push(b'\n');
                }
                Err(error) => self.fault(format!("leaf {}: what is stored of its body cannot be read: {error}", leaf.seq)),
            }
        }
        lines
    }

    fn tile(&self, tile: TilePath) -> Vec<u8> {
        let hashes = Stored(self.snapshot).tile(tile.level, tile.index, tile.width);
        hashes.unwrap_or_else(|error| {
            self.fault(error.to_string());
            Vec::new()
        })
    }

    fn file(&self, sha256: &Hash) -> Box<dyn Read + '_> {
        let bytes = self.snapshot.file(sha256).unwrap_or_else(|error| {
            self.fault(error.to_string());
            None
        });
        Box::new(Cursor::new(bytes.unwrap_or_default()))
    }
}

impl Source for Rendered<'_> {
    fn paths(&self) -> Result<Vec<String>> {
        let mut paths = vec![POLICY.to_owned(), CHECKPOINT.to_owned()];
        paths.extend(self.parts.keys().cloned());
        let mut after = None;
        loop {
            let page =
                self.snapshot.files(after.as_ref(), MAX_PAGE).map_err(|error| Error::source("files cannot be listed", error))?;
            let Some((last, _)) = page.last() else { return Ok(paths) };
            after = Some(*last);
            paths.extend(page.iter().map(|(sha256, _)| file_path(sha256)));
        }
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>> {
        let rendered = |bytes| Ok(Box::new(Cursor::new(bytes)) as Box<dyn Read>);
        if let Some(name) = path.strip_prefix("files/") {
            return Ok(self.file(&parse_hex(name.as_bytes())?));
        }
        rendered(match (path, self.parts.get(path)) {
            (POLICY, _) => self.policy.clone(),
            (CHECKPOINT, _) => self.checkpoint.clone(),
            (_, Some((Part::Hashes, tile))) => self.tile(*tile),
            (_, Some((Part::Entries, tile))) => self.entries(*tile)?,
            (_, Some((Part::Bodies, tile))) => self.bodies(*tile),
            (_, None) => return Err(Error::missing(format!("`{path}` is not there"))),
        })
    }
}
