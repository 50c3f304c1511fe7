//! Changes, committees, incidents, concerns, communications, commitments and actions.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC, window: P6M}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, top_management: true}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben}, then: [{at: 2026-01-01, by: system, to: active}]}
  PTY-1: {at: 2026-01-01, by: PER-1, fields: {name: Members}}
  PTY-2: {at: 2026-01-01, by: PER-1, fields: {name: Authority}}
  SYS-1:
    at: 2026-01-04
    by: PER-1
    fields: {name: Triage, owner: PER-2, risk_owner: PER-1, risk_tier: high}
    then: [{at: 2026-01-04, by: PER-1, to: registered}]
  SCP-1:
    at: 2026-01-05
    by: PER-2
    fields: {title: Scope, version: '1', systems_in: [SYS-1], valid_from: 2026-01-05}
    then: [{at: 2026-01-05, by: PER-2, to: submitted}, {at: 2026-01-05, by: PER-1, to: approved, approve: PER-1}]
";

fn check_with(records: &str, expected: &[(&str, serde_json::Value)]) {
    check(&format!("{ORGANISATION}{records}"), expected);
}

const PLANNED: &str = "  CHG-1:
    at: 2026-03-01
    by: PER-1
    fields:
      title: Weights
      what: [model]
      origin: planned
      ai_systems: [SYS-1]
      answers: [{question: model, answer: unclear}, {question: people, answer: 'no'}]
      follow: [{record: SYS-1, needed: update, due: 2026-06-29}, {record: SCP-1, needed: confirm, due: 2026-06-30}, {record: SYS-1, needed: update, due: 2026-12-31, done_revision: 1, done_on: 2026-01-04}]
    then:
      - {at: 2026-03-01, by: PER-1, to: submitted}
      - {at: 2026-03-10, by: PER-2, to: approved, approve: PER-2}
      - {at: 2026-03-20, by: PER-1, to: implemented, set: {implemented_on: 2026-03-10, effect_due: 2026-06-29}}
";

#[test]
fn a_change_is_decided_before_it_takes_effect_and_goes_live() {
    let release = |day: &str| {
        format!(
            "{PLANNED}  REL-1:
    at: 2026-03-02
    by: PER-1
    fields: {{title: R1, ai_system: SYS-1, version: '1', changes: [CHG-1]}}
    then: [{{at: 2026-03-20, by: PER-1, to: deployed, set: {{deployed_at: {day}T00:00:00Z}}}}]
"
        )
    };
    check_with(
        PLANNED,
        &[
            ("CHG-1.significant", json!(true)),
            ("CHG-1.aims_change", json!(false)),
            ("CHG-1.decided_on", json!("2026-03-10")),
            ("CHG-1.before_the_fact", json!(true)),
            ("CHG-1.effect_overdue", json!(true)),
            ("CHG-1.unregularised", json!(false)),
            ("CHG-1.risk_owners_asked", json!(["PER-1"])),
            ("CHG-1.unanswered", json!(["purpose", "data", "autonomy", "place", "law", "commitment", "limits", "aims_core"])),
        ],
    );
    check_with(&release("2026-03-10"), &[("CHG-1.before_the_fact", json!(true)), ("CHG-1.releases", json!(["REL-1"]))]);
    check_with(&release("2026-03-09"), &[("CHG-1.before_the_fact", json!(false))]);
    check_with(
        &PLANNED.replace("implemented_on: 2026-03-10", "implemented_on: 2026-03-09"),
        &[("CHG-1.before_the_fact", json!(false))],
    );
    check_with(&PLANNED.replace("effect_due: 2026-06-29", "effect_due: 2026-06-30"), &[("CHG-1.effect_overdue", json!(false))]);
    check_with(&PLANNED.replace("answer: unclear", "answer: 'no'"), &[("CHG-1.significant", json!(false))]);
    check_with(&format!("{PLANNED}erase: {{CHG-1: [answers]}}"), &[("CHG-1.significant", json!("undecided"))]);
}

#[test]
fn a_record_follows_a_change_when_it_is_done_in_time_and_after_the_decision() {
    check_with(
        PLANNED,
        &[("CHG-1.follow_open", json!([{"record": "SYS-1", "due": "2026-06-29"}, {"record": "SYS-1", "due": "2026-12-31"}]))],
    );
}

