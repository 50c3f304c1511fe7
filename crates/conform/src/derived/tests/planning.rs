//! Objectives, meetings, milestones, nonconformities, obligations and tasks.

use serde_json::json;

use super::check;

const PEOPLE: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
";

const OBJECTIVE: &str = "  MSR-1: {at: 2026-01-05, by: PER-1, fields: {title: Accuracy, max_gap: P60D}}
  OBJ-1:
    at: 2026-01-05
    by: PER-1
    fields: {title: Better, form: value, measure: MSR-1, comparator: at_least, baseline: '0', baseline_on: 2026-01-01, target: '100', off_track_by: '5', owner: PER-1, due: 2026-12-31}
    then: [{at: 2026-01-05, by: PER-1, to: submitted}, {at: 2026-01-06, by: PER-2, to: approved, approve: PER-2, set: {valid_from: 2026-01-06}}]
  MVA-1: {at: 2026-05-02, by: PER-1, fields: {measure: MSR-1, covers_to: 2026-05-01T00:00:00Z, value: '20', taken_at: 2026-05-02T00:00:00Z}}
";

#[test]
fn an_objective_is_off_track_when_it_is_too_far_from_its_line() {
    let plan = format!("{PEOPLE}{OBJECTIVE}");
    // 120 of 364 days: 33 on the line.
    check(
        &plan,
        &[
            ("OBJ-1.in_force", json!(true)),
            ("OBJ-1.off_track", json!(true)),
            ("OBJ-1.unanswered", json!(true)),
            ("OBJ-1.reached", json!(false)),
        ],
    );
    check(&plan.replace("value: '20'", "value: '28'"), &[("OBJ-1.off_track", json!(false)), ("OBJ-1.unanswered", json!(false))]);
    check(&plan.replace("value: '20'", "value: '27.9'"), &[("OBJ-1.off_track", json!(true))]);
    check(
        &plan.replace("target: '100',", "target: '100', path: [{on: 2026-05-01, value: '24'}],"),
        &[("OBJ-1.off_track", json!(false))],
    );
    check(
        &plan.replace("due: 2026-12-31", "due: 2026-12-31, reactions: [{on: 2026-05-01, what: more_effort}]"),
        &[("OBJ-1.unanswered", json!(false))],
    );
    check(
        &plan.replace("today: 2026-06-30", "today: 2026-05-31"),
        &[("OBJ-1.off_track", json!(true)), ("OBJ-1.unanswered", json!(false))],
    );
    check(&plan.replace("value: '20'", "value: '100'"), &[("OBJ-1.reached", json!(true))]);
    check(&plan.replace("today: 2026-06-30", "today: 2027-01-01"), &[("OBJ-1.in_force", json!(false))]);
    check(
        &plan
            .replace("value: '20'", "value: '30'")
            .replace("owner: PER-1, due", "owner: PER-1, plan: [{step: Train, due: 2026-06-29}], due"),
        &[("OBJ-1.off_track", json!(true))],
    );
    check(
        &plan
            .replace("value: '20'", "value: '30'")
            .replace("owner: PER-1, due", "owner: PER-1, plan: [{step: Train, due: 2026-06-30}], due"),
        &[("OBJ-1.off_track", json!(false))],
    );
}

#[test]
fn what_cannot_fail_is_an_activity() {
    let plan = format!("{PEOPLE}{OBJECTIVE}");
    check(&plan, &[("OBJ-1.activity_only", json!(false)), ("OBJ-1.moved", json!([]))]);
    check(&plan.replace("target: '100'", "target: '0'"), &[("OBJ-1.activity_only", json!(true))]);
    let condition = |text: &str| {
        plan.replace("form: value", &format!("form: condition, condition: {text}, plan: [{{step: Train all of the staff}}]"))
    };
    check(&condition("Train all of the staff."), &[("OBJ-1.activity_only", json!(true))]);
    check(&condition("Training held"), &[("OBJ-1.activity_only", json!(true))]);
    check(&condition("Every member of staff has passed the course"), &[("OBJ-1.activity_only", json!(false))]);
    let moved = plan.replace(
        "set: {valid_from: 2026-01-06}}]",
        "set: {valid_from: 2026-01-06}}, {at: 2026-03-01, by: PER-1, revise: {due: 2027-06-30}, state: draft}]",
    );
    check(&moved, &[("OBJ-1.moved", json!([{"revision": 2, "field": "due"}]))]);
    let approved = moved.replace(
        "state: draft}]",
        "state: draft}, {at: 2026-03-02, by: PER-1, to: submitted}, {at: 2026-03-03, by: PER-2, to: approved, approve: PER-2}]",
    );
    check(&approved, &[("OBJ-1.moved", json!([{"revision": 2, "field": "due", "approval": "OBJ-1/approve#2"}]))]);
}

