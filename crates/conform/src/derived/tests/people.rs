//! Competence needs and courses.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, unit: CLAIMS, relation: employee, uses_ai: uses, joined_on: 2026-06-01}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, unit: CLAIMS, relation: employee, uses_ai: builds, joined_on: 2026-01-01}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-3: {at: 2026-01-01, by: system, fields: {name: Eve, relation: external_auditor, uses_ai: uses, joined_on: 2026-01-01}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-4: {at: 2026-01-01, by: system, fields: {name: Dan, relation: employee, uses_ai: uses, joined_on: 2026-01-01}, then: [{at: 2026-01-01, by: system, to: active}, {at: 2026-06-01, by: PER-2, to: away}]}
  CMP-1:
    at: 2026-01-02
    by: PER-2
    fields:
      title: Awareness
      group: awareness
      everybody: false
      audiences: [uses]
      accepted_proof: [{basis: course, course: TRN-1, valid_for: P1Y}, {basis: observation}]
      least_proofs: 1
      within: P29D
    then: [{at: 2026-01-02, by: PER-2, to: approved, approve: PER-1}]
  TRN-1:
    at: 2026-01-03
    by: PER-2
    fields: {title: Basics, needs: [CMP-1], pass_share: '0.8', versions: [{version: '1', from: 2026-01-03}, {version: '2', from: 2026-07-01}], on_new_version: nothing}
    then: [{at: 2026-01-03, by: PER-2, to: approved, approve: PER-1}]
  ROL-1:
    at: 2026-01-02
    by: PER-1
    fields: {title: Builder, key: engineering_lead, competence_needs: [CMP-1], holders: [{person: PER-2, from: 2026-03-01}]}
    then: [{at: 2026-01-02, by: PER-1, to: approved, approve: PER-1}]
";

fn record(number: u8, person: u8, fields: &str) -> String {
    format!(
        "  TRR-{number}:
    at: 2026-05-01
    by: system
    fields: {{person: PER-{person}, needs: [CMP-1], basis: course, course: TRN-1, course_version: '1', {fields}}}
    then:
      - {{at: 2026-05-01, by: PER-2, to: done}}
      - {{at: 2026-05-02, by: PER-2, to: confirmed}}
"
    )
}

#[test]
fn a_need_reaches_active_people_by_role_and_by_use_since_the_day_it_began() {
    let holders = json!([{"person": "PER-1", "since": "2026-06-01"}, {"person": "PER-2", "since": "2026-03-01"}]);
    check(ORGANISATION, &[("CMP-1.holders", holders), ("CMP-1.needed_by", json!([{"role": "ROL-1"}, {"everybody": false}]))]);
    let everybody = ORGANISATION.replace("everybody: false", "everybody: true");
    let all = json!([{"person": "PER-1", "since": "2026-06-01"}, {"person": "PER-2", "since": "2026-01-01"}]);
    check(&everybody, &[("CMP-1.holders", all)]);
}

#[test]
fn a_gap_opens_the_day_after_the_time_to_show_it() {
    // PER-1 has until 30 June.
    let late =
        |person: &str, since: &str| json!([{"person": person, "since": since, "missing": "1 of 1 proofs", "planned": false}]);
    check(ORGANISATION, &[("CMP-1.gaps", late("PER-2", "2026-03-01")), ("CMP-1.met_by", json!([]))]);
    let next = ORGANISATION.replace("today: 2026-06-30", "today: 2026-07-01");
    let both = json!([
        {"person": "PER-1", "since": "2026-06-01", "missing": "1 of 1 proofs", "planned": true},
        {"person": "PER-2", "since": "2026-03-01", "missing": "1 of 1 proofs", "planned": false}
    ]);
    let assigned = "  TRR-1: {at: 2026-06-10, by: system, fields: {person: PER-1, needs: [CMP-1], basis: course, course: TRN-1}}\n";
    check(&format!("{next}{assigned}"), &[("CMP-1.gaps", both)]);
}

