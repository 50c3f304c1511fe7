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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::tree::{Appender, hash_leaf};

    struct Grown(BTreeMap<(u8, u64), Vec<u8>>);

    impl TileReader for Grown {
        fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
            Ok(self.0[&(level, index)][..usize::from(width) * 32].to_vec())
        }
    }

    fn grow(size: u64) -> (Grown, Vec<Hash>) {
        let leaves: Vec<Hash> = (0..size).map(|seq| hash_leaf(&seq.to_be_bytes())).collect();
        let mut appender = Appender::new();
        leaves.iter().for_each(|leaf| appender.push(*leaf));
        let tiles = appender.take_writes().into_iter().map(|write| ((write.level, write.index), write.hashes));
        (Grown(tiles.collect()), leaves)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn proofs_hold_and_nothing_near_them_does(
            size in 2..1500_u64, index: prop::sample::Index, bit in 0..256_usize, which: prop::sample::Index
        ) {
            let (tiles, leaves) = grow(size);
            let root = root_of(&leaves);
            let at = index.index(size as usize) as u64;
            let leaf = leaves[at as usize];
            let proof = inclusion_proof(&tiles, size, &root, at).unwrap();
            prop_assert_eq!(&proof, &inclusion_proof_of_leaves(&leaves, at as usize).unwrap());
            prop_assert!(check_inclusion(&proof, size, &root, at, &leaf).is_ok());
            prop_assert!(check_inclusion(&proof, size, &root, (at + 1) % size, &leaf).is_err());
            prop_assert!(check_inclusion(&proof[1..], size, &root, at, &leaf).is_err());

            let old = at + 1;
            let old_root = root_of(&leaves[..old as usize]);
            let consistency = consistency_proof(&tiles, size, &root, old).unwrap();
            prop_assert!(check_consistency(&consistency, old, &old_root, size, &root).is_ok());

            for (hashes, holds) in [(proof, true), (consistency, false)] {
                if hashes.is_empty() {
                    continue;
                }
                let mut changed = hashes.clone();
                let one = which.index(changed.len());
                changed[one][bit / 8] ^= 1 << (bit % 8);
                let wrong = if holds {
                    check_inclusion(&changed, size, &root, at, &leaf)
                } else {
                    check_consistency(&changed, old, &old_root, size, &root)
                };
                prop_assert!(wrong.is_err());
            }
        }
    }
}
