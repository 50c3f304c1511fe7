//! The store in one SQLite database and a folder of files.
//!
//! One thread writes. Callers hand it units through a bounded queue; it runs all that wait in one transaction, each under a savepoint,
//! signs one checkpoint, commits with one sync of the write-ahead log, and only then answers. Reading goes through a few connections
//! of its own, which see the state of the last commit and are not held up by the writer.

mod engine;
mod failure;
mod make;
mod migrate;
mod pending;
mod reader;
mod rebuild;
mod rows;
mod scrub;
mod search;
mod setting;
#[cfg(test)]
mod tests;
mod unit;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, MAIN_DB};

use crate::Settings;
use crate::files::{Files, StagedFile};
use crate::folder::Folder;
use crate::leaf::Head;
use crate::pool::Pool;
use crate::snapshot::Snapshot;
use crate::sqlite::engine::Engine;
use crate::sqlite::migrate::MIGRATIONS;
use crate::sqlite::reader::ReadView;
use crate::store::{CommitListener, Counts, Projector, Signer, Store, Unit};
use crate::writer::{Listeners, Writer, for_reading};
use crate::{Error, ErrorKind, Result};

/// A store in SQLite, for writing or for reading only.
pub struct Sqlite {
    settings: Settings,
    files: Arc<Files>,
    readers: Pool<Connection>,
    /// None: in memory, where readers get copies.
    path: Option<PathBuf>,
    listeners: Arc<Listeners>,
    /// None: for reading only. Ends before the lock is let go.
    writer: Option<Writer<Engine>>,
    /// Held as long as this store lives.
    _lock: Option<File>,
}

impl Sqlite {
    /// Opens a data folder for writing, and makes it where it is missing.
    ///
    /// # Errors
    /// Locked when another process writes to it; Newer, Migration, Unsafe, Corrupt, each with what to do; Io.
    pub fn open(folder: &Path, signer: Arc<dyn Signer>, settings: Settings) -> Result<Self> {
        let folder = Folder::new(folder);
        let lock = folder.lock()?;
        let files = Arc::new(Files::writer(folder.files())?);
        make::make(&folder.database(), MIGRATIONS)?;
        let mut connection = setting::writer(&folder.database(), settings.patience)?;
        migrate::migrate(&mut connection, MIGRATIONS)?;
        let mut engine = Engine::load(connection, files, signer)?;
        if engine.is_scrub_due()? {
            engine.scrub()?;
        }
        Self::start(engine, Some(folder.database()), Some(lock), settings)
    }

    /// Opens a data folder for reading, also while another process writes to it.
    ///
    /// # Errors
    /// Missing when there is none; Migration when its schema is older; Newer.
    pub fn open_for_reading(folder: &Path, settings: Settings) -> Result<Self> {
        let folder = Folder::new(folder);
        let path = folder.database();
        if !path.is_file() {
            return Err(Error::new(ErrorKind::Missing, format!("`{}` is not there", path.display()))
                .with_hint("run `vouch init` or `vouch demo` first, or name the data folder with --data"));
        }
        migrate::check(&setting::reader(&path, settings.patience)?, MIGRATIONS)?;
        let (files, readers) = (Arc::new(Files::reader(folder.files())), Pool::new(settings.readers));
        Ok(Self { settings, files, readers, path: Some(path), listeners: Arc::default(), writer: None, _lock: None })
    }

    /// A store that lives as long as the value.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn memory(signer: Arc<dyn Signer>, settings: Settings) -> Result<Self> {
        let mut connection = setting::memory()?;
        migrate::migrate(&mut connection, MIGRATIONS)?;
        Self::start(Engine::load(connection, Arc::new(Files::memory()), signer)?, None, None, settings)
    }

    fn start(engine: Engine, path: Option<PathBuf>, lock: Option<File>, settings: Settings) -> Result<Self> {
        let (files, readers, listeners) = (Arc::clone(&engine.files), Pool::new(settings.readers), Arc::default());
        let writer = Some(Writer::start(engine, Arc::clone(&listeners), settings)?);
        Ok(Self { settings, files, readers, path, listeners, writer, _lock: lock })
    }

    /// Lets commits be answered before they are synced, for a torture that must see them lost.
    #[cfg(any(test, feature = "contract"))]
    pub(crate) fn weaken(&self) -> Result<()> {
        self.with_engine(|engine| setting::set(&engine.connection, "synchronous", "NORMAL"))
    }

    fn with_engine<T>(&self, work: impl FnOnce(&mut Engine) -> Result<T>) -> Result<T> {
        self.writer.as_ref().ok_or_else(for_reading)?.with_engine(work)
    }
}

impl Store for Sqlite {
    fn write(&self, unit: Unit) -> Result<Head> {
        self.writer.as_ref().ok_or_else(for_reading)?.write(unit)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot + Send + '_>> {
        let Self { files, readers, settings, .. } = self;
        let view = match &self.path {
            Some(path) => {
                self.writer.as_ref().map_or(Ok(()), Writer::check_outside)?;
                ReadView::begin(readers, files, 0, settings.patience, || setting::reader(path, settings.patience))?
            }
            None => self.with_engine(|engine| {
                let Engine { connection, version, .. } = engine;
                ReadView::begin(readers, files, *version, settings.patience, || copy(connection))
            })?,
        };
        Ok(Box::new(view))
    }

    fn stage(&self, bytes: &mut dyn io::Read, max_size: u64) -> Result<StagedFile> {
        if self.writer.is_none() {
            return Err(for_reading());
        }
        self.files.stage(bytes, max_size)
    }

    fn subscribe(&self, listener: Arc<dyn CommitListener>) {
        self.listeners.add(listener);
    }

    fn rebuild(&self, projector: &mut dyn Projector) -> Result<()> {
        self.with_engine(|engine| engine.rebuild(projector))
    }

    fn scrub(&self) -> Result<()> {
        // Idle readers keep no old state; one that came back with an error might.
        self.readers.clear();
        self.with_engine(Engine::scrub)
    }

    fn counts(&self) -> Counts {
        self.writer.as_ref().map(Writer::counts).unwrap_or_default()
    }
}

/// The database in memory as it is now, as a database of its own.
fn copy(connection: &mut Connection) -> Result<Connection> {
    let bytes = connection.serialize(MAIN_DB)?;
    let mut copy = setting::memory()?;
    copy.deserialize_read_exact(MAIN_DB, &bytes[..], bytes.len(), true)?;
    Ok(copy)
}
