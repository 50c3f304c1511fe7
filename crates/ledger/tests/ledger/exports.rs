//! Exports whole, withheld, erased and broken, and the verdict on each leaf.

use std::collections::BTreeMap;

use serde_json::json;
use vouch_ledger::verify::{NoCourses, Trust, Verdict, verify_export};
use vouch_ledger::{Action, Envelope, Fields, Show, SignedCheckpoint, StoredBody, Taken};

use crate::support::{Folder, ORIGIN, TestLog, bodies_path, item, states, story};

use Verdict::{Bad, Erased, Missing, Verified, Withheld};

/// The verdict on one leaf after an edit of the export; everything else must be as before.
#[track_caller]
fn check(edit: impl FnOnce(&mut Folder, &TestLog), seq: u64, wanted: Verdict) {
    let log = story();
    let mut folder = log.export();
    let before = states(&log.judge(&folder));
    edit(&mut folder, &log);
    let report = log.judge(&folder);
    assert_eq!(item(&report, seq).state, wanted, "{:?} {:?}", item(&report, seq), report.faults);
    assert_eq!(report.ok, wanted.is_ok() && report.faults.is_empty());
    let mut others = states(&report);
    others[seq as usize] = before[seq as usize];
    assert_eq!(others, before, "{:?}", report.items);
}

fn edit_line(folder: &mut Folder, log: &TestLog, seq: u64, edit: impl FnOnce(&str) -> String) {
    let path = bodies_path(log);
    folder.edit(&path, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[seq as usize] = edit(&lines[seq as usize]);
        lines.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
    });
}

#[test]
fn an_honest_export_is_ok_and_shows_what_is_erased() {
    let log = story();
    let report = log.judge(&log.export());
    assert!(report.ok, "{:?} {:?}", report.faults, report.items);
    let mut wanted = vec![Verified; log.size() as usize];
    wanted[0] = Erased;
    wanted[6] = Erased;
    assert_eq!(states(&report), wanted);
    assert_eq!(report.entries, log.size());
    assert_eq!(report.trusted, log.keys[1].verifier().to_string());
    assert_eq!(report.notes, ["cosigned by witness `witness.example.test/w1` at 2026-01-02T00:00:00.000Z"]);
}

#[test]
fn what_is_withheld_shows_and_erase_and_key_leaves_are_always_shown() {
    let log = story();
    let report = log.judge(&log.export_showing(&|_| Show::Nothing));
    assert!(report.ok, "{:?} {:?}", report.faults, report.items);
    let mut wanted = vec![Withheld; log.size() as usize];
    (wanted[0], wanted[6]) = (Erased, Erased);
    (wanted[8], wanted[9], wanted[10]) = (Verified, Verified, Verified);
    assert_eq!(states(&report), wanted);

    let only = |_: &Envelope<'_>| Show::Only(["title".to_owned()].into());
    let report = log.judge(&log.export_showing(&only));
    assert!(report.ok, "{:?} {:?}", report.faults, report.items);
    assert_eq!((item(&report, 1).state, item(&report, 11).state), (Withheld, Verified));
}

#[test]
fn a_holder_may_withhold_more() {
    check(|folder, log| edit_line(folder, log, 5, |_| "{\"seq\":5,\"withheld\":true}".to_owned()), 5, Withheld);
    check(|folder, log| edit_line(folder, log, 0, |_| "{\"seq\":0,\"withheld\":true}".to_owned()), 0, Erased);
    check(|folder, log| edit_line(folder, log, 10, |_| "{\"seq\":10,\"withheld\":true}".to_owned()), 10, Bad);
}

#[test]
fn a_line_or_file_that_is_gone_is_missing() {
    check(|folder, log| edit_line(folder, log, 4, |_| String::new()), 4, Missing);
    let log = story();
    let mut folder = log.export();
    folder.0.remove(&bodies_path(&log));
    let report = log.judge(&folder);
    // Bodies are gone, so the manual is named by nothing that is shown.
    assert!(!report.ok && report.items.iter().all(|item| item.state == Missing), "{:?}", report.items);
    let mut folder = log.export();
    let manual = folder.0.keys().find(|path| path.starts_with("files/")).unwrap().clone();
    folder.0.remove(&manual);
    let report = log.judge(&folder);
    assert_eq!((item(&report, 1).state, item(&report, 2).state, report.ok), (Missing, Missing, false));
}

