//! A clock that the story sets.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::installation::Clock;

/// Stands at the instant that the story has reached.
#[derive(Debug, Default)]
pub struct StoryClock(AtomicI64);

impl StoryClock {
    pub(super) fn set(&self, at: Timestamp) {
        self.0.store(at.as_millisecond(), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
