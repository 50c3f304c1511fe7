//! Calls fail: no room, a write, a sync. Nothing is acknowledged that is not there, a failed sync is not tried again, everybody is told
//! what happened, and once calls work again so does the store.

use std::collections::BTreeMap;

use crate::Dice;
use crate::calls::{Bench, Failing, Said};
use crate::disk::{Call, read};
use crate::power::{Cuts, replay};

/// The last call that is made to fail.
const LAST: u64 = 500;
/// Calls that fail for want of room, one after the other; then there is room again.
const WITHOUT_ROOM: u64 = 10;

/// What each kind may be told as. Where the engine cannot make a file it does not say why, so the hint names both reasons.
const TOLD: [(&str, u64, &[&str]); 3] = [
    ("full", WITHOUT_ROOM, &["Full", "Missing", "Io"]),
    ("write", 1, &["Io", "Commit", "Closed", "Missing"]),
    ("sync", 1, &["Io", "Commit", "Closed"]),
];

/// Lets each of `calls` calls, spread over the first [`LAST`], fail in each way.
pub(crate) fn fail(calls: u64) -> bool {
    let bench = Bench::new();
    let mut is_kept = true;
    for (kind, count, told) in TOLD {
        let mut tally = Tally::default();
        for number in 1..=calls {
            let first = if calls >= LAST { number } else { number * LAST / calls };
            tally.one(&bench, Failing { kind, first, count }, told);
        }
        println!(
            "{kind} at {calls} of the first {LAST} calls: {} refused, {} acknowledged, {} lost, {} else wrong; told as {:?}",
            tally.refused, tally.cuts.acknowledged, tally.cuts.lost, tally.cuts.wrong, tally.told
        );
        is_kept &= tally.refused > 0 && tally.cuts.lost + tally.cuts.wrong == 0;
    }
    is_kept
}

#[derive(Default)]
struct Tally {
    cuts: Cuts,
    refused: u64,
    told: BTreeMap<String, u64>,
}

impl Tally {
    fn one(&mut self, bench: &Bench, failing: Failing, told: &[&str]) {
        bench.clear();
        let first = bench.run("failing", (1, failing.first + 40), "full", Some(failing));
        let second = bench.run("after", (1, 5), "full", None);
        let wrong = |what: &str, said: &Said| println!("{failing:?}: {what}: {}", said.text.lines().last().unwrap_or_default());
        if !first.ended_well {
            wrong("the worker broke off", &first);
            self.cuts.wrong += 1;
        }
        for error in &first.errors {
            self.refused += 1;
            let kind = error.split(' ').next().unwrap_or_default();
            *self.told.entry(kind.to_owned()).or_default() += 1;
            if !told.contains(&kind) || error.contains("[]") {
                wrong("this says too little", &first);
                self.cuts.wrong += 1;
            }
        }
        if failing.kind == "full"
            && !first.errors.is_empty()
            && first.text.lines().last().is_some_and(|line| line.starts_with("error"))
        {
            wrong("with room again it still refuses", &first);
            self.cuts.wrong += 1;
        }
        if second.acks.len() != 5 {
            wrong("after a new start it does not take writes", &second);
            self.cuts.wrong += 1;
        }
        let calls = read(&bench.log());
        if failing.kind == "sync" && is_tried_again(&calls) {
            wrong("a failed sync was tried again", &first);
            self.cuts.wrong += 1;
        }
        // At the end the power goes, and what a failed sync was to write goes with it.
        let mut dice = Dice(failing.first + 1);
        replay(bench, &mut dice, &mut self.cuts, |_| false);
    }
}

/// Whether a file whose sync failed was synced again by the same process without having been written anew. A process that begins does
/// not know what failed before; it makes everything durable anew.
fn is_tried_again(calls: &[Call]) -> bool {
    let mut failed: Option<&str> = None;
    for call in calls {
        match (call, failed) {
            (Call::SyncFailed { path }, _) => failed = Some(path),
            (Call::Said { text }, _) if text.starts_with(b"begin ") => failed = None,
            (Call::Write { path, .. } | Call::Cut { path, .. } | Call::Create { path }, Some(lost)) if path == lost => {
                failed = None
            }
            (Call::Sync { path }, Some(lost)) if path == lost => return true,
            _ => {}
        }
    }
    false
}
