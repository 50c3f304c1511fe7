//! The store in one SQLite database and a folder of files.
//!
//! One thread writes. Callers hand it units through a bounded queue; it runs all that wait in one transaction, each under a savepoint,
//! signs one checkpoint, commits with one sync of the write-ahead log, and only then answers. Reading goes through a few connections
//! of its own, which see the state of the last commit and are not held up by the writer.

mod engine;
mod failure;
mod migrate;
mod pending;
mod queue;
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
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use rusqlite::{Connection, MAIN_DB};

use crate::files::{Files, StagedFile};
use crate::folder::Folder;
use crate::leaf::Head;
use crate::snapshot::Snapshot;
use crate::sqlite::engine::Engine;
use crate::sqlite::migrate::MIGRATIONS;
use crate::sqlite::queue::{Queue, closed};
use crate::sqlite::reader::Readers;
use crate::store::{CommitListener, Counts, Projector, Signer, Store, Unit};
use crate::{Error, ErrorKind, Result};

/// Bounds of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Units that may wait for the writer; a further caller waits for room.
    pub queue_units: usize,
    /// Most units in one transaction.
    pub group_units: usize,
    /// Snapshots at one time; a further caller waits for one to end.
    pub readers: usize,
    /// How long to wait for room in the queue, a reader, or another program's lock.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { queue_units: 1_024, group_units: 256, readers: 16, patience: Duration::from_secs(10) }
    }
}

/// A store in SQLite, for writing or for reading only.
pub struct Sqlite {
    shared: Arc<Shared>,
    writer: Option<Writer>,
}

struct Writer {
    thread: Option<JoinHandle<()>>,
    /// Held as long as this store lives.
    _lock: Option<File>,
}

/// What callers and the writer share.
struct Shared {
    settings: Settings,
    files: Arc<Files>,
    readers: Readers,
    /// None: in memory, where readers get copies.
    path: Option<PathBuf>,
    queue: Queue<Job>,
    /// None: for reading only.
    engine: Option<Mutex<Engine>>,
    /// Thread that has the engine now; if it calls the store, it would wait for itself.
    holder: Mutex<Option<ThreadId>>,
    listeners: Mutex<Vec<Arc<dyn CommitListener>>>,
}

struct Job {
    unit: Unit,
    answer: SyncSender<Result<Head>>,
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
        let shared = Shared::new(Arc::new(Files::reader(folder.files())), None, Some(path), settings);
        Ok(Self { shared: Arc::new(shared), writer: None })
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
        let files = Arc::clone(&engine.files);
        let shared = Arc::new(Shared::new(files, Some(engine), path, settings));
        let working = Arc::clone(&shared);
        let thread = thread::Builder::new().name("vouch-store".to_owned()).spawn(move || working.work());
        let thread = thread.map_err(|error| Error::new(ErrorKind::Io, "cannot start the writer").with_source(error))?;
        Ok(Self { shared, writer: Some(Writer { thread: Some(thread), _lock: lock }) })
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.shared.queue.close();
        if let Some(thread) = self.writer.as_mut().and_then(|writer| writer.thread.take()) {
            // It has answered everybody; a panic there was told to those who waited.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn new(files: Arc<Files>, engine: Option<Engine>, path: Option<PathBuf>, settings: Settings) -> Self {
        let (readers, queue) = (Readers::new(settings.readers), Queue::new(settings.queue_units));
        let (engine, holder, listeners) = (engine.map(Mutex::new), Mutex::default(), Mutex::default());
        Self { settings, files, readers, path, queue, engine, holder, listeners }
    }

    /// The writer's thread: until the store is dropped and all that waits is answered.
    fn work(&self) {
        // If this thread ever panics, those who wait hear that the store is closed.
        let _closing = Closing(&self.queue);
        while let Some(jobs) = self.queue.take(self.settings.group_units) {
            let (units, answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.unit, job.answer)).unzip();
            let listeners = lock(&self.listeners).clone();
            let Ok(results) = self.with_engine(|engine| Ok(engine.run(units, &listeners))) else { return };
            for (answer, result) in answers.into_iter().zip(results) {
                // A caller that no longer waits has panicked.
                let _ = answer.send(result);
            }
        }
    }

    fn with_engine<T>(&self, work: impl FnOnce(&mut Engine) -> Result<T>) -> Result<T> {
        self.check_outside()?;
        let engine = self.engine.as_ref().ok_or_else(for_reading)?;
        // A panic of the engine leaves its state unknown.
        let mut engine = engine.lock().map_err(|_| closed())?;
        let _held = Held::by_this_thread(&self.holder);
        work(&mut engine)
    }

    fn check_outside(&self) -> Result<()> {
        if *lock(&self.holder) == Some(thread::current().id()) {
            return Err(Error::new(ErrorKind::Misuse, "the store was called by a unit, a listener or a projector that it runs")
                .with_hint("read and write through what the unit is given"));
        }
        Ok(())
    }
}

impl Store for Sqlite {
    fn write(&self, unit: Unit) -> Result<Head> {
        if self.writer.is_none() {
            return Err(for_reading());
        }
        self.shared.check_outside()?;
        let (answer, waiting) = sync_channel(1);
        self.shared.queue.push(Job { unit, answer }, self.shared.settings.patience)?;
        waiting.recv().map_err(|_| closed())?
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot + Send + '_>> {
        let Shared { files, readers, settings, .. } = &*self.shared;
        let view = match &self.shared.path {
            Some(path) => {
                self.shared.check_outside()?;
                readers.lend(files, 0, settings.patience, || setting::reader(path, settings.patience))?
            }
            None => self.shared.with_engine(|engine| {
                let Engine { connection, version, .. } = engine;
                readers.lend(files, *version, settings.patience, || copy(connection))
            })?,
        };
        Ok(Box::new(view))
    }

    fn stage(&self, bytes: &mut dyn io::Read, max_size: u64) -> Result<StagedFile> {
        if self.writer.is_none() {
            return Err(for_reading());
        }
        self.shared.files.stage(bytes, max_size)
    }

    fn subscribe(&self, listener: Arc<dyn CommitListener>) {
        lock(&self.shared.listeners).push(listener);
    }

    fn rebuild(&self, projector: &mut dyn Projector) -> Result<()> {
        self.shared.with_engine(|engine| engine.rebuild(projector))
    }

    fn scrub(&self) -> Result<()> {
        self.shared.with_engine(Engine::scrub)
    }

    fn counts(&self) -> Counts {
        self.shared.with_engine(|engine| Ok(engine.counts)).unwrap_or_default()
    }
}

/// The database in memory as it is now, as a database of its own.
fn copy(connection: &mut Connection) -> Result<Connection> {
    let bytes = connection.serialize(MAIN_DB)?;
    let mut copy = setting::memory()?;
    copy.deserialize_read_exact(MAIN_DB, &bytes[..], bytes.len(), true)?;
    Ok(copy)
}

fn for_reading() -> Error {
    Error::new(ErrorKind::Misuse, "the store was opened for reading only")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Only whole values are put behind these.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says which thread has the engine, as long as it has it.
struct Held<'s>(&'s Mutex<Option<ThreadId>>);

impl<'s> Held<'s> {
    fn by_this_thread(holder: &'s Mutex<Option<ThreadId>>) -> Self {
        *lock(holder) = Some(thread::current().id());
        Self(holder)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *lock(self.0) = None;
    }
}

/// Closes the queue and lets go of what waits in it.
struct Closing<'s>(&'s Queue<Job>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
        while self.0.take(usize::MAX).is_some() {}
    }
}
