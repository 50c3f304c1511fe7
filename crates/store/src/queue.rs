//! The bounded queue between callers and the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Error, ErrorKind, Result};

/// Items wait here in order; a caller waits while it is full.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    freed: Condvar,
    bound: usize,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    is_closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(bound: usize) -> Self {
        let state = Mutex::new(State { items: VecDeque::new(), is_closed: false });
        Self { state, filled: Condvar::new(), freed: Condvar::new(), bound: bound.max(1) }
    }

    /// Adds an item, waiting at most `patience` for room.
    ///
    /// # Errors
    /// Busy when there was no room in time; Closed.
    pub(crate) fn push(&self, item: T, patience: Duration) -> Result<()> {
        let is_full = |state: &mut State<T>| state.items.len() >= self.bound && !state.is_closed;
        let waited = self.freed.wait_timeout_while(self.lock(), patience, is_full);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.is_closed {
            return Err(closed());
        }
        if timeout.timed_out() {
            let message = format!("{} writes are waiting and none was taken for {} ms", self.bound, patience.as_millis());
            return Err(Error::new(ErrorKind::Busy, message).with_hint("try again in a moment"));
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for items and takes up to `most`; None once the queue is closed and empty.
    pub(crate) fn take(&self, most: usize) -> Option<Vec<T>> {
        let is_idle = |state: &mut State<T>| state.items.is_empty() && !state.is_closed;
        let mut state = self.filled.wait_while(self.lock(), is_idle).unwrap_or_else(PoisonError::into_inner);
        if state.items.is_empty() {
            return None;
        }
        let count = most.clamp(1, state.items.len());
        let taken = state.items.drain(..count).collect();
        drop(state);
        self.freed.notify_all();
        Some(taken)
    }

    /// Takes up to `most` of the items that wait now.
    pub(crate) fn take_waiting(&self, most: usize) -> Vec<T> {
        let mut state = self.lock();
        let count = most.min(state.items.len());
        let taken = state.items.drain(..count).collect();
        drop(state);
        self.freed.notify_all();
        taken
    }

    /// Takes no more items; those that wait are still given out.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.filled.notify_all();
        self.freed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing between lock and unlock leaves the items half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the store is closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_after_its_patience_and_takes_again_when_there_is_room() {
        let queue = Queue::new(2);
        let short = Duration::from_millis(5);
        queue.push(1, short).unwrap();
        queue.push(2, short).unwrap();
        assert_eq!(queue.push(3, short).unwrap_err().kind(), ErrorKind::Busy);
        assert_eq!(queue.take(1), Some(vec![1]));
        queue.push(4, short).unwrap();
        assert_eq!(queue.take(9), Some(vec![2, 4]));
    }

    #[test]
    fn a_closed_queue_gives_out_what_waits_and_takes_nothing() {
        let queue = Queue::new(2);
        queue.push(1, Duration::ZERO).unwrap();
        queue.close();
        assert_eq!(queue.push(2, Duration::ZERO).unwrap_err().kind(), ErrorKind::Closed);
        assert_eq!(queue.take(9), Some(vec![1]));
        assert_eq!(queue.take(9), None);
    }

    #[test]
    fn a_caller_that_waits_for_room_goes_on_when_there_is_some() {
        let queue = Queue::new(1);
        queue.push(1, Duration::ZERO).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.push(2, Duration::from_secs(60)));
            assert_eq!(queue.take(1), Some(vec![1]));
            waiting.join().unwrap().unwrap();
        });
        assert_eq!(queue.take(1), Some(vec![2]));
    }
}
