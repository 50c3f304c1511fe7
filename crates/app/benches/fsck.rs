//! How long a check of everything that is stored takes, and how much memory it takes beside the state: leaves with bodies of 12 fields,
//! four revisions for each record, in SQLite on disk.
//!
//! `cargo bench -p vouch-app --bench fsck -- [--leaves N]`; a million without. Prints `measure fsck_s SECONDS` and
//! `measure fsck_bytes_per_leaf N`, the most that the check took beyond what was in use when it began.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark stops where something fails")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};
use vouch_app::Vouch;
use vouch_ledger::{Action, Checkpoint, Envelope, Fields, SignerKey, StoredBody};
use vouch_store::{Head, Leaf, Refusal, Result, Settings, Signer, Snapshot, Sqlite, Store};
use vouch_testkit::{Counter, FixedClock, tables};

const ORIGIN: &str = "bench.example.test/log";
const REVISIONS: u64 = 4;
/// Leaves of one commit while the log is made.
const GROUP: u64 = 5_000;
/// 1 January 2026.
const TIME: i64 = 1_767_225_600_000;

struct Key(SignerKey);

impl Signer for Key {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: head.size, root: head.root };
        Ok(checkpoint.sign(&self.0)?.to_bytes())
    }
}

fn key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn leaf(seq: u64, fields: &Fields) -> Leaf {
    let mut secret = [7; 32];
    secret[..8].copy_from_slice(&seq.to_be_bytes());
    let (body, id) = (StoredBody::seal(fields.clone(), secret), format!("SYS-{}", seq / REVISIONS + 1));
    let envelope = Envelope {
        action: if seq.is_multiple_of(REVISIONS) { Action::Create } else { Action::Revise },
        actor: "PER-1",
        c: body.commitment().unwrap(),
        id: &id,
        kind: "ai-system",
        org: ORIGIN,
        revision: seq % REVISIONS + 1,
        schema: 1,
        seq,
        state: "draft",
        time: TIME + i64::try_from(seq).unwrap(),
    };
    Leaf { envelope: envelope.to_bytes().unwrap(), body: Some(body.to_bytes()), ..Leaf::default() }
}

fn fill(store: &dyn Store, leaves: u64) {
    let fields: Map<String, Value> =
        (0..12).map(|n| (format!("field_{n}"), json!(format!("a value of some forty characters, no. {n:3}")))).collect();
    let fields = Fields::from_map(&fields).unwrap();
    for start in (0..leaves).step_by(usize::try_from(GROUP).unwrap()) {
        let made: Vec<Leaf> = (start..leaves.min(start + GROUP)).map(|seq| leaf(seq, &fields)).collect();
        store.write(Box::new(move |append| made.into_iter().try_for_each(|leaf| Ok(append.append(leaf)?)))).unwrap();
    }
}

fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(Sqlite::open(folder, Arc::new(Key(key())), Settings::default()).unwrap())
}

/// A line of `/proc/self/status` in KiB.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

fn main() {
    let mut given = std::env::args().skip_while(|given| given != "--leaves");
    let leaves: u64 = given.nth(1).map_or(1_000_000, |leaves| leaves.parse().unwrap());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = open(folder.path());
    let begun = Instant::now();
    fill(&*store, leaves);
    println!("{leaves} leaves written in {:.1} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let clock = Arc::new(FixedClock::default());
    clock.set("2026-03-02T09:00:00Z");
    let vouch = Vouch::open(store, tables(), ORIGIN.to_owned(), clock, Arc::new(Counter::default())).unwrap();
    println!("opened in {:.1} s, {} MiB in use", begun.elapsed().as_secs_f64(), memory("VmRSS") / 1024);
    let begun = Instant::now();
    vouch.rebuild(&mut |_| {}).unwrap();
    println!("lists and search made in {:.1} s", begun.elapsed().as_secs_f64());

    // The highest use counts from here.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let (before, begun) = (memory("VmRSS"), Instant::now());
    let check = vouch.fsck(&key().verifier(), Some(tempfile::tempfile_in(folder.path()).unwrap())).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    let most = memory("VmHWM").saturating_sub(before);
    assert!(check.faults.is_empty() && check.leaves == leaves, "{:?}", check.faults.first());
    println!("{} leaves, {} records: {most} KiB more in use at most", check.leaves, check.records);
    println!("measure fsck_s {seconds:.1}");
    println!("measure fsck_bytes_per_leaf {}", most * 1024 / leaves);
}
