//! The files of an export: which are there, which should be, and reading them within bounds.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use sha2::{Digest as _, Sha256};

use super::{Report, Source, Stamps, stamps_text};
use crate::encoding::{parse_decimal, parse_hex};
use crate::export::{CHECKPOINT, POLICY, file_path};
use crate::fields::FileValue;
use crate::tree::{TilePath, tiles_of_size};
use crate::{Error, Hash, Result};

/// Largest policy, checkpoint or time stamp that is read, in bytes.
const MAX_SMALL: u64 = 1_000_000;
/// Largest bundle: 256 entries of 65,535 bytes with their lengths.
const MAX_BUNDLE: u64 = 256 * 65_537;

/// The export with its list of files.
pub(super) struct Folder<'a> {
    source: &'a dyn Source,
    paths: BTreeSet<String>,
    /// Files whose bytes were read: whether their hash is their name, and their size.
    read: HashMap<Hash, (bool, u64)>,
}

impl<'a> Folder<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Result<Self> {
        Ok(Self { source, paths: source.paths()?.into_iter().collect(), read: HashMap::new() })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    pub(super) fn len(&self) -> u64 {
        self.paths.len() as u64
    }

    pub(super) fn open(&self, path: &str) -> Result<Option<Box<dyn Read + 'a>>> {
        if self.has(path) { self.source.open(path).map(Some) } else { Ok(None) }
    }

    /// The bytes at a path; none when it is not there or longer than `limit`.
    fn bytes(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        Ok(self.bytes_into(path, limit, &mut bytes)?.then_some(bytes))
    }

    /// Puts the bytes at a path into `bytes`, which is emptied first; false when it is not there or longer than `limit`.
    fn bytes_into(&self, path: &str, limit: u64, bytes: &mut Vec<u8>) -> Result<bool> {
        bytes.clear();
        let Some(reader) = self.open(path)? else { return Ok(false) };
        let read = reader.take(limit + 1).read_to_end(bytes);
        read.map_err(|error| Error::source(format!("`{path}` cannot be read"), error))?;
        Ok(bytes.len() as u64 <= limit)
    }

    pub(super) fn small(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.bytes(path, MAX_SMALL)
    }

    /// The bytes of a tile; none unless it is there and not longer than its width.
    pub(super) fn tile(&self, tile: TilePath) -> Result<Option<Vec<u8>>> {
        self.bytes(&tile.tile(), u64::from(tile.width) * 32)
    }

    /// The bytes of a bundle, in a buffer that is used again for the next; none when it is not there or too long.
    pub(super) fn bundle<'b>(&self, tile: TilePath, buffer: &'b mut Vec<u8>) -> Result<Option<&'b [u8]>> {
        Ok(self.bytes_into(&tile.entries(), MAX_BUNDLE, buffer)?.then_some(buffer))
    }

    /// Whether a file that a shown value names is there, has its hash and its size. Reads each file once.
    pub(super) fn file(&mut self, file: &FileValue) -> Result<FileState> {
        let path = file_path(&file.sha256);
        if !self.has(&path) {
            return Ok(FileState::Missing);
        }
        let known = match self.read.get(&file.sha256) {
            Some(&known) => known,
            None => {
                let known = self.hash_file(&path, &file.sha256)?;
                self.read.insert(file.sha256, known);
                known
            }
        };
        Ok(match known {
            (false, _) => FileState::OtherBytes,
            (true, size) if size != file.size => FileState::OtherSize(size),
            _ => FileState::Right,
        })
    }

    fn hash_file(&self, path: &str, sha256: &Hash) -> Result<(bool, u64)> {
        let (mut hasher, mut size) = (Sha256::new(), 0);
        let mut reader = self.source.open(path)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = reader.read(&mut buffer).map_err(|error| Error::source(format!("`{path}` cannot be read"), error))?;
            if count == 0 {
                return Ok((hasher.finalize()[..] == sha256[..], size));
            }
            hasher.update(&buffer[..count]);
            size += count as u64;
        }
    }

    /// Faults for each file that no export of this size has, and for tiles and bundles that are not there. Body lines and files
    /// are judged with their leaves.
    pub(super) fn check_layout(&self, size: u64, (text, stamps): (&[u8], Option<&dyn Stamps>), report: &mut Report) -> Result<()> {
        let mut wanted = BTreeSet::from([POLICY.to_owned(), CHECKPOINT.to_owned()]);
        for tile in tiles_of_size(size) {
            let mut parts = vec![tile.tile()];
            if tile.level == 0 {
                parts.push(tile.entries());
                wanted.insert(tile.bodies());
            }
            for path in parts {
                if !self.has(&path) {
                    report.fault(&path, "is not there");
                }
                wanted.insert(path);
            }
        }
        for path in self.paths.iter().filter(|path| !wanted.contains(*path) && !is_file_path(path)) {
            match is_timestamp_path(path) {
                true => self.check_timestamp(path, (text, stamps), report)?,
                false => report.fault(path, "is not part of an export of this size"),
            }
        }
        Ok(())
    }

    /// A token must at least carry the digest of this checkpoint; whose stamp it is takes the authority's keys.
    fn check_timestamp(&self, path: &str, (text, stamps): (&[u8], Option<&dyn Stamps>), report: &mut Report) -> Result<()> {
        let token = self.small(path)?.unwrap_or_default();
        if let Some(stamps) = stamps {
            match stamps.judge(&token, text) {
                Ok(says) => report.notes.push(format!("`{path}`: {says}")),
                Err(error) => report.fault(path, error.message()),
            }
        } else if stamps_text(&token, text) {
            report.notes.push(format!("`{path}` carries the digest of the checkpoint; whose time stamp it is was not judged"));
        } else {
            report.fault(path, "is no time stamp of this checkpoint");
        }
        Ok(())
    }

    /// Faults for files that no shown value names.
    pub(super) fn check_files(&self, report: &mut Report) {
        for path in self.paths.iter().filter(|path| is_file_path(path)) {
            let named = path.strip_prefix("files/").and_then(|name| parse_hex(name.as_bytes()).ok());
            if named.is_none_or(|sha256| !self.read.contains_key(&sha256)) {
                report.fault(path, "no shown value names this file");
            }
        }
    }
}

/// What was found of a file.
pub(super) enum FileState {
    Right,
    Missing,
    OtherBytes,
    OtherSize(u64),
}

fn is_timestamp_path(path: &str) -> bool {
    let number = path.strip_prefix("timestamp/").and_then(|name| name.strip_suffix(".tsr"));
    number.is_some_and(|number| parse_decimal(number.as_bytes()).is_ok_and(|number| number > 0))
}

fn is_file_path(path: &str) -> bool {
    path.strip_prefix("files/").is_some_and(|name| parse_hex(name.as_bytes()).is_ok())
}
