//! Measures, measurements, monitoring and oversight plans.

use serde_json::json;

use super::check;

const SYSTEM: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, window: P2M}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-1, stages: [{stage: operation, entered_on: 2026-02-01}]}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  REL-1:
    at: 2026-01-10
    by: PER-1
    fields: {title: R1, ai_system: SYS-1, version: '1', type: emergency}
    then: [{at: 2026-02-01, by: PER-1, to: deployed, set: {deployed_at: 2026-02-01T09:00:00Z}}]
  MSR-1:
    at: 2026-01-05
    by: PER-1
    fields: {title: Accuracy, direction: higher, warn: '0.9', alarm: '0.8', min_n: 50, max_gap: P30D, valid_from: 2026-01-05}
    then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]
  MON-1:
    at: 2026-01-05
    by: PER-1
    fields: {ai_system: SYS-1, metrics: [{code: acc, measure: MSR-1, max_gap: P30D, responder: PER-1, deputy: PER-2, answer_within: PT24H}]}
    then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]
  MVA-1:
    at: 2026-05-31
    by: PER-1
    fields: {measure: MSR-1, ai_system: SYS-1, covers_from: 2026-05-01T00:00:00Z, covers_to: 2026-05-31T00:00:00Z, value: '0.79', n: 50, taken_at: 2026-05-31T06:00:00Z}
";

fn value(value: &str, n: u32) -> String {
    SYSTEM.replace("value: '0.79', n: 50", &format!("value: '{value}', n: {n}"))
}

#[test]
fn a_value_is_judged_by_the_limits_that_held_when_its_period_ended() {
    for (number, n, expected) in [("0.79", 50, "alarm"), ("0.8", 50, "warn"), ("0.9", 50, "none"), ("0.79", 49, "undecided")] {
        check(&value(number, n), &[("MVA-1.breach", json!(expected))]);
    }
    let later = SYSTEM.replace("then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]\n  MON-1", "then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}, {at: 2026-06-01, by: PER-1, revise: {alarm: '0.5', warn: '0.6'}, state: approved}]\n  MON-1");
    check(&later, &[("MVA-1.breach", json!("alarm"))]);
    let plan =
        SYSTEM.replace("answer_within: PT24H", "answer_within: PT24H, comparator: at_least, alarm: '0.7', warn: '0.75', min_n: 10");
    check(&plan, &[("MVA-1.breach", json!("none")), ("MVA-1.responders", json!(["PER-1", "PER-2"]))]);
    check(&format!("{SYSTEM}erase: {{MVA-1: [value]}}"), &[("MVA-1.breach", json!("undecided"))]);
}

#[test]
fn an_alarm_is_open_until_somebody_acts_or_says_why_not() {
    check(
        SYSTEM,
        &[("MON-1.open_alarms", json!(["MVA-1"])), ("MON-1.median_answer", json!(null)), ("MVA-1.answered_in", json!(null))],
    );
    let acted = format!("{SYSTEM}  TSK-1: {{at: 2026-06-01T07:00:00Z, by: PER-1, fields: {{title: Look}}}}\n")
        .replace("n: 50, taken_at", "n: 50, actions: [TSK-1], taken_at");
    check(
        &acted,
        &[
            ("MON-1.open_alarms", json!([])),
            ("MON-1.median_answer", json!("P1DT1H")),
            ("MVA-1.answered_in", json!("P1DT1H")),
            ("MSR-1.led_to", json!(["TSK-1"])),
        ],
    );
    check(&SYSTEM.replace("n: 50, taken_at", "n: 50, no_action_because: Storm, taken_at"), &[("MON-1.open_alarms", json!([]))]);
    check(&SYSTEM.replace("PT24H", "P31D"), &[("MON-1.open_alarms", json!([]))]);
    check(
        &SYSTEM.replace(
            "    at: 2026-05-31\n    by: PER-1\n    fields: {measure",
            "    at: 2026-05-31\n    by: PER-1\n    then: [{at: 2026-06-01, by: PER-1, to: void}]\n    fields: {measure",
        ),
        &[("MON-1.open_alarms", json!([]))],
    );
}

#[test]
fn days_are_covered_while_values_follow_one_another_closely_enough() {
    // The window begins on 30 April: May and June but for its last day, since 31 May plus thirty days is 30 June.
    check(SYSTEM, &[("MON-1.covered_days", json!(61))]);
    check(&SYSTEM.replace("max_gap: P30D, responder", "max_gap: P10D, responder"), &[("MON-1.covered_days", json!(41))]);
    let two = SYSTEM.replace("metrics: [{code: acc", "metrics: [{code: idle, max_gap: P30D}, {code: acc");
    check(&two, &[("MON-1.covered_days", json!(0))]);
    let batch = "  BAT-1: {at: 2026-06-11, by: 'machine:gateway', fields: {ai_system: SYS-1, source: gateway, from: 2026-05-01T00:00:00Z, to: 2026-06-10T00:00:00Z, count: 1, aggregates: [{code: idle, n: 1}]}}\n";
    check(&format!("{two}{batch}"), &[("MON-1.covered_days", json!(61))]);
    check(
        &SYSTEM.replace(
            "metrics: [{code: acc, measure: MSR-1, max_gap: P30D, responder: PER-1, deputy: PER-2, answer_within: PT24H}]",
            "automation: none",
        ),
        &[("MON-1.covered_days", json!(0))],
    );
}

#[test]
fn the_latest_value_is_late_after_its_longest_gap() {
    let late = |days: &str, late: bool| json!([{"measurement": "MVA-1", "value": "0.79", "age": days, "late": late}]);
    check(SYSTEM, &[("MSR-1.latest", late("P31D", true)), ("MSR-1.trend", json!([]))]);
    check(&SYSTEM.replace("today: 2026-06-30", "today: 2026-06-29"), &[("MSR-1.latest", late("P30D", false))]);
}

