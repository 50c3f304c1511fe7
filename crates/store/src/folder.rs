//! The data folder: what lies where, and the lock that lets one process write.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result};

/// Paths inside a data folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_path_buf())
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("vouch.db")
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.0.join("files")
    }

    /// Makes the folder where it is missing, for its owner only, and takes its lock, which the system lets go of when the process ends.
    pub(crate) fn lock(&self) -> Result<File> {
        make(&self.0).map_err(|error| Error::io("make the folder", &self.0, error))?;
        let path = self.0.join("vouch.lock");
        let opened = File::options().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|error| Error::io("open", &path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another process writes to `{}`", self.0.display());
                Err(Error::new(ErrorKind::Locked, message).with_hint("stop the other vouch, or choose another folder with --data"))
            }
            Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, error)),
        }
    }
}

/// Bodies hold personal data, so others on the machine must not look into a folder made here.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_folder_is_for_its_owner_only() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let _lock = Folder::new(&folder).lock().unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
