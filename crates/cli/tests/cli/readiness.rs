//! `readiness`, `findings`, `explain`

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Installation, project};

/// Names of the members of an object, in alphabetical order.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// An organisation with the inventory of the Department of Energy.
fn with_inventory() -> Installation {
    let here = Installation::begun();
    here.ok(&["import", &project("crates/app/tests/data/doe-2024.csv"), "--preset", "omb-2024"]);
    here
}

#[test]
fn readiness_as_json_has_its_form() {
    let here = with_inventory();
    let readiness = here.json(&["readiness", "--json"]);
    for name in ["as_of", "head", "depths", "requirements"] {
        assert!(!readiness[name].is_null(), "{name}");
    }
    let size = here.ok(&["ledger", "checkpoint"]).lines().nth(1).unwrap().parse::<u64>().unwrap();
    assert_eq!(readiness["head"]["size"], size);
    assert_eq!(readiness["head"]["root"], here.ok(&["ledger", "checkpoint"]).lines().nth(2).unwrap());
    for depth in ["documented", "operating", "proven"] {
        assert_eq!(readiness["depths"][depth]["of"], 70, "{depth}");
        let requirements = readiness["requirements"].as_array().unwrap();
        let met = requirements.iter().filter(|one| one[depth] == json!(true)).count();
        assert_eq!(readiness["depths"][depth]["met"], met, "{depth}");
    }
    let requirements = readiness["requirements"].as_array().unwrap();
    assert_eq!(requirements.len(), 70);
    for one in requirements {
        assert_eq!(
            keys(one),
            ["applies", "documented", "evidence", "findings", "id", "operating", "proven", "reason"],
            "{}",
            one["id"]
        );
        for evidence in one["evidence"].as_array().unwrap() {
            assert_eq!(keys(evidence), ["depth", "id", "kind", "revision"]);
        }
    }
}

#[test]
fn findings_as_json_have_their_form_and_can_be_narrowed() {
    let here = with_inventory();
    let all = here.json(&["findings", "--json"]);
    assert_eq!(keys(&all), ["as_of", "failure_modes", "findings"]);
    let findings = all["findings"].as_array().unwrap();
    assert!(findings.len() > 5);
    for finding in findings {
        for name in ["check", "requirement", "depth", "grade", "message", "remedy", "act"] {
            assert!(finding[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {finding}");
        }
        assert!(finding.get("record").is_some_and(|record| record.is_null() || record.is_string()), "{finding}");
    }
    let major = here.json(&["findings", "--grade", "major", "--json"]);
    let major = major["findings"].as_array().unwrap();
    assert!(!major.is_empty() && major.len() < findings.len() && major.iter().all(|finding| finding["grade"] == "major"));
    let one = here.json(&["findings", "--requirement", "8.4", "--json"]);
    let one = one["findings"].as_array().unwrap();
    let own = findings.iter().filter(|finding| finding["requirement"] == "8.4");
    assert!(!one.is_empty() && one.len() < findings.len() && own.into_iter().all(|finding| one.contains(finding)));
}

#[test]
fn check_ends_with_1_when_something_is_found() {
    let here = Installation::begun();
    for (arguments, code) in [
        (&["readiness"][..], 0),
        (&["readiness", "--check"], 1),
        (&["readiness", "--depth", "documented", "--check"], 1),
        (&["readiness", "--depth", "deep"], 2),
        (&["findings"], 0),
        (&["findings", "--check"], 1),
        (&["findings", "--grade", "terrible"], 2),
        (&["findings", "--requirement", "4.99"], 2),
        (&["explain", "4.99"], 2),
        (&["explain", "4.3"], 0),
        (&["readiness", "--as-of", "2999-01-01"], 2),
    ] {
        let ran = here.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
    }
    let before = here.json(&["readiness", "--as-of", "2020-01-01", "--json"]);
    assert_eq!((&before["as_of"], &before["head"]["size"]), (&json!("2020-01-01"), &json!(0)));
}

#[test]
fn an_explanation_names_each_rule_with_its_verdict() {
    let here = Installation::begun();
    assert_snapshot!(here.shown(&["explain", "4.3"]));
    let explanation = here.json(&["explain", "4.3", "--json"]);
    assert!(explanation["rules"].as_array().is_some_and(|rules| !rules.is_empty()));
    let said = here.ok(&["readiness", "--depth", "documented"]);
    assert!(said.contains("documented") && said.contains("of 70"), "{said}");
}
