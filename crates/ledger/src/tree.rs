//! The Merkle tree of RFC 6962 §2.1 over SHA-256, kept in the tiles of C2SP tlog-tiles (height 8, 256 hashes of 32 bytes).

mod append;
mod proof;
mod tile;

use sha2::{Digest, Sha256};

pub use append::{Appender, TileWrite};
pub use proof::{check_consistency, check_inclusion, consistency_proof, extends, inclusion_proof, inclusion_proof_of_leaves};
pub use tile::{MAX_SIZE, TILE_WIDTH, TilePath, TileReader, bundle, bundle_entries, tiles_of_size};

use crate::Hash;

/// Root of the tree without leaves: the hash of nothing.
pub const EMPTY_ROOT: Hash = tlog_tiles::EMPTY_HASH.0;

/// Hash of a leaf: SHA-256(0x00 ‖ data).
#[must_use]
pub fn hash_leaf(data: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(data);
    hasher.finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn hash_node(left: &Hash, right: &Hash) -> Hash {
    let mut input = [1; 65];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    Sha256::digest(input).into()
}

/// Root of the tree over leaf hashes.
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            // Largest power of two below the number of leaves.
            let split = 1 << (leaves.len() - 1).ilog2();
            hash_node(&root_of(&leaves[..split]), &root_of(&leaves[split..]))
        }
    }
}
