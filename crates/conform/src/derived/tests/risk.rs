//! Risk methods, risks and treatments.

use serde_json::json;

use super::check;

const METHOD: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, top_management: true}, then: [{at: 2026-01-01, by: system, to: active}]}
  ROL-1:
    at: 2026-01-01
    by: system
    fields: {title: Director, key: risk_owner, holders: [{person: PER-1}]}
    then: [{at: 2026-01-01, by: system, to: approved}]
  MET-1:
    at: 2026-01-02
    by: PER-1
    fields:
      title: Method
      version: '1'
      likelihood_scale: [{level: 1, per_year_low: '0', per_year_high: '0.5'}, {level: 2, per_year_low: '0.5', per_year_high: '4'}]
      consequence_scale:
        - {side: organisation, level: 1}
        - {side: organisation, level: 2}
        - {side: individuals, level: 1}
        - {side: individuals, level: 2}
        - {side: society, level: 1}
        - {side: society, level: 2}
      combine: highest
      matrix:
        - {likelihood: 1, consequence: 1, level: low}
        - {likelihood: 1, consequence: 2, level: moderate}
        - {likelihood: 2, consequence: 1, level: moderate}
        - {likelihood: 2, consequence: 2, level: high}
      levels: [{level: high, accepted_by: ROL-1}]
      acceptance_limit: low
      quantify_from: high
      interval: P1Y
      assess_within: P30D
      triggers: [serious_incident]
      second_score_tolerance: 0
      people_scale_from_impact: [{severity: 2, consequence: 1}, {severity: 4, consequence: 2}]
      valid_from: 2026-01-03
    then: [{at: 2026-01-02, by: PER-1, to: submitted}, {at: 2026-01-03, by: PER-2, to: approved, approve: PER-2}]
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-1, risk_owner: PER-1, risk_tier: high}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  RSK-1:
    at: 2026-02-01
    by: PER-1
    fields:
      title: Wrong triage
      type: threat
      ai_systems: [SYS-1]
      owner: PER-1
      method: MET-1
      assessed_by: [PER-1]
      assessed_on: 2026-02-01
      inherent_likelihood: 2
      inherent_organisation: 1
      inherent_individuals: 2
      inherent_society: 1
      residual_likelihood: 2
      residual_organisation: 1
      residual_individuals: 2
      residual_society: 1
      review_by: 2026-12-31
    then: [{at: 2026-02-02, by: PER-1, to: assessed}]
";

#[test]
fn levels_come_from_the_matrix_of_the_method_of_the_scores() {
    check(
        METHOD,
        &[("RSK-1.inherent_level", json!("high")), ("RSK-1.residual_level", json!("high")), ("RSK-1.ranges_needed", json!(true))],
    );
    let lower = METHOD.replace("residual_individuals: 2", "residual_individuals: 1");
    check(
        &lower,
        &[
            ("RSK-1.residual_level", json!("moderate")),
            ("RSK-1.ranges_needed", json!(false)),
            ("RSK-1.people_hidden", json!(false)),
        ],
    );
    let weighted = METHOD.replace("combine: highest", "combine: weighted\n      weights: [{side: organisation, weight: '1'}, {side: individuals, weight: '0'}, {side: society, weight: '1'}]");
    check(&weighted, &[("RSK-1.residual_level", json!("moderate")), ("RSK-1.people_hidden", json!(true))]);
    check(
        &format!("{METHOD}erase: {{RSK-1: [residual_society]}}"),
        &[("RSK-1.residual_level", json!("undecided")), ("RSK-1.inherent_level", json!("high"))],
    );
    check(
        &METHOD.replace("      residual_society: 1\n", ""),
        &[("RSK-1.residual_level", json!(null)), ("RSK-1.answered", json!(false))],
    );
}