#[test]
fn a_change_found_is_regularised_by_each_owner_within_ten_days() {
    let found = |approve: &str, by: &str| {
        format!(
            "  CHG-1:
    at: 2026-05-01
    by: PER-1
    fields: {{title: Found, what: [model], origin: found, found_on: 2026-05-01, ai_systems: [SYS-1]}}
    then:
      - {{at: 2026-05-01, by: PER-1, to: implemented, set: {{implemented_on: 2026-05-01}}}}
      - {{at: {approve}, by: {by}, approve: {by}}}
"
        )
    };
    check_with(
        &found("2026-05-11", "PER-2"),
        &[("CHG-1.unregularised", json!(false)), ("CHG-1.unplanned_review_due", json!(true))],
    );
    check_with(&found("2026-05-12", "PER-2"), &[("CHG-1.unregularised", json!(true))]);
    check_with(&found("2026-05-11", "PER-1"), &[("CHG-1.unregularised", json!(true))]);
    check_with(
        &found("2026-05-11", "PER-2").replace("what: [model]", "what: [aims_scope]"),
        &[("CHG-1.unregularised", json!(true)), ("CHG-1.aims_change", json!(true))],
    );
    check_with(&found("2026-05-11", "PER-1").replace(", ai_systems: [SYS-1]", ""), &[("CHG-1.unregularised", json!(false))]);
    let now = ORGANISATION.replace("today: 2026-06-30", "today: 2026-05-31");
    check(&format!("{now}{}", found("2026-05-12", "PER-2")), &[("CHG-1.unplanned_review_due", json!(false))]);
    check(
        &format!("{ORGANISATION}{}", found("2026-05-12", "PER-2")).replace("today: 2026-06-30", "today: 2026-05-11"),
        &[("CHG-1.unregularised", json!(false))],
    );
}

#[test]
fn a_committee_meets_at_its_rhythm_with_a_quorum_and_several_views() {
    let committee = |day: &str| {
        format!(
            "  COM-1:
    at: 2026-01-06
    by: PER-1
    fields:
      title: Board
      quorum: 2
      meets_every: P2M
      members: [{{person: PER-1, votes: true, speaks_for: risk}}, {{person: PER-2, votes: true, speaks_for: legal, to: 2026-04-30}}, {{person: PER-2, votes: true, speaks_for: legal, from: 2026-06-01}}]
    then: [{{at: 2026-01-06, by: PER-1, to: approved, approve: PER-1}}]
  MTG-1:
    at: 2026-02-01
    by: PER-1
    fields: {{title: One, committee: COM-1, attendees: [{{person: PER-1, present: true}}, {{person: PER-2, present: true}}]}}
    then: [{{at: {day}, by: PER-1, to: held, set: {{held_from: {day}T10:00:00Z}}}}]
"
        )
    };
    // Two months and thirty days after 6 January are 89 days: 5 April.
    check_with(
        &committee("2026-04-05"),
        &[("COM-1.meetings_missed", json!([])), ("COM-1.without_quorum", json!([])), ("COM-1.single_view", json!(true))],
    );
    check_with(&committee("2026-04-06"), &[("COM-1.meetings_missed", json!([{"from": "2026-01-06", "to": "2026-04-06"}]))]);
    check_with(
        &committee("2026-05-15"),
        &[
            ("COM-1.without_quorum", json!(["MTG-1"])),
            ("COM-1.meetings_missed", json!([{"from": "2026-01-06", "to": "2026-05-15"}])),
        ],
    );
}

