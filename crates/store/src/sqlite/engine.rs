//! The one writer at work: many units, one transaction, one sync.

use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};
use vouch_ledger::Hash;
use vouch_ledger::tree::{Appender, TileWrite};

use crate::files::Files;
use crate::group::{self, Standing};
use crate::leaf::{Head, Tip};
use crate::snapshot::Tiles;
use crate::sqlite::pending::Pending;
use crate::sqlite::rows::{self, View, signed};
use crate::sqlite::search;
use crate::sqlite::unit::UnitOfWork;
use crate::store::{Signer, Unit};
use crate::{Error, ErrorKind, Result};

/// The writing connection and what it knows of the log.
pub(super) struct Engine {
    pub(super) connection: Connection,
    pub(super) files: Arc<Files>,
    pub(super) head: Head,
    /// Grows whenever anything was committed.
    pub(super) version: u64,
    pub(super) standing: Standing,
    tree: Appender,
    origin: Option<String>,
    signer: Arc<dyn Signer>,
    /// Files whose removal is committed and may not be done.
    removals: Vec<Hash>,
}

/// Everything that was committed, through the writing connection.
pub(super) struct Committed<'e> {
    pub(super) connection: &'e Connection,
    pub(super) files: &'e Files,
}

impl View for Committed<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }

    fn current_head(&self) -> Result<Head> {
        rows::head(self.connection)
    }

    fn file_bytes(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>> {
        self.files.read(sha256, size)
    }
}

impl group::Engine for Engine {
    type Pending = Pending;

    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    fn head(&self) -> Head {
        self.head
    }

    fn begin_group(&mut self) -> Result<Pending> {
        self.execute("BEGIN IMMEDIATE")?;
        let tip = Tip { size: self.head.size, time_ms: self.head.time_ms };
        Ok(Pending::new(tip, self.origin.clone()))
    }

    fn size(pending: &Pending) -> u64 {
        pending.tip.size
    }

    fn run_unit(&mut self, unit: Unit, pending: &mut Pending) -> Result<Result<()>> {
        self.execute("SAVEPOINT unit")?;
        let mark = pending.mark();
        let mut work = UnitOfWork { connection: &self.connection, files: &self.files, tree: &self.tree, pending, failure: None };
        let outcome = group::outcome(unit, &mut work, |work| work.failure.take());
        if self.connection.is_autocommit() {
            // After some failures the engine takes the whole transaction back by itself.
            return Err(outcome.err().unwrap_or_else(|| Error::new(ErrorKind::Engine, "the engine ended the transaction")));
        }
        if outcome.is_err() {
            self.execute("ROLLBACK TO unit")?;
            pending.back_to(&mark);
        }
        self.execute("RELEASE unit")?;
        Ok(outcome)
    }

    fn end_empty(&mut self) -> Result<()> {
        self.execute("ROLLBACK")
    }

    fn commit_group(&mut self, mut pending: Pending) -> Result<()> {
        let (tree, head) = self.seal(&mut pending)?;
        self.files.keep(&mut pending.staged)?;
        self.commit()?;
        (self.tree, self.head, self.origin) = (tree, head, pending.origin.take());
        self.removals.append(&mut pending.removed);
        Ok(())
    }

    fn roll_back(&mut self, _: &Error) {
        self.take_back();
    }

    fn after_commit(&mut self) {
        // What cannot be removed now is tried again after the next commit and at the next start.
        let _ = self.remove_files();
    }
}

impl Engine {
    /// Takes over a migrated database, after comparing its tip with its checkpoint.
    pub(super) fn load(connection: Connection, files: Arc<Files>, signer: Arc<dyn Signer>) -> Result<Self> {
        let head = rows::head(&connection)?;
        let leaves: i64 = connection.query_row("SELECT coalesce(max(seq) + 1, 0) FROM leaf", [], |row| row.get(0))?;
        let damaged = |what: String| Error::new(ErrorKind::Corrupt, what).with_hint("run `vouch ledger fsck`, or restore a backup");
        if signed(head.size) != leaves {
            return Err(damaged(format!("the log has {leaves} leaves, and its last checkpoint says {}", head.size)));
        }
        let tree = Appender::load(head.size, &Tiles(&Committed { connection: &connection, files: &files }));
        let tree = tree.map_err(|error| damaged("the tiles of the log cannot be read".to_owned()).with_source(error))?;
        if tree.root() != head.root {
            return Err(damaged(format!("the tiles do not lead to the root of the checkpoint of {} leaves", head.size)));
        }
        let origin = connection.query_row("SELECT origin FROM log", [], |row| row.get(0)).optional()?;
        let removals = {
            let mut statement = connection.prepare("SELECT sha256 FROM file_removal")?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<Hash>, _>>()?
        };
        let (version, standing) = (0, Standing::new(RESTART));
        let mut engine = Self { connection, files, head, version, standing, tree, origin, signer, removals };
        engine.remove_files()?;
        Ok(engine)
    }

