//! `vouch demo`: what it prints can be pasted, it replaces what it made, and nothing else.

use crate::support::Installation;

/// A sample in the folder of an installation.
fn built() -> (Installation, String) {
    let here = Installation::empty();
    let told = here.ok(&["demo", "--no-serve", "--seed", "3", "--until", "2026-11-20"]);
    (here, told)
}

/// The printed commands that begin with this program, as a shell would split them.
fn commands(told: &str) -> Vec<Vec<String>> {
    let lines = told.lines().map(str::trim).filter_map(|line| line.strip_prefix(env!("CARGO_BIN_EXE_vouch")));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn a_sample_is_told_proved_and_replaced_but_never_when_somebody_wrote_into_it() {
    let (here, told) = built();
    for words in [
        "are generated",
        "inventory of AI systems is public",
        "erasure in it is for show",
        "As of 2026-11-20",
        "What an auditor would raise first",
    ] {
        assert!(told.contains(words), "`{words}` in {told}");
    }
    let pasted = commands(&told);
    assert!(
        pasted.iter().any(|command| command.contains(&"prove".to_owned()))
            && pasted.iter().any(|command| command.first().is_some_and(|word| word == "verify"))
    );
    for command in &pasted {
        here.ok(&command.iter().map(String::as_str).collect::<Vec<_>>());
    }
    here.ok(&["ledger", "fsck"]);
    here.ok(&["ledger", "export", "export"]);
    let verified = here.ok(&["verify", "export", "--policy", &here.policy()]);
    assert!(verified.starts_with("ok"), "{verified}");

    let root = |told: &str| told.split_whitespace().skip_while(|word| *word != "root").nth(1).map(str::to_owned);
    here.ok(&["demo", "--no-serve", "--seed", "3", "--until", "2026-11-20"]);
    here.ok(&["ledger", "export", "again"]);
    let again = here.ok(&["verify", "again", "--policy", &here.policy()]);
    assert!(root(&verified).is_some());
    assert_eq!(root(&again), root(&verified), "the same seed and day have the same root under another key");

    here.put("person", r#"{"name":"Somebody New","relation":"employee","joined_on":"2026-11-01"}"#);
    let ran = here.run(&["demo", "--no-serve"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("somebody wrote into the sample") && ran.err.contains("--data"), "{}", ran.err);
}

#[test]
fn an_organisation_that_is_no_sample_is_never_touched() {
    let here = Installation::begun();
    let before = here.ok(&["ledger", "checkpoint"]);
    let ran = here.run(&["demo", "--no-serve"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("is no sample"), "{}", ran.err);
    assert_eq!(here.ok(&["ledger", "checkpoint"]), before);
}

#[test]
fn days_that_no_sample_can_end_on_are_refused() {
    let here = Installation::empty();
    for (day, words) in [("2999-01-01", "after today"), ("2025-01-31", "too early")] {
        let ran = here.run(&["demo", "--until", day]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[test]
fn defects_are_listed_with_everything_that_fires_and_an_unknown_one_is_refused() {
    let here = Installation::empty();
    let listed = here.ok(&["demo", "--defects"]);
    let defects: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(defects.len() >= 20 && defects.iter().all(|words| words.len() >= 2), "{listed}");
    assert!(defects.iter().flat_map(|words| &words[1..]).all(|rule| rule.contains('-')), "{listed}");
    let ran = here.run(&["demo", "--defect", "no-such-defect"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("--defects"), "{}", ran.err);
}
