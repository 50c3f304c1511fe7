//! Suppliers, models, releases, resources and sealed batches.

use serde_json::json;

use super::check;

const SYSTEM: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  SUP-1:
    at: 2026-01-02
    by: PER-1
    fields:
      name: Modelworks
      tier: high
      provides: [model]
      clauses: [{clause: responsibilities, result: agreed}, {clause: data_use, result: partly, note: x}, {clause: exit, result: missing}]
      assessments: [{on: 2025-06-30, by: PER-2, conditions: Say more, conditions_due: 2026-06-29}, {on: 2025-01-01, by: PER-1}]
      changes_seen: [{what: terms, noticed_on: 2026-05-01}, {what: location, told_on: 2026-05-01, takes_effect_on: 2026-05-01}, {what: data_use, told_on: 2026-05-02, takes_effect_on: 2026-05-01}]
  MDL-1:
    at: 2026-01-03
    by: PER-1
    fields: {name: sorter, supplier: SUP-1, versions: [{version: '1', end_of_life: 2026-09-27}], requested_as: 'sorter-latest', datasets: [{dataset: DAT-1}]}
    then: [{at: 2026-01-03, by: PER-1, to: submitted}, {at: 2026-01-04, by: PER-2, to: approved, approve: PER-2}]
  DAT-1: {at: 2026-01-02, by: PER-1, fields: {name: Cases, derived_from: [{dataset: DAT-2}]}}
  DAT-2: {at: 2026-01-02, by: PER-1, fields: {name: Raw, derived_from: [{dataset: DAT-1}]}}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields:
      name: Triage
      owner: PER-1
      risk_owner: PER-2
      technical_owner: PER-1
      risk_tier: high
      stages: [{stage: operation, entered_on: 2026-02-01}]
      models: [{model: MDL-1, version: '1'}]
      staffing: [{duty: build, people: [PER-2]}, {duty: test, people: [PER-1]}]
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  CHG-1:
    at: 2026-01-05
    by: PER-1
    fields: {title: First, ai_systems: [SYS-1], origin: found}
    then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-01-06, by: PER-2, to: approved, approve: PER-2}]
  REL-1:
    at: 2026-01-10
    by: PER-1
    fields: {title: R1, ai_system: SYS-1, version: '1', type: initial, changes: [CHG-1], model_versions: [{model: MDL-1, version: '1'}]}
    then: [{at: 2026-02-01, by: PER-1, to: deployed, set: {deployed_at: 2026-02-01T09:00:00Z}}]
  BAT-1:
    at: 2026-06-20
    by: 'machine:gateway'
    fields: {ai_system: SYS-1, source: gateway, emitter: gw, from: 2026-06-19T00:00:00Z, to: 2026-06-20T00:00:00Z, count: 5, by_model: [{requested: sorter-latest, answered: Sorter-1, n: 5}], retained_until: 2026-07-01T00:00:00Z}
  BAT-2:
    at: 2026-06-21
    by: 'machine:gateway'
    fields: {ai_system: SYS-1, source: gateway, emitter: gw, from: 2026-06-20T01:00:00Z, to: 2026-06-21T00:00:00Z, previous: BAT-1, count: 5, by_model: [{requested: sorter-latest, answered: sorter-2, n: 4}, {requested: sorter-latest, answered: sorter, n: 1}]}
";

#[test]
fn a_supplier_is_as_weighty_as_what_rests_on_it() {
    check(
        SYSTEM,
        &[
            ("SUP-1.used_by", json!([{"record": "MDL-1", "critical": false}])),
            ("SUP-1.tier_floor", json!("moderate")),
            ("SUP-1.concentration", json!(1)),
            ("SUP-1.system_risk_owners", json!(["PER-2"])),
        ],
    );
    let marked = SYSTEM.replace("      staffing:", "      suppliers: [{supplier: SUP-1, critical: true}]\n      staffing:");
    let uses = json!([{"record": "SYS-1", "critical": true}, {"record": "MDL-1", "critical": false}]);
    check(&marked, &[("SUP-1.tier_floor", json!("high")), ("SUP-1.used_by", uses)]);
    let through = format!("{SYSTEM}  RES-1: {{at: 2026-01-03, by: PER-1, fields: {{name: Cluster, supplier: SUP-1}}}}\n")
        .replace("      staffing:", "      resources: [{resource: RES-1, critical: true}]\n      staffing:");
    check(&through, &[("SUP-1.tier_floor", json!("high")), ("RES-1.used_by", json!([{"ai_system": "SYS-1", "critical": true}]))]);
    let idle = SYSTEM
        .replace("entered_on: 2026-02-01", "entered_on: 2026-07-01")
        .replace("to: deployed, set: {deployed_at: 2026-02-01T09:00:00Z}", "to: abandoned");
    check(&idle, &[("SUP-1.tier_floor", json!(null)), ("SUP-1.concentration", json!(null))]);
}

