//! The one writer of a handle: a thread that takes the units that wait and has an engine run them as a group.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use crate::group::{self, Engine, panicked};
use crate::leaf::Head;
use crate::queue::{Queue, closed};
use crate::store::{CommitListener, Counts, Unit};
use crate::{Error, ErrorKind, Result, Settings};

/// An engine with its thread.
pub(crate) struct Writer<E: Engine> {
    desk: Arc<Desk<E>>,
    thread: Option<JoinHandle<()>>,
}

/// What callers and the thread share.
struct Desk<E> {
    queue: Queue<Job>,
    engine: Mutex<E>,
    /// Thread that has the engine now; if it calls the store, it would wait for itself.
    holder: Mutex<Option<ThreadId>>,
    listeners: Arc<Listeners>,
    group_units: usize,
    patience: Duration,
}

struct Job {
    unit: Unit,
    answer: SyncSender<Result<Head>>,
}

impl<E: Engine> Writer<E> {
    /// Starts the thread.
    ///
    /// # Errors
    /// Io when the system gives no thread.
    pub(crate) fn start(engine: E, listeners: Arc<Listeners>, settings: Settings) -> Result<Self> {
        let desk = Arc::new(Desk {
            queue: Queue::new(settings.queue_units),
            engine: Mutex::new(engine),
            holder: Mutex::default(),
            listeners,
            group_units: settings.group_units,
            patience: settings.patience,
        });
        let working = Arc::clone(&desk);
        let thread = thread::Builder::new().name("vouch-store".to_owned()).spawn(move || working.work());
        let thread = thread.map_err(|error| Error::new(ErrorKind::Io, "cannot start the writer").with_source(error))?;
        Ok(Self { desk, thread: Some(thread) })
    }

    /// Hands a unit to the thread and waits for its answer.
    ///
    /// # Errors
    /// As [`crate::Store::write`].
    pub(crate) fn write(&self, unit: Unit) -> Result<Head> {
        self.check_outside()?;
        let (answer, waiting) = sync_channel(1);
        self.desk.queue.push(Job { unit, answer }, self.desk.patience)?;
        waiting.recv().map_err(|_| closed())?
    }

    /// Works with the engine between groups.
    ///
    /// # Errors
    /// Misuse when called by what the engine runs; Closed after a panic of the engine.
    pub(crate) fn with_engine<T>(&self, work: impl FnOnce(&mut E) -> Result<T>) -> Result<T> {
        self.desk.with_engine(work)
    }

    /// Refuses a call from inside a unit, a listener or a projector.
    ///
    /// # Errors
    /// Misuse.
    pub(crate) fn check_outside(&self) -> Result<()> {
        self.desk.check_outside()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.with_engine(|engine| Ok(engine.standing().counts)).unwrap_or_default()
    }
}

impl<E: Engine> Drop for Writer<E> {
    fn drop(&mut self) {
        self.desk.queue.close();
        if let Some(thread) = self.thread.take() {
            // It has answered everybody; a panic there was told to those who waited.
            let _ = thread.join();
        }
    }
}

impl<E: Engine> Desk<E> {
    /// Until the store is dropped and all that waits is answered.
    fn work(&self) {
        // If this thread ever panics, those who wait hear that the store is closed.
        let _closing = Closing(&self.queue);
        while let Some(jobs) = self.queue.take(self.group_units) {
            let (units, mut answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.unit, job.answer)).unzip();
            // Where the engine had to wait for its turn, more units wait by now.
            let mut more = |taken: usize| {
                let jobs = self.queue.take_waiting(self.group_units.saturating_sub(taken));
                let (units, more_answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.unit, job.answer)).unzip();
                answers.extend(more_answers);
                units
            };
            let ran = self.with_engine(|engine| Ok(group::run(engine, units, &mut more, &self.listeners)));
            let Ok(results) = ran else { return };
            for (answer, result) in answers.into_iter().zip(results) {
                // A caller that no longer waits has panicked.
                let _ = answer.send(result);
            }
        }
    }

    fn with_engine<T>(&self, work: impl FnOnce(&mut E) -> Result<T>) -> Result<T> {
        self.check_outside()?;
        // A panic of the engine leaves its state unknown.
        let mut engine = self.engine.lock().map_err(|_| closed())?;
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

/// Who hears about commits.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Arc<dyn CommitListener>>>);

impl Listeners {
    pub(crate) fn add(&self, listener: Arc<dyn CommitListener>) {
        lock(&self.0).push(listener);
    }

    /// Tells every listener.
    ///
    /// # Errors
    /// Panicked when one did: what it keeps may be wrong from now on.
    pub(crate) fn tell(&self, news: impl Fn(&dyn CommitListener)) -> Result<()> {
        let listeners = lock(&self.0).clone();
        let mut told = Ok(());
        for listener in listeners {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| news(&*listener))) {
                told = told.and(Err(panicked("a listener of commits", &*panic)));
            }
        }
        told
    }
}

pub(crate) fn for_reading() -> Error {
    Error::new(ErrorKind::Misuse, "the store was opened for reading only")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
