//! What holds of the preset whatever a row says.

use std::io::Cursor;
use std::sync::LazyLock;

use proptest::prelude::*;
use vouch_app::import::mapping::Mapping;
use vouch_app::import::preset::Preset;
use vouch_app::import::proposal::{RowOutcome, Rows};
use vouch_app::import::table::{Options, Table};

use super::kinds_schema::Kinds;

static LOADED: LazyLock<(Mapping, Kinds)> =
    LazyLock::new(|| (Preset::named("omb-2024").unwrap().mapping().unwrap(), Kinds::load()));

/// Answers that the form foresees, in the spelling of the preset, and many that it does not.
fn answers(mapping: &Mapping) -> Vec<String> {
    let foreseen = mapping.values.values().flat_map(|table| table.to.values().flatten().chain(&table.kept).chain(&table.empty));
    let mut answers: Vec<String> = foreseen.map(|pattern| pattern.written().trim_matches('*').to_owned()).collect();
    let odd = [
        "",
        "",
        "",
        "N/A",
        "Other,None",
        "1/2/2023",
        "FY24 Q1",
        "N/A - merged",
        "https://a.org/x",
        "a\nb",
        "\"",
        "=1+1",
        "é",
        "Yes; No",
        "“Yes”",
        "{name}",
    ];
    answers.extend(odd.map(str::to_owned));
    answers
}

fn table(ids: &[&String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(ids).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_answered_gives_valid_fields_and_loses_nothing(seeds in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 62), 1..6)) {
        let (mapping, kinds) = &*LOADED;
        let pool = answers(mapping);
        let ids: Vec<&String> = mapping.columns.keys().collect();
        let stage = ids.iter().position(|id| *id == "16_dev_stage").unwrap();
        let impact = ids.iter().position(|id| *id == "17_impact_type").unwrap();
        let name = ids.iter().position(|id| *id == "2_use_case_name").unwrap();
        let rows: Vec<Vec<String>> = seeds.iter().enumerate().map(|(at, seeds)| {
            let mut row: Vec<String> = seeds.iter().map(|seed| seed.get(&pool).clone()).collect();
            // The two questions whose answers must be known, and the name, are answered; the rest is as it falls.
            row[stage] = ["Initiated", "Implementation and Assessment", "Retired", ""][at % 4].to_owned();
            row[impact] = ["Both", "Neither", ""][at % 3].to_owned();
            row[name] = format!("system {at}");
            row
        }).collect();
        let read = Table::open(Cursor::new(table(&ids, &rows)), &Options::default()).unwrap();
        for (outcome, row) in Rows::new(read, mapping, b"salt").unwrap().zip(&rows) {
            let RowOutcome::Proposed(proposal) = outcome.unwrap() else { panic!("{row:?}") };
            let keys: Vec<&str> = proposal.records.iter().map(|record| record.local_key.as_str()).collect();
            for record in &proposal.records {
                kinds.check(&record.kind, &record.fields, &keys);
            }
            let risk = &row[ids.iter().position(|id| *id == "54_key_risks").unwrap()];
            let all = serde_json::to_string(&proposal.records).unwrap();
            let written = serde_json::to_string(vouch_app::import::text::clean(risk).as_str()).unwrap();
            prop_assert!(risk.is_empty() || risk == "N/A" || all.contains(written.trim_matches('"')), "{risk:?} is lost");
        }
    }
}
