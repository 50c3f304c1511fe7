//! Reading: one consistent view of everything that is stored.

use vouch_ledger::Hash;
use vouch_ledger::tree::TileReader;

use crate::leaf::{Checkpoint, Head, Link, LogLeaf, RecordRow};
use crate::{Error, ErrorKind, Result};

/// Most rows that one call gives, whatever limit is asked for.
pub const MAX_PAGE: usize = 10_000;
/// Bytes after which a page of leaves ends early; the first leaf always comes.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// Which leaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeafQuery<'a> {
    /// Only leaves of this record.
    pub id: Option<&'a str>,
    /// First `seq`.
    pub from: u64,
    /// Most leaves to give; at most [`MAX_PAGE`], and fewer where [`MAX_PAGE_BYTES`] are reached.
    pub limit: usize,
    /// Whether bodies come too.
    pub bodies: bool,
}

/// Which records, in the order of their numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordQuery<'a> {
    /// Kind of the records.
    pub kind: &'a str,
    /// Only records in this state.
    pub state: Option<&'a str>,
    /// Only records after this id: the last of the page before.
    pub after: Option<&'a str>,
    /// Most records to give; at most [`MAX_PAGE`].
    pub limit: usize,
}

/// Which links, in the order of (record that holds it, field, target, revision).
#[derive(Debug, Clone, Copy)]
pub enum LinkQuery<'a> {
    /// Links that this record holds.
    From(&'a str),
    /// Links that lead to this id, whatever revision they name.
    To(&'a str),
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// Id of the record.
    pub id: String,
    /// Kind of the record.
    pub kind: String,
    /// Title of the record.
    pub title: String,
    /// How well it fits; larger is better, comparable within one answer only.
    pub score: f64,
}

/// A consistent view: everything that was committed when it was taken, nothing later.
///
/// Hold it briefly: while it lives, the engine keeps the old state beside the new one. A page that is shorter than its limit need not
/// be the last; an empty one is.
pub trait Snapshot {
    /// Tip of the log. Inside a unit its root counts the unit's own leaves and is computed for each call; [`crate::Append::tip`] is cheap.
    ///
    /// # Errors
    /// When the engine fails.
    fn head(&self) -> Result<Head>;

    /// The latest checkpoint of at most `size` leaves; `u64::MAX` asks for the latest of all.
    ///
    /// # Errors
    /// When the engine fails.
    fn checkpoint(&self, size: u64) -> Result<Option<Checkpoint>>;

    /// Leaves in order.
    ///
    /// # Errors
    /// When the engine fails.
    fn leaves(&self, query: LeafQuery<'_>) -> Result<Vec<LogLeaf>>;

    /// Encoded stored body of a leaf; None where there is none (any more).
    ///
    /// # Errors
    /// When the engine fails.
    fn body(&self, seq: u64) -> Result<Option<Vec<u8>>>;

    /// All hashes so far of a tile, 32 bytes each; a smaller tree's tile is a prefix of it. Inside a unit: as of the last commit.
    ///
    /// # Errors
    /// When the engine fails.
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>>;

    /// The record as lists show it.
    ///
    /// # Errors
    /// When the engine fails.
    fn record(&self, id: &str) -> Result<Option<RecordRow>>;

    /// Records of a kind.
    ///
    /// # Errors
    /// Invalid when `after` is not an id; when the engine fails.
    fn records(&self, query: RecordQuery<'_>) -> Result<Vec<RecordRow>>;

    /// Links of one end, after `after` (the last of the page before), at most `limit` and [`MAX_PAGE`].
    ///
    /// # Errors
    /// When the engine fails.
    fn links(&self, query: LinkQuery<'_>, after: Option<&Link>, limit: usize) -> Result<Vec<Link>>;

    /// Highest number ever used in the ids of a kind; 0 when there is none.
    ///
    /// # Errors
    /// When the engine fails.
    fn last_number(&self, kind: &str) -> Result<u64>;

    /// Records that hold all `words`, the last of which may be the beginning of a word; best first, at most `limit` and [`MAX_PAGE`].
    /// Whatever is typed are words, never a query language. Inside a unit: as of the last commit.
    ///
    /// # Errors
    /// When the engine fails.
    fn search(&self, words: &str, limit: usize) -> Result<Vec<SearchHit>>;

    /// Bytes of a file, compared with their hash; None where it is not kept (any more).
    ///
    /// # Errors
    /// Missing or Corrupt, naming the file, when it is kept and its bytes are not.
    fn file(&self, sha256: &Hash) -> Result<Option<Vec<u8>>>;

    /// Hash and size of files that are kept, in the order of their hashes, after `after`, at most `limit` and [`MAX_PAGE`].
    ///
    /// # Errors
    /// When the engine fails.
    fn files(&self, after: Option<&Hash>, limit: usize) -> Result<Vec<(Hash, u64)>>;

    /// Names of all spaces that have desk entries, in order.
    ///
    /// # Errors
    /// When the engine fails.
    fn desk_spaces(&self) -> Result<Vec<String>>;

    /// Value of a desk entry.
    ///
    /// # Errors
    /// When the engine fails.
    fn desk_get(&self, space: &str, key: &str) -> Result<Option<Vec<u8>>>;

    /// Entries of a space whose key begins with `prefix` and comes after `after`, in byte order of their keys, at most `limit` and
    /// [`MAX_PAGE`].
    ///
    /// # Errors
    /// When the engine fails.
    fn desk_scan(&self, space: &str, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>>;
}

/// The tiles of a snapshot, as the proofs of `vouch_ledger::tree` read them. A proof reads O(log n) tiles.
pub struct Tiles<'a>(pub &'a dyn Snapshot);

impl TileReader for Tiles<'_> {
    fn tile(&self, level: u8, index: u64, width: u16) -> vouch_ledger::Result<Vec<u8>> {
        let name = format!("tile {index} of level {level}");
        let failed = |error: Error| vouch_ledger::Error::source(format!("{name} cannot be read"), error);
        let mut hashes = self.0.tile(level, index).map_err(failed)?.unwrap_or_default();
        let wanted = usize::from(width) * 32;
        if hashes.len() < wanted {
            let held = hashes.len() / 32;
            let error = Error::new(ErrorKind::Missing, format!("{name} holds {held} hashes where {width} are wanted"));
            return Err(failed(error.with_hint("run `vouch rebuild`, which makes the tiles again from the leaves")));
        }
        hashes.truncate(wanted);
        Ok(hashes)
    }
}
