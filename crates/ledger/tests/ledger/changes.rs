//! A change of a single byte anywhere in an export or proof is detected.

use crate::support::{Folder, TestLog, story};
use vouch_ledger::Show;

/// A small generator with a fixed seed (splitmix64), so that a failure can be repeated.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Flips a bit, replaces, inserts or deletes a byte, or cuts the end off.
pub(crate) fn change(bytes: &mut Vec<u8>, random: &mut Random) -> String {
    let at = random.below(bytes.len());
    let byte = random.below(256) as u8;
    match random.below(5) {
        0 => {
            bytes[at] ^= 1 << random.below(8);
            format!("flip at {at}")
        }
        1 => {
            bytes[at] = if bytes[at] == byte { !byte } else { byte };
            format!("replace at {at}")
        }
        2 => {
            bytes.insert(at, byte);
            format!("insert {byte} at {at}")
        }
        3 => {
            bytes.remove(at);
            format!("delete at {at}")
        }
        _ => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
    }
}

#[test]
fn five_thousand_changes_of_an_export_are_each_detected() {
    let log = story();
    let honest = log.export();
    assert!(log.judge(&honest).ok);
    let paths: Vec<&String> = honest.0.keys().collect();
    let mut random = Random(42);
    for round in 0..5000 {
        let path = paths[random.below(paths.len())];
        let mut folder: Folder = honest.clone();
        let what = change(folder.0.get_mut(path).unwrap(), &mut random);
        assert!(!log.judge(&folder).ok, "round {round}: {path}: {what}");
    }
}

#[test]
fn changes_of_a_proof_are_each_detected() {
    let log: TestLog = story();
    let honest = log.prove(0, &Show::All, &[8]);
    assert!(log.judge_proof(&honest).ok);
    let mut random = Random(43);
    for round in 0..2000 {
        let mut bytes = honest.clone();
        let what = change(&mut bytes, &mut random);
        assert!(!log.judge_proof(&bytes).ok, "round {round}: {what}");
    }
}
