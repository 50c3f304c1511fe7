//! Inventories that are not the ones the preset was made from: other spellings, odd rows, other shapes.

use std::io::Cursor;

use super::kinds_schema::Kinds;
use serde_json::{Value, json};
use vouch_app::import::mapping::{GuessField, Mapping};
use vouch_app::import::preset::Preset;
use vouch_app::import::proposal::{RowOutcome, RowProblem, RowProposal, Rows};
use vouch_app::import::table::{Options, Table};

fn outcomes(mapping: &Mapping, bytes: &[u8]) -> Vec<RowOutcome> {
    let names = mapping.known_names();
    let known = |name: &str| names.contains(name);
    let table = Table::open(Cursor::new(bytes), &Options { known: Some(&known), ..Options::default() }).unwrap();
    Rows::new(table, mapping, b"salt").unwrap().map(Result::unwrap).collect()
}

fn proposed(outcome: &RowOutcome) -> &RowProposal {
    match outcome {
        RowOutcome::Proposed(proposal) => proposal,
        RowOutcome::Rejected(problems) => panic!("{problems:?}"),
    }
}

fn rejected(outcome: &RowOutcome) -> &[RowProblem] {
    match outcome {
        RowOutcome::Rejected(problems) => problems,
        RowOutcome::Proposed(proposal) => panic!("{proposal:?}"),
    }
}

fn omb() -> Mapping {
    Preset::named("omb-2024").unwrap().mapping().unwrap()
}

/// One row of the federal form, by header and cell; the fields of the records it makes, by key, all valid.
fn omb_row(cells: &[(&str, &str)]) -> Value {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.iter().map(|(header, _)| *header)).unwrap();
    writer.write_record(cells.iter().map(|(_, cell)| *cell)).unwrap();
    let outcomes = outcomes(&omb(), &writer.into_inner().unwrap());
    let proposal = proposed(&outcomes[0]);
    let keys: Vec<&str> = proposal.records.iter().map(|record| record.local_key.as_str()).collect();
    let kinds = Kinds::load();
    proposal.records.iter().for_each(|record| kinds.check(&record.kind, &record.fields, &keys));
    proposal.records.iter().map(|record| (record.local_key.clone(), Value::Object(record.fields.clone()))).collect()
}

#[test]
fn other_spellings_of_headers_and_answers_are_understood() {
    let records = omb_row(&[
        ("USE CASE NAME", "Triage bot"),
        ("agency", "Department of Health"),
        ("Bureau / Component", "NIH"),
        ("Is the AI use case rights impacting, safety impacting, both or neither", "Rights-impacting & safety-impacting"),
        ("Stage of development", "Operations and Maintenance (in production)"),
        ("Topic Area", "Health and Medical"),
        ("Date implemented:", "FY2023 Q2"),
        ("Was the AI system developed under contract(s) or in-house?", "developed IN-HOUSE"),
        (
            "Describe any agency owned data used to train, fine tune and evaluate performance of the models used in this use case",
            "Notes of nurses",
        ),
        ("Which, if any, demographic variables does the AI use case explicitly use as model features", "Age; Ability Status"),
    ]);
    let system = &records["system"];
    assert_eq!(system["presumed_impact"], json!(["rights", "safety"]));
    assert_eq!(system["topic"], "health");
    assert_eq!(system["acquired"], "in_house");
    assert_eq!(system["demographic_features"], json!(["ability", "age"]));
    assert_eq!(system["stages"], json!([{"stage": "operation", "basis": "imported", "entered_on": "2023-01-01"}]));
    assert_eq!(records["dataset"]["description"], "Notes of nurses");
}

#[test]
fn answers_that_settle_nothing_stay_gaps() {
    let records =
        omb_row(&[("Use Case Name", "Triage bot"), ("17_impact_type", "Case-by-case assessment"), ("16_dev_stage", "Other")]);
    let system = records["system"].as_object().unwrap();
    assert!(!system.contains_key("presumed_impact") && !system.contains_key("stages"));
    assert_eq!(system["claims"].as_array().unwrap().len(), 2);
}

#[test]
fn ids_of_the_dictionary_are_recognised_as_headers() {
    let records = omb_row(&[
        ("2_use_case_name", "Triage bot"),
        ("16_dev_stage", "Initiated"),
        ("63_question_type", "asked two unions"),
        ("52_impact_assessment", "Yes"),
        ("63_stakeholder_consult", "Other, Public hearings or meetings"),
    ]);
    assert_eq!(records["impact_assessment"]["consultations"], json!([{"how": "hearing"}, {"said": "asked two unions"}]));
    assert_eq!(records["system"]["claims"][0]["said"], "Other, Public hearings or meetings");
    assert_eq!(records["system"]["stages"][0]["entered_on"], "2024-12-16");
}

#[test]
fn a_retired_row_may_leave_everything_else_empty() {
    let records =
        omb_row(&[("Use Case Name", "Old bot"), ("Stage of Development", "Retired"), ("Date Retired", ""), ("Agency", "")]);
    assert_eq!(records.as_object().unwrap().len(), 1);
    let stage = &records["system"]["stages"][0];
    assert_eq!((&stage["stage"], &stage["entered_on"]), (&json!("retired"), &json!("2024-12-16")));
    assert!(stage["note"].as_str().unwrap().contains("no day"));
}

