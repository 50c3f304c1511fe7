//! Scopes, statements, stage reviews, rooms and user information.

use serde_json::json;

use vouch_record::time::parse_date;

use super::{check, shown};
use crate::check::cases::{Built, Fixed, Lives, build};
use crate::derived::value;
use crate::view::{Checkpoint, Visit};

const SCOPE: &str = "
today: 2026-06-30
add:
  ORG-1:
    at: 2026-01-01
    by: system
    fields: {name: Hallam, units: [{code: A, name: North}, {code: B, name: South}], sites: [{code: X}], legal_entities: [{name: Hallam Ltd}]}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, top_management: true}, then: [{at: 2026-01-01, by: system, to: active}]}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-1, risk_owner: PER-1, acquired: in_house, risk_tier: low, staffing: [{duty: test, people: [PER-1]}]}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  SYS-2: {at: 2026-01-04, by: PER-1, fields: {name: Chat, family: Bots}, then: [{at: 2026-01-04, by: PER-1, to: registered}]}
  SYS-3: {at: 2026-01-04, by: PER-1, fields: {name: Draft}}
  SCP-1:
    at: 2026-01-05
    by: PER-1
    fields:
      title: Scope
      version: '1'
      statement: The  triage of Hallam
      systems_in: [SYS-1]
      units: [{code: A, inside: true}]
      entities: [{name: Hallam Ltd, inside: true}]
      products: [{product: Desk, sold: true, uses_ai: true, inside: false}]
      exclusions: [{what: Past, requirement: 'iso42001:8.2'}, {what: Process, requirement: 'iso42001:A.5.2'}]
    then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-01-06, by: PER-2, to: approved, approve: PER-2, set: {valid_from: 2026-01-06}}]
";

#[test]
fn a_scope_shows_what_it_leaves_unplaced() {
    check(
        SCOPE,
        &[
            ("SCP-1.in_force", json!(true)),
            ("SCP-1.unplaced_systems", json!(["SYS-2"])),
            ("SCP-1.unplaced_units", json!(["South", "X"])),
            ("SCP-1.customer_gap", json!(["Desk"])),
            ("SCP-1.clause_exclusions", json!(["iso42001:8.2"])),
            ("SCP-1.differs_from_certificate", json!(false)),
            ("SCP-1.approved_at", json!("2026-01-06T09:00:00.000Z")),
        ],
    );
    check(
        &SCOPE.replace("      units: [{code: A", "      families: [{name: Bots}]\n      units: [{code: A"),
        &[("SCP-1.unplaced_systems", json!([]))],
    );
    check(&SCOPE.replace("set: {valid_from: 2026-01-06}", "set: {valid_from: 2026-07-01}"), &[("SCP-1.in_force", json!(false))]);
    let printed = |text: &str| {
        format!(
            "{SCOPE}  CRT-1: {{at: 2026-02-01, by: PER-1, fields: {{number: '1', scope_text: {text}, valid_from: 2026-02-01}}, then: [{{at: 2026-02-01, by: PER-1, to: issued}}]}}\n"
        )
    };
    check(
        &printed("the Triage of  hallam"),
        &[("SCP-1.differs_from_certificate", json!(false)), ("ORG-1.certified_scope", json!("the Triage of  hallam"))],
    );
    check(&printed("all of Hallam"), &[("SCP-1.differs_from_certificate", json!(true))]);
    check(&format!("{SCOPE}erase: {{SCP-1: [statement]}}"), &[("SCP-1.differs_from_certificate", json!("undecided"))]);
}

const STATEMENT: &str = "  APP-1:
    at: 2026-01-10
    by: PER-1
    fields: {control: 'iso42001:A.5.2', title: Process, origin: annex_a, decision: applied, reasons: [{why: Needed}], owner: PER-1}
    then: [{at: 2026-01-10, by: PER-1, to: submitted}, {at: 2026-01-11, by: PER-2, to: approved, approve: PER-2}]
  SOA-1:
    at: 2026-02-01
    by: PER-1
    fields: {title: Statement, version: '1', scope: SCP-1}
    then:
      - at: 2026-02-01
        by: PER-1
        to: frozen
        set:
          frozen_at: 2026-02-01T09:00:00Z
          rows: [{control: 'iso42001:A.5.2', applicability: APP-1, revision: 1, decision: applied, reason: Needed, implementation: none}]
          systems: [{ai_system: SYS-1, revision: 1, tier: low}]
      - {at: 2026-02-02, by: PER-2, to: approved, approve: {by: PER-2, purpose: sign}, set: {valid_from: 2026-02-02}}
