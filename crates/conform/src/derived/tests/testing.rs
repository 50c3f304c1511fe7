//! Tests and specifications.

use serde_json::json;

use super::check;

const SYSTEM: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  SYS-1: {at: 2026-01-04, by: PER-1, fields: {name: Triage, owner: PER-1}, then: [{at: 2026-01-04, by: PER-1, to: registered}]}
  SPC-1:
    at: 2026-01-05
    by: PER-1
    fields:
      title: Triage
      ai_system: SYS-1
      requirements:
        - {code: R1, comparator: at_least, threshold: '0.9', blocking: true}
        - {code: R2, comparator: at_most, threshold: '0.1', blocking: true}
        - {code: R3}
    then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]
  TST-1:
    at: 2026-01-10
    by: PER-1
    fields:
      title: Accuracy
      ai_system: SYS-1
      system_version: '1'
      criteria:
        - {code: C1, requirement_code: R1, comparator: at_least, threshold: '0.9', min_n: 100, blocking: true}
        - {code: C1, group: young, requirement_code: R1, comparator: at_least, threshold: '0.9', blocking: false}
      retest_on: [incident, retraining]
      valid_until: 2026-12-31
    then:
      - {at: 2026-01-11, by: PER-1, to: approved, approve: PER-2}
      - at: 2026-02-01
        by: PER-1
        revise:
          run_at: 2026-02-01T08:00:00Z
          results: [{code: C1, value: '0.95', n: 100, low: '0.91', high: '0.98'}]
      - {at: 2026-02-01, by: PER-1, to: run}
      - {at: 2026-02-02, by: PER-2, to: reviewed, approve: PER-2}
";

fn result(row: &str) -> String {
    SYSTEM.replace("{code: C1, value: '0.95', n: 100, low: '0.91', high: '0.98'}", row)
}

fn verdict(main: &str) -> serde_json::Value {
    json!([{"code": "C1", "result": main}, {"code": "C1", "group": "young", "result": "undecided"}])
}

#[test]
fn few_cases_a_straddled_threshold_and_no_result_decide_nothing() {
    check(
        SYSTEM,
        &[("TST-1.verdict", verdict("met")), ("TST-1.passed", json!(true)), ("TST-1.criteria_without_result", json!(["C1"]))],
    );
    for (row, expected) in [
        ("{code: C1, value: '0.95', n: 99}", "undecided"),
        ("{code: C1, value: '0.95', n: 100, low: '0.89', high: '0.98'}", "undecided"),
        ("{code: C1, value: '0.9', n: 100, low: '0.9', high: '0.95'}", "met"),
        ("{code: C1, value: '0.89', n: 100, low: '0.85', high: '0.9'}", "missed"),
    ] {
        check(&result(row), &[("TST-1.verdict", verdict(expected)), ("TST-1.passed", json!(expected == "met"))]);
    }
    check(
        &format!("{SYSTEM}erase: {{TST-1: [results]}}"),
        &[("TST-1.verdict", json!("undecided")), ("TST-1.passed", json!("undecided"))],
    );
}

#[test]
fn a_miss_passes_only_with_a_decision_that_holds() {
    let missed = result("{code: C1, value: '0.8', n: 100}");
    let decided = |decision: &str| {
        missed.replace("          run_at:", &format!("          failures: [{{code: C1, decision: {decision}}}]\n          run_at:"))
    };
    check(&missed, &[("TST-1.undecided_misses", json!(["C1"])), ("TST-1.passed", json!(false))]);
    check(&decided("restrict"), &[("TST-1.undecided_misses", json!([])), ("TST-1.passed", json!(true))]);
    check(&decided("fix"), &[("TST-1.undecided_misses", json!([])), ("TST-1.passed", json!(false))]);
    check(&decided("accept"), &[("TST-1.passed", json!(false))]);
    let accepted = |until: &str| {
        let acceptance = format!(
            "  ACC-1: {{at: 2026-02-03, by: PER-1, fields: {{title: Miss, type: criterion, subject: TST-1, until: {until}}}, then: [{{at: 2026-02-03, by: PER-1, to: requested}}, {{at: 2026-02-04, by: PER-2, to: accepted, set: {{from: 2026-02-04}}}}]}}\n"
        );
        format!("{}{acceptance}", decided("accept, acceptance: ACC-1"))
    };
    check(&accepted("2026-06-30"), &[("TST-1.passed", json!(true))]);
    check(&accepted("2026-06-29"), &[("TST-1.passed", json!(false))]);
}

