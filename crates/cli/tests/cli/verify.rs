//! `vouch verify`, and the second verifier `docs/verify.py` beside it, on exports that are whole, withheld, erased and broken.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Installation, second_verifier};

/// What both verifiers must say alike: everything but the wording.
fn outline(report: &Value) -> Value {
    let items = report["items"].as_array().unwrap().iter();
    let items: Vec<Value> = items.map(|item| json!([item["seq"], item["id"], item["revision"], item["state"]])).collect();
    json!({
        "ok": report["ok"], "trusted": report["trusted"], "self_asserted": report["self_asserted"], "entries": report["entries"],
        "root": report["root"], "items": items,
    })
}

/// Our report on a path, after the second verifier said the same.
#[track_caller]
fn agreed(here: &Installation, path: &str) -> Value {
    let ours = here.json(&["verify", path, "--policy", &here.policy(), "--json"]);
    let courses = here.file("courses.json", here.ok(&["ledger", "courses"]));
    let theirs = second_verifier(&here.path(path), &here.policy(), Path::new(&courses));
    assert_eq!(outline(&ours), outline(&theirs), "{path}\nours: {ours}\ntheirs: {theirs}");
    let code = here.run(&["verify", path, "--policy", &here.policy()]).code;
    assert_eq!(code, i32::from(ours["ok"] != json!(true)), "{path}");
    ours
}

fn states(report: &Value) -> Vec<&str> {
    let mut states: Vec<&str> = report["items"].as_array().unwrap().iter().map(|item| item["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    states.dedup();
    states
}

/// A committee, whole enough to be approved.
const COMMITTEE: &str = r#"{
    "title": "AI board", "mandate": "It decides about high risks.", "quorum": 1, "majority": "simple", "meets_every": "P3M",
    "decides": [{"decision": "accept_risk", "from_tier": "low"}], "standing_agenda": [{"item": "risks", "from_kind": "risk"}],
    "members": [{"person": "PER-2", "function": "chair", "speaks_for": "business", "votes": true, "from": "2024-01-01"}],
    "reports_to": "ROL-1", "conflict_rule": "who is concerned leaves"
}"#;

#[test]
fn a_whole_export_verifies() {
    let here = Installation::begun();
    here.ok(&["ledger", "export", "out"]);
    let report = agreed(&here, "out");
    assert_eq!((&report["ok"], states(&report)), (&json!(true), vec!["VERIFIED"]));
    let members: Vec<&String> = report.as_object().unwrap().keys().collect();
    for name in ["ok", "trusted", "self_asserted", "entries", "root", "items"] {
        assert!(members.iter().any(|member| *member == name), "{name}");
    }
    let item = report["items"][0].as_object().unwrap();
    assert!(["id", "revision", "state", "reason"].iter().all(|name| item.contains_key(*name)));
    assert_snapshot!("whole", here.shown(&["verify", "out", "--policy", "data/policy"]));
    assert_snapshot!("self_asserted", here.shown(&["verify", "out"]));
    let own = here.json(&["verify", "out", "--json"]);
    assert_eq!(own["self_asserted"], true);
}

#[test]
fn withheld_kinds_and_fields_stay_proved() {
    let here = Installation::begun();
    here.ok(&["ledger", "export", "out", "--withhold", "person,role"]);
    let report = agreed(&here, "out");
    assert_eq!((&report["ok"], states(&report)), (&json!(true), vec!["VERIFIED", "WITHHELD"]));
    let bodies = fs::read_dir(here.path("out/bodies")).unwrap().map(Result::unwrap);
    let text: String = bodies
        .flat_map(|entry| fs::read_dir(entry.path()).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()))
        .collect();
    assert!(!text.contains("Ben Second") && text.contains("Example Works"));
    here.ok(&["ledger", "prove", "PER-3", "--fields", "name", "--out", "one.proof"]);
    let proof = agreed(&here, "one.proof");
    assert_eq!((&proof["ok"], states(&proof)), (&json!(true), vec!["WITHHELD"]));
}

#[test]
fn erased_bodies_and_fields_are_told_from_missing_ones() {
    let here = Installation::begun();
    here.ok(&["--as", "PER-3", "erase", "PER-2", "--field", "email", "--reason", "request"]);
    here.ok(&["ledger", "export", "field"]);
    let report = agreed(&here, "field");
    assert_eq!((&report["ok"], states(&report)), (&json!(true), vec!["ERASED", "VERIFIED"]));
    here.ok(&["--as", "PER-2", "erase", "PER-3", "--reason", "retention"]);
    here.ok(&["ledger", "export", "body"]);
    let report = agreed(&here, "body");
    assert_eq!((&report["ok"], states(&report)), (&json!(true), vec!["ERASED", "VERIFIED"]));
    let erased = |report: &Value| report["items"].as_array().unwrap().iter().filter(|item| item["state"] == "ERASED").count();
    assert_eq!(erased(&report), 2);
    here.ok(&["ledger", "prove", "PER-2", "--out", "erased.proof"]);
    assert_eq!(states(&agreed(&here, "erased.proof")), ["ERASED", "VERIFIED"]);
}

/// Files of a folder, one below the other.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() { all.extend(files(&entry.path())) } else { all.push(entry.path()) }
    }
    all.sort();
    all
}