#[test]
fn a_changed_body_is_bad() {
    check(|folder, log| edit_line(folder, log, 4, |line| line.replace("because", "Because")), 4, Bad);
    check(|folder, log| edit_line(folder, log, 4, |line| line.replace("\"from\",", "\"frum\",")), 4, Bad);
    check(|folder, log| edit_line(folder, log, 4, |line| format!(" {line}")), 4, Bad);
    check(|folder, log| edit_line(folder, log, 4, |_| "{\"erased\":8,\"seq\":4}".to_owned()), 4, Bad);
}

#[test]
fn what_an_erase_leaf_names_must_not_be_shown() {
    let whole = story();
    let mut log = TestLog::new();
    log.create("PER-1", "person", json!({"name": "Ada", "email": "x"}));
    log.say_erased("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["email".to_owned()]))]));
    let report = log.judge(&log.export());
    assert_eq!(states(&report), [Bad, Verified], "{:?}", report.items);
    let report = log.judge(&log.export_showing(&|_| Show::Only(["name".to_owned()].into())));
    assert_eq!(states(&report), [Erased, Verified], "{:?}", report.items);

    let mut log = TestLog::new();
    log.create("PER-1", "person", json!({"name": "Ada"}));
    log.say_erased("PER-1", BTreeMap::from([(0, Taken::All)]));
    assert_eq!(states(&log.judge(&log.export())), [Bad, Verified]);
    assert!(whole.judge(&whole.export()).ok);
}

#[test]
fn an_erasure_names_only_earlier_leaves_of_its_record() {
    let cases: [(&str, u64, Taken); 5] = [
        ("SYS-1", 0, Taken::All),
        ("PER-1", 3, Taken::All),
        ("PER-1", 9, Taken::All),
        ("PER-1", 2, Taken::All),
        ("PER-1", 0, Taken::Fields(vec!["salary".to_owned()])),
    ];
    for (id, target, taken) in cases {
        let mut log = TestLog::new();
        log.create("PER-1", "person", json!({"name": "Ada"}));
        log.create("SYS-1", "system", json!({"title": "Sorter"}));
        log.erase("PER-1", BTreeMap::from([(0, Taken::Fields(vec!["name".to_owned()]))]));
        let by = log.say_erased(id, BTreeMap::from([(target, taken.clone())]));
        let report = log.judge(&log.export());
        assert_eq!(item(&report, by).state, Bad, "{id} {target} {taken:?}: {:?}", report.items);
        assert_eq!(item(&report, 0).state, Erased);
        assert_eq!(item(&report, 1).state, Verified);
    }
}

fn envelope<'a>(log: &TestLog, action: Action, id: &'a str, revision: u64, state: &'a str) -> Envelope<'a> {
    let time = 1_800_000_000_000 + log.size() as i64;
    let (actor, kind, org) = ("system", "system", ORIGIN);
    Envelope { action, actor, c: [0; 32], id, kind, org, revision, schema: 1, seq: log.size(), state, time }
}

fn fields(value: serde_json::Value) -> Fields {
    Fields::from_map(value.as_object().unwrap()).unwrap()
}

/// Appends one envelope to a log with `SYS-1` (revision 1, state draft, been idea) and gives the verdict on it.
#[track_caller]
fn check_envelope(action: Action, edit: impl FnOnce(&mut Envelope<'_>), body: serde_json::Value, wanted: Verdict) {
    let mut log = TestLog::new();
    log.create("SYS-1", "system", json!({"title": "Sorter"}));
    log.move_to("SYS-1", "draft");
    let mut leaf = envelope(&log, action, "SYS-1", 1, "draft");
    edit(&mut leaf);
    log.append_as(leaf, fields(body));
    let report = log.judge(&log.export());
    assert_eq!(states(&report), [Verified, Verified, wanted], "{:?}", report.items);
}

#[test]
fn numbers_states_times_and_names_follow_the_log() {
    let none = || json!({"x": 1});
    let to = |from: &str, to: &str| json!({"from": from, "to": to});
    check_envelope(Action::Revise, |leaf| leaf.revision = 2, none(), Verified);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.state) = (2, "idea"), none(), Verified);
    check_envelope(Action::Revise, |leaf| leaf.revision = 3, none(), Bad);
    check_envelope(Action::Revise, |leaf| leaf.revision = 1, none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.state) = (2, "in-use"), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.state) = (2, "set_aside"), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.kind) = (2, "person"), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.id) = (2, "SYS-9"), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.org) = (2, "other"), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.seq) = (2, 7), none(), Bad);
    check_envelope(Action::Revise, |leaf| (leaf.revision, leaf.time) = (2, 0), none(), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "in-use", to("draft", "in-use"), Verified);
    check_envelope(Action::Transition, |leaf| leaf.state = "in-use", to("idea", "in-use"), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "in-use", to("draft", "retired"), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "in-use", json!({"to": "in-use"}), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "in-use", json!({"from": 1, "to": "in-use"}), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "retired", to("draft", "retired"), Bad);
    check_envelope(Action::Transition, |leaf| leaf.state = "set_aside", to("draft", "set_aside"), Bad);
    check_envelope(Action::Transition, |leaf| (leaf.revision, leaf.state) = (2, "in-use"), to("draft", "in-use"), Bad);
    check_envelope(Action::SetAside, |leaf| leaf.state = "set_aside", none(), Verified);
    check_envelope(Action::SetAside, |_| {}, none(), Bad);
    check_envelope(Action::Create, |leaf| leaf.state = "idea", none(), Bad);
    check_envelope(Action::Create, |leaf| (leaf.id, leaf.state) = ("SYS-2", "idea"), none(), Verified);
    check_envelope(Action::Create, |leaf| (leaf.id, leaf.state) = ("SYS-2", "draft"), none(), Verified);
    check_envelope(Action::Create, |leaf| (leaf.id, leaf.state) = ("SYS-2", "in-use"), none(), Bad);
    check_envelope(Action::Create, |leaf| (leaf.id, leaf.state, leaf.revision) = ("SYS-2", "idea", 2), none(), Bad);
    check_envelope(Action::Create, |leaf| (leaf.id, leaf.kind, leaf.state) = ("KEY-1", "key", "active"), none(), Bad);
    check_envelope(Action::Key, |leaf| (leaf.id, leaf.state) = ("SYS-2", "active"), none(), Bad);
    check_envelope(Action::Erase, |_| {}, none(), Bad);
}

