//! Somebody who holds an export or the database changes it: single bytes, and whole lines and files. Each change must be told and placed, or
//! have left everything as it was.

mod rows;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;

use vouch_ledger::export::{Contents, Export, Sink};
use vouch_ledger::tree::TileReader;
use vouch_ledger::verify::{NoCourses, Report, Source, Trust, Verdict, verify_export};
use vouch_ledger::{
    Action, Checkpoint, Envelope, Error, Fields, Hash, Policy, Result, Show, SignedCheckpoint, SignerKey, StoredBody, hex,
};
use vouch_store::{Append, Head, Leaf, LeafQuery, Refusal, Settings, Signer, Snapshot, Sqlite, Store, Tiles};

use crate::Dice;

const ORIGIN: &str = "tamper.example.test/log";
const LEAVES: u64 = 300;

struct Key(SignerKey);

impl Signer for Key {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> std::result::Result<Vec<u8>, Refusal> {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: head.size, root: head.root };
        Ok(checkpoint.sign(&self.0)?.to_bytes())
    }
}

fn key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[5; 32]).unwrap()
}

/// An export in memory.
#[derive(Clone, Default, PartialEq)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Sink for Shelf {
    fn create<'a>(&'a mut self, path: &str) -> Result<Box<dyn Write + 'a>> {
        Ok(Box::new(self.0.entry(path.to_owned()).or_default()))
    }
}

impl Source for Shelf {
    fn paths(&self) -> Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(Cursor::new(&self.0[path])))
    }
}

/// A snapshot as an export reads it.
struct Stored<'s>(&'s dyn Snapshot);

impl Stored<'_> {
    fn page(&self, from: u64, count: u16, bodies: bool) -> Result<Vec<vouch_store::LogLeaf>> {
        let query = LeafQuery { id: None, from, limit: count.into(), bodies };
        self.0.leaves(query).map_err(|error| Error::source("leaves cannot be read", error))
    }
}

impl TileReader for Stored<'_> {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        Tiles(self.0).tile(level, index, width)
    }
}

impl Contents for Stored<'_> {
    fn entries(&self, start: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        Ok(self.page(start, count, false)?.into_iter().map(|leaf| leaf.envelope).collect())
    }

    fn bodies(&self, start: u64, count: u16, each: &mut dyn FnMut(StoredBody) -> Result<()>) -> Result<()> {
        for leaf in self.page(start, count, true)? {
            each(StoredBody::from_bytes(&leaf.body.ok_or_else(|| Error::missing("a body is not there"))?)?)?;
        }
        Ok(())
    }

    /// The key of this log never changes.
    fn key_leaves(&self) -> Result<Vec<u64>> {
        Ok(Vec::new())
    }

    fn file(&self, sha256: &Hash) -> Result<Box<dyn Read + '_>> {
        let bytes = self.0.file(sha256).map_err(|error| Error::source("a file cannot be read", error))?;
        Ok(Box::new(Cursor::new(bytes.ok_or_else(|| Error::missing("a file is not there"))?)))
    }
}

