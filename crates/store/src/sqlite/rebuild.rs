//! Recreating what is computed from what is true.

use rusqlite::{Connection, OptionalExtension};
use vouch_ledger::tree::Appender;
use vouch_ledger::{Envelope, leaf_hash};

use crate::leaf::LogLeaf;
use crate::snapshot::{LeafQuery, Snapshot};
use crate::sqlite::engine::{Committed, Engine, put_tiles};
use crate::sqlite::rows::signed;
use crate::sqlite::search::{self, SearchChange};
use crate::sqlite::unit::{count_up, key_of, put_links, put_projection};
use crate::store::{ProjectionChange, Projector};
use crate::{Error, ErrorKind, Result};

/// Tables that are computed. A rebuild empties and refills each; every other table but those of [`TRUE`] is the engine's own.
pub(super) const DERIVED: &[&str] = &["link", "record", "series", "search", "tile"];

/// Tables that hold what cannot be computed.
#[cfg(test)]
pub(super) const TRUE: &[&str] = &["log", "leaf", "body", "checkpoint", "file", "file_removal", "upkeep", "desk", "migration"];

/// Leaves of one page, and search entries written at once.
const PAGE: usize = 1_000;

impl Engine {
    /// Recreates every table of [`DERIVED`] in one transaction.
    pub(super) fn rebuild(&mut self, projector: &mut dyn Projector) -> Result<()> {
        self.standing.check_running()?;
        self.execute("BEGIN IMMEDIATE")?;
        self.refill(projector).and_then(|()| self.commit()).inspect_err(|_| self.take_back())
    }

    fn refill(&mut self, projector: &mut dyn Projector) -> Result<()> {
        for table in DERIVED {
            match *table {
                "search" => search::clear(&self.connection)?,
                table => drop(self.connection.execute(&format!("DELETE FROM {table}"), [])?),
            }
        }
        let mut tree = Appender::new();
        let mut rows = Rows { connection: &self.connection, search: Vec::new() };
        let all = self.head.size;
        while tree.size() < all {
            let query = LeafQuery { from: tree.size(), limit: PAGE, bodies: true, ..LeafQuery::default() };
            let leaves = Committed { connection: &self.connection, files: &self.files }.leaves(query)?;
            if leaves.is_empty() {
                return Err(damaged(format!("leaf {} is missing", tree.size())));
            }
            for leaf in leaves {
                rows.take(&leaf, &mut tree, projector)?;
            }
            put_tiles(&self.connection, &tree.take_full())?;
            projector.progress(tree.size(), all);
        }
        loop {
            let changes = projector.finish().map_err(Error::refused)?;
            if changes.is_empty() {
                break;
            }
            rows.change(changes)?;
        }
        rows.flush()?;
        put_tiles(&self.connection, &tree.take_writes())?;
        if tree.root() != self.head.root {
            return Err(damaged(format!("the {all} leaves do not lead to the root of the last checkpoint")));
        }
        Ok(())
    }
}

fn damaged(what: String) -> Error {
    Error::new(ErrorKind::Corrupt, what).with_hint("run `vouch ledger fsck`, or restore a backup; nothing was changed")
}

/// The rows that are being refilled.
struct Rows<'e> {
    connection: &'e Connection,
    search: Vec<SearchChange>,
}

impl Rows<'_> {
    fn take(&mut self, leaf: &LogLeaf, tree: &mut Appender, projector: &mut dyn Projector) -> Result<()> {
        if leaf.seq != tree.size() {
            return Err(damaged(format!("leaf {} is missing", tree.size())));
        }
        count_up(self.connection, &envelope_of(leaf.seq, &leaf.envelope)?)?;
        tree.push(leaf_hash(&leaf.envelope));
        self.change(projector.leaf(leaf).map_err(Error::refused)?)
    }

    fn change(&mut self, changes: Vec<ProjectionChange>) -> Result<()> {
        for change in changes {
            match change {
                ProjectionChange::Put { seq, projection, links, search } => {
                    let mut statement = self.connection.prepare_cached("SELECT envelope FROM leaf WHERE seq = ?1")?;
                    let bytes: Option<Vec<u8>> = statement.query_row([signed(seq)], |row| row.get(0)).optional()?;
                    let bytes = bytes.ok_or_else(|| Error::new(ErrorKind::Invalid, format!("there is no leaf {seq}")))?;
                    let envelope = envelope_of(seq, &bytes)?;
                    put_projection(self.connection, &envelope, &projection)?;
                    put_links(self.connection, envelope.id, &links)?;
                    let key = key_of(self.connection, envelope.id)?;
                    self.search.push(SearchChange { key, text: Some(search) });
                }
                ProjectionChange::Drop { id } => {
                    let mut statement = self.connection.prepare_cached("DELETE FROM record WHERE id = ?1 RETURNING key")?;
                    let key = statement.query_row([id], |row| row.get(0)).optional()?;
                    self.search.extend(key.map(|key| SearchChange { key, text: None }));
                }
            }
        }
        if self.search.len() >= PAGE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        search::apply(self.connection, &std::mem::take(&mut self.search))
    }
}

fn envelope_of(seq: u64, bytes: &[u8]) -> Result<Envelope<'_>> {
    Envelope::parse(bytes)
        .map_err(|error| damaged(format!("the envelope of leaf {seq} cannot be read: {error}")).with_source(error))
}
