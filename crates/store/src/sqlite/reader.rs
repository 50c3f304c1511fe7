//! A few reading connections, each lent for one snapshot.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use vouch_ledger::Hash;

use crate::files::Files;
use crate::leaf::Head;
use crate::sqlite::rows::{self, View};
use crate::{Error, ErrorKind, Result};

/// Connections that are lent out and come back.
#[derive(Debug)]
pub(super) struct Readers {
    state: Mutex<State>,
    freed: Condvar,
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    /// Idle connections, with the version of the data that they show where they hold a copy.
    idle: Vec<(u64, Connection)>,
    lent: usize,
}

/// A lent connection inside a reading transaction.
pub(super) struct ReadView<'s> {
    /// Always there until dropped.
    connection: Option<Connection>,
    version: u64,
    head: Head,
    readers: &'s Readers,
    files: Arc<Files>,
}

impl Readers {
    pub(super) fn new(most: usize) -> Self {
        Self { state: Mutex::default(), freed: Condvar::new(), most: most.max(1) }
    }

    /// Lends a connection that shows `version`, opened if there is none, waiting at most `patience` for one to come back.
    pub(super) fn lend(
        &self,
        files: &Arc<Files>,
        version: u64,
        patience: Duration,
        open: impl FnOnce() -> Result<Connection>,
    ) -> Result<ReadView<'_>> {
        let waited = self.freed.wait_timeout_while(self.lock(), patience, |state| state.lent >= self.most);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            let message = format!("all {} readers were taken for {} ms", self.most, patience.as_millis());
            return Err(Error::new(ErrorKind::Busy, message).with_hint("try again in a moment"));
        }
        state.idle.retain(|(shown, _)| *shown == version);
        let idle = state.idle.pop();
        state.lent += 1;
        drop(state);
        // From here on dropping the view gives the place back.
        let mut view = ReadView { connection: None, version, head: Head::EMPTY, readers: self, files: Arc::clone(files) };
        let connection = match idle {
            Some((_, connection)) => connection,
            None => open()?,
        };
        let connection = view.connection.insert(connection);
        // The transaction begins with the first read, which pins what all later ones see.
        connection.prepare_cached("BEGIN")?.execute([])?;
        view.head = rows::head(connection)?;
        Ok(view)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A list of connections is whole after any panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ReadView<'_> {
    fn drop(&mut self) {
        let ended = self.connection.take().filter(|connection| {
            // One that does not end its transaction would hold the old state for ever; it is closed instead.
            connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok()
        });
        let mut state = self.readers.lock();
        state.lent -= 1;
        state.idle.extend(ended.map(|connection| (self.version, connection)));
        drop(state);
        self.readers.freed.notify_one();
    }
}

impl View for ReadView<'_> {
    fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("only dropping takes the connection")
    }

    fn current_head(&self) -> Result<Head> {
        Ok(self.head)
    }

    fn file_bytes(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>> {
        self.files.read(sha256, size)
    }
}
