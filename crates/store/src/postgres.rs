//! The store in a PostgreSQL database, which several processes and several organisations may share.
//!
//! Each handle is bound to one organisation: every statement carries it (see [`session`]), and row-level security shows nothing of
//! another one even where a statement forgot. A group of units begins by locking the organisation's head row, so processes take turns
//! and each sees what the others committed; it ends with one commit. What a group writes is gathered and sent in a few statements.
//! Files are kept in the database too, so that no process needs the disk of another.

mod address;
mod buffer;
mod content;
mod engine;
mod failure;
mod flush;
mod follow;
mod migrate;
mod rebuild;
mod rows;
mod scrub;
mod search;
mod session;
#[cfg(test)]
mod tests;
mod unit;

use std::io;
use std::sync::Arc;

use crate::Settings;
use crate::files::StagedFile;
use crate::leaf::Head;
use crate::postgres::address::Address;
pub(crate) use crate::postgres::content::Content;
use crate::postgres::content::Contents;
use crate::postgres::engine::Engine;
use crate::postgres::follow::Follower;
use crate::postgres::rows::ReadView;
use crate::postgres::session::Doorway;
use crate::snapshot::Snapshot;
use crate::store::{CommitListener, Counts, Projector, Signer, Store, Unit};
use crate::writer::{Listeners, Writer, for_reading};
use crate::{Error, ErrorKind, Result};

/// A store in PostgreSQL 15 or later, for writing or for reading only.
pub struct Postgres {
    settings: Settings,
    doorway: Arc<Doorway>,
    contents: Arc<Contents>,
    listeners: Arc<Listeners>,
    follower: std::sync::Mutex<Option<Follower>>,
    /// None: for reading only.
    writer: Option<Writer<Engine>>,
}

impl Postgres {
    /// Opens the log named `origin` in a database for writing, and makes tables and log where they are missing.
    ///
    /// `address` is a URL (`postgres://user@host:port/database`). `sslmode` is `disable`, or `require` (also `verify-full`), which checks
    /// the server's certificate against `sslrootcert` or the system's roots; without it, TLS is required unless the host is this
    /// machine.
    ///
    /// # Errors
    /// Invalid address; Unreachable; Unsafe when the server is too old or does not keep what it says; Newer, Migration, Corrupt.
    pub fn open(address: &str, origin: &str, signer: Arc<dyn Signer>, settings: Settings) -> Result<Self> {
        let doorway = Arc::new(Doorway::open(Address::parse(address)?, origin, settings, true)?);
        let contents = Arc::new(Contents::new(Arc::clone(&doorway)));
        let listeners = Arc::new(Listeners::default());
        let engine = Engine::load(Arc::clone(&doorway), Arc::clone(&contents), signer)?;
        let writer = Some(Writer::start(engine, Arc::clone(&listeners), settings)?);
        Ok(Self { settings, doorway, contents, listeners, follower: std::sync::Mutex::default(), writer })
    }

    /// Opens the log named `origin` for reading.
    ///
    /// # Errors
    /// As [`Postgres::open`]; Missing when the database has no such log; Migration when its tables are older.
    pub fn open_for_reading(address: &str, origin: &str, settings: Settings) -> Result<Self> {
        let doorway = Arc::new(Doorway::open(Address::parse(address)?, origin, settings, false)?);
        let contents = Arc::new(Contents::new(Arc::clone(&doorway)));
        let (listeners, follower) = (Arc::default(), std::sync::Mutex::default());
        Ok(Self { settings, doorway, contents, listeners, follower, writer: None })
    }

    fn writer(&self) -> Result<&Writer<Engine>> {
        self.writer.as_ref().ok_or_else(for_reading)
    }
}

impl Store for Postgres {
    fn write(&self, unit: Unit) -> Result<Head> {
        self.writer()?.write(unit)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot + Send + '_>> {
        self.writer.as_ref().map_or(Ok(()), Writer::check_outside)?;
        Ok(Box::new(ReadView::begin(&self.doorway, self.settings.patience)?))
    }

    fn stage(&self, bytes: &mut dyn io::Read, max_size: u64) -> Result<StagedFile> {
        self.writer()?;
        self.contents.stage(bytes, max_size)
    }

    fn subscribe(&self, listener: Arc<dyn CommitListener>) {
        self.listeners.add(listener);
    }

    fn follow(&self) -> Result<()> {
        let mut follower = self.follower.lock().map_err(|_| Error::new(ErrorKind::Closed, "the follower has stopped"))?;
        if follower.is_none() {
            *follower = Some(Follower::start(&self.doorway, &self.listeners)?);
        }
        Ok(())
    }

    fn rebuild(&self, projector: &mut dyn Projector) -> Result<()> {
        self.writer()?.with_engine(|engine| engine.rebuild(projector))
    }

    fn scrub(&self) -> Result<()> {
        self.writer()?.with_engine(Engine::scrub)
    }

    fn counts(&self) -> Counts {
        self.writer.as_ref().map(Writer::counts).unwrap_or_default()
    }
}
