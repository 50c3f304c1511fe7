//! Impact assessments.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  MET-1: {at: 2026-01-02, by: PER-1, fields: {title: Method, version: '1', impact_act_from: 3}}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-1, risk_tier: moderate}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  REL-1:
    at: 2026-02-01
    by: PER-2
    fields: {title: R1, ai_system: SYS-1, version: '1', changes: [CHG-1]}
    then: [{at: 2026-04-01, by: PER-2, to: deployed, set: {deployed_at: 2026-04-01T10:00:00Z}}]
  CHG-1:
    at: 2026-02-01
    by: PER-2
    fields: {title: Weights, ai_systems: [SYS-1], answers: [{question: model, answer: unclear}, {question: people, answer: 'no'}]}
    then:
      - {at: 2026-02-01, by: PER-2, to: submitted}
      - {at: 2026-02-02, by: PER-1, to: approved, approve: PER-1}
      - {at: 2026-03-01, by: PER-2, to: implemented, set: {implemented_on: 2026-03-01}}
  IMP-1:
    at: 2026-03-02
    by: PER-1
    fields:
      title: Triage
      ai_system: SYS-1
      depth: standard
      method: MET-1
      system_version: '1'
      assessors: [PER-1]
      conclusion: go
      again_when: [significant_change, serious_incident]
      review_by: 2026-04-01
      groups: [{code: G1, vulnerable: partly}, {code: G2, vulnerable: 'no'}]
      consultations: [{group: G1, how: none}]
      impacts:
        - {code: I1, group: G1, side: harm, severity: 3, dimension: fairness}
        - {code: I2, group: G9, side: harm, severity: 2, dimension: privacy}
        - {code: I3, side: benefit, severity: 5}
      measures: [{code: M1, impact: I1, due: 2026-06-29}, {code: M2, impact: I7, due: 2026-06-30, before_use: true}, {code: M3, met_by: [REL-1]}]
      contributors: [{name: Lea, view: legal}, {name: Dov, view: domain}, {name: Lou, view: legal}]
    then: [{at: 2026-03-02, by: PER-1, to: submitted}, {at: 2026-03-03, by: PER-2, to: approved, approve: {by: PER-2, purpose: sign}}]
";

#[test]
fn the_latest_approved_assessment_is_in_force_until_its_review_is_ninety_days_late() {
    check(ORGANISATION, &[("IMP-1.in_force", json!(true)), ("SYS-1.assessment_in_force", json!("IMP-1"))]);
    check(
        &ORGANISATION.replace("today: 2026-06-30", "today: 2026-07-01"),
        &[("IMP-1.in_force", json!(false)), ("SYS-1.assessment_in_force", json!(null))],
    );
    check(&ORGANISATION.replace("conclusion: go", "conclusion: change_first"), &[("IMP-1.in_force", json!(false))]);
    check(&format!("{ORGANISATION}erase: {{IMP-1: [conclusion]}}"), &[("IMP-1.in_force", json!("undecided"))]);
    let later = |depth: &str, conclusion: &str| {
        format!(
            "{ORGANISATION}  IMP-2:
    at: 2026-05-01
    by: PER-1
    fields: {{title: Again, ai_system: SYS-1, also_covers: [], depth: {depth}, conclusion: {conclusion}, review_by: 2027-01-01}}
    then: [{{at: 2026-05-01, by: PER-1, to: submitted}}, {{at: 2026-05-02, by: PER-2, to: approved}}]
"
        )
    };
    check(
        &later("standard", "go"),
        &[("IMP-1.in_force", json!(false)), ("IMP-2.in_force", json!(true)), ("SYS-1.assessment_in_force", json!("IMP-2"))],
    );
    check(
        &later("screening", "stop"),
        &[("IMP-1.in_force", json!(false)), ("IMP-2.in_force", json!(false)), ("SYS-1.assessment_in_force", json!(null))],
    );
}

#[test]
fn the_tier_and_the_screening_set_the_depth() {
    check(ORGANISATION, &[("IMP-1.depth_due", json!("standard")), ("IMP-1.too_shallow", json!(false))]);
    check(
        &ORGANISATION.replace("risk_tier: moderate", "risk_tier: high"),
        &[("IMP-1.depth_due", json!("full")), ("IMP-1.too_shallow", json!(true))],
    );
    let low = ORGANISATION.replace("risk_tier: moderate", "risk_tier: low");
    check(&low, &[("IMP-1.depth_due", json!("screening"))]);
    let asked = low.replace("depth: standard", "depth: screening\n      screening: [{question: rights, answer: unclear}]");
    check(&asked, &[("IMP-1.depth_due", json!("standard")), ("IMP-1.too_shallow", json!(true))]);
}

#[test]
fn an_assessment_is_stale_after_its_review_day_an_event_or_a_significant_release() {
    let current = ORGANISATION.replace("review_by: 2026-04-01", "review_by: 2026-06-30");
    check(&current, &[("IMP-1.stale", json!(false))]);
    check(&current.replace("review_by: 2026-06-30", "review_by: 2026-06-29"), &[("IMP-1.stale", json!(true))]);
    check(&current.replace("implemented_on: 2026-03-01", "implemented_on: 2026-03-04"), &[("IMP-1.stale", json!(true))]);
    let confirmed = current
        .replace("implemented_on: 2026-03-01", "implemented_on: 2026-03-04")
        .replace("      contributors", "      confirmations: [{on: 2026-03-05, by: PER-2, because: CHG-1}]\n      contributors");
    check(&confirmed, &[("IMP-1.stale", json!(false))]);
    check(&current.replace("system_version: '1'", "system_version: '0'"), &[("IMP-1.stale", json!(true))]);
    check(
        &current.replace("system_version: '1'", "system_version: '0'").replace("answer: unclear", "answer: 'no'"),
        &[("IMP-1.stale", json!(false))],
    );
}

