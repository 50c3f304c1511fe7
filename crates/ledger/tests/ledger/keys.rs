//! Rotation of keys: whoever trusts an old key follows to the new one, and only by leaves that both keys signed.

use serde_json::json;
use vouch_ledger::export::prove;
use vouch_ledger::verify::{Trust, Verdict, verify_export, verify_proof};
use vouch_ledger::{Action, KeyChange, Show, SignerKey};

use crate::support::{Folder, Leaf, ORIGIN, TestLog, bodies_path, courses, states, story};

/// The story, with a second change of keys and a leaf after it: key leaves 10 and 12, keys of seeds 1, 2, 3.
pub(crate) fn two_changes() -> TestLog {
    let mut log = story();
    log.rotate("KEY-2", 3);
    log.create("SYS-4", "system", json!({}));
    log
}

fn key(seed: u8) -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

/// The story, then a key leaf whose body is that of `change` with what `edit` does to it; key 3 signs from there on.
fn forged(change: &KeyChange, edit: &dyn Fn(&mut serde_json::Value)) -> TestLog {
    let mut log = story();
    let mut body = serde_json::Value::Object(Default::default());
    for (name, value) in change.to_fields().unwrap().iter() {
        body[name] = serde_json::from_slice(value).unwrap();
    }
    edit(&mut body);
    log.append(Leaf { action: Action::Key, id: "KEY-2", kind: "key", state: "active", body });
    log.keys.push(key(3));
    log.create("SYS-4", "system", json!({}));
    log
}

/// Exports whose last key does not follow from the first, each with what is wrong with it.
pub(crate) fn broken_chains() -> Vec<(&'static str, TestLog, Folder)> {
    let right = KeyChange::sign(12, &key(2), &key(3)).unwrap();
    let mut logs = vec![
        ("signed for another leaf", forged(&KeyChange::sign(11, &key(2), &key(3)).unwrap(), &|_| {})),
        ("by a key that the log never had", forged(&KeyChange::sign(12, &key(7), &key(3)).unwrap(), &|_| {})),
        ("by the first key, which had handed over", forged(&KeyChange::sign(12, &key(1), &key(3)).unwrap(), &|_| {})),
        ("signed by the new key only", forged(&right, &|body| body["old_signature"] = body["new_signature"].clone())),
        ("signed by the old key only", forged(&right, &|body| body["new_signature"] = body["old_signature"].clone())),
        ("not signed", forged(&right, &|body| body["old_signature"] = json!("AA=="))),
        ("without a signature", forged(&right, &|body| drop(body.as_object_mut().unwrap().remove("old_signature")))),
        ("with more in it", forged(&right, &|body| body["more"] = json!(1))),
    ];
    let honest = two_changes();
    let lines: Vec<String> = honest.export().text(&bodies_path(&honest)).lines().map(str::to_owned).collect();
    let mut exports = Vec::new();
    for (name, at, line) in [
        ("first key leaf gone", 10, None),
        ("second key leaf gone", 12, None),
        ("first key leaf withheld", 10, Some(r#"{"seq":10,"withheld":true}"#)),
    ] {
        let mut folder = honest.export();
        let mut lines = lines.clone();
        match line {
            Some(line) => lines[at] = line.to_owned(),
            None => drop(lines.remove(at)),
        }
        folder.edit(&bodies_path(&honest), |_| lines.iter().map(|line| format!("{line}\n")).collect());
        exports.push((name, two_changes(), folder));
    }
    exports.extend(logs.drain(..).map(|(name, log)| {
        let folder = log.export();
        (name, log, folder)
    }));
    exports
}

#[test]
fn whoever_trusts_an_old_key_follows_to_the_new_one() {
    for given in 1..=3 {
        let log = two_changes().trusting(given);
        let report = log.judge(&log.export());
        assert!(report.ok, "{given}: {:?} {:?}", report.faults, report.items);
        assert_eq!(report.trusted, key(given as u8).verifier().to_string(), "the report names the key that was given");
        let followed = report.notes.iter().any(|note| note.contains("key leaves lead"));
        assert_eq!(followed, given < 3, "{:?}", report.notes);
        let proof = prove(&log, &log.checkpoint(), 1, &Show::All).unwrap();
        let report = log.judge_proof(&proof);
        assert_eq!((report.ok, states(&report)), (true, vec![Verdict::Verified; 3]), "{given}: {:?}", report.faults);
    }
}

#[test]
fn a_chain_broken_at_any_step_is_refused() {
    for given in 1..=3 {
        for (name, log, folder) in broken_chains() {
            let report = log.trusting(given).judge(&folder);
            assert!(!report.ok, "{name}, {given} keys given");
            // To whoever does not reach the last key the checkpoint is not even accepted.
            let reached = given == 3 || given == 2 && name.starts_with("first");
            assert_eq!(report.entries > 0, reached, "{name}, {given} keys given: {:?}", report.faults);
        }
    }
    // A proof without the key leaves, or without one of them, leads nowhere from the first key.
    let log = two_changes().trusting(1);
    for leaves in [vec![], vec![10], vec![12]] {
        assert_eq!(log.judge_proof(&log.prove(1, &Show::All, &leaves)).entries, 0, "{leaves:?}");
    }
    assert!(log.judge_proof(&log.prove(1, &Show::All, &[10, 12])).ok);
    assert!(!log.judge_proof(&log.prove(1, &Show::All, &[12, 10])).ok, "key leaves stand by seq");
}

#[test]
fn whoever_takes_over_a_log_without_its_key_is_not_followed() {
    // The thief of the database writes a key leaf as if a key of his own had been there before, and signs with the next.
    let honest = story().policy();
    let mut log = forged(&KeyChange::sign(12, &key(65), &key(66)).unwrap(), &|_| {});
    *log.keys.last_mut().unwrap() = key(66);
    let report = verify_export(&log.export(), &Trust::given(&honest), &courses()).unwrap();
    assert_eq!((report.ok, report.entries), (false, 0), "{:?}", report.faults);
    let proof = prove(&log, &log.checkpoint(), 1, &Show::All).unwrap();
    assert!(!verify_proof(&proof, &Trust::given(&honest)).ok);
}
