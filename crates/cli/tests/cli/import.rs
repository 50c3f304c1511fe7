//! `vouch import`

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Installation, project};

fn inventory() -> String {
    project("crates/app/tests/data/doe-2024.csv")
}

/// A small table of the preset's form.
fn table(rows: &[&str]) -> String {
    format!("Use Case Name,Agency,Bureau,Stage of Development,Date Implemented\n{}\n", rows.join("\n"))
}

#[test]
fn json_has_the_members_that_scripts_read() {
    let here = Installation::begun();
    let report = here.json(&["import", &inventory(), "--preset", "omb-2024", "--json"]);
    assert_eq!((&report["rows"], &report["created"]["ai-system"], &report["unchanged"]), (&json!(79), &json!(79), &json!(0)));
    for name in ["updated", "created"] {
        assert!(report[name].is_object(), "{name}");
    }
    for name in ["conflicts", "rejected"] {
        assert_eq!(report[name], json!([]), "{name}");
    }
    let again = here.json(&["import", &inventory(), "--preset", "omb-2024", "--json"]);
    assert_eq!((&again["unchanged"], &again["created"], &again["updated"]), (&json!(79), &json!({}), &json!({})));
}

#[test]
fn a_report_for_people() {
    let here = Installation::begun();
    let file = here.file(
        "table.csv",
        table(&[
            "Bot,DOE,HQ,Operation and Maintenance,1/2/2024",
            "Bot,DOE,HQ,Operation and Maintenance,1/2/2024",
            "Eye,DOE,HQ,Initiated,",
        ]),
    );
    assert_snapshot!("dry_run", here.shown(&["import", &file, "--preset", "omb-2024", "--dry-run"]));
    assert_eq!(here.json(&["list", "ai-system", "--json"])["total"], 0);
    assert_snapshot!("written", here.shown(&["import", &file, "--preset", "omb-2024"]));
    assert_eq!(here.json(&["list", "ai-system", "--json"])["total"], 2);
}

#[test]
fn a_bad_row_ends_with_2_and_writes_nothing_until_it_may_be_left_out() {
    let here = Installation::begun();
    let file = here.file("table.csv", table(&["Bot,DOE,HQ,Initiated,", ",DOE,HQ,Initiated,", "Eye,DOE,HQ,Initiated,13/45/2024"]));
    assert_snapshot!("rejected", here.shown(&["import", &file, "--preset", "omb-2024"]));
    let ran = here.run(&["import", &file, "--preset", "omb-2024", "--json"]);
    assert_eq!(ran.code, 2);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let rejected = report["rejected"].as_array().unwrap();
    assert_eq!(rejected.iter().map(|row| &row["row"]).collect::<Vec<_>>(), [3, 4]);
    for name in ["row", "column", "value", "reason", "remedy"] {
        assert!(rejected[1].get(name).is_some_and(|value| !value.is_null()), "{name}: {}", rejected[1]);
    }
    assert_eq!(here.json(&["list", "ai-system", "--json"])["total"], 0);
    let partial = here.run(&["import", &file, "--preset", "omb-2024", "--accept-partial"]);
    assert_eq!(partial.code, 0, "{partial:?}");
    assert_eq!(here.json(&["list", "ai-system", "--json"])["total"], 1);
}

#[test]
fn a_mapping_is_guessed_saved_and_used() {
    let here = Installation::begun();
    let file = here.file("own.csv", "System;What it is for;Owner\nSorter;sorts mail;Ada Founder\nReader;reads forms;Ben Second\n");
    let guessed = here.json(&["import", &file, "--save-mapping", "own.toml", "--dry-run", "--json"]);
    assert_eq!(guessed["rows"], 2);
    let mapping = std::fs::read_to_string(here.path("own.toml")).unwrap();
    assert!(mapping.contains("ai-system"), "{mapping}");
    let by_mapping = here.json(&["import", &file, "--mapping", "own.toml", "--json"]);
    assert_eq!(by_mapping["created"], guessed["created"]);
    let listed = here.json(&["list", "ai-system", "--where", "name=Sorter", "--json"]);
    assert_eq!(listed["records"][0]["fields"]["origin"], "imported");
}

#[test]
fn wrong_files_and_mappings_are_refused_with_what_to_do() {
    let here = Installation::begun();
    let file = here.file("table.csv", table(&["Bot,DOE,HQ,Initiated,"]));
    let broken = here.file("broken.toml", "source = ");
    let empty = here.file("empty.csv", "");
    for arguments in [
        &["import", "nowhere.csv", "--preset", "omb-2024"][..],
        &["import", &file, "--preset", "nothing"],
        &["import", &file, "--mapping", &broken],
        &["import", &file, "--mapping", "nowhere.toml"],
        &["import", &file, "--mapping", &broken, "--preset", "omb-2024"],
        &["import", &empty, "--preset", "omb-2024"],
    ] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.starts_with("error:"), "{ran:?}");
    }
}
