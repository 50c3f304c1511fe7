//! The data folder: database, files, signing key, policy, and what an organisation drops in.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vouch_app::{Acting, Clock, Entropy, Error, ErrorKind, Founding, Tables, Vouch};
use vouch_ledger::{Policy, SignerKey, VerifierKey, hex};
use vouch_record::state::Actor;
use vouch_store::{Postgres, Settings, Signer, Sqlite, Store};

use crate::durable::{private_file, private_folder, remove_left, replace_file};
use crate::failure::Failure;
use crate::keys::{KEY, Keys};
use crate::session;
use crate::system::{SystemClock, SystemEntropy, key_passphrase};

/// Name of the file with the policy that trusts this log.
const POLICY: &str = "policy";
/// Name of the file that says that the records are not in the folder.
const ELSEWHERE: &str = "database";
/// Name of the file that is there while records are replaced.
const UNFINISHED: &str = "restore-unfinished";
/// What holds the records of a folder.
const RECORDS: [&str; 4] = ["vouch.db", "vouch.db-wal", "vouch.db-shm", "files"];
/// Name of the sealed signing key inside a backup.
pub(crate) const SEALED: &str = "signing.key.sealed";
/// Largest file of own kinds that is read.
const MOST: u64 = 1 << 20;

/// What a backup says of itself.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Manifest {
    /// version of the form
    pub(crate) format: u32,
    /// name of the log
    pub(crate) origin: String,
    /// leaves in it
    pub(crate) leaves: u64,
}

impl Manifest {
    const NAME: &str = "backup.json";

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self).expect("text and numbers are JSON");
        private_file(&folder.join(Self::NAME), &text)
    }

    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(Self::NAME);
        let text = fs::read(&path).map_err(|error| Failure::file(&path, "read", error))?;
        let read: Option<Self> = serde_json::from_slice(&text).ok().filter(|manifest: &Self| manifest.format == 1);
        read.ok_or_else(|| Failure(Error::new(ErrorKind::Corrupt, "the backup is of a form that this version does not know")))
    }
}

/// A data folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Address of the database with the records; they lie in the folder if there is none.
    database: Option<String>,
}

/// How a log is begun.
pub(crate) struct Beginning {
    /// the log's origin; made up if absent
    pub(crate) origin: Option<String>,
    /// what tells the time and gives randomness
    pub(crate) clock: Arc<dyn Clock>,
    /// keys of records come from it
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Default for Beginning {
    fn default() -> Self {
        Self { origin: None, clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }
}

impl Folder {
    pub(crate) const fn at(path: PathBuf, database: Option<String>) -> Self {
        Self { path, database }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the policy of this log lies.
    pub(crate) fn policy_path(&self) -> PathBuf {
        self.path.join(POLICY)
    }

    /// Whether the records are in a database.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.path.join(ELSEWHERE).exists()
    }

    /// Whether records lie in the folder itself.
    pub(crate) fn has_records(&self) -> bool {
        self.path.join("vouch.db").exists()
    }

    /// Whether an installation lies here.
    pub(crate) fn is_begun(&self) -> bool {
        self.path.join(KEY).exists()
    }

    /// The tables with the organisation's own fields, `kinds/*.yaml` of the folder.
    pub(crate) fn tables(&self) -> Result<Tables, Failure> {
        session::tables(&self.own("kinds")?, &self.own("frameworks")?)
    }

    /// The YAML files that the organisation dropped into a folder of its data folder, by name.
    fn own(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let folder = self.path.join(name);
        let mut own = Vec::new();
        if folder.is_dir() {
            let entries = fs::read_dir(&folder).map_err(|error| Failure::file(&folder, "read", error))?;
            for entry in entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "yaml")) {
                let mut bytes = Vec::new();
                let opened = File::open(entry.path()).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
                opened.map_err(|error| Failure::file(&entry.path(), "read", error))?;
                own.push((entry.path().display().to_string(), bytes));
            }
        }
        own.sort();
        Ok(own)
    }

    /// Opens the installation; for writing only one process at a time may.
    pub(crate) fn open(&self, tables: Tables, write: bool) -> Result<Vouch, Failure> {
        self.open_with(tables, write, &Beginning::default())
    }

    /// The same with other sources of time and randomness.
    pub(crate) fn open_with(&self, tables: Tables, write: bool, beginning: &Beginning) -> Result<Vouch, Failure> {
        let keys = self.keys()?;
        let store = self.store_of(&keys, write)?;
        let origin = keys.origin().to_owned();
        let vouch = Vouch::open(store, tables, origin, beginning.clock.clone(), beginning.entropy.clone())?;
        if write {
            keys.settle(vouch.last_key()?.as_ref())?;
        }
        Ok(vouch)
    }

    /// Opens the store, in the folder or in the database.
    pub(crate) fn store(&self, write: bool) -> Result<Arc<dyn Store>, Failure> {
        self.store_of(&self.keys()?, write)
    }

