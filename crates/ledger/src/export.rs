//! The folder that `ledger export` writes and the file that `ledger prove` writes, as pure writers: what lies at which path, and
//! nothing about where paths lead.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

use crate::body::{Field, Show, StoredBody};
use crate::checkpoint::SignedCheckpoint;
use crate::encoding::hex;
use crate::envelope::Envelope;
use crate::fields::files_in;
use crate::line::{Cell, Line};
use crate::policy::Policy;
use crate::proof::{Block, TlogProof, write_blocks};
use crate::tree::{TilePath, TileReader, bundle, inclusion_proof, tiles_of_size};
use crate::{Error, Hash, Result};

/// Path of the policy.
pub const POLICY: &str = "policy";
/// Path of the checkpoint.
pub const CHECKPOINT: &str = "checkpoint";

/// Path of a file by the plain SHA-256 of its bytes.
#[must_use]
pub fn file_path(sha256: &Hash) -> String {
    format!("files/{}", hex(sha256))
}

/// Path of the time stamp with this number, from 1.
#[must_use]
pub fn timestamp_path(number: usize) -> String {
    format!("timestamp/{number}.tsr")
}

/// What an export is made from. Each call covers at most one bundle, so memory stays flat.
pub trait Contents: TileReader {
    /// The envelopes' bytes of `count` leaves from `start`.
    ///
    /// # Errors
    /// When one is not there or cannot be read.
    fn entries(&self, start: u64, count: u16) -> Result<Vec<Vec<u8>>>;

    /// Hands the bodies of `count` leaves from `start` to `each`, in order.
    ///
    /// # Errors
    /// When one is not there or cannot be read, and whatever `each` says.
    fn bodies(&self, start: u64, count: u16, each: &mut dyn FnMut(StoredBody) -> Result<()>) -> Result<()>;

    /// The seqs of all key leaves, in order.
    ///
    /// # Errors
    /// When they cannot be read.
    fn key_leaves(&self) -> Result<Vec<u64>>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn file(&self, sha256: &Hash) -> Result<Box<dyn Read + '_>>;
}

/// Where an export goes.
pub trait Sink {
    /// Begins a file at a path whose parts are joined by `/`. It is complete once the writer was flushed.
    ///
    /// # Errors
    /// When it cannot be begun.
    fn create<'a>(&'a mut self, path: &str) -> Result<Box<dyn Write + 'a>>;
}

/// An export to be written.
pub struct Export<'a> {
    /// The log.
    pub contents: &'a dyn Contents,
    /// The checkpoint to export under; signatures of keys that the policy does not name are dropped.
    pub checkpoint: &'a SignedCheckpoint,
    /// The policy that goes into the export, without addresses.
    pub policy: &'a Policy,
    /// What of each body is shown. Bodies of erase and key leaves are shown whole whatever this says.
    pub show: &'a dyn Fn(&Envelope<'_>) -> Show,
    /// RFC 3161 tokens over the checkpoint's text.
    pub timestamps: &'a [Vec<u8>],
}

impl Export<'_> {
    /// Writes every file of the export.
    ///
    /// # Errors
    /// Refused for a log without leaves and a checkpoint that the policy does not accept; the errors of contents and sink.
    pub fn write(&self, sink: &mut dyn Sink) -> Result<()> {
        let size = self.checkpoint.checkpoint().size;
        if size == 0 {
            return Err(Error::refused("a log without leaves cannot be exported"));
        }
        let policy = self.policy.clone().without_urls();
        let checkpoint = self.checkpoint.keep(policy.keys());
        let hint = "export with a policy that names the log's keys, once the witnesses that it wants have cosigned";
        policy.accept(&checkpoint).map_err(|error| error.with_hint(hint))?;
        put(sink, POLICY, &policy.to_bytes())?;
        put(sink, CHECKPOINT, &checkpoint.to_bytes())?;
        for (number, token) in (1..).zip(self.timestamps) {
            put(sink, &timestamp_path(number), token)?;
        }
        let mut files = BTreeMap::new();
        for tile in tiles_of_size(size) {
            put(sink, &tile.tile(), &self.contents.tile(tile.level, tile.index, tile.width)?)?;
            if tile.level == 0 {
                self.write_bundle(sink, tile, &mut files)?;
            }
        }
        for (sha256, seq) in files {
            let within = |error: Error| error.within(format!("file {} of leaf {seq}", hex(&sha256)));
            let mut reader = self.contents.file(&sha256).map_err(within)?;
            let mut writer = sink.create(&file_path(&sha256))?;
            let copied = std::io::copy(&mut reader, &mut writer).and_then(|_| writer.flush());
            copied.map_err(|error| within(Error::source("the file cannot be copied", error)))?;
        }
        Ok(())
    }

    /// Entries and body lines of one bundle; notes the files that are shown.
    fn write_bundle(&self, sink: &mut dyn Sink, tile: TilePath, files: &mut BTreeMap<Hash, u64>) -> Result<()> {
        let start = tile.index * crate::tree::TILE_WIDTH;
        let entries = self.contents.entries(start, tile.width)?;
        if entries.len() != usize::from(tile.width) {
            return Err(Error::missing(format!("the log gave {} entries from {start}, not {}", entries.len(), tile.width)));
        }
        put(sink, &tile.entries(), &bundle(&entries)?)?;
        let mut writer = sink.create(&tile.bodies())?;
        let mut written = 0;
        self.contents.bodies(start, tile.width, &mut |body| {
            let seq = start + written as u64;
            let entry = entries.get(written).ok_or_else(|| Error::refused("the log gave more bodies than entries"))?;
            let envelope = Envelope::parse(entry).map_err(|error| error.within(format!("entry {seq}")))?;
            let show = if envelope.action.is_always_shown() { Show::All } else { (self.show)(&envelope) };
            let line = body.line(seq, &show)?;
            note_files(&line, seq, files)?;
            written += 1;
            let failed = |error| Error::source(format!("the body of leaf {seq} cannot be written"), error);
            writer.write_all(&line).and_then(|()| writer.write_all(b"\n")).map_err(failed)
        })?;
        if written != entries.len() {
            return Err(Error::missing(format!("the log gave {written} bodies from {start}, not {}", entries.len())));
        }
        writer.flush().map_err(|error| Error::source(format!("`{}` cannot be written", tile.bodies()), error))
    }
}

