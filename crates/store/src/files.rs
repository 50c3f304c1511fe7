//! Files by their SHA-256, in a folder or in memory.
//!
//! A file is written under a made-up name in `incoming`, synced, and renamed to `<first two digits>/<hash>` before the transaction
//! that names it commits; so a row never names bytes that could be lost. What lies in `incoming` when the folder is opened for writing
//! was never named and goes.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use vouch_ledger::{Hash, hex};

use crate::postgres::Content;
use crate::{Error, ErrorKind, Result};

/// A file that was taken in and is not named yet. Dropping it removes it.
#[derive(Debug)]
pub struct StagedFile {
    sha256: Hash,
    size: u64,
    bytes: Staged,
}

#[derive(Debug)]
enum Staged {
    Disk(PathBuf),
    Memory(Vec<u8>),
    Database(Content),
    /// In its place; nothing is left to remove.
    Kept,
}

impl StagedFile {
    /// A file whose bytes lie in a database.
    pub(crate) fn in_database(sha256: Hash, size: u64, content: Content) -> Self {
        Self { sha256, size, bytes: Staged::Database(content) }
    }

    /// Where its bytes lie in a database.
    pub(crate) fn content_mut(&mut self) -> Option<&mut Content> {
        if let Staged::Database(content) = &mut self.bytes { Some(content) } else { None }
    }

    /// SHA-256 of its bytes.
    #[must_use]
    pub fn sha256(&self) -> &Hash {
        &self.sha256
    }

    /// Number of bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if let Staged::Disk(path) = &self.bytes {
            // Opening the folder for writing removes what could not be removed here.
            let _ = fs::remove_file(path);
        }
    }
}

/// Where files are kept.
#[derive(Debug)]
pub(crate) enum Files {
    Disk { folder: PathBuf, next: AtomicU64 },
    Memory(Mutex<HashMap<Hash, Arc<[u8]>>>),
}

impl Files {
    pub(crate) fn memory() -> Self {
        Self::Memory(Mutex::default())
    }

    /// Files below `folder`, for reading only.
    pub(crate) fn reader(folder: PathBuf) -> Self {
        Self::Disk { folder, next: AtomicU64::new(0) }
    }

    /// Files below `folder`, which is made where it is missing; the caller holds the lock of the data folder.
    pub(crate) fn writer(folder: PathBuf) -> Result<Self> {
        let incoming = folder.join("incoming");
        fs::create_dir_all(&incoming).map_err(|error| Error::io("make the folder", &incoming, error))?;
        for path in list(&incoming)? {
            remove(&path)?;
        }
        sync_folder(&folder)?;
        Ok(Self::reader(folder))
    }

    pub(crate) fn stage(&self, bytes: &mut dyn Read, max_size: u64) -> Result<StagedFile> {
        // One byte more than allowed tells that there are too many.
        let mut bytes = bytes.take(max_size.saturating_add(1));
        let staged = match self {
            Self::Disk { folder, next } => {
                let name = next.fetch_add(1, Ordering::Relaxed).to_string();
                stage_on_disk(folder.join("incoming").join(name), &mut bytes)?
            }
            Self::Memory(_) => {
                let mut all = Vec::new();
                let sha256 = copy_hashing(&mut bytes, &mut all).map_err(|error| Error::io("read", Path::new("the file"), error))?;
                StagedFile { sha256, size: all.len() as u64, bytes: Staged::Memory(all) }
            }
        };
        if staged.size > max_size {
            return Err(Error::new(ErrorKind::Invalid, format!("the file has more than {max_size} bytes"))
                .with_hint("keep it elsewhere and record where, or raise the bound in the settings"));
        }
        Ok(staged)
    }