const MEETING: &str = "  COM-1:
    at: 2026-01-02
    by: PER-1
    fields: {title: Board, quorum: 2, members: [{person: PER-1, votes: true}, {person: PER-2, votes: true, to: 2026-06-10}, {person: PER-3, votes: false}]}
    then: [{at: 2026-01-02, by: PER-2, to: approved}]
  PER-3: {at: 2026-01-01, by: system, fields: {name: Cem}, then: [{at: 2026-01-01, by: system, to: active}]}
  TSK-1: {at: 2026-06-10, by: PER-1, fields: {title: Write, due: 2026-06-29, origin: MTG-1}}
  CHG-1: {at: 2026-06-01, by: PER-1, fields: {title: C}}
  MTG-1:
    at: 2026-06-01
    by: PER-1
    fields:
      title: June
      committee: COM-1
      held_from: 2026-06-10T08:00:00Z
      held_to: 2026-06-10T10:00:00Z
      attendees: [{person: PER-1, present: true, votes: true}, {person: PER-2, present: true, votes: true}, {person: PER-3, present: true}]
      decisions: [{code: D1, type: noted}, {code: D2, type: approved, record: CHG-1, due: 2026-06-29}]
";

#[test]
fn a_meeting_counts_votes_decisions_and_what_became_of_them() {
    let held = format!("{PEOPLE}{MEETING}");
    check(
        &held,
        &[
            ("MTG-1.quorum", json!([{"present": 2, "needed": 2, "reached": true}])),
            ("MTG-1.real_decisions", json!(["D2"])),
            ("MTG-1.late_minutes", json!(20)),
            ("MTG-1.tasks_overdue", json!([{"task": "TSK-1", "due": "2026-06-29"}, {"decision": "D2", "due": "2026-06-29"}])),
            ("MTG-1.conflicts", json!([{"decision": "D2", "person": "PER-1"}])),
        ],
    );
    check(
        &held.replace("to: 2026-06-10}", "to: 2026-06-09}"),
        &[("MTG-1.quorum", json!([{"present": 1, "needed": 2, "reached": false}]))],
    );
    check(&held.replace("due: 2026-06-29}]", "due: 2026-06-29, withdrew: [PER-1]}]"), &[("MTG-1.conflicts", json!([]))]);
    let signed = format!(
        "{held}    then: [{{at: 2026-06-12, by: PER-2, to: held}}, {{at: 2026-06-14, by: PER-2, approve: {{by: PER-2, purpose: sign}}, to: signed}}]\n"
    );
    check(&signed, &[("MTG-1.late_minutes", json!(4))]);
}

#[test]
fn a_task_is_overdue_after_its_day_and_counts_how_often_it_was_put_off() {
    let task = |due: &str| {
        format!(
            "{PEOPLE}  TSK-1: {{at: 2026-06-01, by: PER-1, fields: {{title: T, due: 2026-06-10}}, then: [{{at: 2026-06-02, by: PER-1, revise: {{due: 2026-06-20}}}}, {{at: 2026-06-03, by: PER-1, revise: {{due: {due}}}}}]}}\n"
        )
    };
    check(&task("2026-06-29"), &[("TSK-1.overdue", json!(true)), ("TSK-1.postponed", json!(2))]);
    check(&task("2026-06-30"), &[("TSK-1.overdue", json!(false))]);
    check(&task("2026-06-05"), &[("TSK-1.postponed", json!(1))]);
}

#[test]
fn milestones_slip_wait_for_one_another_and_want_proof() {
    let one = |id: u8, more: &str| {
        format!(
            "  MIL-{id}: {{at: 2026-01-0{id}, by: PER-1, fields: {{title: M{id}, first_planned_on: 2026-06-20, planned_on: 2026-07-10{more}}}}}\n"
        )
    };
    let plan = format!(
        "{PEOPLE}{}{}{}{}",
        one(1, ""),
        one(2, ", depends_on: [MIL-1]"),
        one(3, ", proof: [PER-1, TSK-1]"),
        one(4, ", depends_on: [MIL-2, MIL-3]")
    );
    let plan = format!("{plan}  TSK-1: {{at: 2026-06-01, by: PER-1, fields: {{title: T}}}}\n");
    check(
        &plan,
        &[
            ("MIL-1.slip", json!(20)),
            ("MIL-4.critical_path", json!(["MIL-1", "MIL-2", "MIL-4"])),
            ("MIL-3.proof_open", json!(["TSK-1"])),
            ("MIL-1.first_plan", json!(null)),
        ],
    );
    check(&plan.replace("today: 2026-06-30", "today: 2026-07-20"), &[("MIL-1.slip", json!(30))]);
    let audit = format!("{plan}  AUD-1: {{at: 2026-06-01, by: PER-1, fields: {{title: A, planned_from: 2026-07-09}}}}\n");
    check(&audit, &[("MIL-4.critical_path", json!([]))]);
    let circle = plan.replace(
        "first_planned_on: 2026-06-20, planned_on: 2026-07-10}}\n  MIL-2",
        "first_planned_on: 2026-06-20, planned_on: 2026-07-10, depends_on: [MIL-4]}}\n  MIL-2",
    );
    check(&circle, &[("MIL-1.critical_path", json!(["MIL-2", "MIL-4", "MIL-1"]))]);
}

