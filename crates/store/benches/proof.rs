//! A proof of inclusion out of a log of ten million leaves on disk, by a store that has just been opened.
//!
//! `cargo bench -p vouch-store --bench proof -- [--leaves N]`. Prints `measure proof_ms N`, the median over leaves all over the log, each
//! with a snapshot of its own, and how much memory reading them took.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads the clock and prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops where something fails")]

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use vouch_ledger::tree::inclusion_proof;
use vouch_ledger::{Action, Envelope};
use vouch_store::{Head, Leaf, Refusal, Result, Settings, Signer, Snapshot, Sqlite, Store, Tiles};

const ORIGIN: &str = "bench.example.test";
const PROOFS: u64 = 2_000;
/// Leaves of one commit while the log is made.
const GROUP: u64 = 20_000;

/// Signs nothing: the proof is not judged here.
struct Nobody;

impl Signer for Nobody {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        Ok(head.size.to_string().into_bytes())
    }
}

fn leaf(seq: u64) -> Leaf {
    let mut c = [9; 32];
    c[..8].copy_from_slice(&seq.to_be_bytes());
    let (actor, kind, state, id) = ("PER-1", "risk", "draft", format!("RSK-{}", seq + 1));
    let envelope =
        Envelope { action: Action::Create, actor, c, id: &id, kind, org: ORIGIN, revision: 1, schema: 1, seq, state, time: 0 };
    Leaf { envelope: envelope.to_bytes().unwrap(), ..Leaf::default() }
}

/// KiB of memory in use.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

fn main() {
    let mut given = std::env::args().skip_while(|given| given != "--leaves");
    let leaves: u64 = given.nth(1).map_or(10_000_000, |leaves| leaves.parse().unwrap());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let begun = Instant::now();
    let store = Sqlite::open(folder.path(), Arc::new(Nobody), Settings::default()).unwrap();
    for start in (0..leaves).step_by(usize::try_from(GROUP).unwrap()) {
        let unit = move |append: &mut dyn vouch_store::Append| {
            (start..leaves.min(start + GROUP)).try_for_each(|seq| Ok(append.append(leaf(seq))?))
        };
        store.write(Box::new(unit)).unwrap();
    }
    drop(store);
    println!("{leaves} leaves written in {:.0} s", begun.elapsed().as_secs_f64());
    let before = memory();
    let begun = Instant::now();
    let store = Sqlite::open_for_reading(folder.path(), Settings::default()).unwrap();
    println!("opened in {:.1?}", begun.elapsed());
    let one = |number: u64| {
        let begun = Instant::now();
        let snapshot = store.snapshot().unwrap();
        let head = snapshot.head().unwrap();
        // Far apart, so that each reads other tiles.
        inclusion_proof(&Tiles(&*snapshot), head.size, &head.root, number * 4_999_999 % head.size).unwrap();
        begun.elapsed()
    };
    let mut times: Vec<_> = (0..PROOFS).map(one).collect();
    println!("first {:.1?}", times[0]);
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("p50 {:.1?}, p99 {:.1?}; {} KiB more in use", at(50), at(99), memory().saturating_sub(before));
    println!("measure proof_ms {:.3}", at(50).as_secs_f64() * 1_000.0);
}