";

#[test]
fn a_statement_is_older_than_what_changed_since_it_was_frozen() {
    let statement = format!("{SCOPE}{STATEMENT}");
    check(
        &statement,
        &[
            ("SOA-1.in_force", json!(true)),
            ("SOA-1.complete", json!(false)),
            ("SOA-1.freezable", json!(false)),
            ("SOA-1.older_than", json!([])),
            ("SOA-1.drift", json!([])),
            ("SOA-1.rows_true", json!(true)),
            ("SOA-1.systems_now", json!([{"ai_system": "SYS-1", "revision": 1, "tier": "low", "stage": "concept"}])),
        ],
    );
    let risen = statement.replace(
        "to: registered}]\n  SYS-2",
        "to: registered}, {at: 2026-03-01, by: PER-1, revise: {risk_tier: high}, state: registered}]\n  SYS-2",
    );
    check(&risen, &[("SOA-1.older_than", json!(["SYS-1"]))]);
    let changed = statement.replace("to: approved, approve: PER-2}]\n  SOA-1", "to: approved, approve: PER-2}, {at: 2026-03-01, by: PER-1, revise: {reasons: [{why: Asked}]}, state: draft}, {at: 2026-03-02, by: PER-1, to: submitted}, {at: 2026-03-03, by: PER-2, to: approved, approve: PER-2}]\n  SOA-1");
    let drift = json!([{"control": "iso42001:A.5.2", "before": "applied: Needed", "now": "applied: Asked"}]);
    check(&changed, &[("SOA-1.older_than", json!(["APP-1"])), ("SOA-1.drift", drift)]);
    let fell = statement.replace("implementation: none", "implementation: proven");
    let drift = json!([{"control": "iso42001:A.5.2", "before": "proven", "now": "none"}]);
    check(&fell, &[("SOA-1.drift", drift), ("SOA-1.rows_true", json!(false))]);
    let next = format!(
        "{statement}  SOA-2: {{at: 2026-05-01, by: PER-1, fields: {{title: Statement, version: '2', scope: SCP-1, replaces: SOA-1}}}}\n"
    );
    check(&next, &[("SOA-2.differences_now", json!([])), ("SOA-2.rows_true", json!(true)), ("SOA-2.older_than", json!([]))]);
    let next = next.replace("implementation: none", "implementation: documented");
    let row = json!([{"control": "iso42001:A.5.2", "before": "applied: Needed (documented)", "now": "applied: Needed (none)", "because": "APP-1"}]);
    check(&next, &[("SOA-2.differences_now", row)]);
}

const REVIEW: &str = "  SPC-1: {at: 2026-02-01, by: PER-2, fields: {title: Triage, ai_system: SYS-1}}
  STG-1:
    at: 2026-03-01
    by: PER-1
    fields:
      ai_system: SYS-1
      gate: requirements
      to_stage: design_development
      chair: PER-2
      decision: pass_with_conditions
      items: [{need: G-REQ-1, result: fulfilled}, {need: G-REQ-2, subject: SPC-1, subject_revision: 1, result: fulfilled}, {need: G-REQ-4, result: deviation}]
      deviations: [{need: G-REQ-4, acceptance: ACC-1}]
      conditions: [{condition: Screen, due: 2026-06-29}]
    then: [{at: 2026-03-01, by: PER-2, to: held, set: {held_on: 2026-03-01T10:00:00Z}}, {at: 2026-03-02, by: PER-2, to: decided}]
  ACC-1:
    at: 2026-02-20
    by: PER-1
    fields: {title: Later, type: gate, subject: STG-1, accepted_by: PER-1, until: 2026-06-30}
    then: [{at: 2026-02-20, by: PER-1, to: requested}, {at: 2026-02-21, by: PER-1, to: accepted, set: {from: 2026-02-21}}]
";