#[test]
fn a_broken_export_is_not_ok_in_whichever_way_it_is_broken() {
    let here = Installation::begun();
    here.ok(&["ledger", "export", "out"]);
    let sound = files(&here.path("out"));
    for (place, file) in sound.iter().enumerate() {
        let bytes = fs::read(file).unwrap();
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(file, &changed).unwrap();
        let report = agreed(&here, "out");
        assert_eq!(report["ok"], false, "a changed byte of {}", file.display());
        fs::remove_file(file).unwrap();
        // The policy given is trusted; without the checkpoint there is nothing to trust it with.
        let report = agreed(&here, "out");
        assert_eq!(report["ok"], false, "{} is gone ({place})", file.display());
        fs::write(file, &bytes).unwrap();
    }
    fs::write(here.path("out/more"), "x").unwrap();
    assert_eq!(agreed(&here, "out")["ok"], false, "a file too many");
    fs::remove_file(here.path("out/more")).unwrap();
    assert_eq!(agreed(&here, "out")["ok"], true);
    let bodies = sound.iter().find(|file| file.display().to_string().contains("bodies")).unwrap();
    let text = fs::read_to_string(bodies).unwrap();
    let without: String = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
    fs::write(bodies, without).unwrap();
    assert_eq!(states(&agreed(&here, "out")), ["MISSING", "VERIFIED"]);
    assert_snapshot!("missing", here.shown(&["verify", "out", "--policy", "data/policy"]));
}

#[test]
fn an_earlier_checkpoint_and_another_key() {
    let here = Installation::begun();
    here.file("seen", here.ok(&["ledger", "checkpoint"]).replace('\r', ""));
    here.ok(&["move", "PER-3", "away", "--reason", "leave"]);
    here.ok(&["ledger", "export", "out"]);
    let ran = here.run(&["verify", "out", "--policy", "data/policy", "--seen", "seen"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    let other = Installation::empty();
    other.ok(&["init", "--organisation", "Another", "--person", "Eve Other"]);
    let ran = here.run(&["verify", "out", "--policy", &other.policy()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let foreign = other.file("seen", other.ok(&["ledger", "checkpoint"]));
    let ran = here.run(&["verify", "out", "--policy", "data/policy", "--seen", &foreign]);
    assert_eq!(ran.code, 1, "{ran:?}");
    here.ok(&["ledger", "prove", "PER-1", "--out", "one.proof"]);
    for (arguments, code) in [
        (&["verify", "one.proof"][..], 2),
        (&["verify", "nowhere", "--policy", "data/policy"], 2),
        (&["verify", "out", "--policy", "nowhere"], 2),
        (&["verify", "out", "--policy", "seen"], 2),
        (&["verify", "out", "--policy", "data/policy", "--seen", "data/policy"], 2),
        (&["verify", "data"], 1),
        (&["verify", "one.proof", "--policy", "data/policy"], 0),
        (&["verify", "one.proof", "--policy", &other.policy()], 1),
    ] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
    }
}

#[test]
fn an_export_whose_own_policy_is_broken_is_not_ok_when_no_other_is_given() {
    let here = Installation::begun();
    here.ok(&["ledger", "export", "out"]);
    assert_eq!(here.run(&["verify", "out"]).code, 0);
    fs::write(here.path("out/policy"), "no policy\n").unwrap();
    let report = here.json(&["verify", "out", "--json"]);
    assert_eq!((&report["ok"], &report["self_asserted"], &report["trusted"]), (&json!(false), &json!(true), &json!("")));
    assert!(report["faults"].as_array().unwrap().iter().any(|fault| fault["place"] == "policy"), "{report}");
    assert_eq!(here.run(&["verify", "out"]).code, 1);
    fs::remove_file(here.path("out/policy")).unwrap();
    let ran = here.run(&["verify", "out"]);
    assert!(ran.code == 2 && ran.err.contains("--policy FILE"), "{ran:?}");
}

#[test]
fn a_withdrawal_beside_a_proposed_head_verifies() {
    let here = Installation::begun();
    let put = here.run_with(&["--as", "PER-2", "put", "committee"], COMMITTEE, &[]);
    assert_eq!(put.code, 0, "{}", put.err);
    let next_year = here.json(&["show", "ROL-1", "--json"])["fields"]["review_by"].as_str().unwrap().to_owned();
    let review_by = format!("review_by={next_year}");
    let decided =
        here.run(&["approve", "COM-1", "--purpose", "approve", "--decision", "approved", "--set", &review_by, "--reason", "fine"]);
    assert_eq!(decided.code, 0, "{}", decided.err);
    let change = here.file("change.json", r#"{"title": "another name"}"#);
    assert!(
        here.ok(&["--as", "PER-2", "put", "committee", "--id", "COM-1", "--expect", "1", "--file", &change]).ends_with("draft\n")
    );
    let shown = here.json(&["show", "COM-1", "--json"]);
    assert_eq!(
        (&shown["state"], &shown["revision"], &shown["head"], &shown["in_force"]),
        (&json!("approved"), &json!(1), &json!(2), &json!(1))
    );
    here.ok(&["move", "COM-1", "dissolved", "--reason", "no longer needed"]);
    here.ok(&["ledger", "export", "out"]);
    assert_eq!(states(&agreed(&here, "out")), ["VERIFIED"]);
    assert!(here.ok(&["ledger", "fsck"]).contains(": ok"));
}
