//! Audits, certificates, findings, controls, reviews, parties and issues.

use serde_json::json;

use super::{check, check_on};
use crate::check::cases::{Fixed, Lives, build};

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC, window: P6M}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, top_management: true}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-3: {at: 2026-01-01, by: system, fields: {name: Cleo}, then: [{at: 2026-01-01, by: system, to: active}]}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-2, ai_roles: [developer], acquired: in_house, offered_to: internal}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  SYS-2:
    at: 2026-01-04
    by: PER-1
    fields: {name: Assistant, stages: [{stage: operation, entered_on: 2026-02-01}]}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  SCP-1:
    at: 2026-01-05
    by: PER-2
    fields: {title: Scope, version: '1', systems_in: [SYS-1, SYS-2], valid_from: 2026-01-05}
    then: [{at: 2026-01-05, by: PER-2, to: submitted}, {at: 2026-01-05, by: PER-1, to: approved, approve: PER-1}]
";

fn check_with(records: &str, expected: &[(&str, serde_json::Value)]) {
    check(&format!("{ORGANISATION}{records}"), expected);
}

const AUDIT: &str = "  AUD-1:
    at: 2026-02-01
    by: PER-3
    fields:
      title: Internal
      type: internal
      requirements: ['iso42001:4.3', 'iso42001:A.5.2', 'iso42001:6.1.2']
      team: [{person: PER-3}, {person: PER-2}]
      ended_on: 2026-03-01
      samples: [{requirement: 'iso42001:4.3', items: [SYS-1], drawn_n: 1}]
      coverage: [{requirement: 'iso42001:4.3', result: conforms}, {requirement: 'iso42001:A.5.2', result: major}, {requirement: 'iso42001:9.1', result: minor}]
    then: [{at: 2026-02-01, by: PER-3, to: prepared}, {at: 2026-02-02, by: PER-3, to: in_progress}, {at: 2026-03-02, by: PER-3, to: reported}]
";

#[test]
fn an_audit_has_no_auditor_with_a_hand_in_its_sample_and_a_finding_for_each_defect() {
    let finding = |number: u8, item: &str, then: &str| {
        format!(
            "  FND-{number}: {{at: 2026-03-01, by: PER-3, fields: {{title: Gap, audit: AUD-1, grade: major, requirements: ['iso42001:{item}'], raised_at: 2026-03-01}}{then}}}\n"
        )
    };
    check_with(
        AUDIT,
        &[
            ("AUD-1.conflicts", json!([{"person": "PER-2", "records": ["SYS-1"]}])),
            ("AUD-1.uncovered", json!(["iso42001:6.1.2"])),
            ("AUD-1.unraised", json!(["iso42001:A.5.2", "iso42001:9.1"])),
            ("AUD-1.open_findings", json!([])),
            ("AUD-1.sample_reproducible", json!("undecided")),
        ],
    );
    let withdrawn = ", then: [{at: 2026-03-02, by: PER-3, to: withdrawn}]";
    let found = format!("{AUDIT}{}{}", finding(1, "A.5.2", ""), finding(2, "9.1", withdrawn));
    check_with(&found, &[("AUD-1.unraised", json!([])), ("AUD-1.open_findings", json!(["FND-1"]))]);
}