#[test]
fn clocks_run_from_the_moment_a_duty_names() {
    let incident = "  OBL-1:
    at: 2026-01-06
    by: PER-1
    fields: {title: Tell, ai_systems: [SYS-1], applies: 'yes', triggers: [serious_incident], answer_within: PT72H, clock_from: aware, recipients: [PTY-2]}
    then: [{at: 2026-01-06, by: PER-1, to: confirmed, approve: PER-2}]
  INC-1:
    at: 2026-06-28
    by: PER-1
    fields:
      title: Outage
      ai_systems: [SYS-1]
      types: [drift]
      severity: serious
      exercise: false
      occurred_from: 2026-06-28T08:00:00Z
      detected_at: 2026-06-29T10:00:00Z
      aware_at: 2026-06-29T12:00:00Z
      detected_by: customer
      notifications:
        - {recipient: PTY-1, due_at: 2026-06-30T10:00:00Z}
        - {recipient: PTY-1, due_at: 2026-06-30T10:00:00Z, sent_at: 2026-06-30T11:00:00Z}
        - {recipient: PTY-1, due_at: 2026-06-30T10:00:00Z, not_needed_because: nobody hurt}
        - {recipient: PTY-1, obligation: OBL-1}
    then: [{at: 2026-06-29, by: PER-1, to: triaged}, {at: 2026-06-30, by: PER-1, to: contained, set: {contained_at: 2026-06-29T10:30:00Z}}]
";
    let clock = |due: &str, overdue: bool| json!({"recipient": "PTY-1", "due_at": due, "overdue": overdue});
    let due = "2026-06-30T10:00:00.000Z";
    let running = json!({"recipient": "PTY-1", "due_at": "2026-07-02T12:00:00.000Z", "left": "PT36H", "overdue": false});
    check_with(
        incident,
        &[
            ("INC-1.clocks", json!([clock(due, true), clock(due, true), clock(due, false), running])),
            ("INC-1.time_to_detect", json!("PT26H")),
            ("INC-1.time_to_contain", json!("PT30M")),
            ("INC-1.recipients_missing", json!(["PTY-2"])),
            ("INC-1.monitoring_missed", json!(false)),
        ],
    );
    check_with(&incident.replace("severity: serious", "severity: moderate"), &[("INC-1.recipients_missing", json!([]))]);
    let watched = "  MON-1:
    at: 2026-01-06
    by: PER-2
    fields: {ai_system: SYS-1, metrics: [{code: d, category: drift}]}
    then: [{at: 2026-01-06, by: PER-2, to: approved, approve: PER-1}, {at: 2026-01-07, by: system, to: in_force}]
";
    check_with(&format!("{incident}{watched}"), &[("INC-1.monitoring_missed", json!(true))]);
    check_with(
        &format!("{}{watched}", incident.replace("detected_by: customer", "detected_by: monitoring")),
        &[("INC-1.monitoring_missed", json!(false))],
    );
    check_with(
        &format!("{}{watched}", incident.replace("exercise: false", "exercise: true")),
        &[("INC-1.monitoring_missed", json!(false))],
    );
    check_with(&format!("{incident}erase: {{INC-1: [detected_at]}}"), &[("INC-1.time_to_detect", json!("undecided"))]);
}

#[test]
fn a_concern_is_late_after_the_seventh_day_or_the_time_told() {
    let concern = |told: &str| {
        format!("  CON-1: {{at: 2026-06-23, by: system, fields: {{received_at: 2026-06-23T01:00:00Z, test: false{told}}}}}\n")
    };
    check_with(&concern(""), &[("CON-1.late", json!(false)), ("CON-1.time_to_acknowledge", json!(null))]);
    check(
        &format!("{ORGANISATION}{}", concern("")).replace("today: 2026-06-30", "today: 2026-07-01"),
        &[("CON-1.late", json!(true))],
    );
    check_with(
        &concern(", acknowledged_at: 2026-06-23T02:30:00Z, answer_due: 2026-06-30T00:00:00Z"),
        &[("CON-1.late", json!(true)), ("CON-1.time_to_acknowledge", json!("PT1H30M"))],
    );
    check_with(
        &concern(", acknowledged_at: 2026-06-23T02:00:00Z, answer_due: 2026-06-30T00:00:00Z, answered_at: 2026-06-30T00:00:00Z"),
        &[("CON-1.late", json!(false)), ("CON-1.time_to_answer", json!("PT167H"))],
    );
    let seen = format!("{}then: {{CON-1: [{{at: 2026-06-24, by: PER-2, approve: {{by: PER-2, purpose: review}}}}]}}", concern(""));
    check_with(&seen, &[("CON-1.seen_by", json!(["PER-2"]))]);
}

const RULE: &str = "  ROL-1: {at: 2026-01-02, by: PER-1, fields: {title: Voice, key: communications_lead}}
  CMN-1:
    at: 2026-01-06
    by: PER-1
    fields:
      title: Releases
      form: rule
      side: external
      trigger: event
      event: release
      within: P5D
      channel: email
      speaker: ROL-1
      content_points: [{code: what, point: what changes}, {code: when, point: from when}]
      review_by: 2026-06-30
    then: [{at: 2026-01-06, by: PER-1, to: approved, approve: PER-2}]
  REL-1:
    at: 2026-03-02
    by: PER-1
    fields: {title: R1, ai_system: SYS-1, version: '1'}
    then: [{at: 2026-03-20, by: PER-1, to: deployed, set: {deployed_at: 2026-03-20T10:00:00Z}}]
";

