//! `vouch pack`: an archive that both verifiers accept, whose lists say what the commands say.

use std::fs::{self, File};
use std::path::Path;

use serde_json::{Value, json};
use zip::ZipArchive;

use crate::support::{Installation, second_verifier};

/// Unpacks an archive beside the data; the folder that everything lay in.
fn unpack(here: &Installation, file: &str) -> String {
    let mut archive = ZipArchive::new(File::open(here.path(file)).unwrap()).unwrap();
    archive.extract(here.path("unpacked")).unwrap();
    let roots: Vec<_> = fs::read_dir(here.path("unpacked")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(roots.len(), 1, "everything lies in one folder: {roots:?}");
    format!("unpacked/{}", roots[0].display())
}

/// A system whose description is a file.
fn filled() -> Installation {
    let here = Installation::begun();
    here.put("ai-system", r#"{"name": "Claims sorter", "origin": "registered", "owner": "PER-1", "purpose": "Sorts claims."}"#);
    let file = here.file("note.txt", "what it does");
    here.put(
        "evidence",
        r#"{"title": "Note", "source": "upload", "covers_from": "2026-01-01", "covers_to": "2026-01-02", "about": ["SYS-1"], "requirements": ["iso42001:A.6.2.4"], "shows": "neutral", "summary": "What it does.", "collected_by": "PER-1", "collected_at": "2026-01-02T08:00:00.000Z", "confidentiality": "internal"}"#,
    );
    here.ok(&["attach", "EVD-1", &file]);
    here
}

#[test]
fn a_pack_verifies_by_both_verifiers_and_by_the_one_inside() {
    let here = filled();
    let told = here.ok(&["pack", "out.zip"]);
    assert!(told.contains("1 files packed into out.zip"), "{told}");
    let root = unpack(&here, "out.zip");
    let log = format!("{root}/log");
    let ours = here.json(&["verify", &log, "--policy", &here.policy(), "--json"]);
    assert_eq!((&ours["ok"], &ours["self_asserted"]), (&json!(true), &json!(false)), "{ours}");
    let inside = here.path(&format!("{root}/verify.py"));
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify.py");
    assert_eq!(fs::read(&inside).unwrap(), fs::read(built).unwrap(), "the verifier in the pack is the one of the documentation");
    let theirs = second_verifier(&here.path(&log), &here.policy(), &here.path(&format!("{root}/courses.json")));
    assert_eq!((&theirs["ok"], &theirs["entries"], &theirs["root"]), (&json!(true), &ours["entries"], &ours["root"]), "{theirs}");
    let notes = theirs["notes"].as_array().unwrap();
    assert!(notes.iter().all(|note| !note.as_str().unwrap().contains("course")), "the courses are judged too: {notes:?}");
}

#[test]
fn what_a_pack_says_is_what_the_commands_say() {
    let here = filled();
    here.ok(&["pack", "out.zip"]);
    let root = unpack(&here, "out.zip");
    let read = |path: &str| fs::read_to_string(here.path(&format!("{root}/{path}"))).unwrap();
    let parsed = |path: &str| serde_json::from_str::<Value>(&read(path)).unwrap();
    assert_eq!(read("gaps.csv"), here.ok(&["gaps", "--csv"]));
    assert_eq!(read("statement-of-applicability.csv"), here.ok(&["soa", "--csv"]));
    assert_eq!(parsed("statement-of-applicability.json"), here.json(&["soa", "--json"]));
    assert_eq!(parsed("courses.json"), here.json(&["ledger", "courses"]));
    assert_eq!(parsed("scope.json"), Value::Null, "no scope is in force");
    let readiness = here.json(&["readiness", "--json"]);
    let evidence: usize =
        readiness["requirements"].as_array().unwrap().iter().map(|one| one["evidence"].as_array().unwrap().len()).sum();
    assert_eq!(read("records-by-requirement.csv").lines().count(), evidence + 1);
    let readme = read("README.md");
    let fingerprint = here.json(&["verify", &format!("{root}/log"), "--json"])["fingerprint"].as_str().unwrap().to_owned();
    assert!(readme.contains(&fingerprint) && readme.contains("Audit pack of Example Works"), "{readme}");
    for (path, _) in readme.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("`: ")) {
        assert!(here.path(&format!("{root}/{path}")).exists(), "{path} is named and lies there");
    }
}

#[test]
fn equal_packs_are_equal_and_nothing_is_written_over() {
    let here = filled();
    here.ok(&["pack", "one.zip"]);
    here.ok(&["pack", "other.zip"]);
    assert_eq!(fs::read(here.path("one.zip")).unwrap(), fs::read(here.path("other.zip")).unwrap());
    let again = here.run(&["pack", "one.zip"]);
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);
    let future = here.run(&["pack", "future.zip", "--as-of", "9000-01-01"]);
    assert_eq!(future.code, 2, "{}", future.err);
    assert!(!here.path("future.zip").exists() && !here.path("future.zip.partial").exists(), "nothing half-written is left");
}
