//! A few connections, each lent for one use.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Error, ErrorKind, Result};

/// Connections that are lent out and come back.
#[derive(Debug)]
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    freed: Condvar,
    most: usize,
}

#[derive(Debug)]
struct State<C> {
    /// Idle connections, with the version of the data that they show where they hold a copy.
    idle: Vec<(u64, C)>,
    lent: usize,
}

impl<C> Pool<C> {
    pub(crate) fn new(most: usize) -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), lent: 0 }), freed: Condvar::new(), most: most.max(1) }
    }

    /// Lends a connection that shows `version`, opened if there is none, waiting at most `patience` for one to come back.
    ///
    /// # Errors
    /// Busy when all stay taken; what `open` says.
    pub(crate) fn lend(&self, version: u64, patience: Duration, open: impl FnOnce() -> Result<C>) -> Result<Lent<'_, C>> {
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
        // From here on dropping what is lent gives the place back.
        let mut lent = Lent { connection: None, version, pool: self };
        lent.connection = Some(match idle {
            Some((_, connection)) => connection,
            None => open()?,
        });
        Ok(lent)
    }

    /// Closes what is idle.
    pub(crate) fn clear(&self) {
        self.lock().idle.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        // A list of connections is whole after any panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan.
#[derive(Debug)]
pub(crate) struct Lent<'p, C> {
    /// None only before it is opened and once it is discarded.
    connection: Option<C>,
    version: u64,
    pool: &'p Pool<C>,
}

impl<C> Lent<'_, C> {
    /// Closes the connection; its place becomes free when this is dropped.
    pub(crate) fn discard(&mut self) {
        self.connection = None;
    }
}

impl<C> Deref for Lent<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection.as_ref().expect("only who holds the loan discards the connection, and last")
    }
}

impl<C> DerefMut for Lent<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("only who holds the loan discards the connection, and last")
    }
}

impl<C> Drop for Lent<'_, C> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.lent -= 1;
        state.idle.extend(self.connection.take().map(|connection| (self.version, connection)));
        drop(state);
        self.pool.freed.notify_one();
    }
}
