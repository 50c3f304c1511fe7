//! AI systems.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC, window: P6M}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, unit: CLAIMS}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, unit: ENG}, then: [{at: 2026-01-01, by: system, to: active}]}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields:
      name: Claims Triage
      unit: CLAIMS
      owner: PER-1
      risk_owner: PER-2
      risk_tier: low
      offered_to: internal
      autonomy: proposes
      stages: [{stage: concept, entered_on: 2026-01-04}, {stage: operation, entered_on: 2026-05-01, basis: none}]
    then: [{at: 2026-01-04, by: PER-2, to: registered}]
";

const SCOPE: &str = "
  SCP-1:
    at: 2026-02-01
    by: PER-2
    fields: {title: Scope, version: '1', systems_in: [SYS-1], valid_from: 2026-02-01}
    then: [{at: 2026-02-01, by: PER-2, to: submitted}, {at: 2026-02-02, by: PER-1, to: approved, approve: PER-1}]
";

fn with(field: &str) -> String {
    ORGANISATION.replace("autonomy: proposes", &format!("autonomy: proposes\n      {field}"))
}

#[test]
fn facts_set_the_least_tier_and_an_acceptance_lets_a_lower_one_stand() {
    let floor = |fields: &str, tier: &str| check(&with(fields), &[("SYS-1.tier_floor", json!(tier)), ("SYS-1.tier", json!(tier))]);
    check(
        ORGANISATION,
        &[("SYS-1.tier_floor", json!("low")), ("SYS-1.tier_below_floor", json!(false)), ("SYS-1.tier", json!("low"))],
    );
    floor("personal_data: [none]", "low");
    floor("personal_data: [content]", "moderate");
    floor("personal_data: [special]", "moderate");
    floor("personal_data: [special]\n      decisions: [{decision: pay, effect: none}]", "moderate");
    floor("personal_data: [special]\n      decisions: [{decision: pay, effect: minor}]", "high");
    floor("presumed_impact: [rights]", "high");
    floor("decisions: [{decision: pay, effect: legal, share: informs}]", "high");
    floor("decisions: [{decision: stop, effect: safety, share: recommends}]", "high");
    floor("decisions: [{decision: stop, effect: safety, share: decides}]", "critical");
    floor("eu_tiers: [prohibited]", "critical");
    check(
        &ORGANISATION.replace("autonomy: proposes", "autonomy: acts_alone"),
        &[("SYS-1.tier_floor", json!("moderate")), ("SYS-1.tier_below_floor", json!(true))],
    );
    let accepted = with("presumed_impact: [rights]\n      tier_acceptance: ACC-1")
        + "  ACC-1:
    at: 2026-01-05
    by: PER-1
    fields: {title: Lower, type: tier, subject: SYS-1, until: 2026-12-31}
    then: [{at: 2026-01-05, by: PER-1, to: requested}, {at: 2026-01-06, by: PER-2, to: accepted, set: {from: 2026-01-06}}]
";
    check(&accepted, &[("SYS-1.tier_below_floor", json!(false)), ("SYS-1.tier", json!("low")), ("ACC-1.worse", json!(false))]);
    let rose = accepted.clone() + "then: {SYS-1: [{at: 2026-03-01, by: PER-1, revise: {eu_tiers: [prohibited]}}]}";
    check(&rose, &[("ACC-1.worse", json!(true)), ("SYS-1.tier_below_floor", json!(true)), ("SYS-1.tier", json!("critical"))]);
    check(
        &(with("presumed_impact: [rights]") + "erase: {SYS-1: [decisions, presumed_impact]}"),
        &[("SYS-1.tier_floor", json!("undecided"))],
    );
}

#[test]
fn an_owner_who_left_or_whose_role_ended_orphans_a_system_without_an_active_deputy() {
    check(ORGANISATION, &[("SYS-1.orphaned", json!(false))]);
    check(&ORGANISATION.replace("      owner: PER-1\n", ""), &[("SYS-1.orphaned", json!(true))]);
    let left = "then: {PER-1: [{at: 2026-06-01, by: PER-2, to: left}]}";
    check(&format!("{ORGANISATION}{left}"), &[("SYS-1.orphaned", json!(true))]);
    check(&format!("{}{left}", with("deputy: PER-2")), &[("SYS-1.orphaned", json!(false))]);
    let role = |to: &str| {
        format!(
            "{ORGANISATION}  ROL-1:
    at: 2026-01-02
    by: PER-2
    fields: {{title: Owner, key: system_owner, holders: [{{person: PER-1, ai_systems: [SYS-1], from: 2026-01-01, to: {to}}}]}}
    then: [{{at: 2026-01-02, by: PER-2, to: approved, approve: PER-2}}]
"
        )
    };
    check(&role("2026-06-30"), &[("SYS-1.orphaned", json!(false))]);
    check(&role("2026-06-29"), &[("SYS-1.orphaned", json!(true))]);
}

