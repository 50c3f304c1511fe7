//! A write is refused for each reason of FORMATS §2.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use vouch_app::ErrorKind;
use vouch_record::Id;
use vouch_testkit::{TestApp, fields};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// A context issue, whole enough to be assessed.
fn issue(app: &TestApp) -> Id {
    app.create("context-issue", issue_fields(app))
}

fn issue_fields(app: &TestApp) -> serde_json::Map<String, Value> {
    let kinds = &app.vouch.tables().kinds;
    let kind = kinds.get("context-issue").unwrap();
    let mut object = serde_json::Map::new();
    for field in &kind.fields {
        if let Some(value) = sample(&field.name, &field.kind) {
            object.insert(field.name.clone(), value);
        }
    }
    object
}

/// A plausible value for a field that needs no other record.
fn sample(name: &str, kind: &vouch_record::kind::FieldType) -> Option<Value> {
    use vouch_record::kind::{FieldType, Scalar, Target};
    let one = |scalar: &Scalar| match scalar {
        Scalar::Text | Scalar::Markdown => Some(json!(format!("{name} in words"))),
        Scalar::Int => Some(json!(1)),
        Scalar::Decimal => Some(json!("0.5")),
        Scalar::Bool => Some(json!(false)),
        Scalar::Date => Some(json!(if name.contains("review") || name.contains("until") { "2026-12-01" } else { "2026-03-01" })),
        Scalar::DateTime => Some(json!("2026-03-01T09:00:00Z")),
        Scalar::Duration => Some(json!("P30D")),
        Scalar::Enum(choices) => Some(json!(choices[0].id)),
        Scalar::Link(Target::Kind(kind)) if kind == "person" => Some(json!("PER-1")),
        _ => None,
    };
    match kind {
        FieldType::One(scalar) => one(scalar),
        FieldType::Set(scalar @ Scalar::Enum(_)) => one(scalar).map(|value| json!([value])),
        _ => None,
    }
}

fn check<T: std::fmt::Debug>(result: vouch_app::Result<T>, kind: ErrorKind, words: &str) {
    let error = result.expect_err(words);
    let told = format!("{error} {}", error.hint.as_deref().unwrap_or_default());
    assert_eq!(error.kind, kind, "{told}");
    assert!(told.contains(words), "`{words}` is not in: {told}");
}

#[test]
fn the_author_of_a_revision_does_not_review_it_and_another_person_does() {
    let app = TestApp::founded();
    app.act_as("PER-1");
    let issue = issue(&app);
    check(app.try_decide(issue, "review", "approved"), ErrorKind::Refused, "own work");
    app.act_as("PER-2");
    check(app.try_decide(issue, "review", "approved"), ErrorKind::Refused, "is not AIMS lead");
}

#[test]
fn a_state_that_an_approval_makes_is_not_set_by_hand() {
    let app = TestApp::founded();
    let issue = issue(&app);
    check(app.try_go(issue, "assessed", json!({})), ErrorKind::Refused, "by an approval");
}

#[test]
fn a_write_names_the_revision_it_expects_and_the_loser_sees_both_versions() {
    let app = TestApp::founded();
    let issue = issue(&app);
    app.try_revise(issue, 1, fields(json!({"title": "first writer"}))).unwrap();
    check(app.try_revise(issue, 1, fields(json!({"title": "second writer"}))), ErrorKind::Conflict, "second writer");
    check(app.try_revise(issue, 9, fields(json!({"title": "x"}))), ErrorKind::NotFound, "no revision 9");
}

#[test]
fn only_an_active_person_writes() {
    let app = TestApp::founded();
    app.act_as("PER-9");
    check(app.try_create("comment", fields(json!({}))), ErrorKind::Refused, "not an active person");
}

#[test]
fn nobody_makes_somebody_top_management_but_top_management() {
    let app = TestApp::founded();
    let person = json!({"name": "Dan Fourth", "relation": "employee", "top_management": true});
    check(app.try_create("person", fields(person)), ErrorKind::Refused, "top management alone");
    let revised = app.try_revise(id("PER-2"), 1, fields(json!({"top_management": true})));
    check(revised, ErrorKind::Refused, "only by a transition of its own");
}

#[test]
fn approvals_and_the_organisation_are_not_put() {
    let app = TestApp::founded();
    check(app.try_create("approval", fields(json!({}))), ErrorKind::Refused, "vouch approve");
    check(app.try_create("organisation", fields(json!({"name": "Another"}))), ErrorKind::Refused, "vouch init");
    check(app.try_create("nothing", fields(json!({}))), ErrorKind::NotFound, "vouch kinds");
}

#[test]
fn the_maker_does_not_set_a_record_aside_and_some_kinds_never_are() {
    let app = TestApp::founded();
    app.act_as("PER-1");
    let issue = issue(&app);
    let set_aside = |person: &str, what: Id| {
        let acting = vouch_app::Acting::local(id(person));
        app.vouch.perform(acting, move |work| work.set_aside(what, "entered twice"))
    };
    check(set_aside("PER-1", issue), ErrorKind::Refused, "may not set it aside alone");
    set_aside("PER-2", issue).unwrap();
    assert_eq!(app.state(issue), "set_aside");
    check(app.try_revise(issue, 1, fields(json!({"title": "again"}))), ErrorKind::Refused, "was set aside");
    check(set_aside("PER-2", issue), ErrorKind::Refused, "set aside already");
    check(set_aside("PER-2", id("RSK-1")), ErrorKind::Refused, "is not set aside");
}

#[test]
fn links_lead_to_records_of_the_right_kind_that_exist() {
    let app = TestApp::founded();
    let issue = issue(&app);
    check(app.try_revise(issue, 1, fields(json!({"owner": "PER-77"}))), ErrorKind::Invalid, "no such record");
    check(app.try_revise(issue, 1, fields(json!({"owner": "ROL-1"}))), ErrorKind::Invalid, "it is no person");
}

#[test]
fn what_is_wrong_with_fields_is_all_said_at_once_and_nothing_is_kept() {
    let app = TestApp::founded();
    let before = app.vouch.state().size();
    let mut object = issue_fields(&app);
    object.insert("titel".to_owned(), json!("x"));
    object.insert("review_by".to_owned(), json!("tomorrow"));
    object.insert("stale".to_owned(), json!(true));
    let error = app.try_create("context-issue", object).unwrap_err();
    let named: Vec<&str> = error.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(named, ["review_by", "stale", "titel"]);
    assert_eq!(app.vouch.state().size(), before, "a refused write leaves nothing");
    let next = app.create("context-issue", issue_fields(&app));
    assert_eq!(next, id("ISS-1"), "a refused write uses no number up");
}

#[test]
fn what_must_be_unique_is_refused_the_second_time() {
    let app = TestApp::founded();
    issue(&app);
    check(app.try_create("context-issue", issue_fields(&app)), ErrorKind::Invalid, "ISS-1 has the same");
}

#[test]
fn a_reason_is_always_given() {
    let app = TestApp::founded();
    let acting = vouch_app::Acting::local(id("PER-1"));
    let moved = app.vouch.perform(acting, |work| work.transition("PER-2".parse().unwrap(), "away", &serde_json::Map::new(), " "));
    check(moved, ErrorKind::Invalid, "has a reason");
}
