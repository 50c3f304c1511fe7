//! What an erasure takes, what it leaves, and who may do it (FORMATS §6).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use proptest::prelude::*;
use serde_json::{Value, json};
use vouch_app::erase::{Erased, Wanted};
use vouch_app::{Acting, Decision, ErrorKind, Result, query};
use vouch_record::{Id, Link};
use vouch_testkit::{TestApp, fields};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn erase(app: &TestApp, person: &str, what: &str, field: Option<&str>) -> Result<Erased> {
    let link: Link = what.parse().unwrap();
    let wanted = Wanted { id: link.id, revision: link.revision, field: field.map(str::to_owned), reason: "request".to_owned() };
    app.vouch.perform(Acting::local(id(person)), move |work| work.erase(&wanted))
}

fn show(app: &TestApp, what: &str) -> query::Detail {
    query::show(&app.vouch.view(None).unwrap(), what.parse().unwrap()).unwrap()
}

/// PER-4 with three names over three revisions, written by PER-1.
fn person_of_three_revisions(app: &TestApp) {
    let object = json!({"name": "Dan First", "email": "dan@example.org", "relation": "employee", "joined_on": "2026-03-01"});
    app.act_as("PER-1").create("person", fields(object));
    for (expect, name) in [(1, "Dan Second"), (2, "Dan Third")] {
        app.try_revise(id("PER-4"), expect, fields(json!({"name": name}))).unwrap();
    }
}

#[test]
fn a_field_goes_from_every_revision_or_from_one() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    let one = erase(&app, "PER-2", "PER-4@2", Some("name")).unwrap();
    assert_eq!(one.bodies, 1);
    assert_eq!(show(&app, "PER-4@1").record.fields["name"], "Dan First");
    let second = show(&app, "PER-4@2");
    assert!(second.record.fields.get("name").is_none() && second.erased["name"] == "2026-03-02", "{second:?}");
    assert_eq!(show(&app, "PER-4").record.fields["name"], "Dan Third");
    let all = erase(&app, "PER-2", "PER-4", Some("name")).unwrap();
    assert_eq!(all.bodies, 2, "what is erased already is not named again");
    for revision in ["PER-4@1", "PER-4@2", "PER-4@3", "PER-4"] {
        let shown = show(&app, revision);
        assert!(shown.record.fields.get("name").is_none() && shown.erased.contains_key("name"), "{revision}");
        assert_eq!(shown.record.fields["email"], "dan@example.org", "{revision} keeps the rest");
    }
    let hits = app.vouch.search("Third", 5).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["PER-3"], "search forgets it");
    assert_eq!(erase(&app, "PER-2", "PER-4", Some("name")).unwrap_err().kind, ErrorKind::NotFound);
    assert!(app.vouch.fsck(&app.key, None).unwrap().faults.is_empty());
}

#[test]
fn a_whole_record_goes_and_its_course_stays() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    app.act_as("PER-1").go(id("PER-4"), "active", json!({"joined_on": "2026-03-02"}));
    let before = query::history(&app.vouch.view(None).unwrap(), id("PER-4")).unwrap();
    erase(&app, "PER-2", "PER-4", None).unwrap();
    let after = query::history(&app.vouch.view(None).unwrap(), id("PER-4")).unwrap();
    let course =
        |events: &[query::Event]| events.iter().map(|event| (event.seq, event.action, event.state.clone())).collect::<Vec<_>>();
    assert_eq!(course(&before), course(&after)[..before.len()], "what happened stays");
    assert_eq!(after.last().unwrap().action, "erase");
    let shown = show(&app, "PER-4");
    assert_eq!((shown.record.fields.len(), shown.record.state.as_str()), (0, "active"));
    assert!(shown.missing.is_empty(), "erased satisfies what is needed: {:?}", shown.missing);
    assert!(app.vouch.fsck(&app.key, None).unwrap().faults.is_empty());
}

#[test]
fn as_of_a_day_before_it_shows_as_erased() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    app.clock.pass_days(3);
    erase(&app, "PER-2", "PER-4", Some("email")).unwrap();
    let view = app.vouch.view("2026-03-03".parse().ok()).unwrap();
    let shown = query::show(&view, id("PER-4").into()).unwrap();
    assert!(shown.record.fields.get("email").is_none());
    assert_eq!(shown.erased["email"], "2026-03-05");
}

#[test]
fn its_unique_values_are_free_again() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    let twin = json!({"name": "Eva", "email": "dan@example.org", "relation": "employee", "joined_on": "2026-03-01"});
    assert!(app.try_create("person", fields(twin.clone())).is_err());
    erase(&app, "PER-2", "PER-4", Some("email")).unwrap();
    app.create("person", fields(twin));
}

#[test]
fn who_wrote_it_erases_only_after_another_approved() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    let refused = erase(&app, "PER-1", "PER-4", Some("email")).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Refused);
    assert!(refused.hint.as_deref().is_some_and(|hint| hint.contains("vouch approve PER-4 --purpose review")), "{refused:?}");
    let review =
        Decision { purpose: "review".into(), decision: "approved".into(), reason: "asked for".into(), ..Decision::default() };
    app.vouch.perform(Acting::local(id("PER-2")), move |work| work.approve(id("PER-4"), &review)).unwrap();
    erase(&app, "PER-1", "PER-4", Some("email")).unwrap();
    // What the approver saw repeats content, so it went too.
    let approvals = query::list(&app.vouch.view(None).unwrap(), "approval", &[]).unwrap().records;
    let about = approvals.iter().filter(|approval| approval.fields["subject"] == "PER-4");
    assert!(about.into_iter().all(|approval| approval.fields.get("shown").is_none()));
}