#[test]
fn a_method_is_complete_with_one_row_for_each_pair_and_monotone_when_more_is_never_less() {
    check(METHOD, &[("MET-1.complete", json!(true)), ("MET-1.monotone", json!(true)), ("MET-1.in_force", json!(true))]);
    check(&METHOD.replace("        - {likelihood: 2, consequence: 1, level: moderate}\n", ""), &[("MET-1.complete", json!(false))]);
    check(&METHOD.replace("        - {side: society, level: 2}\n", ""), &[("MET-1.complete", json!(false))]);
    let twice = METHOD.replace(
        "{likelihood: 2, consequence: 2, level: high}",
        "{likelihood: 2, consequence: 2, level: high}\n        - {likelihood: 2, consequence: 2, level: high}",
    );
    check(&twice, &[("MET-1.complete", json!(false)), ("MET-1.monotone", json!(true))]);
    check(
        &METHOD.replace("{likelihood: 2, consequence: 2, level: high}", "{likelihood: 2, consequence: 2, level: low}"),
        &[("MET-1.monotone", json!(false))],
    );
}

#[test]
fn a_threat_above_the_limit_is_answered_by_a_treatment_in_time_or_an_acceptance() {
    check(METHOD, &[("RSK-1.answered", json!(false)), ("RSK-1.treatments", json!([]))]);
    let treatment = |due: &str| {
        format!(
            "{METHOD}  TRT-1:
    at: 2026-02-03
    by: PER-1
    fields: {{title: Second reader, risks: [RSK-1], due: {due}}}
    then: [{{at: 2026-02-04, by: PER-1, to: approved}}]
"
        )
    };
    check(
        &treatment("2026-05-31"),
        &[("RSK-1.answered", json!(true)), ("TRT-1.overdue", json!(true)), ("RSK-1.treatments", json!(["TRT-1"]))],
    );
    check(&treatment("2026-05-30"), &[("RSK-1.answered", json!(false))]);
    check(&treatment("2026-06-30"), &[("TRT-1.overdue", json!(false)), ("TRT-1.level_acceptors", json!(["PER-1"]))]);
    let done = treatment("2026-04-30").replace("PER-1, to: approved}]\n", "PER-1, to: approved}, {at: 2026-04-01, by: PER-1, to: doing}, {at: 2026-04-30, by: PER-1, to: done, set: {done_at: 2026-04-30}}]\n");
    let judged_after = |length: &str| done.replace("due: 2026-04-30}", &format!("due: 2026-04-30, judge_after: {length}}}"));
    check(&judged_after("P31D"), &[("RSK-1.answered", json!(true)), ("TRT-1.overdue", json!(false))]);
    check(&judged_after("P30D"), &[("RSK-1.answered", json!(false)), ("TRT-1.overdue", json!(true))]);
    let until = |until: &str| {
        format!(
            "{METHOD}  ACC-1:
    at: 2026-02-03
    by: PER-1
    fields:
      title: Rest
      type: residual_risk
      subject: RSK-1
      level: high
      until: {until}
      accepted_scores: [{{likelihood: 2, organisation: 1, individuals: 2, society: 1, method: MET-1}}]
    then: [{{at: 2026-02-03, by: PER-1, to: requested}}, {{at: 2026-02-04, by: PER-1, to: accepted, set: {{from: 2026-02-04}}}}]
"
        )
    };
    check(
        &until("2026-06-30"),
        &[("RSK-1.answered", json!(true)), ("RSK-1.acceptance", json!([{"acceptance": "ACC-1", "same_scores": true}]))],
    );
    check(&until("2026-06-29"), &[("RSK-1.answered", json!(false)), ("RSK-1.acceptance", json!([]))]);
}

#[test]
fn a_risk_that_came_down_must_be_decided_or_freshly_scored() {
    let down = |scored: &str, then: &str| {
        let step = format!(
            "{{at: 2026-02-02, by: PER-1, to: assessed}}, {{at: {scored}, by: PER-1, revise: {{residual_likelihood: 1, residual_individuals: 1, assessed_on: {scored}}}}}{then}]"
        );
        METHOD.replace("{at: 2026-02-02, by: PER-1, to: assessed}]", &step)
    };
    check(&down("2026-05-31", ""), &[("RSK-1.residual_level", json!("low")), ("RSK-1.answered", json!(true))]);
    check(&down("2026-05-30", ""), &[("RSK-1.answered", json!(false))]);
    check(&down("2026-05-30", ", {at: 2026-06-01, by: PER-1, to: decided}"), &[("RSK-1.answered", json!(true))]);
}