#[test]
fn only_an_erasure_follows_a_set_aside() {
    let mut log = TestLog::new();
    log.create("SYS-1", "system", json!({"title": "x"}));
    log.set_aside("SYS-1");
    log.erase("SYS-1", BTreeMap::from([(0, Taken::All)]));
    assert_eq!(states(&log.judge(&log.export())), [Erased, Verified, Verified]);
    log.revise("SYS-1", json!({"title": "y"}));
    assert_eq!(states(&log.judge(&log.export())), [Erased, Verified, Verified, Bad]);
}

#[test]
fn no_commitment_and_no_blinding_occurs_twice() {
    let mut log = TestLog::new();
    let body = |value| StoredBody::seal(fields(value), [5; 32]);
    log.append_raw(envelope(&log, Action::Create, "SYS-1", 1, "idea"), body(json!({"title": "x"})));
    log.append_raw(envelope(&log, Action::Create, "SYS-2", 1, "idea"), body(json!({"title": "y"})));
    log.append_raw(envelope(&log, Action::Create, "SYS-3", 1, "idea"), body(json!({"title": "x"})));
    let report = log.judge(&log.export());
    assert_eq!(states(&report), [Verified, Bad, Bad]);
    let report = log.judge(&log.export_showing(&|_| Show::Nothing));
    assert_eq!(states(&report), [Withheld, Withheld, Bad], "the commitment shows even where bodies do not");
}