#[test]
fn a_nonconformity_has_its_age_its_delays_and_its_forerunners() {
    let one = |id: u8, raised: &str| {
        format!("  NCR-{id}:
    at: {raised}
    by: PER-1
    fields: {{title: N{id}, raised_at: {raised}, requirements: ['iso42001:8.2'], cause_category: method, correction_due: 2026-06-20, action_due: 2026-06-25}}
")
    };
    let closed = "    then: [{at: 2026-06-11, by: PER-1, to: contained}, {at: 2026-06-11, by: PER-1, to: analysed}, {at: 2026-06-12, by: PER-1, to: acting}, {at: 2026-06-12, by: PER-1, to: verifying}, {at: 2026-06-13, by: PER-2, to: closed}]\n";
    let now = one(2, "2026-06-20");
    let both = |raised: &str| format!("{PEOPLE}{}{closed}{now}", one(1, raised));
    check(
        &both("2024-06-20"),
        &[("NCR-2.age", json!([{"days": 10, "correction_late": 10, "action_late": 5}])), ("NCR-2.recurrence", json!(["NCR-1"]))],
    );
    check(
        &both("2024-06-19"),
        &[("NCR-2.recurrence", json!([])), ("NCR-1.age", json!([{"days": 724, "correction_late": 0, "action_late": 0}]))],
    );
    let cured = both("2024-06-20").replace("title: N2,", "title: N2, corrections: [{what: x, at: 2026-06-22}],");
    let cured =
        format!("{cured}  CAR-1: {{at: 2026-06-21, by: PER-1, fields: {{title: C, nonconformity: NCR-2, done_at: 2026-06-25}}}}\n");
    check(&cured, &[("NCR-2.age", json!([{"days": 10, "correction_late": 2, "action_late": 0}]))]);
}

#[test]
fn a_duty_has_deadlines_until_somebody_was_told() {
    let duty = |fields: &str| {
        format!("{PEOPLE}  SYS-1: {{at: 2026-01-04, by: PER-1, fields: {{name: Triage, ai_roles: [user], risk_tier: high}}, then: [{{at: 2026-05-01T10:00:00Z, by: PER-1, to: registered}}]}}
  OBL-1: {{at: 2026-01-10, by: PER-1, fields: {{title: Tell, applies: 'yes', {fields}}}, then: [{{at: 2026-01-11, by: PER-1, to: confirmed}}]}}
")
    };
    let once = duty("rhythm: once, due_on: 2026-06-30");
    check(
        &once,
        &[
            ("OBL-1.due", json!([{"trigger": "OBL-1", "due": "2026-06-30T23:59:59.999Z"}])),
            ("OBL-1.holds_for", json!(["SYS-1"])),
            ("OBL-1.unmet", json!(true)),
        ],
    );
    let told = format!(
        "{once}  INF-1: {{at: 2026-06-01, by: PER-1, fields: {{title: Text, obligations: [OBL-1], delivered: [{{at: 2026-06-02}}]}}}}\n"
    );
    check(&told, &[("OBL-1.due", json!([]))]);
    check(&told.replace("rhythm: once", "rhythm: periodic, every: P1M"), &[("OBL-1.due", json!([]))]);
    check(
        &told
            .replace("rhythm: once", "rhythm: periodic, every: P1M")
            .replace("delivered: [{at: 2026-06-02}]", "delivered: [{at: 2026-05-29}]"),
        &[("OBL-1.due", json!([{"trigger": "OBL-1", "due": "2026-06-30T23:59:59.999Z"}]))],
    );
    let event = duty(
        "rhythm: event, triggers: [new_system, serious_incident], answer_within: P15D, clock_from: aware, ai_roles: [user], risk_tiers: [high]",
    );
    check(&event, &[("OBL-1.due", json!([{"trigger": "SYS-1", "due": "2026-05-16T10:00:00.000Z"}]))]);
    check(&event.replace("risk_tiers: [high]", "risk_tiers: [low]"), &[("OBL-1.due", json!([])), ("OBL-1.holds_for", json!([]))]);
    let incident = |told: &str| {
        format!(
            "{}  INC-1: {{at: 2026-06-01, by: PER-1, fields: {{title: Harm, ai_systems: [SYS-1], severity: serious, detected_at: 2026-06-01T00:00:00Z, aware_at: 2026-06-02T00:00:00Z, notifications: [{{obligation: OBL-1{told}}}]}}}}\n",
            event.replace("new_system, ", "")
        )
    };
    check(&incident(""), &[("OBL-1.due", json!([{"trigger": "INC-1", "due": "2026-06-17T00:00:00.000Z"}]))]);
    check(&incident(", sent_at: 2026-06-20T00:00:00Z"), &[("OBL-1.due", json!([]))]);
}