#[test]
fn a_waiver_makes_one_acceptance_and_links_it() {
    let waived = "Agency CAIO has waived this minimum practice and reported such waiver to OMB.";
    let records = omb_row(&[
        ("Use Case Name", "Triage bot"),
        ("52_impact_assessment", waived),
        ("53_real_world_testing", waived),
        ("59_ai_notice", waived),
        ("65_appeal_process", waived),
        ("67_opt_out", "Yes"),
    ]);
    let keys: Vec<&String> = records.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["evidence", "impact_assessment", "oversight_plan", "system", "user_information", "waiver"]);
    assert_eq!(records["waiver"]["type"], "waiver");
    let reason = records["waiver"]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with(":\n- impact assessment\n- testing in real-world conditions\n- notice to people\n- appeal"),
        "{reason}"
    );
    for key in ["impact_assessment", "oversight_plan", "user_information"] {
        assert_eq!(records[key]["waiver"], "@waiver", "{key}");
    }
    assert_eq!(records["impact_assessment"]["claimed"], "waived");
}

#[test]
fn no_planned_and_empty_make_no_record_and_stay_claims() {
    let records = omb_row(&[
        ("Use Case Name", "Triage bot"),
        ("34_data_docs", "Documentation is missing or not available: No documentation exists."),
        ("50_internal_review", "No documentation is available: none."),
        ("51_extension_request", "No"),
        ("52_impact_assessment", "Planned or in-progress."),
        ("53_real_world_testing", "No testing: none so far."),
        ("54_key_risks", "No key risks identified"),
        ("55_independent_eval", "Planned or in-progress"),
        ("56_monitor_postdeploy", "No monitoring protocols have been established: none."),
        ("57_autonomous_impact", ""),
        ("59_ai_notice", "None of the above"),
        ("62_disparity_mitigation", "N/A"),
    ]);
    assert_eq!(records.as_object().unwrap().keys().collect::<Vec<_>>(), ["system"]);
    assert_eq!(records["system"]["claims"].as_array().unwrap().len(), 9);
}

#[test]
fn broken_rows_are_rejected_and_the_others_are_not() {
    let table = "Use Case Name,Agency,Bureau,Stage of Development,Date Initiated\n\
        Good,DHS,CBP,Initiated,10/1/2023\n\
        Odd stage,DHS,CBP,Banana,13/45/2024\n\
        ,DHS,CBP,Initiated,\n\
        Good,DHS,CBP,Initiated,10/1/2023\n\
        Broken,DHS,CBP,Initiated,1/1/2024,and, more\n\
        good,dhs,cbp,Retired,\n";
    let outcomes = outcomes(&omb(), table.as_bytes());
    assert_eq!(proposed(&outcomes[0]).row, 2);
    let brief = |problem: &RowProblem| (problem.row, problem.column.clone().unwrap_or_default(), problem.value.clone());
    let found: Vec<_> = outcomes[1..5].iter().flat_map(|outcome| rejected(outcome).iter().map(brief)).collect();
    let expected = [
        (3, "Stage of Development", "Banana"),
        (3, "Date Initiated", "13/45/2024"),
        (4, "Use Case Name", ""),
        (5, "", ""),
        (6, "", "and"),
    ];
    assert_eq!(found, expected.map(|(row, column, value)| (row, column.to_owned(), value.to_owned())));
    assert!(rejected(&outcomes[1])[0].remedy.contains("`Operation and Maintenance`"));
    assert_eq!(rejected(&outcomes[3])[0].reason, "duplicate of row 2");
    assert_eq!(proposed(&outcomes[5]).key.ordinal, 2);
}

#[test]
fn an_inventory_of_another_shape_needs_a_small_mapping_and_no_code() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/csv/");
    let mapping = Mapping::from_toml(&std::fs::read_to_string(format!("{folder}ai_inventory.toml")).unwrap()).unwrap();
    let outcomes = outcomes(&mapping, &std::fs::read(format!("{folder}ai_inventory.csv")).unwrap());
    let kinds = Kinds::load();
    let records: Vec<_> = outcomes.iter().map(|outcome| &proposed(outcome).records[0]).collect();
    for record in &records {
        kinds.check(&record.kind, &record.fields, &["system"]);
    }
    insta::assert_json_snapshot!("small_mapping", records);
}

/// The mapping that is guessed for a table, from the kind that the project has.
fn guessed(bytes: &[u8]) -> Mapping {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../kinds");
    let files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let kinds = vouch_record::kind::Kinds::load(&files, &[]).unwrap();
    let fields = GuessField::of_kind(kinds.get("ai-system").unwrap());
    let table = Table::open(Cursor::new(bytes), &Options::default()).unwrap();
    Mapping::guess("register", &table.header().names, "ai-system", &fields).unwrap()
}

#[test]
fn a_register_without_any_mapping_is_guessed_saved_and_read() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/csv/ai_inventory.csv")).unwrap();
    let mapping = guessed(&bytes);
    let saved = Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap();
    assert_eq!(saved, mapping);
    let left: Vec<String> = saved.unfed_columns().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, ["owner_email", "vendor"]);
    let outcomes = outcomes(&saved, &bytes);
    let kinds = Kinds::load();
    let records: Vec<_> = outcomes.iter().map(|outcome| &proposed(outcome).records[0]).collect();
    for record in &records {
        kinds.check(&record.kind, &record.fields, &["system"]);
    }
    insta::assert_json_snapshot!("guessed_mapping", records);
}
