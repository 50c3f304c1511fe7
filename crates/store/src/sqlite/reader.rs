//! A lent connection inside a reading transaction.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use vouch_ledger::Hash;

use crate::Result;
use crate::files::Files;
use crate::leaf::Head;
use crate::pool::{Lent, Pool};
use crate::sqlite::rows::{self, View};

/// What one snapshot reads through.
pub(super) struct ReadView<'s> {
    connection: Lent<'s, Connection>,
    head: Head,
    files: Arc<Files>,
}

impl<'s> ReadView<'s> {
    /// Begins a reading transaction on a connection that shows `version`.
    pub(super) fn begin(
        readers: &'s Pool<Connection>,
        files: &Arc<Files>,
        version: u64,
        patience: Duration,
        open: impl FnOnce() -> Result<Connection>,
    ) -> Result<Self> {
        let connection = readers.lend(version, patience, open)?;
        let mut view = Self { connection, head: Head::EMPTY, files: Arc::clone(files) };
        // The transaction begins with the first read, which pins what all later ones see.
        view.connection.prepare_cached("BEGIN")?.execute([])?;
        view.head = rows::head(&view.connection)?;
        Ok(view)
    }
}

impl Drop for ReadView<'_> {
    fn drop(&mut self) {
        // One that does not end its transaction would hold the old state for ever; it is closed instead.
        if !self.connection.is_autocommit() && self.connection.execute_batch("ROLLBACK").is_err() {
            self.connection.discard();
        }
    }
}

impl View for ReadView<'_> {
    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn current_head(&self) -> Result<Head> {
        Ok(self.head)
    }

    fn file_bytes(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>> {
        self.files.read(sha256, size)
    }
}
