//! The power goes: a worker's writes and syncs are recorded, and the store is opened on what a cut at each sync may have left.

use std::sync::Arc;

use vouch_store::contract::story::Scribe;
use vouch_store::{Settings, Snapshot, Sqlite, Store};

use crate::audit::{Ack, Audit};
use crate::calls::Bench;
use crate::disk::{Call, Disk, read};
use crate::{Dice, append};

/// How often a worker opens the store, and how many appends it does each time.
const WORK: (u64, u64) = (3, 8);

/// Sums over all cuts.
#[derive(Default)]
pub(crate) struct Cuts {
    pub(crate) cuts: u64,
    pub(crate) acknowledged: u64,
    pub(crate) lost: u64,
    pub(crate) wrong: u64,
}

/// Cuts the power at every sync of so many recordings, and of a tenth as many where commits are not synced.
pub(crate) fn cut(cycles: u64) -> bool {
    let bench = Bench::new();
    let kept = record_and_cut(&bench, cycles, "full");
    let control = record_and_cut(&bench, cycles.div_ceil(10), "weak");
    println!(
        "power cut, SQLite: {cycles} recordings, {} cuts, {} acknowledged before them, {} lost, {} else wrong",
        kept.cuts, kept.acknowledged, kept.lost, kept.wrong
    );
    println!(
        "control with synchronous=NORMAL: {} cuts, {} acknowledged before them, {} lost, {} else wrong",
        control.cuts, control.acknowledged, control.lost, control.wrong
    );
    assert!(control.lost > 0, "the control lost nothing, so this proves nothing");
    kept.acknowledged > 0 && kept.lost + kept.wrong == 0
}

fn record_and_cut(bench: &Bench, cycles: u64, how: &str) -> Cuts {
    let (mut sums, mut dice) = (Cuts::default(), Dice(0x51_7cc1_b727_220a));
    for cycle in 0..cycles {
        bench.clear();
        let said = bench.run(&cycle.to_string(), WORK, how, None);
        assert!(said.ended_well && said.errors.is_empty(), "a worker failed: {:?}", said.errors);
        replay(bench, &mut dice, &mut sums, |call| matches!(call, Call::Sync { .. } | Call::SyncFolder { .. }));
    }
    sums
}

/// Cuts the power before each call that is one to cut at, and at the end.
pub(crate) fn replay(bench: &Bench, dice: &mut Dice, sums: &mut Cuts, is_cut: impl Fn(&Call) -> bool) {
    let (mut disk, mut said) = (Disk::default(), String::new());
    for call in read(&bench.log()) {
        if is_cut(&call) {
            disk.cut(&bench.store(), &bench.image(), dice);
            look(bench, &said, sums);
        }
        disk.take(&call);
        if let Call::Said { text } = call {
            said.push_str(&String::from_utf8(text).unwrap());
        }
    }
    disk.cut(&bench.store(), &bench.image(), dice);
    look(bench, &said, sums);
}

/// Opens what is left, looks for everything that was acknowledged, and writes on.
fn look(bench: &Bench, said: &str, sums: &mut Cuts) {
    let acks: Vec<Ack> = said.lines().filter_map(Ack::parse).collect();
    sums.cuts += 1;
    sums.acknowledged += acks.len() as u64;
    let store = match Sqlite::open(&bench.image(), Arc::new(Scribe), Settings::default()) {
        Ok(store) => store,
        Err(error) => {
            println!("after {} acknowledged the store does not open: {error}", acks.len());
            sums.wrong += 1;
            return;
        }
    };
    let mut audit = Audit::default();
    audit.compare(&store, &acks);
    sums.lost += audit.lost;
    // What is lost has no checkpoint either.
    sums.wrong += audit.doubled + audit.inconsistent.saturating_sub(audit.lost);
    sums.wrong += damaged_files(&*store.snapshot().unwrap());
    append(&store, "after the cut").unwrap();
}

fn damaged_files(snapshot: &dyn Snapshot) -> u64 {
    let files = snapshot.files(None, 10_000).unwrap();
    files.iter().filter(|(sha256, _)| !matches!(snapshot.file(sha256), Ok(Some(_)))).count() as u64
}