#[test]
fn a_sample_is_drawn_again_from_what_passed_on_the_last_day_of_its_window() {
    let audit = |items: &str, n: u8| {
        format!(
            "
add:
  AUD-90:
    at: 2026-11-19
    by: PER-3
    fields:
      title: Internal
      type: internal
      window_to: 2026-11-18
      checkpoint: 'hallam.example/log 1 abc='
      auditor_word: heron
      samples: [{{requirement: 'iso42001:A.9.2', drawn_n: {n}, items: [{items}]}}]
"
        )
    };
    let fixed = Fixed::load();
    let built = build(&Lives::base(), &fixed.kinds).unwrap();
    let then = vouch_record::time::parse_date("2026-11-18").unwrap();
    let population = crate::readiness::population(&built.view(fixed, then), "A.9.2").unwrap();
    assert!(population.len() > 3, "{population:?}");
    let seed = crate::sample::seed("hallam.example/log 1 abc=", "heron", "iso42001:A.9.2");
    let drawn: Vec<String> = crate::sample::draw(&seed, &population, 3).into_iter().map(|id| built.label(id)).collect();
    let quoted: Vec<String> = drawn.iter().map(|label| format!("'{label}'")).collect();
    let right = quoted.join(", ");
    check_on(Lives::base(), &audit(&right, 3), &[("AUD-90.sample_reproducible", json!(true))]);
    check_on(Lives::base(), &audit(&quoted[..2].join(", "), 3), &[("AUD-90.sample_reproducible", json!(false))]);
    // An item of a framework that has no rules here.
    check_on(
        Lives::base(),
        &audit("", 0).replace("iso42001:A.9.2", "nist_ai_rmf:GOVERN 1.1"),
        &[("AUD-90.sample_reproducible", json!("undecided"))],
    );
}

