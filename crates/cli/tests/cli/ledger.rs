//! `ledger checkpoint`, `prove`, `export`, `fsck`, `courses`; `erase`, `rebuild`

use insta::assert_snapshot;
use serde_json::json;

use crate::support::Installation;

#[test]
fn a_checkpoint_is_a_signed_note_of_the_present_size() {
    let here = Installation::begun();
    let note = here.ok(&["ledger", "checkpoint"]);
    let lines: Vec<&str> = note.lines().collect();
    assert!(lines[0].starts_with("vouch.local/") && lines[3].is_empty() && lines[4].starts_with("— vouch.local/"), "{note}");
    let size = here.json(&["readiness", "--json"])["head"]["size"].to_string();
    assert_eq!(lines[1], size);
}

#[test]
fn a_proof_shows_what_was_asked_for_and_nothing_else() {
    let here = Installation::begun();
    here.ok(&["ledger", "prove", "PER-2", "--fields", "name", "--out", "one.proof"]);
    let text = std::fs::read_to_string(here.path("one.proof")).unwrap();
    assert!(text.contains("Ben Second") && !text.contains("per-2@example.org"), "{text}");
    assert_eq!(here.ok(&["ledger", "prove", "PER-2", "--fields", "name"]), text, "the same on standard output");
    assert_snapshot!("verified_proof", here.shown(&["verify", "one.proof", "--policy", "data/policy"]));
    here.ok(&["ledger", "prove", "PER-2@1", "--out", "whole.proof"]);
    let report = here.json(&["verify", "whole.proof", "--policy", "data/policy", "--json"]);
    assert_eq!((&report["ok"], &report["items"][0]["state"]), (&json!(true), &json!("VERIFIED")));
    let seq = here.json(&["history", "PER-2", "--json"])["events"][1]["seq"].to_string();
    here.ok(&["ledger", "prove", "PER-2", "--seq", &seq, "--out", "move.proof"]);
    assert!(std::fs::read_to_string(here.path("move.proof")).unwrap().contains("\"to\""));
    for (arguments, said) in [
        (&["ledger", "prove", "PER-2@9"][..], "no such leaf"),
        (&["ledger", "prove", "PER-9"], "no record PER-9"),
        (&["ledger", "prove", "PER-2", "--fields", "shoe_size"], "no field `shoe_size`"),
        (&["ledger", "prove", "PER-2", "--seq", "0"], "no such leaf"),
    ] {
        let ran = here.run(arguments);
        assert!(ran.code == 2 && ran.err.contains(said), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn an_export_is_written_once_into_an_empty_folder() {
    let here = Installation::begun();
    assert_snapshot!("export", here.shown(&["ledger", "export", "out"]));
    let again = here.run(&["ledger", "export", "out"]);
    assert!(again.code == 2 && again.err.contains("is not empty"), "{again:?}");
    let unknown = here.run(&["ledger", "export", "other", "--withhold", "nothing"]);
    assert!(unknown.code == 2 && !here.path("other").exists(), "{unknown:?}");
}

#[test]
fn fsck_finds_what_was_changed_behind_its_back_and_rebuild_mends_lists() {
    let here = Installation::begun();
    assert_snapshot!("fsck", here.shown(&["ledger", "fsck"]));
    assert_snapshot!("rebuild", here.shown(&["rebuild"]));
    assert!(here.ok(&["ledger", "fsck"]).contains(": ok"));
    assert_eq!(here.json(&["search", "Cleo", "--json"])["hits"][0]["id"], "PER-3");
}

#[test]
fn what_is_erased_is_gone_from_every_answer_and_the_log_still_verifies() {
    let here = Installation::begun();
    let own = here.run(&["erase", "PER-2", "--field", "email", "--reason", "request"]);
    assert!(own.code == 3 && own.err.contains("another person's approval"), "{own:?}");
    for (arguments, code) in [
        (&["--as", "PER-3", "erase", "PER-2", "--reason", "boredom"][..], 2),
        (&["--as", "PER-3", "erase", "PER-2", "--field", "shoe_size", "--reason", "request"], 2),
        (&["--as", "PER-3", "erase", "PER-2@9", "--reason", "request"], 2),
        (&["--as", "PER-3", "erase", "PER-77", "--reason", "request"], 2),
    ] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("hint:"), "{ran:?}");
    }
    assert_snapshot!("erase", here.shown(&["--as", "PER-3", "erase", "PER-2", "--field", "email", "--reason", "request"]));
    let shown = here.json(&["show", "PER-2", "--json"]);
    assert!(shown["fields"].get("email").is_none() && shown["erased"]["email"].is_string(), "{shown}");
    let first = here.json(&["show", "PER-2@1", "--json"]);
    assert!(first["erased"]["email"].is_string(), "a revision says what was erased from it: {first}");
    assert_eq!(here.ok(&["search", "per-2@example.org"]), "nothing holds these words\n");
    let again = here.run(&["--as", "PER-3", "erase", "PER-2", "--field", "email", "--reason", "request"]);
    assert!(again.code == 2 && again.err.contains("nothing of that is left"), "{again:?}");

    here.ok(&["--as", "PER-3", "erase", "PER-2@1", "--reason", "mistake"]);
    let whole = here.json(&["show", "PER-2@1", "--json"]);
    assert_eq!(whole["fields"], json!({}));
    assert!(whole["erased"]["name"].is_string(), "{whole}");
    for file in
        std::fs::read_dir(here.path("data")).unwrap().map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file())
    {
        let bytes = std::fs::read(file.path()).unwrap();
        let holds = bytes.windows(11).any(|window| window == b"Ben Second\"")
            || bytes.windows(17).any(|window| window == b"per-2@example.org");
        assert!(!holds, "{} still holds what was erased", file.path().display());
    }
    assert!(here.ok(&["ledger", "fsck"]).contains(": ok"));
    assert!(here.ok(&["rebuild"]).contains("made again"));
}