#[test]
fn an_approval_names_the_commitment_of_its_subject() {
    let cases = [
        (json!({"subject": "SYS-1", "subject_revision": 1}), Verified),
        (json!({"subject": "SYS-1@1", "subject_revision": 1}), Verified),
        (json!({"subject": "SYS-1@2", "subject_revision": 1}), Bad),
        (json!({"subject": "SYS-1", "subject_revision": 2}), Bad),
        (json!({"subject": "SYS-2", "subject_revision": 1}), Bad),
        (json!({"subject": "SYS-1", "subject_revision": "1"}), Bad),
        (json!({"subject": "SYS-1"}), Verified),
        (json!({"subject_commitment": "00"}), Bad),
        (json!({"subject_commitment": "00".repeat(32)}), Bad),
    ];
    for (mut body, wanted) in cases {
        let mut log = TestLog::new();
        let subject = log.create("SYS-1", "system", json!({"title": "x"}));
        log.revise("SYS-1", json!({"title": "y"}));
        if body.get("subject_commitment").is_none() {
            body["subject_commitment"] = json!(vouch_ledger::hex(&log.bodies[subject as usize].commitment().unwrap()));
        }
        log.create("APV-1", "approval", body.clone());
        assert_eq!(states(&log.judge(&log.export()))[2], wanted, "{body}");
    }
}

#[test]
fn the_chain_of_keys_must_hold() {
    let log = story();
    let mut other = story();
    // Signed by the old key although a key leaf names a new one.
    other.keys.reverse();
    let report = other.judge(&other.export());
    assert!(!report.ok && report.faults.iter().any(|fault| fault.place == "checkpoint"), "{:?}", report.faults);
    // A key leaf whose old key is not the last one.
    let mut wrong = story();
    wrong.keys[1] = wrong.keys[0].clone();
    wrong.rotate("KEY-2", 3);
    wrong.keys.remove(0);
    let report = wrong.judge(&wrong.export());
    assert_eq!(item(&report, 12).state, Bad, "{:?}", report.items);
    assert!(log.judge(&log.export()).ok);
}

#[test]
fn exactly_the_files_of_the_size_belong_to_an_export() {
    let log = story();
    let cases: [(&str, &str); 7] = [
        ("extra", "is not part"),
        ("tile/0/000.p/11", "is not part"),
        ("tile/0/000", "is not part"),
        ("tile/2/000.p/1", "is not part"),
        ("bodies/000", "is not part"),
        ("timestamp/2.tsr", "is no time stamp"),
        ("timestamp/02.tsr", "is not part"),
    ];
    for (path, reason) in cases {
        let mut folder = log.export();
        folder.0.insert(path.to_owned(), Vec::new());
        let report = log.judge(&folder);
        assert!(!report.ok && report.faults.iter().any(|fault| fault.place == path && fault.reason.contains(reason)), "{path}");
    }
    let mut folder = log.export();
    folder.0.insert(format!("files/{}", "00".repeat(32)), Vec::new());
    assert!(log.judge(&folder).faults[0].reason.contains("no shown value"));
    for path in log.export().0.keys().filter(|path| !path.starts_with("bodies") && !path.starts_with("files")) {
        let mut folder = log.export();
        folder.0.remove(path);
        let report = log.judge(&folder);
        assert!(!report.ok && report.faults.iter().any(|fault| fault.place == *path), "{path}: {:?}", report.faults);
    }
}

#[test]
fn a_time_stamp_must_carry_the_digest_of_the_checkpoint() {
    use sha2::{Digest, Sha256};
    let log = story();
    let mut folder = log.export();
    let token = [b"token of ".as_slice(), &Sha256::digest(log.checkpoint().text())].concat();
    folder.0.insert("timestamp/1.tsr".to_owned(), token);
    let report = log.judge(&folder);
    assert!(report.ok && report.notes.iter().any(|note| note.contains("not judged")), "{:?}", report.faults);
    folder.0.insert("timestamp/2.tsr".to_owned(), b"token of something else".to_vec());
    assert!(!log.judge(&folder).ok);
}