#[test]
fn a_programme_plans_every_item_and_counts_days_over_its_own_interval() {
    let programme = format!(
        "{AUDIT}  PRG-1:
    at: 2026-01-10
    by: PER-1
    fields:
      title: Cycle
      cycle_from: 2026-01-01
      importance: [{{requirement: 'iso42001:4.3', every: P3M}}, {{requirement: 'iso42001:4.4', every: P6M}}, {{requirement: 'iso42001:6.1.2', every: P5M}}]
      planned:
        - {{period_from: 2026-06-01, period_to: 2026-06-30, requirements: ['iso42001:4.3']}}
        - {{period_from: 2026-05-01, period_to: 2026-06-29, requirements: ['iso42001:4.4']}}
  AUD-2: {{at: 2026-06-01, by: PER-3, fields: {{title: Next, type: internal, programme: PRG-1, lead_auditor: PER-2, requirements: ['iso42001:4.3']}}}}
"
    );
    let fixed = Fixed::load();
    let built = build(&Lives::none().with(&format!("{ORGANISATION}{programme}")).unwrap(), &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let programme = view.all("audit-programme").next().unwrap();
    let coverage = crate::derived::audit_programme::coverage(programme);
    assert_eq!(coverage.len(), 70);
    let of = |item: &str| {
        coverage
            .iter()
            .find(|row| row.item == item)
            .map(|row| (row.last_audited_on.map(|d| d.to_string()), row.next_planned_on.map(|d| d.to_string()), row.days_over))
            .unwrap()
    };
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(of("4.3"), (day("2026-03-01"), day("2026-06-01"), Some(29)));
    assert_eq!(of("4.4"), (None, None, None));
    assert_eq!(of("6.1.2"), (None, None, Some(29)));
    assert_eq!(crate::derived::audit_programme::unplanned(programme).len(), 68);
    let conflicts: Vec<_> = crate::derived::audit_programme::auditor_conflicts(programme)
        .into_iter()
        .map(|one| (built.label(one.person), one.item))
        .collect();
    assert_eq!(conflicts, [("PER-2".to_owned(), "4.3".to_owned())]);
    let outside: Vec<String> =
        crate::derived::audit_programme::outside_people(programme).into_iter().map(|id| built.label(id)).collect();
    assert!(outside.contains(&"PER-3".to_owned()) && !outside.contains(&"PER-2".to_owned()), "{outside:?}");
}

#[test]
fn deadlines_follow_the_rules_of_the_body_and_six_months_after_stage_2() {
    let finding = |stage: &str, given: &str| {
        format!(
            "  CBY-1: {{at: 2026-01-02, by: PER-1, fields: {{name: Body, rules: [{{grade: major, plan_days: 14, proof_days: 90}}], scores: [{{criterion: accreditation, score: 5}}, {{criterion: price, score: 2}}], accreditation_checked_on: 2026-06-20}}}}
  AUD-1: {{at: 2026-03-01, by: PER-1, fields: {{title: Stage, type: {stage}, certification_body: CBY-1, ended_on: 2025-12-01}}}}
  FND-1: {{at: 2026-03-01, by: PER-1, fields: {{title: Gap, audit: AUD-1, grade: major, requirements: ['iso42001:4.3'], raised_at: 2026-03-01{given}}}}}
  FND-2: {{at: 2026-03-02, by: PER-1, fields: {{title: Same, audit: AUD-1, grade: minor, requirements: ['iso42001:4.3', 'iso42001:4.4'], raised_at: 2026-03-02}}}}
  FND-3: {{at: 2026-03-02, by: PER-1, fields: {{title: Other, audit: AUD-1, grade: minor, requirements: ['iso42001:4.3'], ai_systems: [SYS-1], raised_at: 2026-03-03}}}}
"
        )
    };
    let due = |plan: &str, proof: &str| json!([{"plan_due": plan, "proof_due": proof}]);
    check_with(&finding("surveillance", ""), &[("FND-1.deadlines", due("2026-03-15", "2026-05-30"))]);
    check_with(&finding("stage_2", ""), &[("FND-1.deadlines", due("2026-03-15", "2026-05-30"))]);
    check_with(&finding("stage_2", ", proof_due: 2026-08-01"), &[("FND-1.deadlines", due("2026-03-15", "2026-06-01"))]);
    check_with(
        &finding("stage_2", ", plan_due: 2026-03-10"),
        &[("FND-1.deadlines", due("2026-03-10", "2026-05-30")), ("FND-2.deadlines", json!([]))],
    );
    check_with(
        &finding("stage_2", ""),
        &[
            ("FND-2.repeat_candidates", json!(["FND-1"])),
            ("FND-1.repeat_candidates", json!([])),
            ("FND-3.repeat_candidates", json!([])),
            ("CBY-1.weighted_score", json!("4.14")),
            ("CBY-1.accreditation_age", json!(10)),
        ],
    );
}

#[test]
fn a_certificate_drifts_from_the_scope_it_names() {
    let certificate = "  SCP-2:
    at: 2026-05-01
    by: PER-2
    fields: {title: Scope, version: '2', systems_in: [SYS-2], valid_from: 2026-06-01}
    then: [{at: 2026-05-01, by: PER-2, to: submitted}, {at: 2026-05-02, by: PER-1, to: approved, approve: PER-1}]
  CRT-1: {at: 2026-03-01, by: PER-1, fields: {scope: SCP-1, decided_on: 2026-03-01, valid_until: 2029-02-28}}
  CRT-2: {at: 2026-03-01, by: PER-1, fields: {scope: SCP-2, decided_on: 2026-03-01}}
";
    check_with(
        certificate,
        &[
            ("CRT-1.scope_drift", json!([{"ai_system": "SYS-1", "drift": "no longer in scope"}])),
            ("CRT-2.scope_drift", json!([])),
            ("CRT-1.recertification_start", json!("2028-08-28")),
            ("CRT-1.surveillance_due", json!([{"year": 2027, "due": "2027-03-01"}, {"year": 2028, "due": "2028-12-31"}])),
            ("CRT-2.surveillance_due", json!([])),
        ],
    );
    let before = format!("{ORGANISATION}{certificate}").replace("today: 2026-06-30", "today: 2026-05-31");
    check(&before, &[("CRT-2.scope_drift", json!([{"ai_system": "SYS-1", "drift": "not covered"}]))]);
}

fn control(item: &str, fields: &str) -> String {
    format!("  APP-1: {{at: 2026-02-01, by: PER-1, fields: {{control: '{item}', {fields}}}}}\n")
}

#[test]
fn an_exclusion_is_contradicted_by_records_roles_and_activities() {
    let excluded = |item: &str, ground: &str| {
        control(item, &format!("decision: excluded, exclusion_ground: {ground}, exclusion_reason: none of this here"))
    };
    check_with(
        &excluded("iso42001:A.6.2.2", "no_risk"),
        &[("APP-1.contradicted", json!(false)), ("APP-1.boilerplate", json!(true))],
    );
    check_with(&excluded("iso42001:A.6.2.2", "activity_absent"), &[("APP-1.contradicted", json!(true))]);
    check_with(&excluded("iso42001:A.10.3", "activity_absent"), &[("APP-1.contradicted", json!(false))]);
    check_with(&excluded("iso42001:A.6.2.2", "role_absent"), &[("APP-1.contradicted", json!(true))]);
    let treated = |state: &str| {
        format!(
            "{}  TRT-1: {{at: 2026-02-02, by: PER-1, fields: {{title: Test, controls: [APP-1]}}, then: [{{at: 2026-02-02, by: PER-1, to: {state}}}]}}\n",
            excluded("iso42001:A.6.2.2", "no_risk")
        )
    };
    check_with(&treated("approved"), &[("APP-1.contradicted", json!(true))]);
    check_with(&treated("cancelled"), &[("APP-1.contradicted", json!(false))]);
    let long = "x".repeat(80);
    let same = |second: &str| {
        control("iso42001:A.6.2.2", &format!("decision: excluded, exclusion_reason: {long}"))
            + &format!(
                "  APP-2: {{at: 2026-02-01, by: PER-1, fields: {{control: 'iso42001:A.6.2.3', decision: excluded, exclusion_reason: '{second}'}}}}\n"
            )
    };
    check_with(&same("other"), &[("APP-1.boilerplate", json!(false)), ("APP-2.boilerplate", json!(true))]);
    check_with(&same(&format!("{} ", long.to_uppercase())), &[("APP-1.boilerplate", json!(true))]);
}

#[test]
fn an_applied_control_has_a_live_reason_covers_live_systems_and_operates_by_its_day() {
    let applied = |rest: &str| control("own:BACKUP", &format!("decision: applied, {rest}"));
    check_with(
        &applied("reasons: [{source: policy, record: SYS-1}], ai_systems: [SYS-1], due: 2026-06-29"),
        &[
            ("APP-1.reasonless", json!(false)),
            ("APP-1.systems_uncovered", json!(["SYS-2"])),
            ("APP-1.implementation", json!("none")),
            ("APP-1.late", json!(true)),
        ],
    );
    check_with(
        &applied("reasons: [{source: policy}], not_for: [{ai_system: SYS-2}], due: 2026-06-30"),
        &[("APP-1.reasonless", json!(true)), ("APP-1.systems_uncovered", json!([])), ("APP-1.late", json!(false))],
    );
    let carried = applied("carried_by: [SYS-1]");
    check_with(&carried, &[("APP-1.implementation", json!("documented"))]);
    let measured = |then: &str| {
        applied("carried_by: [SYS-1], measures: [MSR-1]")
            + &format!(
                "  MSR-1: {{at: 2026-01-06, by: PER-1, fields: {{title: Tries, max_gap: P30D}}}}
  MVA-1: {{at: 2026-06-01, by: PER-1, fields: {{measure: MSR-1, value: '1', covers_to: 2026-05-31T10:00:00Z}}{then}}}\n"
            )
    };
    check_with(&measured(""), &[("APP-1.implementation", json!("operating"))]);
    check_with(&measured("").replace("2026-05-31T", "2026-05-30T"), &[("APP-1.implementation", json!("documented"))]);
    check_with(&measured(", then: [{at: 2026-06-02, by: PER-1, to: analysed}]"), &[("APP-1.implementation", json!("proven"))]);
    check_with(
        &(measured(", then: [{at: 2026-06-02, by: PER-1, to: analysed}]") + "unbound: [MVA-1]"),
        &[("APP-1.implementation", json!("operating"))],
    );
}

#[test]
fn the_implementation_of_annex_a_is_that_of_its_checks() {
    let applicability = "add: {APP-90: {at: 2026-02-01, by: PER-1, fields: {control: 'iso42001:A.9.2', decision: applied}}}";
    check_on(Lives::base(), applicability, &[("APP-90.implementation", json!("proven"))]);
}

#[test]
fn a_control_is_decided_after_its_risks_and_assessments() {
    let after = control("iso42001:A.6.2.2", "decision: applied, decided_after: [RSK-1, IMP-1, SCP-1]")
        + "  RSK-1: {at: 2026-01-05, by: PER-1, fields: {title: Wrong}, then: [{at: 2026-01-05, by: PER-1, to: assessed}, {at: 2026-06-30, by: PER-1, to: decided}]}
  IMP-1: {at: 2026-01-05, by: PER-1, fields: {title: Triage}, then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-06-29, by: PER-1, to: approved}]}
