//! Imports under way: each with its file, what its columns mean, how far it is. They live until the server stops, for the person who
//! began them, and are no records: what an import writes is.

use std::io::Cursor;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use vouch_app::import::mapping::Mapping;
use vouch_app::import::{Columns, Mode, Order, Report, Source, mapped};
use vouch_app::{Acting, Clock, Error, Result, Vouch};
use vouch_record::Id;

/// Imports kept; the oldest goes.
const MOST: usize = 12;

/// What the columns of a file mean.
#[derive(Clone)]
pub(crate) enum Meaning {
    /// a mapping that comes with the program: its title
    Preset(&'static str, Box<Mapping>),
    /// what a person says of each column
    Columns(Columns),
}

/// How far an import is.
#[derive(Clone)]
pub(crate) enum Stage {
    /// the columns are to be looked at
    Columns,
    /// rows are read; whether they are written
    Running { is_written: bool, since: Timestamp },
    /// what would be written
    Verdict(Arc<Report>),
    /// what was written
    Written(Arc<Report>),
    /// why nothing came of it: message, hint
    Failed(String, Option<String>),
}

/// An import.
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) person: Id,
    held: Mutex<Held>,
    read: AtomicUsize,
    total: AtomicUsize,
    is_stopped: AtomicBool,
}

/// What of an import changes.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) name: String,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) meaning: Meaning,
    pub(crate) stage: Stage,
    /// rows that were mended in the browser
    pub(crate) mended: Vec<usize>,
}

/// Imports under way.
#[derive(Default)]
pub(crate) struct Intake {
    kept: Mutex<Vec<Arc<Job>>>,
}

impl Intake {
    /// Begins an import; `id` is what its address ends with.
    pub(crate) fn begin(&self, id: String, person: Id, held: Held) -> Arc<Job> {
        let (read, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let job = Arc::new(Job { id, person, held: Mutex::new(held), read, total, is_stopped: AtomicBool::new(false) });
        let mut kept = self.lock();
        if kept.len() == MOST {
            kept.remove(0).stop();
        }
        kept.push(job.clone());
        job
    }

    /// The import of an address, for the person who began it.
    pub(crate) fn find(&self, id: &str, person: Id) -> Option<Arc<Job>> {
        self.lock().iter().find(|job| job.id == id && job.person == person).cloned()
    }

    /// The imports of a person, the latest first.
    pub(crate) fn of(&self, person: Id) -> Vec<Arc<Job>> {
        self.lock().iter().rev().filter(|job| job.person == person).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Job>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The mapping by which the file is read.
    pub(crate) fn mapping(&self, vouch: &Vouch) -> Result<Mapping> {
        match &self.meaning {
            Meaning::Preset(_, mapping) => Ok((**mapping).clone()),
            Meaning::Columns(columns) => mapped(&vouch.tables().kinds, &self.name, columns),
        }
    }

    /// What records of the import call the file: a mended table is no longer the file that was handed in.
    fn source_name(&self) -> String {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        if self.mended.is_empty() { self.name.clone() } else { format!("{stem} mended.csv") }
    }

    /// The file, to be read from its begin.
    pub(crate) fn file(&self) -> Cursor<Arc<[u8]>> {
        Cursor::new(self.bytes.clone())
    }
}

impl Job {
    /// As it is now.
    pub(crate) fn held(&self) -> Held {
        self.lock().clone()
    }

    /// Changes it; refused while its rows are read.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Held)) -> Result<()> {
        let mut held = self.lock();
        if matches!(held.stage, Stage::Running { .. }) {
            return Err(Error::refused("the rows are being read").hint("wait for the verdict, or stop it"));
        }
        change(&mut held);
        Ok(())
    }

    /// Rows read so far, and how many there are once that is known.
    pub(crate) fn progress(&self) -> (usize, Option<usize>) {
        let total = self.total.load(Ordering::Relaxed);
        (self.read.load(Ordering::Relaxed), (total > 0).then_some(total))
    }

    /// Ends it before its end; nothing of it is written.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the rows on a thread of its own: a verdict, or with another mode than a dry run what is written.
    pub(crate) fn run(self: &Arc<Self>, vouch: &Arc<Vouch>, clock: &dyn Clock, acting: Acting, mode: Mode) -> Result<()> {
        let held = self.held();
        let mapping = held.mapping(vouch)?;
        self.change(|held| held.stage = Stage::Running { is_written: mode != Mode::DryRun, since: clock.now() })?;
        self.read.store(0, Ordering::Relaxed);
        self.is_stopped.store(false, Ordering::Relaxed);
        let (job, vouch) = (self.clone(), vouch.clone());
        std::thread::spawn(move || {
            let stage = job.read_rows(&vouch, &held, mapping, acting, mode);
            job.lock().stage = stage;
        });
        Ok(())
    }

    fn read_rows(self: &Arc<Self>, vouch: &Vouch, held: &Held, mapping: Mapping, acting: Acting, mode: Mode) -> Stage {
        let source = match Source::of(&held.source_name(), &mut held.file()) {
            Ok(source) => source,
            Err(error) => return Stage::Failed(format!("the file cannot be read: {error}"), None),
        };
        let job = self.clone();
        let progress = Box::new(move |rows| {
            job.read.store(rows, Ordering::Relaxed);
            if job.is_stopped.load(Ordering::Relaxed) { Err(Error::refused("it was stopped; nothing was written")) } else { Ok(()) }
        });
        match vouch.import(acting, Order { file: held.file(), mapping, source, mode, progress }) {
            Ok((report, written)) => {
                self.total.store(report.rows, Ordering::Relaxed);
                if written { Stage::Written(Arc::new(report)) } else { Stage::Verdict(Arc::new(report)) }
            }
            Err(error) => Stage::Failed(error.message, error.hint),
        }
    }
}
