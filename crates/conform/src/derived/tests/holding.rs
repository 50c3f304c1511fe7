//! Organisation, people, roles and training records.

use serde_json::json;

use super::check;

const PEOPLE: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, people_counted_on: 2026-06-01, units: [{code: A, head: PER-1}, {code: B, head: PER-3}, {code: C}]}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, manager: PER-1}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-3: {at: 2026-01-01, by: system, fields: {name: Cem}, then: [{at: 2026-01-01, by: system, to: active}, {at: 2026-05-01, by: PER-1, to: left, set: {left_on: 2026-05-01}}]}
  CMP-1: {at: 2026-01-05, by: PER-1, fields: {title: Oversee, judged_by: [ROL-1], accepted_proof: [{basis: observation, valid_for: P1Y}, {basis: test, valid_for: P1M}]}, then: [{at: 2026-01-05, by: PER-2, to: approved}]}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-3, unit: A, risk_tier: high, stages: [{stage: operation, entered_on: 2026-02-01}]}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  ROL-1:
    at: 2026-01-02
    by: PER-1
    fields:
      title: Lead
      key: aims_lead
      purpose: Lead
      holders: [{person: PER-1, capacity: holder, ai_systems: [SYS-1], to: 2026-06-30}, {person: PER-3, capacity: deputy}]
      competence_needs: [CMP-1]
      authority: [{decision: accept_risk, up_to_tier: moderate}]
    then: [{at: 2026-01-02, by: PER-2, to: approved}]
  ROL-2:
    at: 2026-01-03
    by: PER-1
    fields: {title: Auditor, key: internal_auditor, holders: [{person: PER-1}], not_with: [ROL-1]}
    then: [{at: 2026-01-03, by: PER-2, to: approved}]
  TRR-1:
    at: 2026-01-07
    by: PER-2
    fields: {person: PER-1, needs: [CMP-1], basis: observation, to: 2026-01-06, judged_by: PER-2, judgement: shown, valid_from: 2026-01-07, due: 2026-01-05, effect_due: 2026-06-29}
    then: [{at: 2026-01-07, by: PER-2, to: done}, {at: 2026-01-08, by: PER-2, to: confirmed}]
";

#[test]
fn a_role_is_held_by_active_people_up_to_the_last_day() {
    let row = json!([{"person": "PER-1", "capacity": "holder", "ai_systems": ["SYS-1"]}]);
    check(PEOPLE, &[("ROL-1.holders_on", row), ("ROL-1.vacant", json!(false)), ("ROL-1.unconfirmed", json!(["PER-1"]))]);
    let later = PEOPLE.replace("today: 2026-06-30", "today: 2026-07-01");
    check(&later, &[("ROL-1.holders_on", json!([])), ("ROL-1.vacant", json!(true)), ("ROL-1.conflicts", json!([]))]);
    let elsewhere = PEOPLE.replace("to: 2026-06-30}, {person: PER-3", "to: 2026-06-29}, {person: PER-2, units: B}, {person: PER-3");
    check(&elsewhere, &[("ROL-1.vacant", json!(true))]);
    check(&elsewhere.replace("units: B", "units: 'A, B'"), &[("ROL-1.vacant", json!(false))]);
    check(PEOPLE, &[("ROL-1.board", json!(["PER-1", "PER-3"]))]);
    let board = PEOPLE.replace("name: Ben,", "name: Ben, relation: board,");
    check(&board, &[("ROL-1.board", json!(["PER-2"]))]);
}

#[test]
fn two_roles_that_must_be_apart_conflict_in_one_hand() {
    let conflict = |role: &str| json!([{"person": "PER-1", "role": role, "ai_system": "SYS-1"}]);
    check(PEOPLE, &[("ROL-1.conflicts", conflict("ROL-2")), ("ROL-2.conflicts", conflict("ROL-1"))]);
    check(
        &PEOPLE.replace("holders: [{person: PER-1}], not_with", "holders: [{person: PER-1, from: 2026-07-01}], not_with"),
        &[("ROL-1.conflicts", json!([]))],
    );
}

#[test]
fn a_holder_is_competent_and_has_power_only_as_written() {
    check(PEOPLE, &[("ROL-1.incompetent", json!([])), ("PER-1.competent_for", json!([{"need": "CMP-1", "met": true}]))]);
    check(
        &PEOPLE.replace("judgement: shown", "judgement: partly"),
        &[("ROL-1.incompetent", json!([{"person": "PER-1", "need": "CMP-1"}]))],
    );
    let risk = |by: &str, tier: &str, at: &str| {
        let risk = format!(
            "  RSK-1: {{at: 2026-03-01, by: PER-2, fields: {{title: R, ai_systems: [SYS-1]}}, then: [{{at: '{at}', by: {by}, approve: {{by: {by}, purpose: accept, capacity: ROL-1}}, to: assessed}}]}}\n"
        );
        format!("{PEOPLE}{risk}").replace("risk_tier: high", &format!("risk_tier: {tier}"))
    };
    check(&risk("PER-1", "moderate", "2026-03-02"), &[("ROL-1.decisions_without_power", json!([]))]);
    check(&risk("PER-1", "high", "2026-03-02"), &[("ROL-1.decisions_without_power", json!(["RSK-1/accept"]))]);
    check(&risk("PER-2", "moderate", "2026-03-02"), &[("ROL-1.decisions_without_power", json!(["RSK-1/accept"]))]);
}