";
    check_with(&after, &[("APP-1.decided_after_open", json!(["RSK-1"]))]);
}

const REVIEW: &str = "  MRV-1:
    at: 2026-01-10
    by: PER-1
    fields:
      title: First
      held_on: 2026-02-01
      decisions: [{code: D1, type: change, decision: new board, record: CHG-1}, {code: D2, type: none, reason: enough}, {code: D3, type: improvement, decision: train people}]
    then: [{at: 2026-01-10, by: PER-1, to: prepared}, {at: 2026-02-01, by: PER-1, to: held}, {at: 2026-03-04, by: PER-1, to: signed, approve: {by: PER-1, purpose: sign}}]
  CHG-1: {at: 2026-02-02, by: PER-1, fields: {title: Board}}
  MRV-2:
    at: 2026-06-01
    by: PER-1
    fields:
      title: Second
      planned_for: 2026-06-30
      covers_from: 2026-02-01
      covers_to: 2026-06-30
      previous_actions: [{review: MRV-1, decision_code: D1}]
      inputs:
        - {input: context, records: [ISS-1], conclusion: look at the market}
        - {input: audits, conclusion: none held}
        - {input: risks, records: [CHG-1], conclusion: fine}
      decisions: [{code: E1, type: change, decision: look at the context again}]
  ISS-1: {at: 2026-01-08, by: PER-1, fields: {title: Market, review_by: 2026-06-30}}