#[test]
fn an_assessment_of_a_supplier_is_current_to_its_last_day() {
    check(SYSTEM, &[("SUP-1.assessment_current", json!(true)), ("SUP-1.latest_assessor", json!("PER-2"))]);
    check(&SYSTEM.replace("on: 2025-06-30", "on: 2025-06-29"), &[("SUP-1.assessment_current", json!(false))]);
    check(&SYSTEM.replace("      tier: high", "      tier: critical"), &[("SUP-1.assessment_current", json!(false))]);
    check(
        &SYSTEM.replace("      tier: high", "      tier: low").replace("on: 2025-06-30", "on: 2024-06-30"),
        &[("SUP-1.latest_assessor", json!("PER-1")), ("SUP-1.assessment_current", json!(true))],
    );
}

#[test]
fn what_a_supplier_owes_is_listed() {
    check(
        SYSTEM,
        &[
            ("SUP-1.clause_gap", json!(["change_notice", "incident_notice", "exit"])),
            (
                "SUP-1.unannounced",
                json!([{"what": "terms", "noticed_on": "2026-05-01"}, {"what": "data_use", "takes_effect_on": "2026-05-01"}]),
            ),
            ("SUP-1.conditions_overdue", json!([{"on": "2025-06-30", "conditions": "Say more", "due": "2026-06-29"}])),
        ],
    );
    check(&SYSTEM.replace("      tier: high", "      tier: moderate"), &[("SUP-1.clause_gap", json!(["change_notice"]))]);
    check(&format!("{SYSTEM}erase: {{SUP-1: [clauses]}}"), &[("SUP-1.clause_gap", json!("undecided"))]);
}

#[test]
fn what_answers_is_compared_with_what_was_approved() {
    check(
        SYSTEM,
        &[
            ("MDL-1.used_by", json!([{"ai_system": "SYS-1", "version": "1"}])),
            ("MDL-1.versions_running", json!(["1", "sorter-2"])),
            ("MDL-1.unapproved_running", json!(["sorter-2"])),
            ("MDL-1.changed_unseen", json!([{"requested": "sorter-latest", "answered": "sorter-2", "n": 4}])),
            ("MDL-1.end_of_life_near", json!(["1"])),
            ("MDL-1.learned_from", json!(["DAT-1", "DAT-2"])),
            ("REL-1.digest_matches", json!(false)),
            ("BAT-1.unapproved_models", json!([])),
            ("BAT-2.unapproved_models", json!(["sorter-2"])),
        ],
    );
    check(&SYSTEM.replace("2026-09-27", "2026-09-28"), &[("MDL-1.end_of_life_near", json!([]))]);
    let tests = SYSTEM.replace("source: gateway", "source: evaluation");
    check(
        &tests,
        &[("REL-1.digest_matches", json!(true)), ("BAT-2.unapproved_models", json!([])), ("MDL-1.versions_running", json!(["1"]))],
    );
    check(&SYSTEM.replace("today: 2026-06-30", "today: 2026-07-22"), &[("MDL-1.versions_running", json!(["1"]))]);
    let waiting = SYSTEM.replace(", {at: 2026-01-04, by: PER-2, to: approved, approve: PER-2}]\n  DAT-1", "]\n  DAT-1");
    check(&waiting, &[("MDL-1.unapproved_running", json!(["1", "sorter-2"]))]);
}

#[test]
fn a_series_of_batches_has_a_first_one_and_its_holes() {
    check(
        SYSTEM,
        &[
            ("BAT-1.first_of_series", json!(true)),
            ("BAT-2.first_of_series", json!(false)),
            ("BAT-1.gap_before", json!(null)),
            ("BAT-2.gap_before", json!("PT1H")),
            ("BAT-1.events_available", json!(false)),
            ("BAT-1.unknown_use", json!(false)),
        ],
    );
    check(
        &SYSTEM.replace("retained_until: 2026-07-01T00:00:00Z", "retained_until: 2026-07-01T00:00:00.001Z"),
        &[("BAT-1.events_available", json!(true))],
    );
    let unknown = SYSTEM.replace(
        "    then: [{at: 2026-01-04, by: PER-1, to: registered}]",
        "    state: discovered\n    then: [{at: 2026-06-20T12:00:00Z, by: PER-1, to: draft}]",
    );
    check(&unknown, &[("BAT-1.unknown_use", json!(true)), ("BAT-2.unknown_use", json!(false))]);
}