    fn store_of(&self, keys: &Keys, write: bool) -> Result<Arc<dyn Store>, Failure> {
        self.check_place()?;
        if write {
            return self.store_signed_by(keys.origin(), Arc::new(keys.signer()?)).map_err(unavailable);
        }
        // The key is not needed for reading, but that others may read it is said at once.
        keys.text()?;
        let settings = Settings::default();
        Ok(match &self.database {
            None => Arc::new(Sqlite::open_for_reading(&self.path, settings).map_err(unavailable)?),
            Some(address) => Arc::new(Postgres::open_for_reading(address, keys.origin(), settings).map_err(unavailable)?),
        })
    }

    /// Opens the store of the log `origin` for writing, wherever the records were before.
    pub(crate) fn store_signed_by(&self, origin: &str, signer: Arc<dyn Signer>) -> vouch_store::Result<Arc<dyn Store>> {
        let settings = Settings::default();
        Ok(match &self.database {
            None => Arc::new(Sqlite::open(&self.path, signer, settings)?),
            Some(address) => Arc::new(Postgres::open(address, origin, signer, settings)?),
        })
    }

    /// Refuses to look for records where they are not: an empty log beside the real one would look like a loss.
    fn check_place(&self) -> Result<(), Failure> {
        let mark = self.path.join(ELSEWHERE);
        let refuse = |message: String, hint: &str| Err(Failure(Error::refused(message).hint(hint)));
        if self.path.join(UNFINISHED).exists() {
            let message = format!("a restore into `{}` was interrupted", self.path.display());
            return refuse(message, "move what lies in `replaced-N` back, remove `restore-unfinished`, and run it again");
        }
        match &self.database {
            None if mark.exists() => refuse(
                format!("the records of `{}` are in a PostgreSQL database", self.path.display()),
                "name it with `--database URL` or VOUCH_DATABASE",
            ),
            Some(_) if !mark.exists() && self.path.join("vouch.db").exists() => refuse(
                format!("the records of `{}` are in that folder", self.path.display()),
                "leave `--database` out, or move them with `vouch transfer`",
            ),
            _ => Ok(()),
        }
    }

    /// Notes where the records are from now on.
    pub(crate) fn mark_place(&self) -> Result<(), Failure> {
        let path = self.path.join(ELSEWHERE);
        if self.database.is_none() {
            remove_left(&path).map_err(|error| Failure::file(&path, "remove", error))?;
        }
        if self.database.is_some() && !path.exists() {
            private_file(&path, b"The records are in a PostgreSQL database; name it with --database or VOUCH_DATABASE.\n")?;
        }
        Ok(())
    }

    /// Begins an organisation: key, policy, store, founding records.
    pub(crate) fn begin(&self, tables: Tables, founding: &Founding) -> Result<(Vouch, VerifierKey), Failure> {
        let beginning = Beginning::default();
        if !self.is_begun() {
            rehearse(tables.clone(), founding, &beginning)?;
        }
        let key = self.begin_log(&beginning)?;
        let vouch = self.open_with(tables, true, &beginning)?;
        check_empty(&vouch)?;
        let founding = founding.clone();
        let acting = Acting { actor: Actor::System, sign_in: "local" };
        vouch.perform(acting, move |work| work.found(&founding).map(|_| ()))?;
        Ok((vouch, key))
    }

