//! The first pass: from entries to leaf hashes to tiles to the root of the checkpoint.

use super::Report;
use super::folder::Folder;
use crate::envelope::leaf_hash;
use crate::tree::{Appender, TILE_WIDTH, TilePath, bundle_entries, tiles_of_size};
use crate::{Hash, Result};

/// What the first pass found.
pub(super) struct Grown {
    /// Whether the entries lead to the root of the checkpoint. If not, none of them is proved.
    pub(super) proved: bool,
    /// Root of the first leaves, as many as the checkpoint that was seen before has.
    pub(super) seen_root: Option<Hash>,
    /// Bundles that hold an erase leaf.
    pub(super) with_erasures: Vec<TilePath>,
}

/// Computes the tree from the entries, and compares every tile with it; a tile that differs is a fault, and where entries were
/// changed it tells where.
pub(super) fn grow(folder: &Folder<'_>, size: u64, root: &Hash, seen: Option<u64>, report: &mut Report) -> Result<Grown> {
    let mut appender = Appender::new();
    let mut grown = Grown { proved: false, seen_root: None, with_erasures: Vec::new() };
    let mut buffer = Vec::new();
    for tile in tiles_of_size(size).take_while(|tile| tile.level == 0) {
        let bundle = folder.bundle(tile, &mut buffer)?;
        let entries = bundle.and_then(|bytes| bundle_entries(bytes, tile.width).ok());
        if entries.is_none() && bundle.is_some() {
            report.fault(tile.entries(), format!("does not hold exactly {} entries", tile.width));
        }
        let entries = entries.unwrap_or_else(|| vec![b"".as_slice(); usize::from(tile.width)]);
        if entries.iter().any(|entry| entry.starts_with(b"{\"action\":\"erase\"")) {
            grown.with_erasures.push(tile);
        }
        for entry in entries {
            appender.push(leaf_hash(entry));
            if seen == Some(appender.size()) {
                grown.seen_root = Some(appender.root());
            }
        }
        for full in appender.take_full() {
            compare(folder, TilePath { level: full.level, index: full.index, width: TILE_WIDTH as u16 }, &full.hashes, report)?;
        }
    }
    grown.proved = appender.root() == *root;
    for part in appender.take_writes() {
        let width = u16::try_from(part.hashes.len() / 32).unwrap_or(u16::MAX);
        compare(folder, TilePath { level: part.level, index: part.index, width }, &part.hashes, report)?;
    }
    if !grown.proved {
        report.fault("tree", "the entries do not lead to the root of the checkpoint");
    }
    Ok(grown)
}

/// A tile that is not there is a fault of the layout.
fn compare(folder: &Folder<'_>, path: TilePath, computed: &[u8], report: &mut Report) -> Result<()> {
    if folder.has(&path.tile()) && folder.tile(path)?.as_deref() != Some(computed) {
        report.fault(path.tile(), "does not hold the hashes that follow from the entries");
    }
    Ok(())
}