#[test]
fn logs_are_kept_as_long_as_the_longest_duty_asks() {
    let duty = |id: u8, keep: &str, to: &str| {
        format!(
            "  OBL-{id}: {{at: 2026-01-10, by: PER-1, fields: {{title: Logs {id}, applies: 'yes', ai_systems: [SYS-1], keep_for: {keep}, in_force_to: {to}, rhythm: standing}}, then: [{{at: 2026-01-11, by: PER-1, to: confirmed}}]}}\n"
        )
    };
    let both = format!("{SYSTEM}{}{}", duty(1, "P6M", "2026-12-31"), duty(2, "P1Y", "2026-06-30"));
    check(&both, &[("MON-1.retention_asked", json!("P1Y")), ("OBL-1.holds_for", json!(["SYS-1"]))]);
    check(
        &both.replace("today: 2026-06-30", "today: 2026-07-01"),
        &[("MON-1.retention_asked", json!("P6M")), ("OBL-2.holds_for", json!([]))],
    );
    check(SYSTEM, &[("MON-1.retention_asked", json!(null))]);
}

const OVERSEEN: &str = "  CMP-1: {at: 2026-01-05, by: PER-1, fields: {title: Oversee}, then: [{at: 2026-01-05, by: PER-2, to: approved}]}
  OVS-1:
    at: 2026-01-05
    by: PER-1
    fields: {ai_system: SYS-1, mode: in_the_loop, overseers: [{person: PER-2, competence_need: CMP-1}], override_means: A, stop_means: B, stop_within: PT1M, stop_test_every: P3M}
    then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]
  TRR-1:
    at: 2026-01-07
    by: PER-1
    fields: {person: PER-2, needs: [CMP-1], basis: observation, judgement: shown, valid_from: 2026-01-07, valid_until: 2026-06-30}
    then: [{at: 2026-01-07, by: PER-1, to: done}, {at: 2026-01-08, by: PER-1, to: confirmed}]
  TST-1:
    at: 2026-03-30
    by: PER-1
    fields: {title: Stop, ai_system: SYS-1, type: stop_control, run_at: 2026-03-30T08:00:00Z, criteria: [{code: t, comparator: at_most, threshold: '90', unit: s, blocking: true}], results: [{code: t, value: '60'}]}
    then: [{at: 2026-03-30, by: PER-2, to: approved}, {at: 2026-03-30, by: PER-1, to: run}, {at: 2026-03-31, by: PER-2, to: reviewed}]
  BAT-1: {at: 2026-06-11, by: 'machine:gateway', fields: {ai_system: SYS-1, source: gateway, from: 2026-06-09T00:00:00Z, to: 2026-06-10T00:00:00Z, count: 30, overrides: [{kind: reviewed, n: 20}, {kind: changed, n: 1}, {kind: stopped, n: 1}, {kind: confirmed, n: 3}]}}
";

#[test]
fn overseers_must_be_able_in_date_and_have_said_so() {
    let plan = format!("{SYSTEM}{OVERSEEN}");
    check(
        &plan,
        &[
            ("OVS-1.overseers_competent", json!(true)),
            ("OVS-1.overseers_to_acknowledge", json!(["PER-2"])),
            ("TRR-1.in_date", json!(true)),
        ],
    );
    check(&plan.replace("valid_until: 2026-06-30", "valid_until: 2026-06-29"), &[("OVS-1.overseers_competent", json!(false))]);
    let said = format!(
        "{plan}  ACK-1: {{at: 2026-01-09, by: PER-2, fields: {{subject: OVS-1, subject_revision: 1, person: PER-2, means: accept_duty}}, then: [{{at: 2026-01-09, by: PER-2, to: given}}]}}\n"
    );
    check(&said, &[("OVS-1.overseers_to_acknowledge", json!([]))]);
    let revised = |field: &str| {
        said.replace(
            "to: approved, approve: PER-2}]\n  TRR-1",
            &format!(
                "to: approved, approve: PER-2}}, {{at: 2026-02-01, by: PER-1, revise: {{{field}}}, state: approved}}]\n  TRR-1"
            ),
        )
    };
    check(&revised("fallback: Paper"), &[("OVS-1.overseers_to_acknowledge", json!([]))]);
    check(&revised("stop_means: C"), &[("OVS-1.overseers_to_acknowledge", json!(["PER-2"]))]);
}

#[test]
fn a_stop_counts_when_it_was_fast_enough_and_not_too_long_ago() {
    let plan = format!("{SYSTEM}{OVERSEEN}");
    check(&plan, &[("OVS-1.stop_tested", json!(true))]);
    check(&plan.replace("today: 2026-06-30", "today: 2026-07-01"), &[("OVS-1.stop_tested", json!(false))]);
    check(&plan.replace("value: '60'", "value: '61'"), &[("OVS-1.stop_tested", json!(false))]);
    check(&plan.replace("value: '60'", "value: '61'").replace("unit: s", "unit: ms"), &[("OVS-1.stop_tested", json!(true))]);
}

#[test]
fn overrides_are_counted_month_by_month() {
    let plan = format!("{SYSTEM}{OVERSEEN}");
    let rows = json!([
        {"from": "2026-04-30", "to": "2026-04-30", "overrides": 0, "reviewed": 0},
        {"from": "2026-05-01", "to": "2026-05-31", "overrides": 0, "reviewed": 0},
        {"from": "2026-06-01", "to": "2026-06-30", "overrides": 2, "reviewed": 20, "rate": "0.1", "low": "0.0279", "high": "0.301"},
    ]);
    check(&plan, &[("OVS-1.override_rate", rows)]);
}
