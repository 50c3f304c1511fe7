//! What all commands share: help, who acts, where the data lie, colours, pipes, exit codes.

use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Installation;

#[test]
fn help_names_every_command() {
    let here = Installation::empty();
    let help = here.ok(&["--help"]);
    assert_snapshot!(help);
    let commands = [
        "demo",
        "init",
        "import",
        "kinds",
        "list",
        "show",
        "history",
        "diff",
        "search",
        "put",
        "attach",
        "set-aside",
        "move",
        "approve",
        "readiness",
        "findings",
        "explain",
        "ledger",
        "verify",
        "erase",
        "rebuild",
    ];
    for command in commands {
        let own = here.ok(&[command, "--help"]);
        assert!(own.contains("Usage: vouch") && own.contains("--data") && own.contains("--as"), "{command}: {own}");
    }
}

#[test]
fn what_is_no_command_or_option_ends_with_2() {
    let here = Installation::empty();
    for arguments in [
        &["frobnicate"][..],
        &["list"],
        &["list", "person", "--colour"],
        &["show", "person"],
        &["list", "person", "--as-of", "yesterday"],
    ] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty() && ran.err.starts_with("error:"), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn without_an_installation_every_command_ends_with_3_and_says_what_to_do() {
    let here = Installation::empty();
    let commands: [&[&str]; 12] = [
        &["list", "person"],
        &["show", "PER-1"],
        &["history", "PER-1"],
        &["diff", "PER-1", "1", "2"],
        &["search", "word"],
        &["move", "PER-1", "away", "--reason", "x"],
        &["approve", "PER-1", "--purpose", "approve", "--decision", "approved", "--reason", "x"],
        &["readiness"],
        &["findings"],
        &["ledger", "checkpoint"],
        &["erase", "PER-1", "--reason", "request"],
        &["rebuild"],
    ];
    for arguments in commands {
        let ran = here.run(arguments);
        assert_eq!(ran.code, 3, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("no organisation was begun in") && ran.err.contains("vouch init"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn who_acts_is_named_by_id_or_address_and_must_be_active() {
    let here = Installation::begun();
    let note = r#"{"subject":"ORG-1","subject_revision":1,"text":"look","visible_in_rooms":false,"asks_answer":false}"#;
    for who in ["PER-2", "per-2@example.org", "PER-2@EXAMPLE.ORG"] {
        let ran = here.run_with(&["--as", who, "put", "comment", "--json"], note, &[]);
        assert_eq!(ran.code, 0, "{who}: {}", ran.err);
        let put: Value = serde_json::from_str(&ran.out).unwrap();
        let id = put["id"].as_str().unwrap().to_owned();
        assert_eq!(here.json(&["show", &id, "--json"])["made_by"], "PER-2", "{who}");
    }
    let ran = here.run_with(&["put", "comment", "--json"], note, &[("VOUCH_AS", "PER-3")]);
    assert_eq!(here.json(&["show", "NOT-4", "--json"])["made_by"], "PER-3", "{}", ran.err);
    here.ok(&["move", "PER-3", "away", "--reason", "leave"]);
    for who in ["PER-3", "PER-99", "nobody@example.org", "", "ORG-1"] {
        for arguments in [&["put", "comment"][..], &["list", "person"], &["readiness"], &["show", "PER-1"]] {
            let arguments: Vec<&str> = ["--as", who].into_iter().chain(arguments.iter().copied()).collect();
            let ran = here.run_with(&arguments, note, &[]);
            assert_eq!(ran.code, 3, "{arguments:?}: {}", ran.err);
            assert!(ran.err.contains("is not an active person") && ran.err.contains("vouch list person"), "{}", ran.err);
        }
    }
}

#[test]
fn there_is_no_colour_in_a_pipe() {
    let here = Installation::begun();
    for arguments in
        [&["list", "person"][..], &["readiness"], &["findings"], &["explain", "4.3"], &["kinds", "risk"], &["show", "PER-9"]]
    {
        let ran = here.run(arguments);
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{arguments:?}");
    }
}

#[test]
fn half_an_answer_is_not_taken_for_a_whole_one() {
    let here = Installation::begun();
    for arguments in [&["kinds", "--json"][..], &["readiness"], &["gaps", "--csv"], &["ledger", "policy"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_vouch"))
            .args(arguments)
            .env("VOUCH_DATA", here.path("data"))
            .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(3) && complaint.contains("not complete"),
            "{arguments:?}: {:?} {complaint}",
            output.status
        );
    }
}

#[test]
fn a_reader_that_goes_away_does_no_harm() {
    let here = Installation::begun();
    for arguments in [&["kinds", "--json"][..], &["readiness"], &["ledger", "prove", "PER-1"], &["kinds", "ai-system"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vouch"))
            .args(arguments)
            .env("VOUCH_DATA", here.path("data"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            !complaint.contains("panicked") && output.status.code() == Some(0),
            "{arguments:?}: {:?} {complaint}",
            output.status
        );
    }
}

#[test]
fn a_failure_is_one_json_object_where_json_was_asked_for() {
    let here = Installation::begun();
    let ran = here.run_with(&["put", "person", "--json"], r#"{"name":"Dan","relation":"friend","age":5}"#, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let told: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(told["error"]["kind"], "invalid");
    let named: Vec<&str> =
        told["error"]["problems"].as_array().unwrap().iter().map(|problem| problem["field"].as_str().unwrap()).collect();
    assert_eq!(named, ["age", "relation"]);
    assert!(told["error"]["problems"].as_array().unwrap().iter().all(|problem| problem["remedy"].is_string()));
    for arguments in [&["list", "nothing", "--json"][..], &["show", "PER-77", "--json"], &["explain", "4.99", "--json"]] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        let told: Value = serde_json::from_str(&ran.err).unwrap();
        assert!(told["error"]["message"].is_string() && told["error"]["hint"].is_string(), "{told}");
    }
}