#[test]
fn credit_for_controls_wants_proof_in_date() {
    let shown = |until: &str| {
        let risk = METHOD.replace(
            "      residual_likelihood: 2\n",
            "      residual_likelihood: 1\n      controls_now: [{effect: likelihood, shown_by: [TST-1]}]\n",
        );
        format!(
            "{risk}  TST-1:
    at: 2026-01-20
    by: PER-2
    fields: {{title: Reader, ai_system: SYS-1, valid_until: {until}}}
    then: [{{at: 2026-01-20, by: PER-2, to: approved}}, {{at: 2026-01-20, by: PER-2, to: run}}, {{at: 2026-01-21, by: PER-1, to: reviewed}}]
"
        )
    };
    check(&shown("2026-06-30"), &[("RSK-1.residual_level", json!("moderate")), ("RSK-1.control_credit", json!(1))]);
    check(&shown("2026-06-29"), &[("RSK-1.control_credit", json!(0))]);
    check(METHOD, &[("RSK-1.control_credit", json!(0))]);
}

#[test]
fn a_risk_is_overdue_after_its_review_or_when_a_trigger_was_not_followed() {
    check(METHOD, &[("RSK-1.overdue", json!(false))]);
    check(&METHOD.replace("review_by: 2026-12-31", "review_by: 2026-06-30"), &[("RSK-1.overdue", json!(false))]);
    check(&METHOD.replace("review_by: 2026-12-31", "review_by: 2026-06-29"), &[("RSK-1.overdue", json!(true))]);
    let incident = |day: &str| {
        format!(
            "{METHOD}  INC-1: {{at: {day}, by: PER-1, fields: {{title: Harm, ai_systems: [SYS-1], severity: serious, detected_at: '{day}T08:00:00Z', risks: [RSK-1]}}, then: [{{at: {day}, by: PER-1, to: triaged}}]}}\n"
        )
    };
    check(&incident("2026-05-31"), &[("RSK-1.overdue", json!(false))]);
    check(
        &incident("2026-05-30"),
        &[("RSK-1.overdue", json!(true)), ("RSK-1.happened", json!([{"year": 2026, "n": 1, "low": "0.5", "high": "4"}]))],
    );
    check(&incident("2026-01-30"), &[("RSK-1.overdue", json!(false))]);
}

#[test]
fn nobody_scores_a_risk_alone_without_leave() {
    check(METHOD, &[("RSK-1.owner_alone", json!(true))]);
    check(&METHOD.replace("assessed_by: [PER-1]", "assessed_by: [PER-1, PER-2]"), &[("RSK-1.owner_alone", json!(false))]);
    check(&METHOD.replace("      assessed_by: [PER-1]\n", ""), &[("RSK-1.owner_alone", json!(false))]);
    let leave = "  ACC-1: {at: 2026-02-03, by: PER-1, fields: {title: Alone, type: own_work, subject: ORG-1, until: 2026-07-31}, then: [{at: 2026-02-03, by: PER-1, to: requested}, {at: 2026-02-04, by: PER-2, to: accepted, set: {from: 2026-02-04}}]}\n";
    check(&format!("{METHOD}{leave}"), &[("RSK-1.owner_alone", json!(false))]);
}

const APPROVED: &str = ", {at: 2026-02-03, by: PER-2, to: approved}";