#[test]
fn a_weighty_harm_wants_a_measure_a_risk_or_an_accepted_reason() {
    check(ORGANISATION, &[("IMP-1.unanswered_harms", json!([]))]);
    let open = ORGANISATION.replace("{code: M1, impact: I1, due: 2026-06-29}, ", "");
    check(&open, &[("IMP-1.unanswered_harms", json!(["I1"]))]);
    let left = open
        .replace("      contributors", "      left_because: [{impact: I1, reason: rare, acceptance: ACC-1}]\n      contributors");
    let acceptance = |until: &str| {
        format!(
            "  ACC-1:
    at: 2026-03-01
    by: PER-1
    fields: {{title: Harm, type: waiver, subject: SYS-1, until: {until}}}
    then: [{{at: 2026-03-01, by: PER-1, to: requested}}, {{at: 2026-03-01, by: PER-2, to: accepted, set: {{from: 2026-03-01}}}}]
"
        )
    };
    check(&format!("{left}{}", acceptance("2026-06-30")), &[("IMP-1.unanswered_harms", json!([]))]);
    check(&format!("{left}{}", acceptance("2026-06-29")), &[("IMP-1.unanswered_harms", json!(["I1"]))]);
    check(&open.replace("impact_act_from: 3", "impact_act_from: 4"), &[("IMP-1.unanswered_harms", json!([]))]);
}

#[test]
fn a_measure_wanted_before_use_is_overdue_once_the_system_is_used() {
    check(ORGANISATION, &[("IMP-1.measures_overdue", json!(["M1", "M2"]))]);
    check(
        &ORGANISATION.replace(", to: deployed, set: {deployed_at: 2026-04-01T10:00:00Z}", ", to: abandoned"),
        &[("IMP-1.measures_overdue", json!(["M1"]))],
    );
}

#[test]
fn what_an_assessment_leaves_open_is_named() {
    check(
        ORGANISATION,
        &[
            ("IMP-1.missing", json!(["without_ai", "misuse", "society", "weighing", "watch"])),
            ("IMP-1.views", json!(["domain", "legal"])),
            ("IMP-1.unconsulted", json!(["G1"])),
            ("IMP-1.loose_codes", json!(["G9", "I7", "M3"])),
            ("IMP-1.owner_alone", json!(true)),
            ("IMP-1.society_open", json!(["environment", "economy", "public_life", "health_safety", "culture", "communities"])),
        ],
    );
    check(&ORGANISATION.replace("how: none", "how: hearing"), &[("IMP-1.unconsulted", json!([]))]);
    check(&ORGANISATION.replace("assessors: [PER-1]", "assessors: [PER-1, PER-2]"), &[("IMP-1.owner_alone", json!(false))]);
    let told = ORGANISATION
        .replace("depth: standard", "depth: screening\n      facts: [{about: purpose, record: SYS-1}, {about: description}]");
    check(&told, &[("IMP-1.facts_missing", json!(["description"]))]);
}

#[test]
fn effects_are_counted_beside_the_harms_foreseen() {
    let happened = format!(
        "{ORGANISATION}  INC-1: {{at: 2026-05-01, by: PER-1, fields: {{title: Bias, ai_systems: [SYS-1], types: [biased_outcome, drift], exercise: false, detected_at: 2026-05-01T10:00:00Z}}}}
  INC-2: {{at: 2026-05-01, by: PER-1, fields: {{title: Drill, ai_systems: [SYS-1], types: [biased_outcome], exercise: true, detected_at: 2026-05-01T10:00:00Z}}}}
  CON-1: {{at: 2026-05-01, by: system, fields: {{ai_systems: [SYS-1], test: false, received_at: 2025-06-29T10:00:00Z, category: privacy}}}}
  CON-2: {{at: 2026-05-01, by: system, fields: {{ai_systems: [SYS-1], test: false, received_at: 2025-06-30T10:00:00Z, category: other}}}}
"
    );
    let rows = json!([
        {"dimension": "fairness", "seen": 1, "foreseen": 1},
        {"dimension": "other", "seen": 1, "foreseen": 0},
        {"dimension": "privacy", "seen": 0, "foreseen": 1},
        {"dimension": "reliability", "seen": 1, "foreseen": 0}
    ]);
    check(&happened, &[("IMP-1.effects_seen", rows)]);
}

#[test]
fn a_proposal_is_asked_in_its_head_and_everybody_else_reads_the_one_in_force() {
    use vouch_record::condition::{Condition, Scopes, Truth};

    use crate::check::cases::{Fixed, Lives, build};
    use crate::view::Asker;

    let deeper =
        format!("{ORGANISATION}then: {{IMP-1: [{{at: 2026-06-01, by: PER-1, revise: {{depth: screening}}, state: draft}}]}}");
    let fixed = Fixed::load();
    let built = build(&Lives::none().with(&deeper).unwrap(), &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let entry = view.all("impact-assessment").next().unwrap();
    let shallow =
        Condition::parse("too_shallow and depth = screening", &Scopes { kinds: &fixed.kinds, kind: entry.kind() }).unwrap();
    assert_eq!(shallow.holds(entry.id(), &Asker::new(&view, None)), Truth::No);
    assert_eq!(shallow.holds(entry.id(), &Asker::new(&view, None).of_head(entry.id())), Truth::Yes);
}
