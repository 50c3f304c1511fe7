//! Inclusion and consistency proofs (RFC 6962 §2.1.1, §2.1.2), made from tiles and checked against roots.
//!
//! Making and checking is `tlog_tiles`; it checks every tile that it reads against the root, so a store that lost or changed a hash
//! is found out here and does not hand out a proof that fails elsewhere. What is added is a reader of one tile at a time, bounds
//! that keep its arithmetic from overflowing, and the rule for an old tree without leaves.

use std::cell::RefCell;

use tlog_tiles::{Tile, TileHashReader};

use crate::tree::tile::{MAX_SIZE, TileReader};
use crate::tree::{EMPTY_ROOT, root_of};
use crate::{Error, Hash, Result};

/// Gives tiles to `tlog_tiles` and keeps the caller's error, which its error cannot carry.
struct Tiles<'a> {
    reader: &'a dyn TileReader,
    failure: RefCell<Option<Error>>,
}

impl tlog_tiles::TileReader for Tiles<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &Tile| {
            let width = u16::try_from(tile.width()).map_err(|_| tlog_tiles::Error::InvalidTile)?;
            self.reader.tile(tile.level(), tile.level_index(), width).map_err(|error| {
                *self.failure.borrow_mut() = Some(error);
                tlog_tiles::Error::InvalidTile
            })
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

impl Tiles<'_> {
    fn error(&self, error: tlog_tiles::Error) -> Error {
        self.failure
            .take()
            .unwrap_or_else(|| Error::source("the tiles do not lead to the root of the checkpoint", error.to_string()))
    }
}

fn check_size(size: u64) -> Result<()> {
    if size == 0 || size > MAX_SIZE {
        return Err(Error::refused(format!("a tree of {size} leaves has no proofs")));
    }
    Ok(())
}

/// The hashes that lead from leaf `index` to `root` in the tree of `size` leaves. Reads O(log n) tiles.
///
/// # Errors
/// Refused when there is no such leaf; Source when the tiles do not lead to `root`; the reader's own errors.
pub fn inclusion_proof(tiles: &dyn TileReader, size: u64, root: &Hash, index: u64) -> Result<Vec<Hash>> {
    check_size(size)?;
    let tiles = Tiles { reader: tiles, failure: RefCell::new(None) };
    let reader = TileHashReader::new(size, tlog_tiles::Hash(*root), &tiles);
    let proof = tlog_tiles::prove_record(size, index, &reader).map_err(|error| tiles.error(error))?;
    Ok(proof.into_iter().map(|hash| hash.0).collect())
}

/// The hashes that show that the tree of `size` leaves begins with that of `old` leaves. Reads O(log n) tiles.
///
/// # Errors
/// As [`inclusion_proof`]; refused unless 0 < `old` ≤ `size`.
pub fn consistency_proof(tiles: &dyn TileReader, size: u64, root: &Hash, old: u64) -> Result<Vec<Hash>> {
    check_size(size)?;
    let tiles = Tiles { reader: tiles, failure: RefCell::new(None) };
    let reader = TileHashReader::new(size, tlog_tiles::Hash(*root), &tiles);
    let proof = tlog_tiles::prove_tree(size, old, &reader).map_err(|error| tiles.error(error))?;
    Ok(proof.into_iter().map(|hash| hash.0).collect())
}

/// The inclusion proof of leaf `index` among leaf hashes that are all at hand.
#[must_use]
pub fn inclusion_proof_of_leaves(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut part, mut index, mut proof) = (leaves, index, Vec::new());
    while part.len() > 1 {
        let (left, right) = part.split_at(1 << (part.len() - 1).ilog2());
        let (stay, other) = if index < left.len() { (left, right) } else { (right, left) };
        index -= if index < left.len() { 0 } else { left.len() };
        proof.push(root_of(other));
        part = stay;
    }
    proof.reverse();
    Some(proof)
}

/// Checks that `leaf` is at `index` in the tree of `size` leaves with `root`.
///
/// # Errors
/// Mismatch when the proof does not lead there; Refused for an index or size outside the bounds.
pub fn check_inclusion(proof: &[Hash], size: u64, root: &Hash, index: u64, leaf: &Hash) -> Result<()> {
    check_size(size)?;
    // A longer proof cannot fit; this bound comes before the copy.
    if proof.len() > 64 {
        return Err(Error::mismatch("the inclusion proof is too long"));
    }
    let hash = |hash: &Hash| tlog_tiles::Hash(*hash);
    let path = proof.iter().map(hash).collect();
    tlog_tiles::check_record(&path, size, hash(root), index, hash(leaf))
        .map_err(|_| Error::mismatch("the inclusion proof does not lead from the leaf to the root"))
}

/// Checks that the tree of `size` leaves with `root` begins with that of `old` leaves with `old_root`; 0 < `old` ≤ `size`.
///
/// # Errors
/// Mismatch when the proof does not show that; Refused for sizes outside the bounds.
pub fn check_consistency(proof: &[Hash], old: u64, old_root: &Hash, size: u64, root: &Hash) -> Result<()> {
    check_size(size)?;
    if proof.len() > 64 {
        return Err(Error::mismatch("the consistency proof is too long"));
    }
    let hash = |hash: &Hash| tlog_tiles::Hash(*hash);
    let path = proof.iter().map(hash).collect();
    tlog_tiles::check_tree(&path, size, hash(root), old, hash(old_root))
        .map_err(|_| Error::mismatch("the consistency proof does not lead from the old root to the new one"))
}

/// As [`check_consistency`], for an old tree that may have no leaves: then its root must be that of the empty tree and the proof
/// empty. This is the rule of tlog-witness, which stands above the proof function.
///
/// # Errors
/// As [`check_consistency`].
pub fn extends(proof: &[Hash], old: u64, old_root: &Hash, size: u64, root: &Hash) -> Result<()> {
    if old > 0 {
        return check_consistency(proof, old, old_root, size, root);
    }
    if *old_root != EMPTY_ROOT || !proof.is_empty() || (size == 0 && *root != EMPTY_ROOT) {
        return Err(Error::mismatch("an old tree without leaves has the empty root and needs no proof"));
    }
    Ok(())
}