#[test]
fn the_owner_confirms_the_record_as_it_is() {
    let confirm = "then: {SYS-1: [{at: 2026-03-01, by: PER-1, approve: {by: PER-1, purpose: review}}, {at: 2026-04-01, by: PER-2, approve: {by: PER-2, purpose: review}}]}";
    check(&format!("{ORGANISATION}{confirm}"), &[("SYS-1.last_confirmed", json!("2026-03-01T09:00:00.000Z"))]);
    let changed = confirm.replace("]}", ", {at: 2026-05-01, by: PER-2, revise: {name: Triage}}]}");
    check(&format!("{ORGANISATION}{changed}"), &[("SYS-1.last_confirmed", json!(null))]);
    check(ORGANISATION, &[("SYS-1.owner_wrote", json!(true))]);
    check(
        &ORGANISATION.replace("SYS-1:\n    at: 2026-01-04\n    by: PER-1", "SYS-1:\n    at: 2026-01-04\n    by: PER-2"),
        &[("SYS-1.owner_wrote", json!(false))],
    );
}

#[test]
fn stages_begun_after_the_first_scope_want_a_review_and_none_is_skipped() {
    check(ORGANISATION, &[("SYS-1.stage_gap", json!([])), ("SYS-1.stage", json!("operation"))]);
    let gaps = json!([
        {"stage": "operation", "entered_on": "2026-05-01", "gap": "no basis"},
        {"stage": "design_development", "gap": "skipped"},
        {"stage": "verification_validation", "gap": "skipped"},
        {"stage": "deployment", "gap": "skipped"}
    ]);
    check(
        &format!("{ORGANISATION}{SCOPE}"),
        &[("SYS-1.stage_gap", gaps), ("SYS-1.in_scope", json!(true)), ("SYS-1.live", json!(true))],
    );
    let before = ORGANISATION.replace("entered_on: 2026-05-01", "entered_on: 2026-02-02");
    check(&format!("{before}{SCOPE}"), &[("SYS-1.stage_gap", json!([]))]);
    let later = ORGANISATION.replace("entered_on: 2026-05-01", "entered_on: 2026-07-01");
    check(
        &format!("{later}{SCOPE}"),
        &[("SYS-1.stage_gap", json!([])), ("SYS-1.stage", json!("concept")), ("SYS-1.live", json!(false))],
    );
}

#[test]
fn parts_that_were_seen_and_not_named_and_models_named_and_not_seen_are_gaps() {
    let seen = |name: &str, day: &str| {
        with(&format!(
            "models: [{{model: MDL-1, version: '2'}}]\n      observed_parts: [{{name: '{name}', kind: model, seen_at: {day}T10:00:00Z}}, {{name: lib, kind: library, seen_at: {day}T10:00:00Z}}]"
        )) + "  MDL-1: {at: 2026-01-03, by: PER-2, fields: {name: Triage-Net, requested_as: 'triage-latest, tn', external_ids: [{source: mlflow, id: models/7}]}}\n"
    };
    check(&seen("triage net", "2026-06-20"), &[("SYS-1.parts_gap", json!([]))]);
    check(&seen("TN", "2026-06-20"), &[("SYS-1.parts_gap", json!([]))]);
    check(&seen("models/7", "2026-05-31"), &[("SYS-1.parts_gap", json!([]))]);
    let other = json!([{"name": "gpt", "kind": "model", "gap": "not named"}, {"name": "Triage-Net (MDL-1)", "kind": "model", "version": "2", "gap": "not seen"}]);
    check(&seen("gpt", "2026-05-31"), &[("SYS-1.parts_gap", other)]);
    check(&seen("gpt", "2026-05-30"), &[("SYS-1.parts_gap", json!([]))]);
}

#[test]
fn duplicates_are_compared_without_case_spaces_and_punctuation() {
    let second = |name: &str, unit: &str, id: &str| {
        with("external_ids: [{source: cmdb, id: a-1}]")
            + &format!(
                "  SYS-2: {{at: 2026-01-05, by: PER-1, fields: {{name: '{name}', unit: {unit}, external_ids: [{{source: cmdb, id: {id}}}]}}}}\n"
            )
    };
    check(
        &second("claims-triage", "CLAIMS", "b"),
        &[("SYS-1.possible_duplicates", json!(["SYS-2"])), ("SYS-1.external_id_conflicts", json!([]))],
    );
    check(&second("claims-triage", "ENG", "b"), &[("SYS-1.possible_duplicates", json!([]))]);
    check(
        &second("Other", "ENG", "A1"),
        &[("SYS-1.possible_duplicates", json!(["SYS-2"])), ("SYS-1.external_id_conflicts", json!([]))],
    );
    check(&second("Other", "ENG", "a-1"), &[("SYS-1.external_id_conflicts", json!(["SYS-2"]))]);
}