#[test]
fn harm_to_people_sets_a_floor() {
    let assessed = |severity: u8, state: &str| {
        format!(
            "{METHOD}  IMP-1:
    at: 2026-02-01
    by: PER-1
    fields: {{title: Triage, ai_system: SYS-1, impacts: [{{code: I1, side: harm, severity: {severity}, risk: RSK-1}}, {{code: I2, side: benefit, severity: 5, risk: RSK-1}}]}}
    then: [{{at: 2026-02-02, by: PER-1, to: submitted}}{state}]
"
        )
    };
    check(&assessed(3, APPROVED), &[("RSK-1.floor_from_impact", json!(1)), ("RSK-1.impact_assessments", json!(["IMP-1"]))]);
    check(&assessed(4, APPROVED), &[("RSK-1.floor_from_impact", json!(2))]);
    check(&assessed(1, APPROVED), &[("RSK-1.floor_from_impact", json!(null))]);
    check(&assessed(4, ""), &[("RSK-1.floor_from_impact", json!(null))]);
}

#[test]
fn second_scores_of_the_last_year_are_compared_side_by_side() {
    let second = |on: &str| {
        METHOD.replace("      review_by: 2026-12-31", &format!("      review_by: 2026-12-31\n      second_scores: [{{person: PER-2, on: {on}, likelihood: 2, organisation: 2, individuals: 2, society: 1}}]"))
    };
    let row = |side: &str, share: &str| json!({"side": side, "share": share, "n": 1});
    let rows = json!([row("likelihood", "1"), row("organisation", "0"), row("individuals", "1"), row("society", "1")]);
    check(&second("2026-02-10"), &[("MET-1.agreement", rows)]);
    check(&second("2025-06-29"), &[("MET-1.agreement", json!([]))]);
}

#[test]
fn a_new_version_asks_for_the_scores_of_the_old_one_again() {
    let next = format!(
        "{METHOD}  MET-2:
    at: 2026-05-01
    by: PER-1
    fields: {{title: Method, version: '2', replaces: MET-1, interval: P6M, valid_from: 2026-06-01}}
    then: [{{at: 2026-05-01, by: PER-1, to: submitted}}, {{at: 2026-05-02, by: PER-2, to: approved, approve: PER-2}}]
"
    );
    let old = json!([{"risk": "RSK-1", "days": 29, "due": "2026-12-01"}]);
    check(
        &next,
        &[
            ("MET-2.scored_with_old", old),
            ("MET-1.in_force", json!(false)),
            ("MET-2.in_force", json!(true)),
            ("MET-1.scored_with_old", json!([])),
        ],
    );
    check(
        &next.replace("today: 2026-06-30", "today: 2026-05-31"),
        &[("MET-2.scored_with_old", json!([])), ("MET-1.in_force", json!(true))],
    );
}

#[test]
fn the_expected_loss_rises_with_the_percentile_and_wants_both_ranges_in_one_currency() {
    let ranges = |high: &str, currency: &str| {
        METHOD.replace(
            "      review_by: 2026-12-31",
            &format!(
                "      frequency: [{{low: '1', likely: '2', high: '{high}'}}]
      loss: [{{low: {{amount: '1000', currency: EUR}}, likely: {{amount: '2000', currency: EUR}}, high: {{amount: '3000', currency: {currency}}}}}]
      review_by: 2026-12-31"
            ),
        )
    };
    let fixed = crate::check::cases::Fixed::load();
    let lives = crate::check::cases::Lives::none().with(&ranges("3", "EUR")).unwrap();
    let built = crate::check::cases::build(&lives, &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let risk = view.all("risk").next().unwrap();
    let losses = crate::derived::risk::expected_loss(risk);
    assert_eq!(losses.iter().map(|row| row.percentile).collect::<Vec<_>>(), [50, 90, 99]);
    assert!(losses.windows(2).all(|pair| pair[0].amount < pair[1].amount), "{losses:?}");
    let median: f64 = losses[0].amount.to_string().parse().unwrap();
    assert!((3_000.0..4_500.0).contains(&median), "two losses of 2,000 a year: {median}");
    assert_eq!(losses, crate::derived::risk::expected_loss(risk));
    check(&ranges("3", "USD"), &[("RSK-1.expected_loss", json!([]))]);
    check(&ranges("1", "EUR"), &[("RSK-1.expected_loss", json!([]))]);
    check(METHOD, &[("RSK-1.expected_loss", json!([]))]);
}
