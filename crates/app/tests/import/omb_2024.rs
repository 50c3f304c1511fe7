//! The preset `omb-2024` on two real inventories.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::kinds_schema::Kinds;
use vouch_app::import::mapping::{How, Mapping};
use vouch_app::import::preset::Preset;
use vouch_app::import::proposal::{RowOutcome, RowProposal, Rows};
use vouch_app::import::table::{Options, Table};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn mapping() -> Mapping {
    Preset::named("omb-2024").unwrap().mapping().unwrap()
}

fn proposals(name: &str) -> Vec<RowProposal> {
    let mapping = mapping();
    let names = mapping.known_names();
    let known = |name: &str| names.contains(name);
    let options = Options { known: Some(&known), ..Options::default() };
    let table = Table::open(File::open(data(name)).unwrap(), &options).unwrap();
    let rows = Rows::new(table, &mapping, b"salt").unwrap();
    rows.map(|row| match row.unwrap() {
        RowOutcome::Proposed(proposal) => *proposal,
        RowOutcome::Rejected(problems) => panic!("{problems:?}"),
    })
    .collect()
}

/// Number of records of each kind that an inventory would make.
fn counts(proposals: &[RowProposal]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for record in proposals.iter().flat_map(|proposal| &proposal.records) {
        *counts.entry(record.kind.as_str()).or_insert(0) += 1;
    }
    counts
}

fn impacting(proposals: &[RowProposal]) -> usize {
    let impact = |proposal: &&RowProposal| {
        let impact = proposal.records[0].fields.get("presumed_impact").and_then(serde_json::Value::as_array);
        impact.is_some_and(|impact| impact.iter().any(|one| one == "rights" || one == "safety"))
    };
    proposals.iter().filter(impact).count()
}

#[test]
fn every_field_and_answer_exists_in_its_kind() {
    let kinds = Kinds::load();
    for proposal in ["dhs-2024.csv", "doe-2024.csv"].iter().flat_map(|name| proposals(name)) {
        let keys: Vec<&str> = proposal.records.iter().map(|record| record.local_key.as_str()).collect();
        for record in &proposal.records {
            kinds.check(&record.kind, &record.fields, &keys);
            for lookup in &record.lookups {
                kinds.check_path(&record.kind, &format!("{}.{}", lookup.list, lookup.column));
                kinds.check_path(&lookup.kind, &lookup.by);
            }
            record.fills.iter().for_each(|fill| kinds.check_path(&record.kind, &fill.field));
        }
        proposal.comparisons.iter().for_each(|comparison| kinds.check_path(&comparison.kind, &comparison.field));
    }
}

#[test]
fn every_row_of_both_inventories_makes_its_records() {
    let dhs = proposals("dhs-2024.csv");
    assert_eq!((dhs.len(), impacting(&dhs)), (183, 34));
    insta::assert_json_snapshot!("dhs_counts", counts(&dhs));
    let doe = proposals("doe-2024.csv");
    assert_eq!((doe.len(), impacting(&doe)), (79, 3));
    insta::assert_json_snapshot!("doe_counts", counts(&doe));
    assert!(dhs.iter().chain(&doe).all(|proposal| proposal.notes.is_empty()), "every answer of these files is understood");
}

#[test]
fn all_62_columns_are_recognised_by_name_or_place() {
    let mapping = mapping();
    assert_eq!(mapping.columns.len(), 62);
    for name in ["dhs-2024.csv", "doe-2024.csv"] {
        let table = Table::open(File::open(data(name)).unwrap(), &Options::default()).unwrap();
        let found = mapping.recognise(&table.header().names).unwrap();
        assert_eq!((found.columns.len(), found.unmatched.len(), found.missing.len()), (62, 0, 0), "{name}");
        let places = found.columns.iter().filter(|(_, column)| column.how == How::Place);
        let places: Vec<(&str, usize)> = places.map(|(id, column)| (id.as_str(), column.index)).collect();
        assert_eq!(places.len(), 11);
        for (id, index) in places {
            let before = found.columns.iter().find(|(_, column)| column.index + 1 == index).unwrap().0;
            assert_eq!(mapping.columns[id].after.as_ref(), Some(before), "{name}");
        }
        assert!(found.columns.values().all(|column| column.how != How::Likeness), "{name}");
    }
}

/// Rows whose every value was compared with the file by eye.
#[test]
fn values_land_in_their_fields() {
    let rows =
        [("dhs-2024.csv", vec![4, 27, 29, 33, 51, 82, 109, 110, 152, 180, 181]), ("doe-2024.csv", vec![5, 9, 11, 12, 25, 68])];
    for (name, rows) in rows {
        let all = proposals(name);
        for row in rows {
            let proposal = all.iter().find(|proposal| proposal.row == row).unwrap();
            insta::assert_json_snapshot!(format!("{}_row_{row}", &name[..3]), proposal.records);
        }
    }
}
