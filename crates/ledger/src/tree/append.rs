//! Appending leaves: the right edge of the tree, one partial tile per level.

use crate::tree::tile::{MAX_SIZE, TILE_WIDTH, TileReader};
use crate::tree::{EMPTY_ROOT, hash_node};
use crate::{Error, Hash, Result};

/// A tile that is new or has grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileWrite {
    /// Level, from 0 for leaf hashes.
    pub level: u8,
    /// Index within the level.
    pub index: u64,
    /// All hashes of the tile so far, 32 bytes each, 1 to 256 of them.
    pub hashes: Vec<u8>,
}

/// The right edge of a tree, to which leaves are appended. Holds at most 255 hashes per level.
#[derive(Debug, Clone, Default)]
pub struct Appender {
    size: u64,
    /// The partial tile of each level; a full one has moved to `full` and into its parent.
    edge: Vec<Vec<Hash>>,
    /// Tiles that became full since the last [`Appender::take_writes`].
    full: Vec<TileWrite>,
    /// Levels whose partial tile has changed since then.
    grown: Vec<bool>,
}

impl Appender {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of `size` leaves, from the partial tiles of its right edge: at most one per level is read.
    ///
    /// # Errors
    /// When a tile cannot be read or has another length; compare [`Appender::root`] with a checkpoint before trusting it.
    pub fn load(size: u64, tiles: &dyn TileReader) -> Result<Self> {
        if size > MAX_SIZE {
            return Err(Error::refused(format!("a tree of {size} leaves is too large")));
        }
        let mut edge = Vec::new();
        let mut hashes = size;
        while hashes > 0 {
            let (level, width) = (edge.len() as u8, (hashes % TILE_WIDTH) as u16);
            let index = hashes / TILE_WIDTH;
            let bytes = if width > 0 { tiles.tile(level, index, width)? } else { Vec::new() };
            let (tile, rest) = bytes.as_chunks::<32>();
            if tile.len() != usize::from(width) || !rest.is_empty() {
                return Err(Error::malformed(format!("tile {index} of level {level} does not hold {width} hashes")));
            }
            edge.push(tile.to_vec());
            hashes = index;
        }
        let grown = vec![false; edge.len()];
        Ok(Self { size, edge, full: Vec::new(), grown })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0.. {
            if level == self.edge.len() {
                self.edge.push(Vec::new());
                self.grown.push(false);
            }
            let tile = &mut self.edge[level];
            tile.push(hash);
            if tile.len() < TILE_WIDTH as usize {
                self.grown[level] = true;
                return;
            }
            hash = root_of_perfect(tile);
            let hashes = std::mem::take(tile).concat();
            self.grown[level] = false;
            let index = (self.size >> (8 * (level + 1))) - 1;
            self.full.push(TileWrite { level: level as u8, index, hashes });
        }
    }

    /// Tiles that are new or have grown since the last call, each with all its hashes.
    pub fn take_writes(&mut self) -> Vec<TileWrite> {
        let mut writes = std::mem::take(&mut self.full);
        for (level, tile) in self.edge.iter().enumerate() {
            if std::mem::take(&mut self.grown[level]) {
                let index = self.size >> (8 * (level + 1));
                writes.push(TileWrite { level: level as u8, index, hashes: tile.concat() });
            }
        }
        writes
    }

    /// Tiles that became full since the last call, without the partial ones.
    pub fn take_full(&mut self) -> Vec<TileWrite> {
        std::mem::take(&mut self.full)
    }

    /// Root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        // From right to left: the smallest perfect subtree first.
        let mut root: Option<Hash> = None;
        for tile in &self.edge {
            let mut end = tile.len();
            while end > 0 {
                let perfect = 1 << end.trailing_zeros();
                let left = root_of_perfect(&tile[end - perfect..end]);
                root = Some(root.map_or(left, |right| hash_node(&left, &right)));
                end -= perfect;
            }
        }
        root.unwrap_or(EMPTY_ROOT)
    }
}

/// Root of a power of two of hashes.
fn root_of_perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [hash] => *hash,
        [left, right] => hash_node(left, right),
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            hash_node(&root_of_perfect(left), &root_of_perfect(right))
        }
    }
}

#[cfg(test)]
mod tests;