fn message(sent: &str) -> String {
    format!(
        "  CMN-2:
    at: 2026-03-21
    by: PER-1
    fields: {{title: Told, form: message, rule: CMN-1, about: [REL-1], channel: email, speaker: ROL-1, content_points: [{{code: what}}], claims: [{{claim: safer, shown_by: [REL-1]}}, {{claim: fairer}}]}}
    then: [{{at: 2026-03-21, by: PER-1, to: approved}}, {{at: 2026-03-26, by: PER-1, to: sent, set: {{sent_at: {sent}}}}}]
"
    )
}

#[test]
fn a_rule_wants_a_message_for_each_event_within_its_time() {
    let owed = |message: Option<&str>| {
        let mut row = json!({"event": "release", "record": "REL-1", "on": "2026-03-20"});
        message.into_iter().for_each(|message| row["message"] = json!(message));
        json!([row])
    };
    check_with(RULE, &[("CMN-1.in_force", json!(true)), ("CMN-1.owed", owed(None))]);
    check(&format!("{ORGANISATION}{RULE}").replace("today: 2026-06-30", "today: 2026-03-24"), &[("CMN-1.owed", json!([]))]);
    let told = format!("{RULE}{}", message("2026-03-25T10:00:00Z"));
    check_with(
        &told,
        &[
            ("CMN-1.owed", owed(Some("CMN-2"))),
            ("CMN-2.late", json!(false)),
            ("CMN-2.latest_time", json!("2026-03-25T10:00:00.000Z")),
            ("CMN-2.outside_rules", json!(false)),
            ("CMN-2.points_missing", json!(["when"])),
            ("CMN-2.unbacked_claims", json!(["fairer"])),
        ],
    );
    check_with(&format!("{RULE}{}", message("2026-03-25T10:00:01Z")), &[("CMN-2.late", json!(true))]);
    check_with(&told.replace("channel: email, speaker", "channel: press, speaker"), &[("CMN-2.outside_rules", json!(true))]);
    check_with(&told.replace("rule: CMN-1, ", ""), &[("CMN-2.outside_rules", json!(true)), ("CMN-2.latest_time", json!(null))]);
    check_with(&RULE.replace("review_by: 2026-06-30", "review_by: 2026-06-29"), &[("CMN-1.in_force", json!(false))]);
}

#[test]
fn a_rule_of_dates_wants_a_message_at_each_interval() {
    let monthly = RULE.replace("trigger: event\n      event: release\n      within: P5D", "trigger: date\n      every: P2M");
    let owed = json!([{"event": "date", "on": "2026-03-06"}, {"event": "date", "on": "2026-05-06", "message": "CMN-2"}]);
    check_with(&format!("{monthly}{}", message("2026-05-06T10:00:00Z")), &[("CMN-1.owed", owed)]);
}

#[test]
fn a_commitment_is_broken_by_a_value_or_a_late_notice() {
    let commitment = |rest: &str| {
        format!(
            "  CUS-1:
    at: 2026-01-06
    by: PER-1
    fields: {{title: Promise, party: PTY-1, ai_systems: [SYS-1], from: 2026-01-10, {rest}}}
    then: [{{at: 2026-01-07, by: PER-1, to: agreed, approve: PER-2}}]
  MSR-1: {{at: 2026-01-06, by: PER-1, fields: {{title: Accuracy}}}}
  MVA-1: {{at: 2026-03-01, by: PER-1, fields: {{measure: MSR-1, ai_system: SYS-1, value: '0.9', covers_to: 2026-03-01T00:00:00Z}}}}
  REL-1:
    at: 2026-03-02
    by: PER-1
    fields: {{title: R1, ai_system: SYS-1, version: '1', changes: [CHG-1]}}
    then: [{{at: 2026-03-20, by: PER-1, to: deployed, set: {{deployed_at: 2026-03-20T10:00:00Z}}}}]
{PLANNED}"
        )
    };
    let value = |limit: &str| {
        commitment(&format!(
            "measure: MSR-1, comparator: at_least, limit: '{limit}', to: 2026-06-30, met_by: [SYS-1], feedback: [{{on: 2026-05-30, said: slow}}, {{on: 2026-05-31, said: fine}}]"
        ))
    };
    check_with(
        &value("0.9"),
        &[
            ("CUS-1.broken", json!(false)),
            ("CUS-1.in_force", json!(true)),
            ("CUS-1.unmet", json!(false)),
            ("CUS-1.out_of_scope", json!(false)),
            ("CUS-1.unanswered_feedback", json!([{"on": "2026-05-30", "said": "slow"}])),
        ],
    );
    check_with(&value("0.91"), &[("CUS-1.broken", json!(true))]);
    check_with(
        &value("0.9").replace("to: 2026-06-30", "to: 2026-06-29").replace(", met_by: [SYS-1]", ""),
        &[("CUS-1.in_force", json!(false)), ("CUS-1.unmet", json!(false))],
    );
    check_with(&value("0.9").replace(", met_by: [SYS-1]", ""), &[("CUS-1.unmet", json!(true))]);
    let notice = commitment("topic: change_notice, notice_within: P10D");
    check_with(&notice, &[("CUS-1.broken", json!(true))]);
    let told = |sent: &str| {
        format!(
            "{notice}  CMN-2: {{at: 2026-03-01, by: PER-1, fields: {{title: Told, form: message, about: [REL-1], audience: [PTY-1], sent_at: {sent}}}}}\n"
        )
    };
    check_with(&told("2026-03-10T10:00:00Z"), &[("CUS-1.broken", json!(false))]);
    check_with(&told("2026-03-10T10:00:01Z"), &[("CUS-1.broken", json!(true))]);
    let incident = |sent: &str| {
        format!(
            "{}  INC-1: {{at: 2026-05-01, by: PER-1, fields: {{title: Leak, exercise: false, aware_at: 2026-05-01T10:00:00Z, notifications: [{{recipient: PTY-1, commitment: CUS-1{sent}}}]}}}}\n",
            commitment("topic: incident_notice, notice_within: PT24H")
        )
    };
    check_with(&incident(", sent_at: 2026-05-02T10:00:00Z"), &[("CUS-1.broken", json!(false))]);
    check_with(&incident(""), &[("CUS-1.broken", json!(true))]);
}