";

#[test]
fn a_review_looks_at_every_input_and_at_what_earlier_ones_decided() {
    check_with(
        REVIEW,
        &[
            ("MRV-1.open_decisions", json!(["D1", "D3"])),
            ("MRV-1.signed_late", json!(true)),
            ("MRV-2.signed_late", json!(false)),
            ("MRV-2.unlisted_decisions", json!([{"review": "MRV-1", "code": "D3"}])),
            (
                "MRV-2.missing_inputs",
                json!([
                    "previous_actions",
                    "context",
                    "interested_parties",
                    "nonconformities",
                    "measurements",
                    "audits",
                    "improvement"
                ]),
            ),
            (
                "MRV-2.inputs_open",
                json!(["previous_actions", "interested_parties", "nonconformities", "measurements", "improvement"]),
            ),
            ("MRV-2.undecided", json!(["audits", "risks"])),
        ],
    );
    check_with(&REVIEW.replace("at: 2026-03-04", "at: 2026-03-03"), &[("MRV-1.signed_late", json!(false))]);
    let written = REVIEW.to_owned() + "then: {ISS-1: [{at: 2026-02-01, by: PER-1, revise: {title: Markets}}]}";
    check_with(
        &written,
        &[(
            "MRV-2.missing_inputs",
            json!(["previous_actions", "interested_parties", "nonconformities", "measurements", "audits", "improvement"]),
        )],
    );
    let held = format!("{AUDIT}{REVIEW}");
    check_with(
        &held,
        &[(
            "MRV-2.inputs_open",
            json!(["previous_actions", "interested_parties", "nonconformities", "measurements", "audits", "improvement"]),
        )],
    );
}