#[test]
fn a_release_knows_who_built_it_how_long_it_took_and_what_was_approved() {
    check(
        SYSTEM,
        &[
            ("REL-1.running", json!(true)),
            ("REL-1.builders", json!(["PER-1", "PER-2"])),
            ("REL-1.lead_time", json!("P26D")),
            ("REL-1.late", json!(false)),
            ("REL-1.before_first_scope", json!(true)),
            ("REL-1.approved_digest", json!(null)),
            ("REL-1.conditions_on_the_day", json!([])),
        ],
    );
    check(&SYSTEM.replace("type: initial", "type: supplier_model"), &[("REL-1.late", json!(true))]);
    check(
        &SYSTEM.replace("type: initial", "type: emergency").replace("origin: found", "origin: planned"),
        &[("REL-1.late", json!(true))],
    );
    let scope = |day: &str| {
        format!(
            "{SYSTEM}  SCP-1: {{at: {day}, by: PER-1, fields: {{title: S, version: '1', valid_from: {day}, systems_in: [SYS-1]}}, then: [{{at: {day}, by: PER-1, to: submitted}}, {{at: {day}, by: PER-2, to: approved}}]}}\n"
        )
    };
    check(&scope("2026-02-02"), &[("REL-1.before_first_scope", json!(true))]);
    check(&scope("2026-02-01"), &[("REL-1.before_first_scope", json!(false))]);
    let digest = SYSTEM.replace("model_versions: [{model: MDL-1, version: '1'}]}\n    then: [", "model_versions: [{model: MDL-1, version: '1'}], artefact_digest: aa}\n    then: [{at: 2026-01-11, by: PER-1, to: ready}, {at: 2026-01-12, by: PER-2, to: approved}, {at: 2026-01-13, by: 'machine:ci', revise: {artefact_digest: bb}}, ");
    check(&digest, &[("REL-1.approved_digest", json!("aa"))]);
}

#[test]
fn a_release_after_the_first_scope_is_judged_by_its_gate_on_its_day() {
    let scoped = format!("{SYSTEM}  SCP-1: {{at: 2026-01-09, by: PER-1, fields: {{title: S, version: '1', valid_from: 2026-01-09, systems_in: [SYS-1]}}, then: [{{at: 2026-01-09, by: PER-1, to: submitted}}, {{at: 2026-01-09, by: PER-2, to: approved}}]}}\n")
        .replace("changes: [CHG-1], model", "preconditions: [{condition: Trained, met_by: [PER-1], met_on: 2026-02-02}, {condition: Told, met_by: [PER-1], met_on: 2026-02-01}], model");
    let fixed = crate::check::cases::Fixed::load();
    let built = crate::check::cases::build(&crate::check::cases::Lives::none().with(&scoped).unwrap(), &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let conditions = crate::gate::conditions_on_the_day(view.all("release").next().unwrap());
    let held = |need: &str| conditions.iter().find(|row| row.need == need).map(|row| row.held);
    assert_eq!(held("Trained"), Some(Some(false)));
    assert_eq!(held("Told"), Some(Some(true)));
    assert_eq!(held("G-DEP-1"), Some(Some(false)));
    assert_eq!(held("G-DEP-11"), Some(None), "the approver is not known");
    assert_eq!(held("G-VV-1"), None, "another gate");
}

#[test]
fn a_resource_is_compared_with_what_was_seen() {
    let resource = |fields: &str| {
        format!("{SYSTEM}  RES-1: {{at: 2026-01-03, by: PER-1, fields: {{name: Lib, version: '1.2', location: DE, {fields}}}}}\n")
            .replace("      staffing:", "      resources: [{resource: RES-1}]\n      staffing:")
    };
    let seen = |version: &str, at: &str| format!("observed: [{{version: '{version}', location: de, seen_at: '{at}T00:00:00Z'}}]");
    check(
        &resource(&seen("1.3", "2026-05-31")),
        &[("RES-1.version_gap", json!(true)), ("RES-1.location_gap", json!(false)), ("RES-1.unapproved_use", json!(true))],
    );
    check(&resource(&seen("1.3", "2026-05-30")), &[("RES-1.version_gap", json!(false))]);
    check(&resource(&format!("version_rule: '^1.2', {}", seen("1.3", "2026-06-01"))), &[("RES-1.version_gap", json!(false))]);
    check(
        &resource(&format!("version_rule: the newest, {}", seen("1.3", "2026-06-01"))),
        &[("RES-1.version_gap", json!("undecided"))],
    );
    check(&resource("support_until: 2026-06-29"), &[("RES-1.out_of_support", json!(true))]);
    check(&resource("support_until: 2026-06-30"), &[("RES-1.out_of_support", json!(false))]);
    let capacity = |used: &str| {
        resource(&format!(
            "capacity: [{{what: GPU, used: '90', available: '100', warn_at: '0.8', covers_to: 2026-05-31}}, {{what: GPU, used: '{used}', available: '100', warn_at: '0.8', covers_to: 2026-06-29}}]"
        ))
    };
    check(&capacity("79"), &[("RES-1.tight", json!(false))]);
    check(&capacity("80"), &[("RES-1.tight", json!(true))]);
}
