//! A disk as a power cut may leave it, made from a record of writes and syncs.
//!
//! What was synced is there. Of what was written since, any part may be, down to single sectors and in any order; a name is there for
//! sure only after its folder was synced. What a failed sync was to write is dropped: the system takes those pages for clean.
//! Folders themselves are taken to be there.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use crate::Dice;

const SECTOR: u64 = 512;

/// One call.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Write { path: String, at: u64, bytes: Vec<u8> },
    Cut { path: String, length: u64 },
    Create { path: String },
    Sync { path: String },
    SyncFolder { path: String },
    SyncFailed { path: String },
    Unlink { path: String },
    Rename { from: String, to: String },
    Said { text: Vec<u8> },
}

/// Reads a record of calls.
pub(crate) fn read(mut log: &[u8]) -> Vec<Call> {
    let mut calls = Vec::new();
    while let Some(end) = log.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8(log[..end].to_vec()).unwrap();
        let mut words = head.splitn(4, ' ');
        let mut next = || words.next().unwrap().to_owned();
        let (letter, at, length, path) = (next(), next(), next(), next());
        let (at, length): (u64, usize) = (at.parse().unwrap(), length.parse().unwrap());
        let bytes = log[end + 1..][..length].to_vec();
        log = &log[end + 1 + length..];
        if path.ends_with(" (deleted)") {
            continue;
        }
        calls.push(match letter.as_str() {
            "W" => Call::Write { path, at, bytes },
            "T" => Call::Cut { path, length: at },
            "C" => Call::Create { path },
            "S" => Call::Sync { path },
            "D" => Call::SyncFolder { path },
            "F" => Call::SyncFailed { path },
            "U" => Call::Unlink { path },
            "R" => Call::Rename { from: path, to: String::from_utf8(bytes).unwrap() },
            "A" => Call::Said { text: bytes },
            other => panic!("no call is `{other}`"),
        });
    }
    calls
}

/// A change of a file's content that is not synced.
#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Cut(u64),
}

#[derive(Debug, Clone, Default)]
struct File {
    synced: Vec<u8>,
    since: Vec<Change>,
}

/// A change of names that is not synced, with the folder whose sync makes it sure.
#[derive(Debug, Clone)]
struct Naming {
    folder: String,
    names: Vec<(String, Option<usize>)>,
}

/// The disk after the calls so far.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: Vec<File>,
    /// What the system shows.
    shown: HashMap<String, usize>,
    /// What is sure.
    sure: BTreeMap<String, usize>,
    since: Vec<Naming>,
}

fn parent(path: &str) -> String {
    path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned()
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Cut(length) => content.resize(usize::try_from(*length).unwrap(), 0),
        Change::Write(at, bytes) => {
            let at = usize::try_from(*at).unwrap();
            if content.len() < at + bytes.len() {
                content.resize(at + bytes.len(), 0);
            }
            content[at..at + bytes.len()].copy_from_slice(bytes);
        }
    }
}

impl Disk {
    fn file(&mut self, path: &str) -> usize {
        if let Some(file) = self.shown.get(path) {
            return *file;
        }
        self.files.push(File::default());
        let file = self.files.len() - 1;
        self.shown.insert(path.to_owned(), file);
        self.since.push(Naming { folder: parent(path), names: vec![(path.to_owned(), Some(file))] });
        file
    }

    /// Takes one call.
    pub(crate) fn take(&mut self, call: &Call) {
        match call {
            Call::Write { path, at, bytes } => {
                let file = self.file(path);
                self.files[file].since.push(Change::Write(*at, bytes.clone()));
            }
            Call::Cut { path, length } => {
                let file = self.file(path);
                self.files[file].since.push(Change::Cut(*length));
            }
            Call::Create { path } => drop(self.file(path)),
            Call::Sync { path } => {
                let file = self.file(path);
                let File { synced, since } = &mut self.files[file];
                since.drain(..).for_each(|change| apply(synced, &change));
            }
            Call::SyncFailed { path } => {
                if let Some(file) = self.shown.get(path) {
                    self.files[*file].since.clear();
                }
            }
            Call::SyncFolder { path } => {
                let (done, waiting) = self.since.drain(..).partition(|naming| naming.folder == *path);
                self.since = waiting;
                done.into_iter().for_each(|naming: Naming| name(&mut self.sure, &naming));
            }
            Call::Unlink { path } => {
                self.shown.remove(path);
                self.since.push(Naming { folder: parent(path), names: vec![(path.clone(), None)] });
            }
            Call::Rename { from, to } => {
                let file = self.file(from);
                self.shown.remove(from);
                self.shown.insert(to.clone(), file);
                let names = vec![(from.clone(), None), (to.clone(), Some(file))];
                self.since.push(Naming { folder: parent(to), names });
            }
            Call::Said { .. } => {}
        }
    }

    /// Lays the disk out below `image` as a power cut at this moment may leave it. What lay below `root` lies there then.
    pub(crate) fn cut(&self, root: &Path, image: &Path, dice: &mut Dice) {
        if image.exists() {
            fs::remove_dir_all(image).unwrap();
        }
        fs::create_dir_all(image.join("files")).unwrap();
        let mut names = self.sure.clone();
        // Folders keep the order of their changes.
        let reached = dice.below(self.since.len() as u64 + 1);
        self.since.iter().zip(0..reached).for_each(|(naming, _)| name(&mut names, naming));
        let mood = dice.below(4);
        for (path, file) in names {
            let place = image.join(Path::new(&path).strip_prefix(root).unwrap());
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, self.files[file].left(mood, dice)).unwrap();
        }
    }
}

fn name(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    for (path, file) in &naming.names {
        match file {
            Some(file) => drop(names.insert(path.clone(), *file)),
            None => drop(names.remove(path)),
        }
    }
}

impl File {
    /// What may be left: of what was not synced nothing, everything, or whatever falls.
    fn left(&self, mood: u64, dice: &mut Dice) -> Vec<u8> {
        let mut content = self.synced.clone();
        for change in &self.since {
            match (mood, change) {
                (0, _) => {}
                (1, _) => apply(&mut content, change),
                (_, Change::Write(at, bytes)) if dice.below(4) == 0 => {
                    let sectors = dice.below(bytes.len() as u64 / SECTOR + 1);
                    let torn = bytes[..usize::try_from(sectors * SECTOR).unwrap()].to_vec();
                    apply(&mut content, &Change::Write(*at, torn));
                }
                _ if dice.below(2) == 0 => apply(&mut content, change),
                _ => {}
            }
        }
        content
    }
}