    /// Copies what an installation has beside its records: policy, the organisation's own kinds and frameworks, and the key if asked.
    pub(crate) fn copy_beside(&self, to: &Self, with_key: bool) -> Result<(), Failure> {
        private_folder(&to.path).map_err(|error| Failure::file(&to.path, "make", error))?;
        for name in [POLICY].into_iter().chain(with_key.then_some(KEY)) {
            let from = self.path.join(name);
            let bytes = fs::read(&from).map_err(|error| Failure::file(&from, "read", error))?;
            private_file(&to.path.join(name), &bytes)?;
        }
        for name in ["kinds", "frameworks"] {
            for (file, bytes) in self.own(name)? {
                let target = to.path.join(name).join(Path::new(&file).file_name().unwrap_or_default());
                let folder = to.path.join(name);
                fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, "make", error))?;
                fs::write(&target, bytes).map_err(|error| Failure::file(&target, "write", error))?;
            }
        }
        Ok(())
    }

    /// Puts the records of another folder in the place of those here, which are moved aside. Key, policy and own kinds come too where
    /// nothing was begun here. A database is filled only if it has no such log.
    pub(crate) fn replace_records(&self, source: &Self, origin: &str) -> Result<(), Failure> {
        if !self.is_begun() {
            source.copy_beside(self, true)?;
        }
        if self.database.is_some() {
            let signer: Arc<dyn Signer> = Arc::new(source.keys()?.signer()?);
            let from = source.store_signed_by(origin, signer).map_err(unavailable)?;
            vouch_store::transfer(from.as_ref(), &|signer| self.store_signed_by(origin, signer), &mut |_, _| {})
                .map_err(unavailable)?;
            self.mark_place()?;
            self.open(self.tables()?, true)?.rebuild(&mut |_| {})?;
            return Ok(());
        }
        // The lock says that nobody works here now.
        let present = if self.has_records() { Some(self.store(true)?) } else { None };
        let failed = |error: std::io::Error| Failure::file(&self.path, "replace the records in", error);
        let unfinished = self.path.join(UNFINISHED);
        private_file(&unfinished, b"A restore was interrupted here; run it again.\n")?;
        drop(present);
        let aside = (1..).map(|number| self.path.join(format!("replaced-{number}"))).find(|path| !path.exists());
        let aside = aside.expect("numbers do not end");
        for name in RECORDS {
            if self.path.join(name).exists() {
                private_folder(&aside).and_then(|()| fs::rename(self.path.join(name), aside.join(name))).map_err(failed)?;
            }
            if source.path.join(name).exists() {
                fs::rename(source.path.join(name), self.path.join(name)).map_err(failed)?;
            }
        }
        let (present, coming) = (self.path.join(KEY), source.path.join(KEY));
        if self.keys()?.signing()?.verifier() != source.keys()?.signing()?.verifier() {
            private_folder(&aside).and_then(|()| fs::rename(&present, aside.join(KEY))).map_err(failed)?;
            private_file(&present, &fs::read(&coming).map_err(failed)?)?;
        }
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed)?;
        fs::remove_file(&unfinished).map_err(failed)
    }

    /// Makes folder, signing key and policy; refused where a log lies already.
    pub(crate) fn begin_log(&self, beginning: &Beginning) -> Result<VerifierKey, Failure> {
        if self.is_begun() {
            let message = format!("an organisation was begun in `{}` already", self.path.display());
            return Err(Failure(Error::refused(message).hint("use another folder with `--data DIR`")));
        }
        private_folder(&self.path).map_err(|error| Failure::file(&self.path, "make", error))?;
        // The signing key always comes from the system, also where record keys do not.
        let seed = SystemEntropy.bytes();
        let origin = beginning.origin.clone().unwrap_or_else(|| format!("vouch.local/{}", &hex(&SystemEntropy.bytes())[..16]));
        let key = SignerKey::from_seed(&origin, &seed)?;
        self.mark_place()?;
        // The policy comes first: a folder with a key is one that was begun.
        let policy = Policy::of_log([key.verifier()]);
        replace_file(&self.policy_path(), &policy.to_bytes())?;
        self.keys()?.put(&key, key_passphrase()?.as_deref())?;
        Ok(key.verifier())
    }

    /// The policy of the folder: the log's first key, the witnesses that are asked, and how many of them must have cosigned.
    pub(crate) fn policy(&self) -> Result<Policy, Failure> {
        let path = self.policy_path();
        if !self.is_begun() && !path.exists() {
            let message = format!("no organisation was begun in `{}`", self.path.display());
            let hint = "run `vouch init` or `vouch demo`, or name a folder with `--data DIR`";
            return Err(Failure(Error::new(ErrorKind::Unavailable, message).hint(hint)));
        }
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, "read", error))?;
        Ok(Policy::parse(&bytes).map_err(|error| error.within(path.display()))?)
    }

    /// The first key of the log: what its policy names first.
    pub(crate) fn first_key(&self) -> Result<VerifierKey, Failure> {
        let first = self.policy()?.logs.into_iter().next().map(|known| known.key);
        first.ok_or_else(|| Failure::invalid(format!("`{}` names no log", self.policy_path().display()), "add its `log KEY` line"))
    }

    /// The log's name.
    pub(crate) fn origin(&self) -> Result<String, Failure> {
        Ok(self.first_key()?.name().to_owned())
    }

    /// The signing keys.
    pub(crate) fn keys(&self) -> Result<Keys, Failure> {
        Ok(Keys::of(&self.path, self.first_key()?))
    }
}

/// Refuses to begin where a log has leaves already.
pub(crate) fn check_empty(vouch: &Vouch) -> Result<(), Failure> {
    if vouch.is_begun() {
        let message = format!("the database holds a log of `{}` already", vouch.origin());
        return Err(Failure(Error::refused(message).hint("use another database")));
    }
    Ok(())
}

pub(crate) fn unavailable(error: vouch_store::Error) -> Failure {
    let hint = error.hint().map(str::to_owned);
    Failure(Error { hint, ..Error::new(ErrorKind::Unavailable, error.message().to_owned()).because(error) })
}

/// Founds the organisation in memory: what cannot begin leaves no folder, key or policy behind.
fn rehearse(tables: Tables, founding: &Founding, beginning: &Beginning) -> Result<(), Failure> {
    const ORIGIN: &str = "rehearsal";
    let key = SignerKey::from_seed(ORIGIN, &SystemEntropy.bytes())?;
    let signer = Keys::of(Path::new(""), key.verifier()).signer_of(vec![key]);
    let store = Sqlite::memory(Arc::new(signer), Settings::default()).map_err(unavailable)?;
    let vouch = Vouch::open(Arc::new(store), tables, ORIGIN.to_owned(), beginning.clock.clone(), beginning.entropy.clone())?;
    let founding = founding.clone();
    vouch.perform(Acting { actor: Actor::System, sign_in: "local" }, move |work| work.found(&founding).map(|_| ()))?;
    Ok(())
}
