use std::io::Cursor;

use serde_json::json;

use super::super::mapping::Mapping;
use super::super::table::{Options, Table};
use super::*;

const MAPPING: &str = r#"
source = "register"
day = "2025-03-01"
date_order = "dmy"
decimal_comma = true
blank = ["n/a"]
key = { name = "name", bureau = "unit" }
kept = { record = "system", list = "claims", column = "column", said = "said", on = "on" }
compare = [{ column = "unit", kind = "organisation", field = "units.code" }]

[columns]
name = { required = true }
unit = {}
stage = {}
live = {}
since = {}
people = {}
share = {}
data = {}
data_note = { headers = ["if other please explain"], after = "data" }
contracts = {}
link = {}
tested = {}
remark = {}

[values.stage]
unknown = "reject"
to.operation = ["live", "*use*"]
to.concept = ["idea"]

[values.data]
to.identity = ["name*", "contact"]
to.financial = ["income"]
to.other = ["other"]

[values.tested]
to.yes = ["yes*"]
kept = ["no", "planned"]

[[records]]
key = "system"
kind = "ai-system"
[records.fields]
name = "name"
origin = { const = "imported" }
external_ids = [{ cells = { source = { const = "inventory" }, id = { key = true } } }]
serves_public_service = { column = "live", as = "bool" }
personal_data = { column = "data", as = "set", values = "data", split = [",", ";"] }
description = { column = "data", explained = true, when = { column = "data", is = ["other"] } }
code_url = { column = "link", as = "url" }
suppliers = [{ each = "contracts", split = [","], cells = { contract = { part = true }, supplier = { lookup = { kind = "supplier", field = "contracts.number" } } } }]
[[records.fields.stages]]
when = { column = "stage", filled = true }
cells = { stage = { column = "stage", values = "stage" }, entered_on = { column = "since", as = "date", or = { day = true } }, note = { column = "since", as = "not_date" } }

[[records]]
key = "test"
kind = "test"
when = { column = "tested", values = "tested", is = ["yes"] }
[records.fields]
title = { text = "Test of {name}{ordinal} ( {unit} )" }
ai_system = { link = "system" }
run_by_machine = { column = "people", as = "int" }
performed_by = { fill = "person" }
limits = { column = "share", as = "decimal", prefix = "share " }
"#;

fn outcomes(table: &str) -> Vec<RowOutcome> {
    let mapping = Mapping::from_toml(MAPPING).unwrap();
    let table = Table::open(Cursor::new(table.as_bytes()), &Options::default()).unwrap();
    Rows::new(table, &mapping, b"salt").unwrap().map(Result::unwrap).collect()
}

fn proposed(header: &str, row: &str) -> RowProposal {
    match outcomes(&format!("{header}\n{row}\n")).remove(0) {
        RowOutcome::Proposed(proposal) => *proposal,
        RowOutcome::Rejected(problems) => panic!("{problems:?}"),
    }
}

fn problems(header: &str, row: &str) -> Vec<(String, String, String)> {
    match outcomes(&format!("{header}\n{row}\n")).remove(0) {
        RowOutcome::Rejected(problems) => {
            assert!(problems.iter().all(|problem| problem.kind == ProblemKind::Wrong && !problem.remedy.is_empty()));
            problems.into_iter().map(|problem| (problem.column.unwrap_or_default(), problem.value, problem.reason)).collect()
        }
        RowOutcome::Proposed(proposal) => panic!("{proposal:?}"),
    }
}

/// Fields of the first record that are not always there.
fn check_fields(header: &str, row: &str, expected: &serde_json::Value) {
    let mut fields = proposed(header, row).records.remove(0).fields;
    for always in ["name", "origin", "external_ids"] {
        assert!(fields.remove(always).is_some(), "{always}");
    }
    assert_eq!(Value::Object(fields), *expected, "{row:?}");
}

#[test]
fn answers_become_values_of_their_type() {
    check_fields("name;live", "Babel;YES", &json!({"serves_public_service": true}));
    check_fields("name;data", "Babel;\"income, Name and address;contact\"", &json!({"personal_data": ["financial", "identity"]}));
    check_fields(
        "name;stage;since",
        "Babel;in use;3/4/2024",
        &json!({"stages": [{"stage": "operation", "entered_on": "2024-04-03"}]}),
    );
    check_fields("name;link", "Babel;https://example.org/x", &json!({"code_url": "https://example.org/x"}));
    let test = proposed("name;tested;people;share", "Babel;Yes, twice;1.200;092,50 %").records.remove(1);
    assert_eq!(
        Value::Object(test.fields),
        json!({"title": "Test of Babel", "ai_system": "@system", "run_by_machine": 1200, "limits": "share 92.5"})
    );
    assert_eq!(test.fills, [ProposedFill { field: "performed_by".to_owned(), with: Fill::Person }]);
}

