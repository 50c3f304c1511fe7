//! Data sets, their assessments, and evidence.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  DAT-1:
    at: 2026-01-02
    by: PER-1
    fields:
      name: Claims
      owner: PER-1
      rights_basis: contract
      rights_until: 2026-06-30
      keep_for: P30D
      versions: [{version: '1', digest: aa}, {version: '2', digest: bb}, {version: '3', digest: bb}]
    then: [{at: 2026-01-02, by: PER-1, to: registered}]
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields:
      name: Triage
      stages: [{stage: operation, entered_on: 2026-02-01}]
      datasets: [{dataset: DAT-1, version: '1', use: test, until: 2026-06-30}, {dataset: DAT-1, version: '2', use: training, since: 2026-07-01}]
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  DQA-1:
    at: 2026-01-05
    by: PER-1
    fields:
      dataset: DAT-1
      dataset_version: '1'
      use: test
      valid_until: 2026-06-30
      quality:
        - {dimension: accuracy, comparator: at_least, threshold: '0.9', value: '0.9'}
        - {dimension: completeness, comparator: at_most, threshold: '0.1', value: '0.11'}
        - {dimension: balance, comparator: at_least, threshold: '1'}
      representation:
        - {group: young, expected_share: '0.5', found_share: '0.4', n: 96}
        - {group: old, expected_share: '0.5', found_share: '0.4', n: 97}
        - {group: nobody, expected_share: '0.5', found_share: '0'}
    then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-01-06, by: PER-1, to: approved}]
";

#[test]
fn a_version_in_use_wants_an_unexpired_assessment_for_its_use() {
    let uses = json!([{"record": "SYS-1", "version": "1", "use": "test"}, {"record": "SYS-1", "version": "2", "use": "training"}]);
    check(ORGANISATION, &[("DAT-1.used_by", uses), ("DAT-1.used_unassessed", json!([]))]);
    let judged = json!([{"version": "1", "use": "test", "assessment": "DQA-1"}]);
    check(
        ORGANISATION,
        &[("DAT-1.assessment", judged), ("DQA-1.expired", json!(false)), ("DQA-1.approved_at", json!("2026-01-06T09:00:00.000Z"))],
    );
    check(
        &ORGANISATION.replace("use: test, until: 2026-06-30", "use: test").replace("today: 2026-06-30", "today: 2026-07-01"),
        &[
            ("DQA-1.expired", json!(true)),
            (
                "DAT-1.used_unassessed",
                json!([{"record": "SYS-1", "version": "1", "use": "test"}, {"record": "SYS-1", "version": "2", "use": "training"}]),
            ),
        ],
    );
    let by_digest = ORGANISATION.replace("dataset_version: '1'", "dataset_version: aa");
    check(&by_digest, &[("DAT-1.used_unassessed", json!([]))]);
    let other_use = ORGANISATION.replace("use: test\n", "use: training\n");
    check(&other_use, &[("DAT-1.used_unassessed", json!([{"record": "SYS-1", "version": "1", "use": "test"}]))]);
    let asleep = ORGANISATION.replace("stage: operation, entered_on: 2026-02-01", "stage: operation, planned_on: 2026-02-01");
    check(&asleep, &[("DAT-1.used_unassessed", json!([])), ("DAT-1.rights_ended", json!(false))]);
}

#[test]
fn a_miss_is_a_value_on_the_wrong_side_of_its_threshold() {
    check(ORGANISATION, &[("DQA-1.missed_quality", json!([{"dimension": "completeness", "value": "0.11", "threshold": "0.1"}]))]);
    check(&format!("{ORGANISATION}erase: {{DQA-1: [quality]}}"), &[("DQA-1.missed_quality", json!("undecided"))]);
}

#[test]
fn a_group_is_missed_where_chance_no_longer_explains_its_share() {
    // 0.1 lies outside 1.96·√(0.25/n) from n = 97 on.
    let gap = json!([{"group": "old", "expected_share": "0.5", "found_share": "0.4"}]);
    check(ORGANISATION, &[("DQA-1.representation_gaps", gap)]);
}

#[test]
fn a_lineage_arrives_at_the_judged_bytes() {
    let steps = |steps: &str| {
        ORGANISATION.replace("      valid_until: 2026-06-30\n      quality", &format!("      lineage: [{steps}]\n      quality"))
    };
    check(ORGANISATION, &[("DQA-1.lineage_complete", json!(false))]);
    check(
        &steps("{step: 1, operation: export, output_digest: xx}, {step: 2, operation: clean, output_digest: aa}"),
        &[("DQA-1.lineage_complete", json!(true))],
    );
    let from = |version: &str| {
        format!("{{step: 1, output_digest: bb}}, {{step: 2, from_dataset: DAT-1, from_version: '{version}', output_digest: aa}}")
    };
    check(&steps(&from("2")), &[("DQA-1.lineage_complete", json!(true))]);
    check(&steps(&from("9")), &[("DQA-1.lineage_complete", json!(false))]);
}