#[test]
fn a_review_passes_with_every_need_seen_and_every_deviation_let_pass() {
    let review = format!("{SCOPE}{REVIEW}");
    let needs = ["G-REQ-1", "G-REQ-2", "G-REQ-3", "G-REQ-4"];
    let titles = ["Registered with owner and tier", "Approved specification", "Not a ruled-out use", "Impact screened"];
    let rows: Vec<_> = needs.into_iter().zip(titles).map(|(need, title)| json!({"need": need, "title": title})).collect();
    check(
        &review,
        &[
            ("STG-1.gate_needs", json!(rows)),
            ("STG-1.needs_without_item", json!(["G-REQ-3"])),
            ("STG-1.unwaived", json!([])),
            ("STG-1.conditions_overdue", json!(["Screen"])),
            ("STG-1.passed", json!(false)),
            ("STG-1.involved", json!(["PER-1"])),
            ("STG-1.reviewed_authors", json!(["PER-2"])),
            ("STG-1.stage_entered_without_review", json!(false)),
        ],
    );
    check(&review.replace("due: 2026-06-29", "due: 2026-06-30"), &[("STG-1.passed", json!(true))]);
    check(&review.replace("until: 2026-06-30", "until: 2026-06-29"), &[("STG-1.unwaived", json!(["G-REQ-4"]))]);
    check(&review.replace("accepted_by: PER-1", "accepted_by: PER-2"), &[("STG-1.unwaived", json!(["G-REQ-4"]))]);
    let critical = review.replace("risk_tier: low", "risk_tier: critical");
    check(&critical, &[("STG-1.unwaived", json!(["G-REQ-4"]))]);
    check(&critical.replace("to: accepted, set", "approve: PER-2, to: accepted, set"), &[("STG-1.unwaived", json!([]))]);
    check(
        &review.replace("{need: G-REQ-1, result: fulfilled}", "{need: G-REQ-1, result: missing}"),
        &[("STG-1.unwaived", json!(["G-REQ-1"]))],
    );
    check(
        &review.replace("decision: pass_with_conditions", "decision: return"),
        &[("STG-1.unwaived", json!([])), ("STG-1.passed", json!(false))],
    );
    let entered = |day: &str| {
        review.replace(
            "acquired: in_house",
            &format!("acquired: in_house, stages: [{{stage: design_development, entered_on: {day}}}]"),
        )
    };
    check(&entered("2026-03-01"), &[("STG-1.stage_entered_without_review", json!(true))]);
    check(&entered("2026-03-02"), &[("STG-1.stage_entered_without_review", json!(false))]);
}

#[test]
fn a_room_shows_overrides_of_its_systems_and_period() {
    let room = |from: &str, systems: &str| {
        format!(
            "{SCOPE}  RSK-1: {{at: 2026-03-01, by: PER-2, fields: {{title: R, ai_systems: [SYS-1]}}, then: [{{at: 2026-03-02, by: PER-2, approve: {{by: PER-2, purpose: accept, override: own_work}}, to: assessed}}]}}
  ROM-1: {{at: 2026-06-01, by: PER-1, fields: {{title: R, as_of: live, window_from: {from}, requirements: ['iso42001:10.1'], ai_systems: [{systems}]}}}}
"
        )
    };
    let shown = &[
        ("ROM-1.overrides_shown", json!(["RSK-1/accept"])),
        ("ROM-1.visits", json!([])),
        ("ROM-1.latest_checkpoint", json!(null)),
    ];
    check(&room("2026-03-02", "SYS-1"), shown);
    check(&room("2026-03-03", "SYS-1"), &[("ROM-1.overrides_shown", json!([]))]);
    check(&room("2026-03-02", "SYS-2"), &[("ROM-1.overrides_shown", json!([]))]);
}