#[test]
fn use_after_the_end_is_seen_by_the_feed() {
    let retired = |seen: &str| {
        with(&format!("last_seen: {seen}T10:00:00Z"))
            .replace("stage: operation, entered_on: 2026-05-01", "stage: retired, entered_on: 2026-05-01")
    };
    check(&retired("2026-05-01"), &[("SYS-1.used_after_end", json!(false))]);
    check(&retired("2026-05-02"), &[("SYS-1.used_after_end", json!(true))]);
    let suspended = "then: {SYS-1: [{at: 2026-06-01, by: PER-1, to: suspended}]}";
    check(
        &format!("{}{suspended}", with("last_seen: 2026-06-01T08:00:00Z")),
        &[("SYS-1.used_after_end", json!(false)), ("SYS-1.suspension_late", json!(true))],
    );
    check(&format!("{}{suspended}", with("last_seen: 2026-06-01T10:00:00Z")), &[("SYS-1.used_after_end", json!(true))]);
    let decided = suspended.replace("]}", ", {at: 2026-06-02, by: PER-2, approve: {by: PER-2, purpose: decide}}]}");
    check(&format!("{ORGANISATION}{decided}"), &[("SYS-1.suspension_late", json!(false))]);
    check(
        &format!("{ORGANISATION}{suspended}").replace("today: 2026-06-30", "today: 2026-06-02"),
        &[("SYS-1.suspension_late", json!(false))],
    );
}

#[test]
fn the_running_release_is_one_in_production_before_a_pilot_and_the_latest() {
    let release = |number: u8, setting: &str, day: u8| {
        format!(
            "  REL-{number}:
    at: 2026-04-0{number}
    by: PER-2
    fields: {{title: R{number}, ai_system: SYS-1, version: '{number}', type: initial, setting: {setting}}}
    then: [{{at: 2026-05-01, by: PER-2, to: deployed, set: {{deployed_at: 2026-05-0{day}T10:00:00Z}}}}]
"
        )
    };
    let releases = |list: &[String]| format!("{ORGANISATION}{}", list.concat());
    check(ORGANISATION, &[("SYS-1.running_release", json!(null))]);
    check(&releases(&[release(1, "production", 2), release(2, "pilot", 3)]), &[("SYS-1.running_release", json!("REL-1"))]);
    check(&releases(&[release(1, "production", 2), release(2, "customer_site", 3)]), &[("SYS-1.running_release", json!("REL-2"))]);
    let ended = "then: {REL-1: [{at: 2026-06-01, by: PER-2, to: ended, set: {ended_at: 2026-06-01T10:00:00Z}}]}";
    check(
        &(releases(&[release(1, "production", 2), release(2, "pilot", 3)]) + ended),
        &[("SYS-1.running_release", json!("REL-2"))],
    );
}

#[test]
fn a_duty_wants_enough_people_who_are_there_and_able() {
    let staffed = with(
        "staffing: [{duty: oversee, people: [PER-1, PER-2], competence_need: CMP-1, needed: '3'}, {duty: run, supplier: SUP-1, needed: '2'}]",
    ) + "  SUP-1: {at: 2026-01-02, by: PER-2, fields: {name: Runner}}
  CMP-1: {at: 2026-01-02, by: PER-2, fields: {title: Oversee, accepted_proof: [{basis: experience, least: some}]}}
then: {PER-2: [{at: 2026-06-01, by: PER-1, to: left}]}
";
    let row = |person: &str, gap: &str| json!({"duty": "oversee", "needed": "3", "there": "1", "person": person, "gap": gap});
    let few = json!({"duty": "oversee", "needed": "3", "there": "1", "gap": "too few"});
    check(&staffed, &[("SYS-1.staffing_gap", json!([few, row("PER-2", "left"), row("PER-1", "not competent")]))]);
}

#[test]
fn people_around_a_system() {
    check(
        ORGANISATION,
        &[("SYS-1.unit_people", json!(["PER-1"])), ("SYS-1.in_union", json!(false)), ("SYS-1.stop_people", json!([]))],
    );
    check(&with("places: [{country: FR, why: [used]}]"), &[("SYS-1.in_union", json!(true))]);
}
