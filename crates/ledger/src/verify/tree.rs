//! The first pass: from entries to leaf hashes to tiles to the root of the checkpoint.

use super::Report;
use super::folder::Folder;
use crate::envelope::leaf_hash;
use crate::tree::{Appender, TILE_WIDTH, TilePath, bundle_entries, tiles_of_size};
use crate::{Hash, Result};

/// Which leaves the checkpoint's root proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proved {
    /// The entries lead to the root: all of them.
    All,
    /// Only the tiles lead to the root: those whose hash is the one in the tile.
    InTiles,
    /// Nothing leads to the root.
    None,
}

/// What the first pass found.
pub(super) struct Grown {
    pub(super) proved: Proved,
    /// Root of the first leaves, as many as the checkpoint that was seen before has.
    pub(super) seen_root: Option<Hash>,
    /// Bundles that hold an erase leaf.
    pub(super) with_erasures: Vec<TilePath>,
}

struct Pass {
    root: Hash,
    seen_root: Option<Hash>,
    with_erasures: Vec<TilePath>,
    /// Tiles that are there and do not hold what was computed.
    differing: Vec<TilePath>,
}

/// Computes the tree from the entries, and where they do not lead to the root, from the lowest tiles.
pub(super) fn grow(folder: &Folder<'_>, size: u64, root: &Hash, seen: Option<u64>, report: &mut Report) -> Result<Grown> {
    let by_entries = pass(folder, size, seen, true)?;
    let (pass, proved) = if by_entries.root == *root {
        (by_entries, Proved::All)
    } else {
        let by_tiles = pass(folder, size, seen, false)?;
        if by_tiles.root == *root { (by_tiles, Proved::InTiles) } else { (by_entries, Proved::None) }
    };
    for tile in &pass.differing {
        report.fault(tile.tile(), "does not hold the hashes that follow from the entries");
    }
    if proved == Proved::None {
        report.fault("tree", "neither entries nor tiles lead to the root of the checkpoint");
    }
    Ok(Grown { proved, seen_root: pass.seen_root, with_erasures: pass.with_erasures })
}

fn pass(folder: &Folder<'_>, size: u64, seen: Option<u64>, by_entries: bool) -> Result<Pass> {
    let mut appender = Appender::new();
    let (mut seen_root, mut with_erasures, mut differing) = (None, Vec::new(), Vec::new());
    for tile in tiles_of_size(size).take_while(|tile| tile.level == 0) {
        let there = folder.tile(tile)?;
        let bundle = folder.bundle(tile)?;
        let entries = bundle.as_deref().and_then(|bytes| bundle_entries(bytes, tile.width).ok());
        if entries.iter().flatten().any(|entry| entry.starts_with(b"{\"action\":\"erase\"")) {
            with_erasures.push(tile);
        }
        let computed: Option<Vec<Hash>> = entries.map(|entries| entries.into_iter().map(leaf_hash).collect());
        if by_entries && there != computed && folder.has(&tile.tile()) {
            differing.push(tile);
        }
        let hashes = if by_entries { computed.or(there) } else { there.or(computed) };
        for hash in hashes.unwrap_or_else(|| vec![[0; 32]; usize::from(tile.width)]) {
            appender.push(hash);
            if seen == Some(appender.size()) {
                seen_root = Some(appender.root());
            }
        }
        for full in appender.take_full().into_iter().filter(|full| full.level > 0) {
            let path = TilePath { level: full.level, index: full.index, width: TILE_WIDTH as u16 };
            compare(folder, path, &full.hashes, &mut differing)?;
        }
    }
    let root = appender.root();
    for part in appender.take_writes().into_iter().filter(|part| part.level > 0) {
        let width = u16::try_from(part.hashes.len() / 32).unwrap_or(u16::MAX);
        compare(folder, TilePath { level: part.level, index: part.index, width }, &part.hashes, &mut differing)?;
    }
    Ok(Pass { root, seen_root, with_erasures, differing })
}

fn compare(folder: &Folder<'_>, path: TilePath, computed: &[u8], differing: &mut Vec<TilePath>) -> Result<()> {
    if folder.has(&path.tile()) && folder.tile(path)?.is_none_or(|there| there.as_flattened() != computed) {
        differing.push(path);
    }
    Ok(())
}