    /// Writes what belongs to the group as a whole: tiles, search entries, the signed checkpoint.
    fn seal(&mut self, pending: &mut Pending) -> Result<(Appender, Head)> {
        search::apply(&self.connection, &pending.search)?;
        if pending.leaves.is_empty() {
            return Ok((self.tree.clone(), self.head));
        }
        let mut tree = self.tree.clone();
        pending.leaves.iter().for_each(|leaf| tree.push(*leaf));
        put_tiles(&self.connection, &tree.take_writes())?;
        let head = Head { size: tree.size(), root: tree.root(), time_ms: pending.tip.time_ms };
        let view = UnitOfWork { connection: &self.connection, files: &self.files, tree: &self.tree, pending, failure: None };
        let note = group::sign(&*self.signer, &head, &view)?;
        let sql = "INSERT INTO checkpoint (size, root, time_ms, note) VALUES (?1, ?2, ?3, ?4)";
        self.connection.prepare_cached(sql)?.execute(params![signed(head.size), head.root, head.time_ms, note])?;
        Ok((tree, head))
    }

    /// Commits. A failure is never tried again: after a failed sync the system may have dropped the bytes and report success next.
    pub(super) fn commit(&mut self) -> Result<()> {
        let done = self.execute("COMMIT");
        self.version += 1;
        if let Err(error) = done {
            if matches!(error.kind(), ErrorKind::Full | ErrorKind::Busy) {
                // Nothing reached the log; the next commit starts where this one did.
                return Err(error);
            }
            let message = format!("the commit failed, and whether it is on the disk shows at the next start: {}", error.message());
            self.standing.stop(Error::new(ErrorKind::Commit, &*message));
            return Err(Error::new(ErrorKind::Commit, message).with_hint(RESTART).with_source(error));
        }
        Ok(())
    }

    pub(super) fn take_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            self.standing.stop(error);
        }
    }

    /// Removes files whose removal is committed, then forgets that they are to be removed.
    pub(super) fn remove_files(&mut self) -> Result<()> {
        if self.removals.is_empty() {
            return Ok(());
        }
        for sha256 in std::mem::take(&mut self.removals) {
            let removed = self.is_named(&sha256).and_then(|is_named| if is_named { Ok(()) } else { self.files.remove(&sha256) });
            if removed.and_then(|()| self.forget_removal(&sha256)).is_err() {
                self.removals.push(sha256);
            }
        }
        match self.removals.len() {
            0 => Ok(()),
            left => Err(Error::new(ErrorKind::Io, format!("{left} removed files could not be taken from the folder yet"))
                .with_hint("check the rights of the folder `files` in the data folder")),
        }
    }

    fn forget_removal(&self, sha256: &Hash) -> Result<()> {
        self.connection.execute("DELETE FROM file_removal WHERE sha256 = ?1", [sha256])?;
        Ok(())
    }

    /// Whether a row names the file.
    pub(super) fn is_named(&self, sha256: &Hash) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM file WHERE sha256 = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([sha256], |row| row.get(0))?)
    }

    pub(super) fn execute(&self, sql: &str) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.standing.check_running().is_ok() {
            // Nothing has failed, so the log is moved into the database. Where that cannot be allowed, the next start does it.
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}

const RESTART: &str = "stop vouch, check the disk, and start it again";

pub(super) fn put_tiles(connection: &Connection, tiles: &[TileWrite]) -> Result<()> {
    let sql = "INSERT INTO tile (level, position, hashes) VALUES (?1, ?2, ?3)
               ON CONFLICT DO UPDATE SET hashes = excluded.hashes";
    let mut statement = connection.prepare_cached(sql)?;
    for tile in tiles {
        statement.execute(params![tile.level, signed(tile.index), tile.hashes])?;
    }
    Ok(())
}
