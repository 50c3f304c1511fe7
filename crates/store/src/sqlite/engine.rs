//! The one writer at work: many units, one transaction, one sync.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use vouch_ledger::Hash;
use vouch_ledger::tree::{Appender, TileWrite};

use crate::files::Files;
use crate::leaf::{Head, Tip};
use crate::snapshot::Tiles;
use crate::sqlite::pending::Pending;
use crate::sqlite::rows::{self, View, signed};
use crate::sqlite::search;
use crate::sqlite::unit::UnitOfWork;
use crate::store::{CommitListener, Counts, Signer, Unit};
use crate::writer::{self, Listeners, panicked};
use crate::{Error, ErrorKind, Result};

/// The writing connection and what it knows of the log.
pub(super) struct Engine {
    pub(super) connection: Connection,
    pub(super) files: Arc<Files>,
    pub(super) head: Head,
    /// Grows whenever anything was committed.
    pub(super) version: u64,
    pub(super) counts: Counts,
    tree: Appender,
    origin: Option<String>,
    signer: Arc<dyn Signer>,
    /// Files whose removal is committed and may not be done.
    removals: Vec<Hash>,
    /// Why no more writes are taken.
    stopped: Option<Error>,
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

impl writer::Engine for Engine {
    fn run(&mut self, units: Vec<Unit>, listeners: &Listeners) -> Vec<Result<Head>> {
        let all = units.len();
        let mut outcomes = Vec::with_capacity(all);
        let void = match self.check_running().and_then(|()| self.group(units, &mut outcomes, listeners)) {
            Ok(()) => None,
            Err(error) => {
                self.roll_back();
                let size = self.head.size;
                self.tell(listeners, |listener| listener.rolled_back(size));
                Some(error)
            }
        };
        // A unit that never ran shares the fate of the group.
        outcomes.resize_with(all, || Ok(()));
        let answer = |outcome: Result<()>| match (&void, outcome) {
            (_, Err(error)) => Err(error),
            (Some(void), Ok(())) => Err(void.repeated()),
            (None, Ok(())) => Ok(self.head),
        };
        let answers: Vec<_> = outcomes.into_iter().map(answer).collect();
        let written = answers.iter().filter(|answer| answer.is_ok()).count() as u64;
        self.counts.units += written;
        self.counts.refused += all as u64 - written;
        answers
    }

    fn counts(&self) -> Counts {
        self.counts
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
        let (version, counts, stopped) = (0, Counts::default(), None);
        let mut engine = Self { connection, files, head, version, counts, tree, origin, signer, removals, stopped };
        engine.remove_files()?;
        Ok(engine)
    }

    /// Refuses when a commit failed before.
    pub(super) fn check_running(&self) -> Result<()> {
        self.stopped.as_ref().map_or(Ok(()), |error| Err(Error::new(ErrorKind::Closed, error.message()).with_hint(RESTART)))
    }

    fn group(&mut self, units: Vec<Unit>, outcomes: &mut Vec<Result<()>>, listeners: &Listeners) -> Result<()> {
        let tip = Tip { size: self.head.size, time_ms: self.head.time_ms };
        let mut pending = Pending::new(tip, self.origin.clone());
        self.execute("BEGIN IMMEDIATE")?;
        for unit in units {
            let outcome = self.run_unit(unit, &mut pending)?;
            let is_void = outcome.is_err();
            outcomes.push(outcome);
            if is_void {
                self.tell(listeners, |listener| listener.rolled_back(pending.tip.size));
            }
        }
        if outcomes.iter().all(Result::is_err) {
            return self.execute("ROLLBACK");
        }
        let (tree, head) = self.seal(&mut pending)?;
        self.files.keep(&mut pending.staged)?;
        self.commit()?;
        (self.tree, self.head, self.origin) = (tree, head, pending.origin.take());
        self.removals.append(&mut pending.removed);
        self.tell(listeners, |listener| listener.committed(&head));
        // What cannot be removed now is tried again after the next commit and at the next start.
        let _ = self.remove_files();
        Ok(())
    }

    /// Runs one unit under a savepoint. The outer error ends the group.
    fn run_unit(&mut self, unit: Unit, pending: &mut Pending) -> Result<Result<()>> {
        self.execute("SAVEPOINT unit")?;
        let mark = pending.mark();
        let mut work = UnitOfWork { connection: &self.connection, files: &self.files, tree: &self.tree, pending, failure: None };
        let outcome = catch_unwind(AssertUnwindSafe(|| unit(&mut work)));
        let outcome = match (outcome, work.failure.take()) {
            (Err(panic), _) => Err(panicked("a unit", &*panic)),
            (Ok(Err(refusal)), _) => Err(Error::refused(refusal)),
            (Ok(Ok(())), Some(failure)) => Err(failure),
            (Ok(Ok(())), None) => Ok(()),
        };
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
        let note = catch_unwind(AssertUnwindSafe(|| self.signer.sign(&head, &view)));
        let note = note.unwrap_or_else(|panic| Err(panicked("the signer", &*panic).into())).map_err(|error| {
            let message = format!("the checkpoint of {} leaves could not be signed: {error}", head.size);
            Error::new(ErrorKind::Signing, message).with_source(error)
        })?;
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
            self.stopped = Some(Error::new(ErrorKind::Commit, &*message));
            return Err(Error::new(ErrorKind::Commit, message).with_hint(RESTART).with_source(error));
        }
        self.counts.commits += 1;
        Ok(())
    }

    pub(super) fn roll_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            self.stopped.get_or_insert(error);
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

    /// Tells every listener; one that panics stops the store, since what it keeps may be wrong from now on.
    fn tell(&mut self, listeners: &Listeners, news: impl Fn(&dyn CommitListener)) {
        if let Err(error) = listeners.tell(news) {
            self.stopped.get_or_insert(error);
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
