//! Acceptances and approvals.

use serde_json::json;

use super::check;

/// A risk owner with power up to high, a system, a risk on it and an acceptance of what remains. The method lets the risk owner accept
/// moderate.
const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, top_management: true}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, top_management: false}, then: [{at: 2026-01-01, by: system, to: active}]}
  ROL-1:
    at: 2026-01-02
    by: PER-1
    fields:
      title: Risk owner
      key: risk_owner
      authority: [{decision: accept_risk, up_to_tier: high}]
      holders: [{person: PER-2, capacity: holder, from: 2026-02-01, to: 2026-06-30}]
    then: [{at: 2026-01-02, by: PER-1, to: approved, approve: PER-1}]
  MET-1:
    at: 2026-01-03
    by: PER-1
    fields: {title: Method, version: '1', acceptance_limit: low, levels: [{level: moderate, accepted_by: ROL-1, acceptance_max: P90D}], valid_from: 2026-01-03}
    then:
      - {at: 2026-01-03, by: PER-1, to: submitted}
      - {at: 2026-01-03, by: PER-1, to: approved, approve: PER-1}
  SYS-1: {at: 2026-01-04, by: PER-1, fields: {name: Triage, risk_tier: high}, then: [{at: 2026-01-04, by: PER-1, to: registered}]}
  RSK-1:
    at: 2026-01-05
    by: PER-1
    fields: {title: Wrong triage, type: threat, ai_systems: [SYS-1], method: MET-1, residual_likelihood: 2, residual_organisation: 2, residual_individuals: 3}
    then: [{at: 2026-01-05, by: PER-1, to: assessed}, {at: 2026-01-05, by: PER-1, to: decided}]
  ACC-1:
    at: 2026-02-01
    by: PER-1
    fields:
      title: What remains
      type: residual_risk
      subject: RSK-1
      level: moderate
      accepted_by: PER-2
      until: 2026-06-30
      accepted_scores: [{likelihood: 2, organisation: 2, individuals: 3, method: MET-1}]
      compensation: [{measure: second look, owner: PER-1, due: 2026-06-30}, {measure: training, due: 2026-06-29}, {measure: done, due: 2026-03-01, met_by: [RSK-1]}]
    then:
      - {at: 2026-02-01, by: PER-1, to: requested}
      - {at: 2026-02-02, by: PER-2, to: accepted, approve: {by: PER-2, purpose: accept}, set: {from: 2026-02-02}}
";

fn check_with(more: &str, expected: &[(&str, serde_json::Value)]) {
    check(&format!("{ORGANISATION}{more}"), expected);
}

#[test]
fn an_acceptance_holds_on_its_last_day_and_not_on_the_day_after() {
    check_with("", &[("ACC-1.in_force", json!(true)), ("ACC-1.ran_out", json!(false))]);
    let later = ORGANISATION.replace("today: 2026-06-30", "today: 2026-07-01");
    check(&later, &[("ACC-1.in_force", json!(false)), ("ACC-1.ran_out", json!(true))]);
    let earlier = ORGANISATION.replace("set: {from: 2026-02-02}", "set: {from: 2026-07-02}");
    check(&earlier, &[("ACC-1.in_force", json!(false))]);
}

#[test]
fn an_acceptance_whose_last_day_was_erased_cannot_be_judged() {
    check_with("erase: {ACC-1: [until]}", &[("ACC-1.in_force", json!("undecided")), ("ACC-1.worse", json!(false))]);
}

#[test]
fn an_acceptance_ends_when_its_risk_is_scored_higher_or_its_subject_is_gone() {
    let worse = "then: {RSK-1: [{at: 2026-05-01, by: PER-1, revise: {residual_society: 1}}]}";
    check_with(worse, &[("ACC-1.worse", json!(true)), ("ACC-1.in_force", json!(false))]);
    let better = "then: {RSK-1: [{at: 2026-05-01, by: PER-1, revise: {residual_individuals: 1}}]}";
    check_with(better, &[("ACC-1.worse", json!(false)), ("ACC-1.in_force", json!(true))]);
    check_with("then: {RSK-1: [{at: 2026-05-01, by: PER-1, aside: twice}]}", &[("ACC-1.in_force", json!(false))]);
}

