//! The preset `omb-2024` on two real inventories.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use vouch_app::import::mapping::Mapping;
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
    let known = |name: &str| mapping.knows(name);
    let options = Options { known: Some(&known), ..Options::default() };
    let table = Table::open(File::open(data(name)).unwrap(), &options).unwrap();
    let rows = Rows::new(table, &mapping, b"salt").unwrap();
    rows.map(|row| match row.unwrap() {
        RowOutcome::Proposed(proposal) => *proposal,
        RowOutcome::Rejected(problems) => panic!("{problems:?}"),
    })
    .collect()
}

fn counts(name: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for record in proposals(name).into_iter().flat_map(|proposal| proposal.records) {
        *counts.entry(record.kind).or_insert(0) += 1;
    }
    counts
}

#[test]
fn counts_of_dhs() {
    println!("{:?}", counts("dhs-2024.csv"));
    println!("{:?}", counts("doe-2024.csv"));
}