    /// Puts staged files in their places and makes that durable. Called before the commit that names them.
    pub(crate) fn keep(&self, files: &mut [StagedFile]) -> Result<()> {
        let mut touched = Vec::new();
        for file in files {
            match (self, std::mem::replace(&mut file.bytes, Staged::Kept)) {
                (Self::Disk { folder, .. }, Staged::Disk(from)) => {
                    let to = place(folder, &file.sha256);
                    let parent = to.parent().unwrap_or(folder).to_path_buf();
                    if !parent.is_dir() {
                        fs::create_dir_all(&parent).map_err(|error| Error::io("make the folder", &parent, error))?;
                        touched.push(folder.clone());
                    }
                    // Bytes that are there already are replaced by the same, in case they were damaged.
                    fs::rename(&from, &to).map_err(|error| Error::io("move a file to", &to, error))?;
                    touched.push(parent);
                }
                (Self::Memory(files), Staged::Memory(bytes)) => {
                    lock(files).insert(file.sha256, bytes.into());
                }
                _ => return Err(Error::new(ErrorKind::Misuse, "the file was staged by another store")),
            }
        }
        touched.sort();
        touched.dedup();
        touched.iter().try_for_each(|folder| sync_folder(folder))
    }

    /// Whether the file was staged by this kind of store.
    pub(crate) fn owns(&self, file: &StagedFile) -> bool {
        match (self, &file.bytes) {
            (Self::Disk { folder, .. }, Staged::Disk(path)) => path.starts_with(folder),
            (Self::Memory(_), Staged::Memory(_)) => true,
            _ => false,
        }
    }

    /// Bytes of a file that is known to be kept, compared with its hash and size.
    pub(crate) fn read(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>> {
        let bytes = match self {
            Self::Disk { folder, .. } => read_from_disk(&place(folder, sha256))?,
            Self::Memory(files) => lock(files).get(sha256).map(|bytes| bytes.to_vec()).ok_or_else(|| missing(&hex(sha256)))?,
        };
        let found: Hash = Sha256::digest(&bytes).into();
        if found != *sha256 || bytes.len() as u64 != size {
            return Err(Error::new(ErrorKind::Corrupt, format!("file `{}` does not hold the bytes that were stored", hex(sha256)))
                .with_hint("put the file back from a backup, or attach it again: the same bytes heal it"));
        }
        Ok(bytes)
    }

    /// Bytes of a file that is still staged.
    pub(crate) fn read_staged(file: &StagedFile) -> Result<Vec<u8>> {
        match &file.bytes {
            Staged::Disk(path) => read_from_disk(path),
            Staged::Memory(bytes) => Ok(bytes.clone()),
            Staged::Kept | Staged::Database(_) => Err(missing(&hex(&file.sha256))),
        }
    }

    /// Removes a file; one that is not there is no error.
    pub(crate) fn remove(&self, sha256: &Hash) -> Result<()> {
        match self {
            Self::Disk { folder, .. } => {
                let path = place(folder, sha256);
                if path.exists() {
                    remove(&path)?;
                    sync_folder(path.parent().unwrap_or(folder))?;
                }
            }
            Self::Memory(files) => drop(lock(files).remove(sha256)),
        }
        Ok(())
    }

    /// Removes every file that `is_named` does not know.
    pub(crate) fn sweep(&self, is_named: &mut dyn FnMut(&Hash) -> Result<bool>) -> Result<()> {
        let held: Vec<Hash> = match self {
            Self::Memory(files) => lock(files).keys().copied().collect(),
            Self::Disk { folder, .. } => {
                let mut held = Vec::new();
                for part in list(folder)?.into_iter().filter(|path| path.is_dir() && !path.ends_with("incoming")) {
                    let names = list(&part)?.into_iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
                    held.extend(names.filter_map(|name| vouch_ledger::parse_hex(name.as_bytes()).ok()));
                }
                held
            }
        };
        for sha256 in held {
            if !is_named(&sha256)? {
                self.remove(&sha256)?;
            }
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A map of whole values is sound after any panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn missing(name: &str) -> Error {
    Error::new(ErrorKind::Missing, format!("file `{name}` is not there")).with_hint("put it back from a backup")
}

fn place(folder: &Path, sha256: &Hash) -> PathBuf {
    let name = hex(sha256);
    folder.join(&name[..2]).join(name)
}

fn stage_on_disk(path: PathBuf, bytes: &mut dyn Read) -> Result<StagedFile> {
    let mut file = File::create_new(&path).map_err(|error| Error::io("make", &path, error))?;
    // From here on the value removes the file when anything fails.
    let mut staged = StagedFile { sha256: [0; 32], size: 0, bytes: Staged::Disk(path.clone()) };
    staged.sha256 = copy_hashing(bytes, &mut file).map_err(|error| Error::io("write", &path, error))?;
    file.sync_all().map_err(|error| Error::io("make durable", &path, error))?;
    staged.size = file.metadata().map_err(|error| Error::io("read", &path, error))?.len();
    Ok(staged)
}

fn copy_hashing(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<Hash> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                to.write_all(&buffer[..read])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn read_from_disk(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(&path.display().to_string()),
        _ => Error::io("read", path, error),
    })
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|error| Error::io("remove", path, error))
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("list", folder, error);
    let entries = fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

/// Makes names in a folder durable. Windows has no such call; there a rename is journalled.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| Error::io("make durable", folder, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> usize {
        list(folder).unwrap().len()
    }

    #[test]
    fn a_staged_file_that_nobody_keeps_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::writer(folder.path().join("files")).unwrap();
        let staged = files.stage(&mut &b"report"[..], 100).unwrap();
        assert_eq!(names(&folder.path().join("files/incoming")), 1);
        drop(staged);
        assert_eq!(names(&folder.path().join("files/incoming")), 0);
    }