#[test]
fn a_room_knows_the_latest_checkpoint_of_its_day_and_what_guests_opened_until_then() {
    let room = |number: u8| format!("  ROM-{number}: {{at: 2026-06-01, by: PER-1, fields: {{title: R{number}, as_of: live}}}}\n");
    let fixed = Fixed::load();
    let mut built = build(&Lives::none().with(&format!("{SCOPE}{}{}", room(1), room(2))).unwrap(), &fixed.kinds).unwrap();
    let visit = |room: &str, guest: &str, at: &str| Visit {
        room: room.parse().unwrap(),
        guest: guest.to_owned(),
        opened: "RSK-1".to_owned(),
        at: at.parse().unwrap(),
    };
    built.bound.visits = vec![
        visit("ROM-1", "Gus", "2026-06-02T10:00:00Z"),
        visit("ROM-2", "Una", "2026-06-02T11:00:00Z"),
        visit("ROM-1", "Eve", "2026-06-20T10:00:00Z"),
    ]
    .into();
    let size = built.state.size();
    built.bound.checkpoint = Some(Checkpoint { size, text: "signed".into() });
    let ask = |built: &Built, day: &str, what: &str| {
        let view = built.view(fixed, parse_date(day).unwrap());
        let room = view.find("ROM-1".parse().unwrap()).unwrap();
        shown(&value(room, what).unwrap(), built)
    };
    assert_eq!(ask(&built, "2026-06-10", "latest_checkpoint"), json!("signed"));
    let row = json!([{"guest": "Gus", "opened": "RSK-1", "at": "2026-06-02T10:00:00.000Z"}]);
    assert_eq!(ask(&built, "2026-06-10", "visits"), row);
    built.bound.checkpoint = Some(Checkpoint { size: size + 1, text: "signed".into() });
    assert_eq!(ask(&built, "2026-06-10", "latest_checkpoint"), json!("undecided"), "it was signed after that day");
}

#[test]
fn a_text_misses_topics_by_reader_and_tier_and_is_late_until_everybody_has_it() {
    let text = |tier: &str, fields: &str| {
        format!(
            "{SCOPE}  PTY-1: {{at: 2026-01-09, by: PER-1, fields: {{name: Users}}}}
  PTY-2: {{at: 2026-01-09, by: PER-1, fields: {{name: Court}}}}
  OBL-1: {{at: 2026-01-10, by: PER-1, fields: {{title: Tell, recipients: [PTY-1, PTY-2]}}}}
  INF-1: {{at: 2026-02-01, by: PER-1, fields: {{title: T, ai_system: SYS-1, system_version: '1', covers: [ai_involved, purpose], obligations: [OBL-1], {fields}}}}}
"
        )
        .replace("risk_tier: low", &format!("risk_tier: {tier}"))
    };
    check(
        &text("low", "audience: public"),
        &[("INF-1.missing_topics", json!(["contact"])), ("INF-1.late", json!(false)), ("INF-1.version_gap", json!(false))],
    );
    check(&text("low", "audience: affected_person"), &[("INF-1.missing_topics", json!(["contact", "report_harm"]))]);
    check(
        &text("high", "audience: affected_person"),
        &[("INF-1.missing_topics", json!(["limits", "oversight", "data", "contact", "report_harm", "appeal"]))],
    );
    check(
        &text("low", "audience: internal_reviewer, purpose: system_card"),
        &[("INF-1.missing_topics", json!(["limits", "performance", "data", "resources", "updates", "contact"]))],
    );
    let half = "audience: public, due_on: 2026-06-29, delivered: [{to: PTY-1, at: 2026-06-01}]";
    check(&text("low", half), &[("INF-1.late", json!(true))]);
    check(&text("low", &half.replace("2026-06-29", "2026-06-30")), &[("INF-1.late", json!(false))]);
    check(
        &text("low", &half.replace("at: 2026-06-01}", "at: 2026-06-01}, {to: PTY-2, at: 2026-06-30}")),
        &[("INF-1.late", json!(false))],
    );
    let release = |version: &str| {
        format!("{}  REL-1: {{at: 2026-03-01, by: PER-1, fields: {{title: R, ai_system: SYS-1, version: '{version}', setting: production}}, then: [{{at: 2026-03-01, by: PER-1, to: deployed, set: {{deployed_at: 2026-03-01T09:00:00Z}}}}]}}
  TST-1: {{at: 2026-03-02, by: PER-1, fields: {{title: T, ai_system: SYS-1, system_version: '1', limits: Slow at night}}, then: [{{at: 2026-03-02, by: PER-2, to: approved}}, {{at: 2026-03-02, by: PER-1, to: run}}, {{at: 2026-03-03, by: PER-2, to: reviewed}}]}}
", text("low", "audience: public"))
    };
    check(&release("1"), &[("INF-1.version_gap", json!(false)), ("INF-1.limits_not_told", json!(["TST-1"]))]);
    check(&release("2"), &[("INF-1.version_gap", json!(true)), ("INF-1.limits_not_told", json!([]))]);
}