#[test]
fn words_where_a_day_belongs_are_no_error() {
    let expected = json!({"stages": [{"stage": "operation", "entered_on": "2025-03-01", "note": "N/A - never begun"}]});
    check_fields("name;stage;since", "Babel;live;N/A - never begun", &expected);
}

#[test]
fn what_nothing_takes_up_is_kept() {
    let kept = |column: &str, said: &str| json!({"column": column, "said": said, "on": "2025-03-01"});
    check_fields(
        "name;remark;tested",
        "Babel;fine;planned",
        &json!({"claims": [kept("remark", "fine"), kept("tested", "planned")]}),
    );
    check_fields(
        "name;data",
        "Babel;\"income;shoe size\"",
        &json!({"personal_data": ["financial"], "claims": [kept("data", "income;shoe size")]}),
    );
    check_fields(
        "name;link",
        "Babel;see https://x.org/a for more",
        &json!({"code_url": "https://x.org/a", "claims": [kept("link", "see https://x.org/a for more")]}),
    );
    check_fields("name;live", "Babel;perhaps", &json!({"claims": [kept("live", "perhaps")]}));
    check_fields("name;live;remark", "Babel;N/A;n/a.", &json!({}));
    check_fields("name;Cost centre", "Babel;4711", &json!({"claims": [kept("Cost centre", "4711")]}));
}

#[test]
fn an_explanation_goes_with_its_answer() {
    let header = "name;data;if other please explain";
    check_fields(header, "Babel;other;voice", &json!({"personal_data": ["other"], "description": "other: voice"}));
    let kept = json!([{"column": "data_note", "said": "voice", "on": "2025-03-01"}]);
    check_fields(header, "Babel;income;voice", &json!({"personal_data": ["financial"], "claims": kept}));
}

#[test]
fn each_part_of_a_cell_makes_a_row_with_a_lookup() {
    let system = proposed("name;contracts", "Babel;A-1, B-2,").records.remove(0);
    assert_eq!(system.fields["suppliers"], json!([{"contract": "A-1"}, {"contract": "B-2"}]));
    let lookups: Vec<_> = system.lookups.iter().map(|lookup| (lookup.row, lookup.value.as_str(), lookup.by.as_str())).collect();
    assert_eq!(lookups, [(0, "A-1", "contracts.number"), (1, "B-2", "contracts.number")]);
}

#[test]
fn a_row_is_rejected_with_all_its_problems() {
    let found = problems("name;stage;since;tested;people;share", ";dreaming;31/02/2024;yes;many;1,2,3;surplus");
    let columns: Vec<(&str, &str)> = found.iter().map(|(column, value, _)| (column.as_str(), value.as_str())).collect();
    assert_eq!(
        columns,
        [("stage", "dreaming"), ("since", "31/02/2024"), ("share", "1,2,3"), ("people", "many"), ("name", ""), ("", "surplus")]
    );
    assert!(found[0].2.contains("not one that the mapping knows"));
}

#[test]
fn a_row_that_repeats_another_exactly_makes_nothing() {
    let found = outcomes("name,unit\nBabel,X\nBabel ,Y\n\nBabel,X,\n");
    let RowOutcome::Rejected(problems) = &found[2] else { panic!("{:?}", found[2]) };
    assert_eq!((problems[0].kind, problems[0].row, problems[0].reason.as_str()), (ProblemKind::Duplicate, 5, "duplicate of row 2"));
    let json = serde_json::to_value(&problems[0]).unwrap();
    assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["column", "reason", "remedy", "row", "value"]);
}

#[test]
fn rows_alike_in_name_and_unit_are_told_by_their_order() {
    let keys: Vec<String> = outcomes("name,unit,remark,live\nBabel,X,1,\nBabel,Y,1,\n BABEL ,x,2,\nBabel,X,3,\n")
        .into_iter()
        .map(|outcome| match outcome {
            RowOutcome::Proposed(proposal) => proposal.key.to_string(),
            RowOutcome::Rejected(problems) => panic!("{problems:?}"),
        })
        .collect();
    assert_eq!(keys, ["register||x|babel", "register||y|babel", "register||x|babel|2", "register||x|babel|3"]);
}

#[test]
fn fingerprints_show_which_fields_a_changed_row_changes() {
    let header = "name;stage;since;live;contracts";
    let before = proposed(header, "Babel;live;1/1/2024;yes;A");
    assert_eq!(before.fingerprints, proposed(header, "Babel; LIVE;2024-01-01;Yes;A ").fingerprints);
    let after = proposed(header, "Babel;live;2/1/2024;no;A");
    assert_eq!(before.fingerprints.changed_fields(&after.fingerprints, "system"), ["serves_public_service", "stages"]);
    assert_eq!(before.key, after.key);
}

#[test]
fn an_answer_can_be_compared_and_not_written() {
    let comparisons = proposed("name;unit", "Babel;CBP").comparisons;
    assert_eq!(
        comparisons,
        [Comparison { column: "unit".into(), kind: "organisation".into(), field: "units.code".into(), value: "CBP".into() }]
    );
}