    #[test]
    fn a_file_larger_than_allowed_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::writer(folder.path().join("files")).unwrap();
        assert!(files.stage(&mut &b"12345"[..], 5).is_ok());
        assert_eq!(files.stage(&mut &b"123456"[..], 5).unwrap_err().kind(), ErrorKind::Invalid);
        assert_eq!(names(&folder.path().join("files/incoming")), 0);
    }

    #[test]
    fn what_a_crash_left_in_incoming_goes_when_the_folder_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::writer(folder.path().join("files")).unwrap();
        let staged = files.stage(&mut &b"half"[..], 100).unwrap();
        std::mem::forget(staged);
        Files::writer(folder.path().join("files")).unwrap();
        assert_eq!(names(&folder.path().join("files/incoming")), 0);
    }

    #[test]
    fn storing_the_same_bytes_again_heals_a_damaged_file() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::writer(folder.path().join("files")).unwrap();
        let mut staged = [files.stage(&mut &b"report"[..], 100).unwrap()];
        files.keep(&mut staged).unwrap();
        let hash = *staged[0].sha256();
        let path = place(&folder.path().join("files"), &hash);
        fs::write(&path, b"repory").unwrap();
        let error = files.read(&hash, 6).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.message().contains(&hex(&hash)));
        files.keep(&mut [files.stage(&mut &b"report"[..], 100).unwrap()]).unwrap();
        assert_eq!(files.read(&hash, 6).unwrap(), b"report");
    }

    #[test]
    fn a_sweep_removes_only_what_nothing_names() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::writer(folder.path().join("files")).unwrap();
        let mut staged = [files.stage(&mut &b"one"[..], 9).unwrap(), files.stage(&mut &b"two"[..], 9).unwrap()];
        files.keep(&mut staged).unwrap();
        let (one, two) = (*staged[0].sha256(), *staged[1].sha256());
        files.sweep(&mut |hash| Ok(*hash == one)).unwrap();
        assert_eq!(files.read(&one, 3).unwrap(), b"one");
        assert_eq!(files.read(&two, 3).unwrap_err().kind(), ErrorKind::Missing);
    }
}