#[test]
fn what_is_not_there_is_not_erased() {
    let app = TestApp::founded();
    person_of_three_revisions(&app);
    for (what, field, kind) in [
        ("PER-77", None, ErrorKind::NotFound),
        ("PER-4@9", None, ErrorKind::NotFound),
        ("PER-4", Some("shoe_size"), ErrorKind::Invalid),
        ("PER-4", Some("left_on"), ErrorKind::NotFound),
    ] {
        let error = erase(&app, "PER-2", what, field).unwrap_err();
        assert_eq!((error.kind, error.hint.is_some()), (kind, true), "{what} {field:?}: {error}");
    }
}

#[test]
fn a_file_goes_with_the_last_body_that_names_it() {
    let app = TestApp::founded();
    let object = |title: &str| {
        let kind = app.vouch.tables().kinds.get("evidence").unwrap().clone();
        let mut object = fields(json!({"title": title, "collected_by": "PER-1"}));
        object.retain(|name, _| kind.field(name).is_some());
        object
    };
    let create = |title: &str| -> Id {
        let mut object = object(title);
        let kind = app.vouch.tables().kinds.get("evidence").unwrap().clone();
        for _ in 0..10 {
            match app.act_as("PER-1").try_create("evidence", object.clone()) {
                Ok(id) => return id,
                Err(error) => {
                    assert!(!error.problems.is_empty(), "{error}");
                    for problem in error.problems {
                        use vouch_record::kind::{FieldType, Scalar};
                        let field = kind.field(&problem.field).unwrap();
                        let value = match (&field.kind, field.kind.choices()) {
                            (FieldType::Set(_), Some(choices)) => json!([choices[0].id]),
                            (_, Some(choices)) => json!(choices[0].id),
                            (FieldType::One(Scalar::Date), _) => json!("2026-03-01"),
                            (FieldType::One(Scalar::DateTime), _) => json!("2026-03-01T08:00:00Z"),
                            (FieldType::One(Scalar::Period), _) => json!({"from": "2026-02-01", "to": "2026-03-01"}),
                            (FieldType::One(Scalar::Bool), _) => json!(false),
                            (FieldType::Set(Scalar::Link(_)), _) => json!(["ORG-1"]),
                            _ => json!(format!("{title} in words")),
                        };
                        object.insert(problem.field, value);
                    }
                }
            }
        }
        panic!("no evidence can be made of {object:?}");
    };
    let (one, two) = (create("one"), create("two"));
    let attach = |id: Id| {
        app.vouch.attach(Acting::local("PER-1".parse().unwrap()), id, None, "scan.txt", &mut &b"a scan"[..]).unwrap().sha256
    };
    let hash = attach(one);
    assert_eq!(attach(two), hash);
    let first = erase(&app, "PER-2", &one.to_string(), Some("files")).unwrap();
    assert!(first.files.is_empty() && app.vouch.file(&hash).unwrap().is_some(), "the other record still names it");
    let second = erase(&app, "PER-2", &two.to_string(), None).unwrap();
    assert_eq!(second.files, std::slice::from_ref(&hash).to_vec());
    assert!(app.vouch.file(&hash).unwrap().is_none());
    assert!(app.vouch.fsck(&app.key, None).unwrap().faults.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_erased_is_in_no_answer_and_the_log_still_verifies(
        names in prop::collection::vec("[A-Z][a-z]{5,9}qx", 1..5),
        erased in prop::collection::vec((0usize..6, prop::bool::ANY), 1..5),
    ) {
        let app = TestApp::founded();
        let object = json!({"name": "Begin Nameqx", "relation": "employee", "joined_on": "2026-03-01"});
        app.act_as("PER-1").create("person", fields(object));
        for (at, name) in names.iter().enumerate() {
            let expect = show(&app, "PER-4").head;
            app.try_revise(id("PER-4"), expect, fields(json!({"name": format!("{name} {at}")}))).unwrap();
        }
        for (revision, whole) in erased {
            let what = if revision == 0 { "PER-4".to_owned() } else { format!("PER-4@{revision}") };
            let field = (!whole).then_some("name");
            match erase(&app, "PER-2", &what, field) {
                Err(error) => prop_assert!(matches!(error.kind, ErrorKind::NotFound), "{}", error),
                Ok(_) => {
                    let head = show(&app, "PER-4").head;
                    let gone = if revision == 0 { 1..=head } else { revision as u32..=revision as u32 };
                    for revision in gone {
                        let shown = show(&app, &format!("PER-4@{revision}"));
                        let fields: Value = shown.record.fields.clone().into();
                        prop_assert!(!fields.to_string().contains("qx"), "{}", fields);
                    }
                }
            }
            let check = app.vouch.fsck(&app.key, None).unwrap();
            prop_assert!(check.faults.is_empty(), "{:?}", check.faults);
        }
    }
}