#[test]
fn an_action_is_overdue_when_it_is_not_done_or_not_judged() {
    let action = |rest: &str, then: &str| {
        format!(
            "  CAR-1: {{at: 2026-01-06, by: PER-1, fields: {{title: Fix, due: 2026-06-30, waiting_time: P1M, {rest}}}, then: [{{at: 2026-01-06, by: PER-1, to: doing}}, {then}]}}\n"
        )
    };
    let open = action(
        "type: train",
        "{at: 2026-02-01, by: PER-1, revise: {due: 2026-06-29}}, {at: 2026-02-02, by: PER-1, revise: {due: 2026-06-30}}",
    );
    check_with(&open, &[("CAR-1.overdue", json!(false)), ("CAR-1.postponed", json!(1)), ("CAR-1.verify_from", json!(null))]);
    check(&format!("{ORGANISATION}{open}").replace("today: 2026-06-30", "today: 2026-07-01"), &[("CAR-1.overdue", json!(true))]);
    let done = |day: &str| action("type: train", &format!("{{at: 2026-05-01, by: PER-1, to: done, set: {{done_at: {day}}}}}"));
    check_with(&done("2026-04-30"), &[("CAR-1.verify_from", json!("2026-05-30")), ("CAR-1.overdue", json!(true))]);
    check_with(&done("2026-05-01"), &[("CAR-1.verify_from", json!("2026-06-01")), ("CAR-1.overdue", json!(false))]);
}

#[test]
fn a_gain_is_read_in_the_direction_of_its_measure() {
    let improvement = |direction: &str| {
        format!(
            "  MSR-1: {{at: 2026-01-06, by: PER-1, fields: {{title: Time, direction: {direction}}}}}
  IMV-1: {{at: 2026-01-06, by: PER-1, fields: {{title: Faster, measure: MSR-1, baseline: '10', target: '6', after: '7.5'}}}}\n"
        )
    };
    for (direction, gain) in [("lower", "2.5"), ("higher", "-2.5"), ("band", "2.5")] {
        check_with(&improvement(direction), &[("IMV-1.gain", json!(gain))]);
    }
}

#[test]
fn a_question_blocks_only_what_waits_for_approval() {
    let comment = |asks: bool| {
        format!(
            "{PLANNED}  NOT-1: {{at: 2026-03-05, by: PER-2, fields: {{subject: CHG-1, subject_revision: 1, text: why, asks_answer: {asks}}}}}\n"
        )
    };
    let on =
        |day: &str, asks: bool| format!("{ORGANISATION}{}", comment(asks)).replace("today: 2026-06-30", &format!("today: {day}"));
    check(&on("2026-03-06", true), &[("NOT-1.blocking", json!(true))]);
    check(&on("2026-03-06", false), &[("NOT-1.blocking", json!(false))]);
    check(&on("2026-03-15", true), &[("NOT-1.blocking", json!(false))]);
}