fn fill(store: &dyn Store) {
    let staged = store.stage(&mut &b"what was attached"[..], 1 << 20).unwrap();
    let plan = format!(r#""plan":{{"name":"plan.txt","sha256":"{}","size":{}}},"#, hex(staged.sha256()), staged.size());
    let unit = move |append: &mut dyn Append| {
        append.put_file(staged)?;
        for seq in append.tip().size..LEAVES {
            let plan = if seq == 7 { &plan } else { "" };
            let fields = format!(r#"{{"name":"system {seq}",{plan}"purpose":"sorts applications by what they ask for"}}"#);
            append.append(leaf(seq, &fields)?)?;
        }
        Ok(())
    };
    store.write(Box::new(unit)).unwrap();
}

fn leaf(seq: u64, fields: &str) -> Result<Leaf> {
    let mut secret = [3; 32];
    secret[..8].copy_from_slice(&seq.to_be_bytes());
    let (body, id) = (StoredBody::seal(Fields::parse(fields.as_bytes())?, secret), format!("SYS-{}", seq / 2 + 1));
    let envelope = Envelope {
        action: if seq.is_multiple_of(2) { Action::Create } else { Action::Revise },
        actor: "PER-1",
        c: body.commitment().unwrap(),
        id: &id,
        kind: "ai-system",
        org: ORIGIN,
        revision: seq % 2 + 1,
        schema: 1,
        seq,
        state: "draft",
        time: 1_767_225_600_000,
    };
    Ok(Leaf { envelope: envelope.to_bytes()?, body: Some(body.to_bytes()), ..Leaf::default() })
}

/// The export of what a store holds.
fn export(snapshot: &dyn Snapshot) -> std::result::Result<Shelf, String> {
    let text = |error: vouch_store::Error| error.to_string();
    let head = snapshot.head().map_err(text)?;
    let note = snapshot.checkpoint(head.size).map_err(text)?.ok_or("no checkpoint")?.note;
    let checkpoint = SignedCheckpoint::parse(&note).map_err(|error| error.to_string())?;
    let (policy, mut shelf) = (Policy::of_log([key().verifier()]), Shelf::default());
    let show = |_: &Envelope<'_>| Show::All;
    let export = Export { contents: &Stored(snapshot), checkpoint: &checkpoint, policy: &policy, show: &show, timestamps: &[] };
    export.write(&mut shelf).map_err(|error| error.to_string())?;
    Ok(shelf)
}

fn judge(shelf: &Shelf) -> Report {
    let policy = Policy::of_log([key().verifier()]);
    let trust = Trust::given(&policy);
    verify_export(shelf, &trust, &NoCourses).unwrap()
}

/// Whether something is wrong, and whether the report says where.
fn is_placed(report: &Report) -> bool {
    let bad = report.items.iter().any(|item| matches!(item.state, Verdict::Bad | Verdict::Missing));
    !report.ok && (bad || report.faults.iter().any(|fault| !fault.place.is_empty()))
}

/// Flips so many bytes and edits a twenty-fifth as many times, an export and rows of PostgreSQL each; a fifth of the flips hit the database.
pub(crate) fn tamper(flips: u64) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), Arc::new(Key(key())), Settings::default()).unwrap();
    fill(&store);
    let whole = export(&*store.snapshot().unwrap()).unwrap();
    assert!(judge(&whole).ok, "the export was whole before: {:?}", judge(&whole).faults);
    drop(store);
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut escaped = 0;
    let on_database = flips / 5;
    for _ in 0..flips - on_database {
        let mut shelf = whole.clone();
        let what = flip(&mut shelf, &mut dice);
        escaped += u64::from(!told(&shelf, &what));
    }
    println!("tampering, export: {} byte flips, {escaped} not told and placed", flips - on_database);
    let edits = flips.div_ceil(25);
    let mut unseen = 0;
    for _ in 0..edits {
        let mut shelf = whole.clone();
        let what = edit(&mut shelf, &mut dice);
        if shelf != whole {
            unseen += u64::from(!told(&shelf, &what));
        }
    }
    println!("tampering, export: {edits} edits, {unseen} not told and placed");
    let (silent, outside) = database(folder.path(), &whole, on_database, &mut dice);
    println!("tampering, database: {on_database} byte flips, {silent} not told, {outside} that left the log as it was");
    let (unseen_rows, as_it_was) = rows::change(edits, &mut dice);
    println!("tampering, rows of PostgreSQL: {edits} edits, {unseen_rows} not told, {as_it_was} that left the log as it was");
    escaped + unseen + silent + unseen_rows == 0
}

fn told(shelf: &Shelf, what: &str) -> bool {
    let is_told = is_placed(&judge(shelf));
    if !is_told {
        println!("not told: {what}");
    }
    is_told
}

fn pick(shelf: &Shelf, dice: &mut Dice) -> String {
    let at = usize::try_from(dice.below(shelf.0.len() as u64)).unwrap();
    shelf.0.keys().nth(at).unwrap().clone()
}

fn flip(shelf: &mut Shelf, dice: &mut Dice) -> String {
    let path = pick(shelf, dice);
    let bytes = shelf.0.get_mut(&path).unwrap();
    let at = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
    let bit = dice.below(8);
    bytes[at] ^= 1 << bit;
    format!("bit {bit} of byte {at} in {path}")
}

/// One of the changes that somebody might make on purpose.
fn edit(shelf: &mut Shelf, dice: &mut Dice) -> String {
    let (path, other) = (pick(shelf, dice), pick(shelf, dice));
    let how = dice.below(7);
    let bytes = shelf.0[&path].clone();
    let at = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (one, two) = (at % lines.len(), (at / 7) % lines.len());
    let changed = match how {
        0 => bytes[..at].to_vec(),
        1 => [&bytes[..], b"\n"].concat(),
        2 => {
            lines.swap(one, two);
            lines.concat()
        }
        3 => {
            lines.remove(one);
            lines.concat()
        }
        4 => {
            lines.insert(two, lines[one]);
            lines.concat()
        }
        5 => shelf.0[&other].clone(),
        _ => {
            let mut bytes = bytes.clone();
            bytes.swap(at, at / 3);
            bytes
        }
    };
    if changed.is_empty() {
        shelf.0.remove(&path);
    } else {
        shelf.0.insert(path.clone(), changed);
    }
    format!("edit {how} at {at} of {path}, with {other}")
}

/// Flips bytes of the database file. How many changed the log and were not told, and how many left the log as it was: they hit free space,
/// an index that reading does not use, or what is computed from the log.
fn database(folder: &Path, whole: &Shelf, flips: u64, dice: &mut Dice) -> (u64, u64) {
    let path = folder.join("vouch.db");
    let bytes = fs::read(&path).unwrap();
    let (mut silent, mut outside) = (0, 0);
    for _ in 0..flips {
        let mut changed = bytes.clone();
        let at = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
        changed[at] ^= 1 << dice.below(8);
        fs::write(&path, &changed).unwrap();
        let opened = Sqlite::open_for_reading(folder, Settings::default()).map_err(|error| error.to_string());
        let read = opened.and_then(|store| export(&*store.snapshot().map_err(|error| error.to_string())?));
        let Ok(shelf) = read else { continue };
        if shelf == *whole {
            outside += 1;
        } else {
            silent += u64::from(!told(&shelf, &format!("byte {at} of the database")));
        }
    }
    (silent, outside)
}