#[test]
fn a_confirmed_record_of_an_accepted_basis_meets_a_need_while_it_is_in_date() {
    let shown = |fields: &str| format!("{ORGANISATION}{}", record(1, 2, fields));
    let passed = "score: '0.9', attempts: [{at: 2026-05-01T10:00:00Z, right: 9, asked: 10}], from: 2026-05-01, to: 2026-05-01, valid_from: 2026-05-01";
    check(
        &shown(passed),
        &[
            ("CMP-1.met_by", json!([{"person": "PER-2", "records": ["TRR-1"]}])),
            ("CMP-1.gaps", json!([])),
            ("CMP-1.runs_out", json!([])),
        ],
    );
    let ends = |day: &str| shown(&format!("{passed}, valid_until: {day}"));
    check(&ends("2026-06-29"), &[("CMP-1.met_by", json!([])), ("CMP-1.runs_out", json!([]))]);
    check(&ends("2026-09-28"), &[("CMP-1.runs_out", json!(["PER-2"]))]);
    check(&ends("2026-09-29"), &[("CMP-1.runs_out", json!([]))]);
    let two = shown(passed).replace("least_proofs: 1", "least_proofs: 2");
    check(&two, &[("CMP-1.met_by", json!([]))]);
    let other = shown(passed)
        .replace("basis: course, course: TRN-1, valid_for: P1Y", "basis: course, course: TRN-2, valid_for: P1Y")
        + "  TRN-2: {at: 2026-01-03, by: PER-2, fields: {title: Other}}\n";
    check(&other, &[("CMP-1.met_by", json!([]))]);
}

#[test]
fn a_course_reaches_those_who_must_take_it() {
    let passed = "score: '0.9', attempts: [{at: 2026-05-01T10:00:00Z, right: 9, asked: 10}], from: 2026-05-01, to: 2026-05-01, valid_from: 2026-05-01";
    let took = format!("{ORGANISATION}{}", record(1, 2, passed));
    check(
        &took,
        &[
            ("TRN-1.reach", json!([{"unit": "CLAIMS", "relation": "employee", "must": 2, "took": 1, "late": 0}])),
            ("TRN-1.current_version", json!("1")),
        ],
    );
    let later = took.replace("today: 2026-06-30", "today: 2026-07-01");
    check(
        &later,
        &[
            ("TRN-1.reach", json!([{"unit": "CLAIMS", "relation": "employee", "must": 2, "took": 1, "late": 1}])),
            ("TRN-1.current_version", json!("2")),
        ],
    );
}

#[test]
fn first_attempts_say_how_hard_a_quiz_is() {
    let attempts = |number: u8, questions: &str, right: u8| {
        record(number, 1, &format!("attempts: [{{at: 2026-05-01T10:00:00Z, right: {right}, asked: 2, questions: '{questions}'}}, {{at: 2026-04-30T10:00:00Z, right: 2, asked: 2, questions: 'q1+ q2+'}}]"))
            .replace("2026-04-30", "2026-05-02")
    };
    let two = format!("{ORGANISATION}{}{}", attempts(1, "q1+ q2-", 1), attempts(2, "q1+ q2+", 2));
    let rows = json!([
        {"version": "1", "share": "0.5", "n": 2},
        {"version": "1", "question": "q1", "share": "1", "n": 2},
        {"version": "1", "question": "q2", "share": "0.5", "n": 2}
    ]);
    check(&two, &[("TRN-1.pass_rate", rows), ("TRN-1.too_easy", json!(false))]);
    let many = |n: u8| format!("{ORGANISATION}{}", (1..=n).map(|number| attempts(number, "q1+ q2+", 2)).collect::<String>());
    check(&many(29), &[("TRN-1.too_easy", json!(false))]);
    check(&many(30), &[("TRN-1.too_easy", json!(true))]);
}

#[test]
fn a_course_is_old_once_its_document_has_a_later_revision_in_force() {
    let based = ORGANISATION.replace("title: Basics, needs", "title: Basics, based_on: [{document: DOC-1, revision: 1}], needs");
    let document = |since: &str| {
        format!(
            "  DOC-1:
    at: 2026-01-02
    by: PER-1
    fields: {{title: Rules, type: policy}}
    then:
      - {{at: 2026-01-02, by: PER-1, to: in_review}}
      - {{at: 2026-01-02, by: PER-2, to: approved, approve: PER-2, set: {{effective_from: 2026-01-02}}}}
      - {{at: 2026-05-01, by: PER-1, revise: {{title: New}}, state: draft}}
      - {{at: 2026-05-01, by: PER-1, to: in_review}}
      - {{at: 2026-05-02, by: PER-2, to: approved, approve: PER-2, set: {{effective_from: {since}}}}}
"
        )
    };
    check(&format!("{based}{}", document("2026-06-30")), &[("TRN-1.old", json!(true))]);
    check(&format!("{based}{}", document("2026-07-01")), &[("TRN-1.old", json!(false))]);
}
