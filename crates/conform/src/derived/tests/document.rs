//! Documents and confirmations.

use serde_json::json;

use super::check;

const ORGANISATION: &str = "
today: 2026-06-30
add:
  ORG-1: {at: 2026-01-01, by: system, fields: {name: Hallam, time_zone: UTC, purpose: insure}}
  PER-1: {at: 2026-01-01, by: system, fields: {name: Ana, relation: employee, top_management: true, joined_on: 2025-01-01}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-2: {at: 2026-01-01, by: system, fields: {name: Ben, relation: employee, joined_on: 2026-05-01}, then: [{at: 2026-01-01, by: system, to: active}]}
  PER-3: {at: 2026-01-01, by: system, fields: {name: Eve, relation: external_auditor}, then: [{at: 2026-01-01, by: system, to: active}]}
  ROL-1:
    at: 2026-01-02
    by: PER-1
    fields: {title: Lead, key: aims_lead, purpose: leads, holders: [{person: PER-2, capacity: holder, from: 2026-06-10}, {person: PER-1, capacity: holder, from: 2025-01-01, to: 2026-01-31}]}
    then: [{at: 2026-01-02, by: PER-1, to: approved, approve: PER-1}]
  DOC-1:
    at: 2026-02-01
    by: PER-1
    fields:
      title: Rules
      type: policy
      template: T-AUP
      body: '# Who and which tools'
      owner: PER-1
      acknowledged_by_all: true
      acknowledge_within: P30D
      review_triggers: [serious_incident]
      review_by: 2026-06-30
    then:
      - {at: 2026-02-01, by: PER-1, to: in_review}
      - {at: 2026-02-10, by: PER-2, to: approved, approve: PER-2, set: {effective_from: 2026-03-01}}
";

fn check_with(more: &str, expected: &[(&str, serde_json::Value)]) {
    check(&format!("{ORGANISATION}{more}"), expected);
}

/// A second revision that is approved on 20 June.
fn second(effective: &str) -> String {
    format!(
        "then:
  DOC-1:
    - {{at: 2026-06-01, by: PER-1, revise: {{title: New rules}}, state: draft}}
    - {{at: 2026-06-01, by: PER-1, to: in_review}}
    - {{at: 2026-06-20, by: PER-2, to: approved, approve: PER-2, set: {{effective_from: {effective}}}}}
"
    )
}

#[test]
fn a_revision_is_in_force_from_its_first_day_on_and_the_older_one_until_then() {
    check_with("", &[("DOC-1.in_force", json!(1)), ("DOC-1.in_force_on", json!(1)), ("DOC-1.approved_earlier", json!(false))]);
    check(&ORGANISATION.replace("today: 2026-06-30", "today: 2026-02-28"), &[("DOC-1.in_force", json!(null))]);
    check(&ORGANISATION.replace("today: 2026-06-30", "today: 2026-03-01"), &[("DOC-1.in_force", json!(1))]);
    check_with(&second("2026-07-01"), &[("DOC-1.in_force", json!(1)), ("DOC-1.approved_earlier", json!(true))]);
    check_with(&second("2026-06-30"), &[("DOC-1.in_force", json!(2))]);
    let proposed = "then: {DOC-1: [{at: 2026-06-01, by: PER-1, revise: {title: New rules}, state: draft}]}";
    check_with(proposed, &[("DOC-1.in_force", json!(1)), ("DOC-1.approved_earlier", json!(true))]);
    let uncovered = "then: {DOC-1: [{at: 2026-06-01, by: PER-1, revise: {review_by: 2027-01-01}}]}";
    check_with(uncovered, &[("DOC-1.in_force", json!(2)), ("DOC-1.approved_earlier", json!(false))]);
}

#[test]
fn without_a_standing_approval_nothing_is_in_force() {
    check(&ORGANISATION.replace("approve: PER-2, ", ""), &[("DOC-1.in_force", json!(null)), ("DOC-1.last_reviewed", json!(null))]);
    check(
        &ORGANISATION.replace("approve: PER-2, ", "approve: {by: PER-2, valid_until: 2026-06-29}, "),
        &[("DOC-1.in_force", json!(null))],
    );
    check(&ORGANISATION.replace("approve: PER-2, ", "approve: {by: PER-2, purpose: review}, "), &[("DOC-1.in_force", json!(null))]);
    check_with("then: {DOC-1: [{at: 2026-06-01, by: PER-1, to: withdrawn}]}", &[("DOC-1.in_force", json!(null))]);
    check(&ORGANISATION.replace(", set: {effective_from: 2026-03-01}", ""), &[("DOC-1.in_force", json!(null))]);
}

#[test]
fn a_review_is_overdue_the_day_after_or_sixty_days_after_an_event_nobody_looked_at() {
    check_with("", &[("DOC-1.review_overdue", json!(false)), ("DOC-1.last_reviewed", json!("2026-02-10T09:00:00.000Z"))]);
    check(&ORGANISATION.replace("review_by: 2026-06-30", "review_by: 2026-06-29"), &[("DOC-1.review_overdue", json!(true))]);
    let incident = |day: &str, severity: &str| {
        format!(
            "{ORGANISATION}  INC-1: {{at: 2026-04-01, by: PER-1, fields: {{title: Outage, severity: {severity}, exercise: false, detected_at: {day}T10:00:00Z}}}}\n"
        )
    };
    check(&incident("2026-04-30", "serious"), &[("DOC-1.review_overdue", json!(true))]);
    check(&incident("2026-05-01", "serious"), &[("DOC-1.review_overdue", json!(false))]);
    check(&incident("2026-04-30", "moderate"), &[("DOC-1.review_overdue", json!(false))]);
    check(&incident("2026-02-10", "critical"), &[("DOC-1.review_overdue", json!(false))]);
    let looked = "then: {DOC-1: [{at: 2026-05-02, by: PER-2, approve: {by: PER-2, purpose: review}}]}";
    check(&format!("{}{looked}", incident("2026-04-30", "serious")), &[("DOC-1.review_overdue", json!(false))]);
}

#[test]
fn active_persons_confirm_within_the_time_from_the_day_their_duty_began() {
    // PER-1 since 1 March, PER-2 since joining on 1 May; the external auditor never.
    check_with("", &[("DOC-1.must_confirm", json!(["PER-1", "PER-2"])), ("DOC-1.unconfirmed", json!(["PER-1", "PER-2"]))]);
    check(&ORGANISATION.replace("today: 2026-06-30", "today: 2026-05-31"), &[("DOC-1.unconfirmed", json!(["PER-1"]))]);
    let role = ORGANISATION.replace("acknowledged_by_all: true", "acknowledged_by: [ROL-1]");
    check(&role, &[("DOC-1.must_confirm", json!(["PER-2"])), ("DOC-1.unconfirmed", json!([]))]);
    check(&ORGANISATION.replace("acknowledged_by_all: true", "acknowledged_by_all: false"), &[("DOC-1.must_confirm", json!([]))]);
}

/// PER-1 confirmed revision 1 on 10 March.
const CONFIRMED: &str = "  ACK-1:
    at: 2026-03-01
    by: system
    fields: {subject: DOC-1, subject_revision: 1, person: PER-1, means: read, due: 2026-03-09}
    then: [{at: 2026-03-10, by: PER-1, to: given, set: {confirmed_at: 2026-03-10T09:00:00.000Z}}]
";

#[test]
fn a_confirmation_counts_for_the_revision_in_force_and_until_it_is_due_again() {
    let confirmed = format!("{ORGANISATION}{CONFIRMED}");
    check(
        &confirmed,
        &[
            ("DOC-1.unconfirmed", json!(["PER-2"])),
            ("ACK-1.current", json!(true)),
            ("ACK-1.late", json!(true)),
            ("ACK-1.outdated", json!(false)),
        ],
    );
    // The later revision is approved and not yet in force: it outdates the confirmation and takes nothing from the older one.
    check(
        &format!("{confirmed}{}", second("2026-07-01")),
        &[("ACK-1.outdated", json!(true)), ("ACK-1.current", json!(false)), ("DOC-1.unconfirmed", json!(["PER-2"]))],
    );
    let again = confirmed.replace("acknowledge_within: P30D", "acknowledge_within: P30D\n      acknowledge_again: P3M");
    check(&again, &[("DOC-1.unconfirmed", json!(["PER-1", "PER-2"]))]);
    let due = confirmed.replace("due: 2026-03-09", "due: 2026-03-10");
    check(&due, &[("ACK-1.late", json!(false)), ("ACK-1.clustered", json!(false))]);
    check(&confirmed, &[("ACK-1.clustered", json!(true)), ("ACK-1.still_due", json!(true))]);
}

#[test]
fn a_role_is_confirmed_anew_only_when_duties_change_and_by_whoever_still_holds_it() {
    let of_role = |revise: &str| {
        format!(
            "{ORGANISATION}  ACK-2:
    at: 2026-06-10
    by: system
    fields: {{subject: ROL-1, subject_revision: 1, person: PER-2, means: accept_role, due: 2026-06-30}}
    then: [{{at: 2026-06-11, by: PER-2, to: given, set: {{confirmed_at: 2026-06-11T09:00:00.000Z}}}}]
  ACK-3: {{at: 2026-01-03, by: system, fields: {{subject: ROL-1, subject_revision: 1, person: PER-1, means: accept_role, due: 2026-06-29}}}}
then:
  ROL-1:
    - {{at: 2026-06-15, by: PER-1, revise: {{{revise}}}, state: draft}}
    - {{at: 2026-06-16, by: PER-1, to: approved, approve: PER-1}}
"
        )
    };
    check(
        &of_role("title: Leader"),
        &[("ACK-2.outdated", json!(false)), ("ACK-2.still_due", json!(true)), ("ACK-3.still_due", json!(false))],
    );
    check(&of_role("purpose: leads and answers"), &[("ACK-2.outdated", json!(true))]);
}

#[test]
fn headings_of_the_template_are_missed_in_a_body_and_not_in_a_file() {
    check_with(
        "",
        &[(
            "DOC-1.template_gap",
            json!(["Allowed and forbidden", "Data rules", "Output rules", "Requesting a tool", "Reporting", "Acknowledgement"]),
        )],
    );
    check(&ORGANISATION.replace("      body: '# Who and which tools'\n", ""), &[("DOC-1.template_gap", json!([]))]);
    check_with("erase: {DOC-1: [body]}", &[("DOC-1.template_gap", json!("undecided"))]);
}

#[test]
fn a_record_that_names_a_revision_never_approved_is_found() {
    let names = |link: &str| {
        format!(
            "{ORGANISATION}  TRN-1: {{at: 2026-06-10, by: PER-1, fields: {{title: Course, based_on: [{{document: DOC-1, revision: 2}}]}}}}
then: {{DOC-1: [{{at: 2026-06-01, by: PER-1, revise: {{title: New rules}}, state: draft}}{link}]}}
"
        )
    };
    check(&names(""), &[("DOC-1.used_unapproved", json!(["TRN-1"]))]);
    let approved = ", {at: 2026-06-01, by: PER-1, to: in_review}, {at: 2026-06-20, by: PER-2, to: approved, approve: PER-2, set: {effective_from: 2026-06-20}}";
    check(&names(approved), &[("DOC-1.used_unapproved", json!([]))]);
}

#[test]
fn a_document_is_shared_outside_by_a_party_or_an_address() {
    check_with("", &[("DOC-1.shared_with_outside", json!(false))]);
    check(
        &ORGANISATION.replace("owner: PER-1", "public_url: https://hallam.example/ai"),
        &[("DOC-1.shared_with_outside", json!(true))],
    );
}