/// The proof file of one leaf: the leaf with what is shown of its body, then the erase leaves that took from it, by seq, then the key
/// leaves of the log, by seq, so that whoever trusts an older key can follow.
/// Bodies of erase and key leaves are shown whole whatever `show` says.
///
/// # Errors
/// Refused when the leaf is not below the checkpoint; the errors of the contents.
pub fn prove(contents: &dyn Contents, checkpoint: &SignedCheckpoint, seq: u64, show: &Show) -> Result<Vec<u8>> {
    let (target, body) = block(contents, checkpoint, seq, show)?;
    let takers: BTreeSet<u64> = match &body {
        StoredBody::Erased { by } => [*by].into(),
        body => {
            body.fields().into_values().filter_map(|field| if let Field::Erased(by) = field { Some(by) } else { None }).collect()
        }
    };
    let mut blocks = vec![target];
    for by in takers {
        blocks.push(block(contents, checkpoint, by, &Show::All)?.0);
    }
    for key in contents.key_leaves()?.into_iter().filter(|key| *key != seq && *key < checkpoint.checkpoint().size) {
        blocks.push(block(contents, checkpoint, key, &Show::All)?.0);
    }
    Ok(write_blocks(&blocks))
}

fn block(contents: &dyn Contents, checkpoint: &SignedCheckpoint, seq: u64, show: &Show) -> Result<(Block, StoredBody)> {
    let head = checkpoint.checkpoint();
    if seq >= head.size {
        return Err(Error::refused(format!("leaf {seq} is not below the checkpoint of {} leaves", head.size))
            .with_hint("sign a checkpoint first"));
    }
    let missing = || Error::missing(format!("the log does not give leaf {seq}"));
    let entry = contents.entries(seq, 1)?.pop().ok_or_else(missing)?;
    let mut body = None;
    contents.bodies(seq, 1, &mut |given| {
        body = Some(given);
        Ok(())
    })?;
    let body = body.ok_or_else(missing)?;
    let show = if Envelope::parse(&entry)?.action.is_always_shown() { &Show::All } else { show };
    let hashes = inclusion_proof(contents, head.size, &head.root, seq)?;
    let proof = TlogProof { extra: None, index: seq, hashes, checkpoint: checkpoint.clone() };
    Ok((Block { line: body.line(seq, show)?, entry, proof }, body))
}

/// Notes each file that the line shows, with the first leaf that names it.
fn note_files(line: &[u8], seq: u64, files: &mut BTreeMap<Hash, u64>) -> Result<()> {
    let Line::Shown(shown) = Line::parse(line)? else { return Ok(()) };
    for (_, cell) in shown.fields {
        if let Cell::Value(value) = cell {
            for file in files_in(value)? {
                files.entry(file.sha256).or_insert(seq);
            }
        }
    }
    Ok(())
}

fn put(sink: &mut dyn Sink, path: &str, bytes: &[u8]) -> Result<()> {
    let mut writer = sink.create(path)?;
    let written = writer.write_all(bytes).and_then(|()| writer.flush());
    written.map_err(|error| Error::source(format!("`{path}` cannot be written"), error))
}