#[test]
fn a_wrong_tile_is_a_fault_and_a_wrong_entry_proves_nothing() {
    let mut log = TestLog::new();
    for n in 1..=600 {
        log.create(&format!("SYS-{n}"), "system", json!({"n": n}));
    }
    let honest = log.export();
    assert!(log.judge(&honest).ok);
    let mut folder = honest.clone();
    folder.0.get_mut("tile/0/001").unwrap()[5] ^= 1;
    let report = log.judge(&folder);
    assert_eq!((report.faults.len(), report.faults[0].place.as_str()), (1, "tile/0/001"));
    assert!(states(&report).iter().all(|state| *state == Verified));

    let mut folder = honest.clone();
    let entries = folder.0.get_mut("tile/entries/001").unwrap();
    let at = entries.windows(9).position(|part| part == b"\"state\":\"").unwrap();
    entries[at + 9..at + 13].copy_from_slice(b"abcd");
    let report = log.judge(&folder);
    let places: Vec<&str> = report.faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["tile/0/001", "tile/1/000.p/2", "tree"], "the tile tells where");
    assert!(states(&report).iter().all(|state| *state == Bad));

    let mut folder = honest;
    folder.0.get_mut("tile/1/000.p/2").unwrap()[5] ^= 1;
    assert_eq!(log.judge(&folder).faults[0].place, "tile/1/000.p/2");
}

#[test]
fn an_earlier_checkpoint_must_be_consistent() {
    let mut log = TestLog::new();
    let mut seen = Vec::new();
    for n in 1..=520 {
        log.create(&format!("SYS-{n}"), "system", json!({"n": n}));
        if [1, 255, 256, 257, 519, 520].contains(&n) {
            seen.push(log.checkpoint());
        }
    }
    let (folder, policy) = (log.export(), log.policy());
    let judge = |seen: &SignedCheckpoint| {
        let trust = Trust { seen: Some(seen), ..Trust::given(&policy) };
        verify_export(&folder, &trust, &NoCourses).unwrap()
    };
    for seen in &seen {
        assert!(judge(seen).ok, "{:?}", judge(seen).faults);
    }
    let mut fork = TestLog::new();
    for n in 1..=300 {
        fork.create(&format!("SYS-{n}"), "system", json!({"n": n + 1}));
    }
    assert!(!judge(&fork.checkpoint()).ok, "another history");
    for n in 521..=530 {
        log.create(&format!("SYS-{n}"), "system", json!({"n": n}));
    }
    assert!(!judge(&log.checkpoint()).ok, "the log has shrunk");
}

#[test]
fn what_the_policy_does_not_accept_is_not_judged() {
    let log = story();
    let folder = log.export();
    let mut other = TestLog::new();
    other.keys = vec![vouch_ledger::SignerKey::from_seed(ORIGIN, &[9; 32]).unwrap()];
    let policy = other.policy();
    let report = verify_export(&folder, &Trust::given(&policy), &NoCourses).unwrap();
    assert_eq!((report.ok, report.entries, report.root.as_str(), report.items.len()), (false, 0, "", 0));
}

#[test]
fn courses_that_are_not_known_are_named() {
    let log = story();
    let policy = log.policy();
    let trust = Trust { self_asserted: true, ..Trust::given(&policy) };
    let report = verify_export(&log.export(), &trust, &NoCourses).unwrap();
    assert!(report.ok && report.proves.contains("self-asserted"));
    for kind in ["approval", "person", "system"] {
        let note = format!("course not judged: version 1 of kind `{kind}` is not known here");
        assert!(report.notes.contains(&note), "{:?}", report.notes);
    }
}

#[test]
fn a_report_has_the_members_of_the_command() {
    let log = story();
    let json = serde_json::to_value(log.judge(&log.export())).unwrap();
    for member in ["ok", "trusted", "self_asserted", "entries", "root", "items"] {
        assert!(json.get(member).is_some(), "{member}");
    }
    assert_eq!(json["items"][1]["state"], "VERIFIED");
    assert_eq!(json["items"][0]["id"], "PER-1");
}

#[test]
fn an_empty_log_is_not_exported() {
    let log = TestLog::new();
    let (policy, checkpoint) = (log.policy(), log.checkpoint());
    let show = |_: &Envelope<'_>| Show::All;
    let export =
        vouch_ledger::export::Export { contents: &log, checkpoint: &checkpoint, policy: &policy, show: &show, timestamps: &[] };
    assert!(export.write(&mut Folder::default()).is_err());
}