#[test]
fn power_is_that_of_the_day_of_the_approval_up_to_the_tier_and_by_the_role_of_the_method() {
    check_with("", &[("ACC-1.with_power", json!(true))]);
    check_with("change: {SYS-1: {risk_tier: critical}}", &[("ACC-1.with_power", json!(false))]);
    check_with("change: {ACC-1: {accepted_by: PER-1}}", &[("ACC-1.with_power", json!(false))]);
    check_with("change: {ACC-1: {type: waiver}}", &[("ACC-1.with_power", json!(false))]);
    let late = ORGANISATION.replace("from: 2026-02-01, to", "from: 2026-02-03, to");
    check(&late, &[("ACC-1.with_power", json!(false))]);
    let last = ORGANISATION.replace("from: 2026-02-01, to: 2026-06-30", "from: 2026-02-01, to: 2026-02-02");
    check(&last, &[("ACC-1.with_power", json!(true))]);
    let other_system =
        ORGANISATION.replace("capacity: holder, from: 2026-02-01", "capacity: holder, units: CLAIMS, from: 2026-02-01");
    check(&other_system, &[("ACC-1.with_power", json!(false))]);
    let other_role = ORGANISATION
        .replace("level: moderate, accepted_by: ROL-1,", "level: moderate, accepted_by: ROL-2,")
        .replace("  MET-1:", "  ROL-2: {at: 2026-01-02, by: PER-1, fields: {title: Board, key: top_management}}\n  MET-1:");
    check(&other_role, &[("ACC-1.with_power", json!(false))]);
}

#[test]
fn renewals_are_counted_to_the_first_of_the_chain() {
    check_with("", &[("ACC-1.renewals", json!([{"links": 0, "days": 148}])), ("ACC-1.renewed_on", json!(null))]);
    let next = ORGANISATION.to_owned()
        + "  ACC-2:
    at: 2026-06-20
    by: PER-1
    fields: {title: Again, type: residual_risk, subject: RSK-1, renews: ACC-1, level: moderate}
    then:
      - {at: 2026-06-20, by: PER-1, to: requested}
      - {at: 2026-06-25, by: PER-2, to: accepted, set: {from: 2026-06-25}}
";
    check(
        &next,
        &[
            ("ACC-2.renewals", json!([{"links": 1, "days": 148}])),
            ("ACC-1.renewed_on", json!("2026-06-25")),
            ("ACC-1.ran_out", json!(false)),
            ("ACC-2.longest_until", json!("2026-09-23")),
        ],
    );
}

#[test]
fn a_compensation_is_late_the_day_after_it_was_due() {
    check_with("", &[("ACC-1.uncompensated", json!([{"measure": "training", "due": "2026-06-29"}]))]);
    check_with("erase: {ACC-1: [compensation]}", &[("ACC-1.uncompensated", json!("undecided"))]);
}

#[test]
fn the_share_counts_acceptances_per_ten_systems_in_scope() {
    let points = json!([{"on": "2026-03-30", "per_ten_systems": "10"}, {"on": "2026-06-30", "per_ten_systems": "10"}]);
    check_with("", &[("ACC-1.share", points)]);
}

#[test]
fn an_approval_is_current_until_a_covered_field_changes_or_its_last_day_passes() {
    check_with(
        "",
        &[("ACC-1/accept.current", json!(true)), ("ACC-1/accept.independent", json!(true)), ("ACC-1/accept.quorate", json!(null))],
    );
    let changed = "then: {ACC-1: [{at: 2026-05-01, by: PER-2, revise: {title: Other}}]}";
    check_with(changed, &[("ACC-1/accept.current", json!(false)), ("ACC-1/accept.independent", json!(true))]);
    let ended = ORGANISATION.replace("purpose: accept}", "purpose: accept, valid_until: 2026-06-29}");
    check(&ended, &[("ACC-1/accept.current", json!(false))]);
    let own = ORGANISATION.replace("  ACC-1:\n    at: 2026-02-01\n    by: PER-1", "  ACC-1:\n    at: 2026-02-01\n    by: PER-2");
    check(&own, &[("ACC-1/accept.independent", json!(false))]);
}

#[test]
fn votes_of_excluded_persons_and_of_outsiders_reach_no_quorum() {
    let committee = "
  COM-1:
    at: 2026-01-06
    by: PER-1
    fields: {title: Board, quorum: 2, members: [{person: PER-1, votes: true}, {person: PER-2, votes: true, to: 2026-03-01}, {person: PER-3, votes: false}]}
  PER-3: {at: 2026-01-01, by: system, fields: {name: Cleo}, then: [{at: 2026-01-01, by: system, to: active}]}
";
    let vote = |votes: &str| {
        let with = format!("purpose: accept, on_behalf_of: COM-1, votes: [{votes}]}}");
        ORGANISATION.replace("purpose: accept}", &with) + committee
    };
    let for_ = |person: u8| format!("{{person: PER-{person}, vote: for}}");
    check(&vote(&format!("{}, {}", for_(1), for_(2))), &[("ACC-1/accept.quorate", json!(true))]);
    check(&vote(&format!("{}, {}", for_(1), for_(3))), &[("ACC-1/accept.quorate", json!(false))]);
    check(&vote(&format!("{}, {{person: PER-2, vote: excluded}}", for_(1))), &[("ACC-1/accept.quorate", json!(false))]);
    check(&vote(&format!("{}, {}", for_(1), for_(1))), &[("ACC-1/accept.quorate", json!(false))]);
}