#[test]
fn a_test_is_stale_after_its_last_day_or_an_event_it_names_but_not_by_its_own_release() {
    check(SYSTEM, &[("TST-1.stale", json!(false))]);
    check(&SYSTEM.replace("valid_until: 2026-12-31", "valid_until: 2026-06-30"), &[("TST-1.stale", json!(false))]);
    check(&SYSTEM.replace("valid_until: 2026-12-31", "valid_until: 2026-06-29"), &[("TST-1.stale", json!(true))]);
    let incident = |at: &str, exercise: bool| {
        format!(
            "{SYSTEM}  INC-1: {{at: 2026-02-03, by: PER-1, fields: {{title: Harm, ai_systems: [SYS-1], detected_at: '{at}', exercise: {exercise}}}}}\n"
        )
    };
    check(&incident("2026-02-01T08:00:01Z", false), &[("TST-1.stale", json!(true))]);
    check(&incident("2026-02-01T08:00:00Z", false), &[("TST-1.stale", json!(false))]);
    check(&incident("2026-02-02T08:00:00Z", true), &[("TST-1.stale", json!(false))]);
    let release = |version: &str, of: &str| {
        format!(
            "{SYSTEM}  REL-1: {{at: 2026-02-03, by: PER-1, fields: {{title: R, ai_system: SYS-1, version: '{version}', type: {of}}}, then: [{{at: 2026-02-05, by: PER-1, to: deployed, set: {{deployed_at: 2026-02-05T10:00:00Z}}}}]}}\n"
        )
    };
    check(&release("2", "retraining"), &[("TST-1.stale", json!(true))]);
    check(&release("1", "retraining"), &[("TST-1.stale", json!(false))]);
    check(&release("2", "functional"), &[("TST-1.stale", json!(false))]);
}

#[test]
fn a_plan_counts_when_its_criteria_were_approved_before_the_run() {
    check(SYSTEM, &[("TST-1.planned_before_run", json!(true)), ("TST-1.same_criteria", json!(true))]);
    check(
        &SYSTEM.replace("run_at: 2026-02-01T08:00:00Z", "run_at: 2026-01-11T08:00:00Z"),
        &[("TST-1.planned_before_run", json!(false))],
    );
    let moved = SYSTEM.replace(
        "          run_at:",
        "          criteria: [{code: C1, comparator: at_least, threshold: '0.8'}]\n          run_at:",
    );
    check(&moved, &[("TST-1.planned_before_run", json!(false))]);
    let repeats = |threshold: &str| {
        format!(
            "{SYSTEM}  TST-2: {{at: 2026-03-01, by: 'machine:ci', fields: {{title: Again, ai_system: SYS-1, plan: TST-1, run_at: 2026-03-01T08:00:00Z, criteria: [{{code: C1, group: young, requirement_code: R1, comparator: at_least, threshold: '{threshold}', blocking: false}}, {{code: C1, requirement_code: R1, comparator: at_least, threshold: '0.9', min_n: 100, blocking: true}}]}}}}\n"
        )
    };
    check(&repeats("0.9"), &[("TST-2.same_criteria", json!(true)), ("TST-2.planned_before_run", json!(true))]);
    check(&repeats("0.8"), &[("TST-2.same_criteria", json!(false)), ("TST-2.planned_before_run", json!(false))]);
}

#[test]
fn a_specification_is_covered_and_met_by_reviewed_tests() {
    check(
        SYSTEM,
        &[
            ("SPC-1.covered_requirements", json!("0.3333")),
            ("SPC-1.unmet_requirements", json!([])),
            ("SPC-1.in_force", json!(true)),
        ],
    );
    check(&result("{code: C1, value: '0.89', n: 100}"), &[("SPC-1.unmet_requirements", json!(["R1"]))]);
    let unreviewed = result("{code: C1, value: '0.89', n: 100}")
        .replace("      - {at: 2026-02-02, by: PER-2, to: reviewed, approve: PER-2}\n", "");
    check(&unreviewed, &[("SPC-1.covered_requirements", json!(0)), ("SPC-1.unmet_requirements", json!([]))]);
    let later = format!(
        "{SYSTEM}  SPC-2: {{at: 2026-03-01, by: PER-1, fields: {{title: Triage two, ai_system: SYS-1}}, then: [{{at: 2026-03-01, by: PER-1, to: submitted}}, {{at: 2026-03-02, by: PER-2, to: approved, approve: PER-2}}]}}\n"
    );
    check(
        &later,
        &[
            ("SPC-2.in_force", json!(true)),
            ("SPC-2.covered_requirements", json!(null)),
            ("SPC-2.approved_at", json!("2026-03-02T09:00:00.000Z")),
        ],
    );
}
