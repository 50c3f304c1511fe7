//! What is handed in, and what is stored or said about it.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::encode;
use crate::body::Body;
use crate::kind::tests::all;

fn object(json: Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap()
}

fn check(kind: &str, handed: Json, stored: &str) {
    let kinds = all();
    let fields = encode(kinds.get(kind).unwrap(), &object(handed), true).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(String::from_utf8(Body::new(fields).to_jcs()).unwrap(), stored);
}

fn refused(kind: &str, handed: Json, said: &str) {
    let kinds = all();
    let problems = encode(kinds.get(kind).unwrap(), &object(handed), true).unwrap_err();
    let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(text, said);
}

#[test]
fn values_are_stored_in_the_one_form_of_the_formats() {
    check(
        "ai-system",
        json!({"name": "Cafe\u{301}", "techniques": ["vision", "agent", "vision"], "aliases": ""}),
        r#"{"name":"Café","techniques":["agent","vision"]}"#,
    );
    check(
        "risk",
        json!({"frequency": [{"low": "0.10", "likely": 2, "high": "3.000", "source": ""}]}),
        r#"{"frequency":[{"high":"3","likely":"2","low":"0.1"}]}"#,
    );
    check("approval", json!({"at": "2026-03-01T10:00:00+01:00"}), r#"{"at":"2026-03-01T09:00:00.000Z"}"#);
    check(
        "evidence",
        json!({"requirements": ["iso42001:A.5.2"], "about": "SYS-1"}),
        r#"{"about":["SYS-1"],"requirements":["iso42001:A.5.2"]}"#,
    );
}

#[test]
fn each_defect_says_field_row_column_value_reason_and_remedy() {
    refused(
        "ai-system",
        json!({"risk_tier": "huge"}),
        "`risk_tier` is `huge`: it is not one of the values; use one of `low`, `moderate`, `high`, `critical`",
    );
    refused(
        "ai-system",
        json!({"stages": [{"stage": "concept", "entered_on": "1.2.2026"}, {"stge": "concept"}]}),
        "`stages` row 1 `entered_on` is `1.2.2026`: a day of the form YYYY-MM-DD is wanted; write it like 2026-11-21\n\
         `stages` row 2 `stge` is `concept`: the list has no such column; its columns are `stage`, `planned_on`, `entered_on`, `review`, `basis`, `note`",
    );
    refused(
        "risk",
        json!({"inherent_likelihood": 1.5}),
        "`inherent_likelihood` is `1.5`: a whole number within ±(2^53−1) is wanted; write it without fraction or quotes",
    );
    refused("risk", json!({"residual_level": "low"}), "`residual_level`: it is computed and never typed; leave it out");
    refused("risk", json!({"owner": "Ada"}), "`owner` is `Ada`: it is no id of a record; write it like SYS-3 or DOC-4@2");
}

#[test]
fn bounds_hold_for_fields_and_rows() {
    let kinds = all();
    let kind = kinds.get("ai-system").unwrap();
    let long = encode(kind, &object(json!({"purpose": "x".repeat(300 << 10)})), false).unwrap_err();
    assert!(long[0].reason.contains("a field holds at most 262144"), "{}", long[0]);
    let rows: Vec<Json> = (0..1_001).map(|n| json!({"group": n.to_string()})).collect();
    let many = encode(kind, &object(json!({"intended_users": rows})), false).unwrap_err();
    assert!(many[0].reason.contains("a list holds at most 1000"), "{}", many[0]);
}

/// Any JSON a stranger may hand in.
fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|float| json!(float)),
        ".{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_handed_in_is_refused_with_reasons_or_stored_so_that_it_reads_back(kind in 0usize..59, values in prop::collection::vec((any::<prop::sample::Index>(), anything()), 0..6)) {
        let kinds = all();
        let kind = kinds.iter().nth(kind).unwrap();
        let handed: Map<String, Json> = values.into_iter().map(|(at, value)| (at.get(&kind.fields).name.clone(), value)).collect();
        match encode(kind, &handed, true) {
            Err(problems) => prop_assert!(!problems.is_empty()),
            Ok(fields) => {
                let body = Body::new(fields);
                prop_assert_eq!(&Body::from_json(&body.to_jcs()).unwrap(), &body);
                let again = encode(kind, body.to_json().as_object().unwrap(), true).unwrap();
                prop_assert_eq!(Body::new(again), body, "what is stored is handed in again unchanged");
            }
        }
    }
}
