//! Audit packs under way or ready to be fetched. They are files without a name in the spool of the installation, so that nothing is
//! left of them when the server stops, for the person who had them built; they are no records.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use vouch_app::pack::{Order, Packed, Progress};
use vouch_app::{Error, ErrorKind, Result};
use vouch_record::Id;

use crate::site::Site;

/// Packs kept; the oldest goes.
const MOST: usize = 4;
/// Packs built at once.
const AT_ONCE: usize = 2;
/// Bytes read at once.
const CHUNK: usize = 1 << 16;

/// How far a pack is.
#[derive(Clone)]
pub(crate) enum Stage {
    /// it is built
    Running { since: Timestamp },
    /// it may be fetched
    Ready(Arc<Built>),
    /// somebody stopped it
    Stopped,
    /// why nothing came of it: message, hint
    Failed(String, Option<String>),
}

/// A pack that may be fetched.
pub(crate) struct Built {
    /// what is in it
    pub(crate) packed: Packed,
    /// bytes of the file
    pub(crate) size: u64,
    /// SHA-256 of the file in hexadecimal
    pub(crate) sha256: String,
    file: Mutex<File>,
}

/// A pack.
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) person: Id,
    /// the day that its lists are about
    pub(crate) day: Date,
    stage: Mutex<Stage>,
    done: AtomicU64,
    all: AtomicU64,
    is_stopped: AtomicBool,
}

/// Packs under way or ready.
#[derive(Default)]
pub(crate) struct Packing {
    kept: Mutex<Vec<Arc<Job>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is said when the spool takes no more.
fn unwritable(error: io::Error) -> Error {
    let message = format!("the pack cannot be written: {error}");
    Error::new(ErrorKind::Unavailable, message).hint("see whether the disk of the data folder has room").because(error)
}

impl Packing {
    /// Begins a pack as of a day (nothing for today) on a thread of its own; one that is being built already is given back.
    pub(crate) fn begin(site: &Arc<Site>, person: Id, as_of: Option<Date>) -> Result<Arc<Job>> {
        let day = as_of.unwrap_or_else(|| site.vouch.today());
        let mut kept = locked(&site.packing.kept);
        let running = || kept.iter().filter(|job| job.is_running());
        if let Some(same) = running().find(|job| job.person == person && job.day == day) {
            return Ok(same.clone());
        }
        if running().count() >= AT_ONCE {
            let message = format!("{AT_ONCE} packs are being built already");
            return Err(Error::new(ErrorKind::Unavailable, message).hint("wait for one of them, or stop it in My work"));
        }
        let file = tempfile::tempfile_in(&site.settings.spool).map_err(unwritable)?;
        let job = Arc::new(Job {
            id: site.sessions.fresh(),
            person,
            day,
            stage: Mutex::new(Stage::Running { since: site.clock.now() }),
            done: AtomicU64::new(0),
            all: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
        });
        if let Some(oldest) = kept.iter().position(|job| !job.is_running()).filter(|_| kept.len() >= MOST) {
            kept.remove(oldest);
        }
        kept.push(job.clone());
        let (site, building) = (site.clone(), job.clone());
        std::thread::spawn(move || {
            let stage = building.build(&site, as_of, file);
            *locked(&building.stage) = stage;
        });
        Ok(job)
    }

    /// The pack of an address, for the person who had it built.
    pub(crate) fn find(&self, id: &str, person: Id) -> Option<Arc<Job>> {
        locked(&self.kept).iter().find(|job| job.id == id && job.person == person).cloned()
    }

    /// The packs of a person, the latest first.
    pub(crate) fn of(&self, person: Id) -> Vec<Arc<Job>> {
        locked(&self.kept).iter().rev().filter(|job| job.person == person).cloned().collect()
    }
}

impl Job {
    /// As it is now.
    pub(crate) fn stage(&self) -> Stage {
        locked(&self.stage).clone()
    }

    /// Whether it is being built.
    pub(crate) fn is_running(&self) -> bool {
        matches!(*locked(&self.stage), Stage::Running { .. })
    }

    /// Leaves written, and how many there are; 0 before that is known.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    /// Ends it before its end.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    fn build(&self, site: &Site, as_of: Option<Date>, mut file: File) -> Stage {
        let mut progress = |progress: Progress| {
            self.done.store(progress.done, Ordering::Relaxed);
            self.all.store(progress.all, Ordering::Relaxed);
            if self.is_stopped.load(Ordering::Relaxed) { Err(Error::refused("it was stopped")) } else { Ok(()) }
        };
        let order = Order { as_of, policy: &site.settings.policy, progress: &mut progress };
        let packed = site.vouch.pack(order, &file).and_then(|packed| {
            let (size, sha256) = told_of(&mut file).map_err(unwritable)?;
            Ok((packed, size, sha256))
        });
        match packed {
            Ok((packed, size, sha256)) => Stage::Ready(Arc::new(Built { packed, size, sha256, file: Mutex::new(file) })),
            Err(_) if self.is_stopped.load(Ordering::Relaxed) => Stage::Stopped,
            Err(error) => Stage::Failed(error.message, error.hint),
        }
    }
}

/// Bytes of a file and their hash.
fn told_of(file: &mut File) -> io::Result<(u64, String)> {
    let (mut hasher, mut chunk, mut size) = (Sha256::new(), vec![0; CHUNK], 0);
    file.seek(SeekFrom::Start(0))?;
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok((size, vouch_ledger::hex(&hasher.finalize().into()))),
            read => {
                hasher.update(&chunk[..read]);
                size += read as u64;
            }
        }
    }
}

impl Built {
    /// Some bytes from a place on; none at the end. Two may read at once.
    pub(crate) fn chunk(&self, at: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(CHUNK);
        let mut file = locked(&self.file);
        file.seek(SeekFrom::Start(at))?;
        (&mut *file).take(CHUNK as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
