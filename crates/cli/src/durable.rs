//! Files and folders that are there, whole and for their owner only, once the call that made them has answered: also after a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Makes a folder that only its owner may look into; one that is there stays as it is.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only its owner may read; refused where one is.
pub(crate) fn private_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    make(path, bytes).and_then(|()| sync_folder_of(path)).map_err(|error| Failure::file(path, "write", error))
}

/// Writes a file that only its owner may read, in the place of one that may be there: a reader sees the one or the other, never a part.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let next = beside(path, ".writing");
    let written = remove_left(&next).and_then(|()| make(&next, bytes)).and_then(|()| put_in_place(&next, path));
    written.map_err(|error| Failure::file(path, "write", error))
}

/// Gives a file that is written and synced the name of another, which it takes the place of.
pub(crate) fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder_of(to)
}

/// Removes what an earlier run may have left behind.
pub(crate) fn remove_left(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The path with something at its end.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn make(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A file's name is durable only when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_also_over_what_an_interrupted_run_left() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("policy");
        fs::write(beside(&path, ".writing"), b"half of i").unwrap();
        for text in ["first", "second"] {
            replace_file(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_private_file_is_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("signing.key");
        private_file(&path, b"first").unwrap();
        assert!(private_file(&path, b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_what_is_written() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let (folder, file) = (place.path().join("data"), place.path().join("data/policy"));
        private_folder(&folder).unwrap();
        replace_file(&file, b"log").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    }
}