#[test]
fn the_same_bytes_are_not_for_learning_and_for_test() {
    check(ORGANISATION, &[("DAT-1.overlap", json!([]))]);
    let same = ORGANISATION.replace("version: '2', use: training", "version: '1', use: tuning");
    check(&same, &[("DAT-1.overlap", json!([{"ai_system": "SYS-1", "version": "1", "digest": "aa"}]))]);
    let bytes = ORGANISATION.replace("version: '1', use: test", "version: '3', use: test");
    check(&bytes, &[("DAT-1.overlap", json!([{"ai_system": "SYS-1", "version": "3", "digest": "bb"}]))]);
    let by_model = ORGANISATION.replace("      datasets: [", "      models: [{model: MDL-1}]\n      datasets: [")
        + "  MDL-1: {at: 2026-01-03, by: PER-1, fields: {name: Net, datasets: [{dataset: DAT-1, version: '1', use: training}]}}\n";
    check(&by_model, &[("DAT-1.overlap", json!([{"ai_system": "SYS-1", "version": "1", "digest": "aa"}]))]);
}

#[test]
fn a_right_ends_after_its_last_day_and_where_it_is_unclear() {
    check(ORGANISATION, &[("DAT-1.rights_ended", json!(false))]);
    check(&ORGANISATION.replace("rights_until: 2026-06-30", "rights_until: 2026-06-29"), &[("DAT-1.rights_ended", json!(true))]);
    check(&ORGANISATION.replace("rights_basis: contract", "rights_basis: unclear"), &[("DAT-1.rights_ended", json!(true))]);
    check(&format!("{ORGANISATION}erase: {{DAT-1: [rights_until]}}"), &[("DAT-1.rights_ended", json!("undecided"))]);
}

#[test]
fn a_version_is_gone_in_time_after_its_last_use_or_on_its_day() {
    check(ORGANISATION, &[("DAT-1.overdue_deletion", json!([])), ("DAT-1.undisposed", json!(["1", "2", "3"]))]);
    let last = ORGANISATION.replace("use: test, until: 2026-06-30", "use: test, until: 2026-05-31");
    check(&last, &[("DAT-1.overdue_deletion", json!([]))]);
    let earlier = ORGANISATION.replace("use: test, until: 2026-06-30", "use: test, until: 2026-05-30");
    check(&earlier, &[("DAT-1.overdue_deletion", json!(["1"]))]);
    let day = ORGANISATION.replace(
        "keep_for: P30D",
        "delete_by: 2026-06-29\n      disposals: [{version: '1', on: 2026-06-01, proof: [EVD-1]}, {version: '2', on: 2026-06-01}]",
    ) + "  EVD-1: {at: 2026-06-01, by: PER-1, fields: {title: Deletion}}\n";
    check(&day, &[("DAT-1.overdue_deletion", json!(["3"])), ("DAT-1.undisposed", json!(["2", "3"]))]);
}

#[test]
fn evidence_ages_from_the_last_day_it_covers() {
    let evidence = |to: &str, items: &str| {
        format!(
            "{ORGANISATION}  EVD-1: {{at: 2026-06-30, by: PER-1, fields: {{title: Log, covers_from: {to}, covers_to: {to}, requirements: [{items}], collected_at: 2026-06-30T12:00:00Z}}}}\n"
        )
    };
    check(&evidence("2026-06-30", ""), &[("EVD-1.lag", json!("PT0S")), ("EVD-1.bound", json!(true))]);
    check(&evidence("2026-06-20", "'iso42001:4.1'"), &[("EVD-1.lag", json!("P10D")), ("EVD-1.in_date", json!(true))]);
    check(&evidence("2025-06-30", "'iso42001:4.1'"), &[("EVD-1.in_date", json!(true))]);
    check(&evidence("2025-06-29", "'iso42001:4.1'"), &[("EVD-1.in_date", json!(false))]);
    check(&evidence("2020-01-01", "'nist_ai_rmf:GOVERN 1.1'"), &[("EVD-1.in_date", json!(true))]);
    check(&format!("{}unbound: [EVD-1]", evidence("2026-06-30", "")), &[("EVD-1.bound", json!(false))]);
}
