//! `soa`, `gaps`, `framework`

use serde_json::{Value, json};

use crate::support::{Installation, project};

/// An organisation with the inventory of the Department of Energy.
fn with_inventory() -> Installation {
    let here = Installation::begun();
    here.ok(&["import", &project("crates/app/tests/data/doe-2024.csv"), "--preset", "omb-2024"]);
    here
}

fn rows<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap()
}

#[test]
fn the_statement_has_a_row_for_each_control_and_says_that_nobody_decided() {
    let here = with_inventory();
    let statement = here.json(&["soa", "--json"]);
    assert_eq!(rows(&statement, "rows").len(), 38);
    assert_eq!(statement["counts"]["undecided"], json!(38));
    assert!(statement["version"].is_null());
    let one = here.ok(&["soa", "--control", "A.6.2.4"]);
    assert!(one.contains("A.6.2.4") && one.contains("undecided") && !one.contains("A.6.2.5"), "{one}");
    let csv = here.ok(&["soa", "--csv"]);
    assert_eq!(csv.lines().next().unwrap().split(',').next(), Some("control"));
    assert_eq!(csv.matches("\r\nA.").count(), 38);
}

#[test]
fn the_gap_list_has_a_line_for_each_requirement_with_steps_that_name_rules() {
    let here = with_inventory();
    let gaps = here.json(&["gaps", "--json"]);
    let gaps = rows(&gaps, "gaps");
    assert_eq!(gaps.len(), 70);
    for gap in gaps {
        let steps: u64 = rows(gap, "missing").iter().map(|step| step["steps"].as_u64().unwrap()).sum();
        assert_eq!(gap["steps"], json!(steps), "{gap}");
        assert!(!gap["owner"]["role"].as_str().unwrap().is_empty());
        let named = rows(gap, "missing")
            .iter()
            .all(|step| step["check"].as_str().unwrap().starts_with(gap["requirement"].as_str().unwrap()));
        assert!(named, "{gap}");
    }
    assert!(gaps.iter().any(|gap| gap["requirement"] == "8.4" && gap["steps"].as_u64() > Some(0)));
    let csv = here.ok(&["gaps", "--csv", "--requirement", "8.4"]);
    assert!(csv.starts_with("requirement,title") && csv.contains("8.4-D"), "{csv}");
}

#[test]
fn the_frameworks_are_listed_and_one_is_shown_with_what_remains() {
    let here = with_inventory();
    let all = here.json(&["framework", "--json"]);
    let counts =
        |key: &str| all.as_array().unwrap().iter().find(|one| one["framework"] == key).map(|one| one["counts"]["of"].clone());
    assert_eq!(counts("nist_ai_rmf"), Some(json!(72)));
    assert_eq!(counts("eu_ai_act"), Some(json!(88)));
    let one = here.json(&["framework", "eu_ai_act", "--json"]);
    assert!(one["note"].as_str().unwrap().contains("no claim of conformity"));
    assert!(!rows(&one["coverage"], "still_to_do").is_empty());
    assert!(rows(&one["coverage"], "requirements").iter().all(|requirement| requirement["reach"] != "covered"));
    assert!(here.ok(&["framework"]).contains("no claim of conformity"));
}

#[test]
fn a_framework_dropped_into_the_data_folder_works_and_a_broken_one_is_refused_with_its_line() {
    let here = with_inventory();
    let folder = here.path("data/frameworks");
    std::fs::create_dir(&folder).unwrap();
    let text = "meta: {key: house, title: House rules}\ncrosswalk:\n  - {from: A.4.2, to: H1, strength: partial, source: own}\nnodes:\n  - {id: H1, kind: rule, parent: null, title: Know your parts}\n";
    std::fs::write(folder.join("house.yaml"), text).unwrap();
    let house = here.json(&["framework", "house", "--json"]);
    assert_eq!(house["coverage"]["counts"]["of"], json!(1));
    assert_eq!(house["coverage"]["requirements"][0]["by"][0]["item"], "A.4.2");
    std::fs::write(folder.join("house.yaml"), text.replace("A.4.2", "A.4.9")).unwrap();
    let refused = here.run(&["framework"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("`house` line 3") && refused.err.contains("A.4.9"), "{}", refused.err);
}