#[test]
fn parties_are_heard_and_their_needs_met_by_what_lives() {
    let party = |heard: &str| {
        format!(
            "  PTY-1:
    at: 2026-02-01
    by: PER-1
    fields:
      name: Members
      needs: [{{code: N1, accepted: 'yes', met_by: [SYS-1]}}, {{code: N2, accepted: partly}}, {{code: N3, accepted: 'no'}}, {{code: N4, accepted: 'yes', met_by: [TRT-1]}}]
      listening: [{{channel: survey, every: P3M}}]
      heard: [{{on: {heard}, channel: survey}}]
    then: [{{at: 2026-02-01, by: PER-1, to: assessed, approve: {{by: PER-2, purpose: review}}}}]
  TRT-1: {{at: 2026-02-02, by: PER-1, fields: {{title: Test}}, then: [{{at: 2026-02-02, by: PER-1, to: cancelled}}]}}
  INC-1: {{at: 2026-05-01, by: PER-1, fields: {{title: Outage, detected_at: 2026-05-01T10:00:00Z, harm: [{{who: members, party: PTY-1}}]}}}}
"
        )
    };
    check_with(
        &party("2026-03-30"),
        &[
            ("PTY-1.unmet_needs", json!(["N2", "N4"])),
            ("PTY-1.listening_overdue", json!([])),
            ("PTY-1.signals", json!(["INC-1"])),
            ("PTY-1.last_reviewed", json!("2026-02-01T09:00:00.000Z")),
        ],
    );
    check_with(&party("2026-03-29"), &[("PTY-1.listening_overdue", json!(["survey"]))]);
}

#[test]
fn an_issue_is_stale_thirty_days_after_an_event_nobody_looked_at() {
    let issue = |noticed: &str| {
        format!(
            "  ISS-1: {{at: 2026-01-08, by: PER-1, fields: {{title: Market, review_by: 2026-06-30}}, then: [{{at: 2026-01-08, by: PER-1, to: assessed, approve: {{by: PER-2, purpose: review}}}}]}}
  OBL-1: {{at: 2026-02-01, by: PER-1, fields: {{title: Law, applies: 'yes', noticed_on: {noticed}}}, then: [{{at: 2026-02-01, by: PER-1, to: confirmed}}]}}
"
        )
    };
    check_with(
        &issue("2026-05-30"),
        &[("ISS-1.stale", json!(true)), ("ISS-1.traced", json!(false)), ("ISS-1.last_reviewed", json!("2026-01-08T09:00:00.000Z"))],
    );
    check_with(&issue("2026-05-31"), &[("ISS-1.stale", json!(false))]);
    check_with(&issue("2026-01-08"), &[("ISS-1.stale", json!(false))]);
    check_with(&issue("2026-05-31").replace("review_by: 2026-06-30", "review_by: 2026-06-29"), &[("ISS-1.stale", json!(true))]);
    let traced = ORGANISATION.replace("systems_in: [SYS-1, SYS-2]", "systems_in: [SYS-1, SYS-2], issues: [ISS-1]");
    check(&format!("{traced}{}", issue("2026-05-31")), &[("ISS-1.traced", json!(true))]);
}

#[test]
fn records_made_after_a_question_are_named() {
    let request = "  REQ-1: {at: 2026-03-02, by: PER-1, fields: {question: where, asked_at: 2026-03-02T10:00:00Z, records: [SYS-1, EVD-1], answered_at: 2026-03-03T11:30:00Z}}
  EVD-1: {at: 2026-03-03, by: PER-1, fields: {title: Proof}}
";
    check_with(request, &[("REQ-1.made_after_asking", json!(["EVD-1"])), ("REQ-1.answer_time", json!("PT25H30M"))]);
}
