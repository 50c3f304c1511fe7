//! How fast an export is verified on one core: leaves and tree alone (every body withheld), and with bodies of twelve fields.

// Bench code stops at the first error, as tests do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Map, Value, json};
use vouch_ledger::export::{Contents, Export, Sink};
use vouch_ledger::tree::{Appender, TileReader};
use vouch_ledger::verify::{NoCourses, Source, Trust, verify_export_streaming};
use vouch_ledger::{Action, Checkpoint, Envelope, Error, Fields, Hash, Policy, Result, Show, SignerKey, StoredBody, leaf_hash};

const ORIGIN: &str = "aims.example.test/acme";

fn main() {
    divan::main();
}

/// A log of created records in memory.
struct Log {
    entries: Vec<Vec<u8>>,
    bodies: Vec<StoredBody>,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
}

impl TileReader for Log {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        Ok(self.tiles[&(level, index)][..usize::from(width) * 32].to_vec())
    }
}

impl Contents for Log {
    fn entries(&self, start: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        Ok(self.entries[start as usize..][..usize::from(count)].to_vec())
    }

    fn bodies(&self, start: u64, count: u16, each: &mut dyn FnMut(StoredBody) -> Result<()>) -> Result<()> {
        self.bodies[start as usize..][..usize::from(count)].iter().cloned().try_for_each(each)
    }

    fn key_leaves(&self) -> Result<Vec<u64>> {
        Ok(Vec::new())
    }

    fn file(&self, _: &Hash) -> Result<Box<dyn Read + '_>> {
        Err(Error::missing("no files"))
    }
}

#[derive(Default)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Sink for Folder {
    fn create<'a>(&'a mut self, path: &str) -> Result<Box<dyn Write + 'a>> {
        Ok(Box::new(self.0.entry(path.to_owned()).or_default()))
    }
}

impl Source for Folder {
    fn paths(&self) -> Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(Cursor::new(&self.0[path])))
    }
}

/// An export of `size` records with twelve fields each, and the policy that judges it.
fn export(size: u64, show: &Show) -> (Folder, Policy) {
    let fields: Map<String, Value> =
        (0..12).map(|n| (format!("field_{n}"), json!(format!("a value of some forty characters, no. {n:3}")))).collect();
    let fields = Fields::from_map(&fields).unwrap();
    let (mut log, mut appender) = (Log { entries: Vec::new(), bodies: Vec::new(), tiles: BTreeMap::new() }, Appender::new());
    for seq in 0..size {
        let mut key = [7; 32];
        key[..8].copy_from_slice(&seq.to_be_bytes());
        let (body, id) = (StoredBody::seal(fields.clone(), key), format!("SYS-{}", seq / 4 + 1));
        let envelope = Envelope {
            action: if seq % 4 == 0 { Action::Create } else { Action::Revise },
            actor: "PER-1",
            c: body.commitment().unwrap(),
            id: &id,
            kind: "ai-system",
            org: ORIGIN,
            revision: seq % 4 + 1,
            schema: 1,
            seq,
            state: "draft",
            time: 1_767_225_600_000 + seq as i64,
        };
        let entry = envelope.to_bytes().unwrap();
        appender.push(leaf_hash(&entry));
        log.entries.push(entry);
        log.bodies.push(body);
    }
    log.tiles.extend(appender.take_writes().into_iter().map(|write| ((write.level, write.index), write.hashes)));
    let key = SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap();
    let policy = Policy::of_log([key.verifier()]);
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root: appender.root() }.sign(&key).unwrap();
    let mut folder = Folder::default();
    let show = |_: &Envelope<'_>| show.clone();
    let writer = Export { contents: &log, checkpoint: &checkpoint, policy: &policy, show: &show, timestamps: &[] };
    writer.write(&mut folder).unwrap();
    (folder, policy)
}

fn verify(folder: &Folder, policy: &Policy) -> bool {
    let trust = Trust::given(policy);
    verify_export_streaming(folder, &trust, &NoCourses, &mut |item| drop(divan::black_box(item))).unwrap().ok
}

#[divan::bench(sample_count = 10)]
fn hash_leaves_and_build_the_tree(bencher: Bencher) {
    const SIZE: u64 = 200_000;
    let (folder, _) = export(SIZE, &Show::Nothing);
    let bundles: Vec<&Vec<u8>> =
        folder.0.iter().filter(|(path, _)| path.starts_with("tile/entries/")).map(|(_, bytes)| bytes).collect();
    bencher.counter(ItemsCount::new(SIZE)).bench(|| {
        let mut appender = Appender::new();
        for bundle in &bundles {
            let mut rest = bundle.as_slice();
            while let Some((length, tail)) = rest.split_first_chunk::<2>() {
                let (entry, tail) = tail.split_at(usize::from(u16::from_be_bytes(*length)));
                divan::black_box(Envelope::parse(entry).unwrap());
                appender.push(leaf_hash(entry));
                rest = tail;
            }
        }
        appender.root()
    });
}

#[divan::bench(sample_count = 10)]
fn verify_leaves_with_bodies_withheld(bencher: Bencher) {
    const SIZE: u64 = 200_000;
    let (folder, policy) = export(SIZE, &Show::Nothing);
    assert!(verify(&folder, &policy));
    bencher.counter(ItemsCount::new(SIZE)).bench(|| verify(&folder, &policy));
}

#[divan::bench(sample_count = 10)]
fn verify_bodies_of_twelve_fields(bencher: Bencher) {
    const SIZE: u64 = 20_000;
    let (folder, policy) = export(SIZE, &Show::All);
    assert!(verify(&folder, &policy));
    bencher.counter(ItemsCount::new(SIZE)).bench(|| verify(&folder, &policy));
}
