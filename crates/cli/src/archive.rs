//! A backup as one file: a line with the hash of all that follows, then a ZIP archive with what is beside the records, and the
//! records as a folder of files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use vouch_app::{Error, ErrorKind};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::durable::{beside, put_in_place};
use crate::failure::Failure;

/// Most files of a backup, and most bytes that it may unpack to.
const MOST_FILES: usize = 10_000_000;
const MOST_BYTES: u64 = 4 << 40;

/// What the first line of a backup begins with; the hash in hexadecimal and a line feed follow.
const SEAL: &str = "vouch backup, SHA-256 of all that follows: ";

/// The first line for a hash.
fn seal(hash: &[u8; 32]) -> String {
    format!("{SEAL}{}\n", vouch_ledger::hex(hash))
}

/// The hash of what stands after the first line; the file is read to its end.
fn content_hash(file: &mut File) -> io::Result<[u8; 32]> {
    file.seek(SeekFrom::Start(seal(&[0; 32]).len() as u64))?;
    let (mut hasher, mut chunk) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&chunk[..read]),
        }
    }
}

/// Writes the first line over the place that was kept for it.
fn close(file: &mut File) -> io::Result<()> {
    let hash = content_hash(file)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(seal(&hash).as_bytes())?;
    file.sync_all()
}

/// Writes every file below `folder` into `file`, which appears whole and synced, or not at all.
pub(crate) fn pack(folder: &Path, file: &Path) -> Result<(), Failure> {
    let partial = beside(file, ".partial");
    write(folder, &partial).and_then(|()| put_in_place(&partial, file)).map_err(|error| {
        // What is half there is of no use to anybody.
        let _ = fs::remove_file(&partial);
        Failure::file(file, "write", error)
    })
}

fn write(folder: &Path, partial: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(partial)?;
    file.write_all(seal(&[0; 32]).as_bytes())?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    paths.sort();
    for path in paths {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let name = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        archive.start_file(name, options)?;
        io::copy(&mut File::open(&path)?, &mut archive)?;
    }
    let mut file = archive.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    close(&mut file)
}

fn gather(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { gather(&entry.path(), into)? } else { into.push(entry.path()) }
    }
    Ok(())
}

/// Unpacks a backup below a folder that is empty. The hash over all of it is compared first; nothing is written outside of the folder.
pub(crate) fn unpack(file: &Path, folder: &Path) -> Result<(), Failure> {
    let mut opened = File::open(file).map_err(|error| Failure::file(file, "read", error))?;
    let damaged = |what: String| {
        Failure(Error::new(ErrorKind::Corrupt, format!("`{}` is no whole backup: {what}", file.display())).hint("take another one"))
    };
    let mut first = vec![0; seal(&[0; 32]).len()];
    opened.read_exact(&mut first).map_err(|_| damaged("it ends within its first line".to_owned()))?;
    let hash = content_hash(&mut opened).map_err(|error| Failure::file(file, "read", error))?;
    if first != seal(&hash).as_bytes() {
        return Err(damaged("what it holds is not what its first line names".to_owned()));
    }
    opened.seek(SeekFrom::Start(0)).map_err(|error| Failure::file(file, "read", error))?;
    let mut archive = ZipArchive::new(io::BufReader::new(opened)).map_err(|error| damaged(error.to_string()))?;
    if archive.len() > MOST_FILES {
        return Err(damaged(format!("it has {} files", archive.len())));
    }
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| damaged(error.to_string()))?;
        let inside = PathBuf::from(entry.name().map_err(|error| damaged(error.to_string()))?.into_owned());
        if entry.is_dir() || !inside.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(damaged(format!("`{}` has no place in one", inside.display())));
        }
        let target = folder.join(inside);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| Failure::file(parent, "make", error))?;
        }
        let made = File::create_new(&target).map_err(|error| Failure::file(&target, "write", error))?;
        let mut out = BufWriter::new(made);
        let copied = io::copy(&mut entry.take(left), &mut out).map_err(|error| damaged(error.to_string()))?;
        left -= copied;
        let synced = out.flush().and_then(|()| out.get_ref().sync_all());
        synced.map_err(|error| Failure::file(&target, "write", error))?;
    }
    if left == 0 { Err(damaged("it unpacks to too much".to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked_and_damage_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let (from, file) = (place.path().join("from"), place.path().join("backup"));
        fs::create_dir_all(from.join("a/b")).unwrap();
        fs::write(from.join("a/b/c"), b"content".repeat(1_000)).unwrap();
        fs::write(from.join("d"), b"").unwrap();
        pack(&from, &file).unwrap();
        let to = place.path().join("to");
        unpack(&file, &to).unwrap();
        assert_eq!(fs::read(to.join("a/b/c")).unwrap(), fs::read(from.join("a/b/c")).unwrap());
        assert_eq!(fs::read(to.join("d")).unwrap(), b"");
        let whole = fs::read(&file).unwrap();
        for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(&file, &whole[..cut]).unwrap();
            assert!(unpack(&file, &place.path().join(format!("cut{cut}"))).is_err(), "{cut}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&file, changed).unwrap();
            assert!(unpack(&file, &place.path().join(format!("changed{at}"))).is_err(), "{at}");
        }
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("backup");
        let mut made = File::options().read(true).write(true).create_new(true).open(&file).unwrap();
        made.write_all(seal(&[0; 32]).as_bytes()).unwrap();
        let mut archive = ZipWriter::new(made);
        archive.start_file("../outside", SimpleFileOptions::default()).unwrap();
        archive.write_all(b"x").unwrap();
        close(&mut archive.finish().unwrap()).unwrap();
        assert!(unpack(&file, &place.path().join("to")).is_err());
        assert!(!place.path().join("outside").exists());
    }
}
