//! A store that fails when it is told to: a disk that is full, a database that cannot be read.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vouch_store::{CommitListener, Counts, Error, ErrorKind, Head, Projector, Result, Snapshot, StagedFile, Store, Unit};

/// What fails now.
#[derive(Default)]
pub struct Faults {
    is_full: AtomicBool,
    is_away: AtomicBool,
}

impl Faults {
    /// Whether the disk takes nothing more.
    pub fn fill(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
    }

    /// Whether nothing can be read.
    pub fn take_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }
}

/// A store with faults, in the words of the real one.
pub(crate) struct Faulty {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) faults: Arc<Faults>,
}

impl Faulty {
    fn room(&self) -> Result<()> {
        if !self.faults.is_full.load(Ordering::SeqCst) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Full, "cannot write: the disk is full").with_hint("make room, then try again"))
    }

    fn reach(&self) -> Result<()> {
        if !self.faults.is_away.load(Ordering::SeqCst) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Io, "cannot read: the disk failed").with_hint("check the disk before anything else"))
    }
}

impl Store for Faulty {
    fn write(&self, unit: Unit) -> Result<Head> {
        self.room()?;
        self.store.write(unit)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot + Send + '_>> {
        self.reach()?;
        self.store.snapshot()
    }

    fn stage(&self, bytes: &mut dyn io::Read, max_size: u64) -> Result<StagedFile> {
        self.room()?;
        self.store.stage(bytes, max_size)
    }

    fn subscribe(&self, listener: Arc<dyn CommitListener>) {
        self.store.subscribe(listener);
    }

    fn rebuild(&self, projector: &mut dyn Projector) -> Result<()> {
        self.store.rebuild(projector)
    }

    fn scrub(&self) -> Result<()> {
        self.store.scrub()
    }

    fn counts(&self) -> Counts {
        self.store.counts()
    }
}