#[test]
fn a_person_who_left_leaves_duties_behind() {
    check(
        PEOPLE,
        &[
            ("PER-1.roles_held", json!(["ROL-1", "ROL-2"])),
            ("PER-3.duties", json!(["ROL-1", "SYS-1"])),
            ("PER-3.duties_after_leaving", json!(["ROL-1", "SYS-1"])),
            ("PER-1.duties_after_leaving", json!([])),
            ("ORG-1.units_without_head", json!(["B", "C"])),
            ("ORG-1.count_age", json!(29)),
        ],
    );
    let asked = |due: &str| {
        format!(
            "{PEOPLE}  ACK-1: {{at: 2026-06-01, by: PER-1, fields: {{subject: ROL-1, subject_revision: 1, person: PER-1, means: read, due: {due}}}}}\n"
        )
    };
    check(&asked("2026-06-29"), &[("PER-1.acknowledgements_due", json!(["ACK-1"]))]);
    check(&asked("2026-06-30"), &[("PER-1.acknowledgements_due", json!([]))]);
}

#[test]
fn whoever_approves_the_own_revision_is_seen() {
    let own = format!(
        "{PEOPLE}  RSK-1: {{at: 2026-03-01, by: PER-2, fields: {{title: R}}, then: [{{at: 2026-03-02, by: PER-2, approve: {{by: PER-2, purpose: accept, override: own_work}}, to: assessed}}]}}\n"
    );
    check(
        &own,
        &[
            ("PER-2.own_checks", json!(["RSK-1/accept"])),
            ("PER-1.own_checks", json!([])),
            ("ORG-1.open_overrides", json!(["RSK-1/accept"])),
        ],
    );
    check(&own.replace("today: 2026-06-30", "today: 2026-09-03"), &[("ORG-1.open_overrides", json!([]))]);
}

#[test]
fn a_proof_counts_while_it_is_confirmed_valid_and_of_a_version_that_counts() {
    check(
        PEOPLE,
        &[
            ("TRR-1.in_date", json!(true)),
            ("TRR-1.late", json!(true)),
            ("TRR-1.effect_overdue", json!(true)),
            ("TRR-1.valid_until_by_need", json!("2027-01-06")),
            ("TRR-1.self_judged", json!(true)),
            ("TRR-1.judge_entitled", json!(false)),
        ],
    );
    check(&PEOPLE.replace("effect_due: 2026-06-29", "effect_due: 2026-06-30"), &[("TRR-1.effect_overdue", json!(false))]);
    check(
        &PEOPLE.replace("judged_by: PER-2, judgement", "judged_by: PER-1, judgement"),
        &[("TRR-1.self_judged", json!(true)), ("TRR-1.judge_entitled", json!(true))],
    );
    check(&PEOPLE.replace("name: Ben, manager: PER-1", "name: Ben"), &[("TRR-1.self_judged", json!(false))]);
    let managed = PEOPLE
        .replace("person: PER-1, needs", "person: PER-2, needs")
        .replace("judged_by: PER-2, judgement", "judged_by: PER-1, judgement");
    check(&managed, &[("TRR-1.self_judged", json!(false))]);
    let upward =
        PEOPLE.replace("name: Ben, manager: PER-1", "name: Ben, manager: PER-3").replace("name: Cem", "name: Cem, manager: PER-1");
    check(&upward, &[("TRR-1.self_judged", json!(true))]);
    let course = |rule: &str, from: &str| {
        let course = format!(
            "  TRN-1: {{at: 2026-01-02, by: PER-1, fields: {{title: C, pass_share: '0.8', on_new_version: {rule}, versions: [{{version: '1', from: 2026-01-02}}, {{version: '2', from: {from}}}]}}}}\n"
        );
        format!("{PEOPLE}{course}").replace(
            "basis: observation, to",
            "basis: course, course: TRN-1, course_version: '1', score: '0.8', attempts: [{right: 8, asked: 10, seconds: 49}], to",
        )
    };
    check(
        &course("retake", "2026-06-30"),
        &[
            ("TRR-1.version_counts", json!(false)),
            ("TRR-1.in_date", json!(false)),
            ("TRR-1.passed", json!(true)),
            ("TRR-1.rushed", json!(true)),
        ],
    );
    check(&course("retake", "2026-07-01"), &[("TRR-1.version_counts", json!(true)), ("TRR-1.in_date", json!(true))]);
    check(
        &course("tell", "2026-06-30").replace("score: '0.8'", "score: '0.79'").replace("seconds: 49", "seconds: 50"),
        &[("TRR-1.version_counts", json!(true)), ("TRR-1.passed", json!(false)), ("TRR-1.rushed", json!(false))],
    );
}
