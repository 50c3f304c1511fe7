//! Leaving no byte of what was removed.

use crate::snapshot::Snapshot;
use crate::sqlite::engine::{Committed, Engine};
use crate::sqlite::search;
use crate::sqlite::setting::set;
use crate::sqlite::unit::SCRUB;
use crate::{Error, ErrorKind, Result};

impl Engine {
    /// Whether something was removed since the last scrub.
    pub(super) fn is_scrub_due(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM upkeep WHERE name = ?1)";
        Ok(self.connection.query_row(sql, [SCRUB], |row| row.get(0))?)
    }

    /// Rewrites index and database, empties the write-ahead log, and removes files that nothing names.
    ///
    /// The engine zeroes what it deletes; but cells that moved between pages leave copies behind in the gaps, and the write-ahead log
    /// holds pages as they were. So only a rewrite is certain.
    pub(super) fn scrub(&mut self) -> Result<()> {
        self.standing.check_running()?;
        let removed = self.remove_files();
        self.files.sweep(&mut |sha256| self.is_named(sha256))?;
        search::scrub(&self.connection)?;
        // The copy that the rewrite makes would fill the memory.
        set(&self.connection, "temp_store", "FILE")?;
        let rewritten = self.connection.execute_batch("VACUUM");
        set(&self.connection, "temp_store", "MEMORY")?;
        rewritten?;
        self.version += 1;
        self.empty_log()?;
        removed?;
        self.connection.execute("DELETE FROM upkeep WHERE name = ?1", [SCRUB])?;
        // Reading the tip again shows that the rewritten database holds the same log.
        let head = Committed { connection: &self.connection, files: &self.files }.head()?;
        if head != self.head {
            return Err(Error::new(ErrorKind::Corrupt, "the rewritten database holds another log").with_hint("restore a backup"));
        }
        Ok(())
    }

    /// Moves the write-ahead log into the database and cuts it to nothing.
    fn empty_log(&self) -> Result<()> {
        let busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy != 0 {
            return Err(Error::new(ErrorKind::Busy, "a reader still holds an old state that has the removed bytes")
                .with_hint("close other programs that read vouch.db, then try again; it is also done at the next start"));
        }
        Ok(())
    }
}
