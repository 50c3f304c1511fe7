//! Proof files: the target first, then its erase leaves.

use std::collections::BTreeMap;

use vouch_ledger::export::prove;
use vouch_ledger::verify::{Trust, Verdict, verify_proof};
use vouch_ledger::{Show, SignedCheckpoint, Taken, write_blocks};

use crate::support::{TestLog, states, story};

use Verdict::{Bad, Erased, Verified, Withheld};

#[test]
fn every_leaf_can_be_proved_alone() {
    let log = story();
    for seq in 0..log.size() {
        let (erasers, wanted): (&[u64], Verdict) = match seq {
            0 => (&[8], Erased),
            6 => (&[9], Erased),
            _ => (&[], Verified),
        };
        let file = prove(&log, &log.checkpoint(), seq, &Show::All).unwrap();
        // The key leaf comes last, unless it is what is proved.
        let wanted_leaves: Vec<u64> = erasers.iter().copied().chain((seq != 10).then_some(10)).collect();
        assert_eq!(file, log.prove(seq, &Show::All, &wanted_leaves), "{seq}: the erase leaves are found from the body");
        let report = log.judge_proof(&file);
        assert!(report.ok, "{seq}: {:?} {:?}", report.faults, report.items);
        assert_eq!(states(&report)[0], wanted);
    }
}

#[test]
fn a_leaf_above_the_checkpoint_and_a_withheld_erasure_are_refused() {
    let mut log = story();
    let checkpoint = log.checkpoint();
    log.create("SYS-4", "system", serde_json::json!({"x": 1}));
    assert!(prove(&log, &checkpoint, log.size() - 1, &Show::All).is_err());
    let file = prove(&log, &log.checkpoint(), 8, &Show::Nothing).unwrap();
    assert_eq!(states(&log.judge_proof(&file)), [Verified, Verified], "an erase leaf is shown whatever is asked for");
}

#[test]
fn fields_may_be_withheld() {
    let log = story();
    let report = log.judge_proof(&log.prove(1, &Show::Only(["title".to_owned()].into()), &[]));
    assert_eq!((states(&report), report.ok), (vec![Withheld], true));
    let report = log.judge_proof(&log.prove(1, &Show::Nothing, &[]));
    assert_eq!((states(&report), report.ok), (vec![Withheld], true));
}

#[test]
fn an_erasure_needs_its_erase_leaf() {
    let log = story();
    assert_eq!(states(&log.judge_proof(&log.prove(0, &Show::All, &[]))), [Bad]);
    assert_eq!(states(&log.judge_proof(&log.prove(6, &Show::All, &[8])))[0], Bad);
    // An erase leaf of another record does not belong there.
    assert_eq!(states(&log.judge_proof(&log.prove(1, &Show::All, &[8]))), [Verified, Bad]);
    // Nor does any other leaf.
    assert_eq!(states(&log.judge_proof(&log.prove(1, &Show::All, &[2]))), [Verified, Bad]);
}

#[test]
fn erase_leaves_stand_by_seq_and_what_they_name_is_not_shown() {
    let mut log = TestLog::new();
    log.create("PER-1", "person", serde_json::json!({"a": 1, "b": 2, "c": 3}));
    let first = log.erase("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["a".to_owned()]))]));
    let second = log.erase("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["b".to_owned()]))]));
    let report = log.judge_proof(&log.prove(0, &Show::All, &[first, second]));
    assert_eq!((states(&report), report.ok), (vec![Erased, Verified, Verified], true), "{:?}", report.items);
    assert_eq!(states(&log.judge_proof(&log.prove(0, &Show::All, &[second, first]))), [Erased, Verified, Bad]);
    assert_eq!(states(&log.judge_proof(&log.prove(0, &Show::All, &[second, second]))).last(), Some(&Bad));
    let third = log.say_erased("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["c".to_owned()]))]));
    let report = log.judge_proof(&log.prove(0, &Show::All, &[first, second, third]));
    assert_eq!(states(&report)[0], Bad, "c is shown though it was erased");
}

#[test]
fn a_leaf_of_another_place_or_log_is_bad() {
    let log = story();
    let (one, two) = (log.block(1, &Show::All), log.block(2, &Show::All));
    let mut swapped = one.clone();
    swapped.entry = two.entry.clone();
    assert_eq!(states(&log.judge_proof(&write_blocks(&[swapped]))), [Bad]);
    let mut moved = one.clone();
    moved.proof.index = 2;
    assert_eq!(states(&log.judge_proof(&write_blocks(&[moved]))), [Bad]);
    let mut shorter = one.clone();
    shorter.proof.hashes.pop();
    assert_eq!(states(&log.judge_proof(&write_blocks(&[shorter]))), [Bad]);
    let mut other_body = one;
    other_body.line = two.line;
    assert_eq!(states(&log.judge_proof(&write_blocks(&[other_body]))), [Bad]);
}

#[test]
fn a_proof_is_compared_with_a_seen_checkpoint_of_its_size_only() {
    let log = story();
    let (proof, policy) = (log.prove(1, &Show::All, &[]), log.policy());
    let judge = |seen: &SignedCheckpoint| verify_proof(&proof, &Trust { seen: Some(seen), ..Trust::given(&policy) });
    assert!(judge(&log.checkpoint()).ok);
    let mut longer = story();
    longer.create("SYS-4", "system", serde_json::json!({"x": 1}));
    assert!(!judge(&longer.checkpoint()).ok);
}

#[test]
fn garbage_is_a_fault_and_never_a_panic() {
    let log = story();
    for bytes in [b"".as_slice(), b"\n\n\n\n\n", b"{}\n\n\n", &[0xff; 100]] {
        let report = log.judge_proof(bytes);
        assert!(!report.ok && report.faults.len() == 1);
    }
}
