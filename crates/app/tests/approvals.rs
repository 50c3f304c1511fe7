//! What decisions do to a record, and what a record does to decisions (FORMATS §2).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Map, Value, json};
use vouch_app::{Acting, Decided, Decision, ErrorKind, Result, query};
use vouch_record::Id;
use vouch_record::kind::{FieldType, Scalar, Target};
use vouch_testkit::{TestApp, fields};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// A committee that can be approved; PER-2 is its author.
fn committee(app: &TestApp) -> Id {
    let object = json!({
        "title": "AI board", "mandate": "It decides about high risks.", "quorum": 1, "majority": "simple", "meets_every": "P3M",
        "decides": [{"decision": "accept_risk", "from_tier": "low"}], "standing_agenda": [{"item": "risks", "from_kind": "risk"}],
        "members": [{"person": "PER-2", "function": "chair", "speaks_for": "business", "votes": true, "from": "2026-01-01"}],
        "reports_to": "ROL-1", "conflict_rule": "who is concerned leaves", "review_by": "2026-12-01"
    });
    app.act_as("PER-2").create("committee", fields(object))
}

fn decide(app: &TestApp, person: &str, subject: Id, decision: Decision) -> Result<Decided> {
    app.vouch.perform(Acting::local(id(person)), move |work| work.approve(subject, &decision))
}

fn yes(purpose: &str) -> Decision {
    Decision {
        purpose: purpose.to_owned(),
        decision: "approved".to_owned(),
        reason: "for the test".to_owned(),
        ..Decision::default()
    }
}

fn shown(app: &TestApp, record: Id) -> query::Detail {
    query::show(&app.vouch.view(None).unwrap(), record.into()).unwrap()
}

fn revise(app: &TestApp, record: Id, object: Value) -> String {
    let head = shown(app, record).head;
    app.act_as("PER-2").try_revise(record, head, fields(object)).unwrap().state
}

#[test]
fn a_covered_change_goes_back_to_draft_beside_the_revision_in_force_and_comes_back_with_the_approved_value() {
    let app = TestApp::founded();
    let board = committee(&app);
    assert_eq!(decide(&app, "PER-1", board, yes("approve")).unwrap().state, "approved");
    assert_eq!(revise(&app, board, json!({"mandate": "It decides about everything."})), "draft");
    let beside = shown(&app, board);
    assert_eq!((beside.record.state.as_str(), beside.record.revision, beside.head, beside.in_force), ("approved", 1, 2, Some(1)));
    assert_eq!(beside.record.fields["mandate"], "It decides about high risks.", "lists read the revision in force");
    assert_eq!(revise(&app, board, json!({"mandate": "It decides about high risks."})), "approved");
    assert_eq!(shown(&app, board).in_force, Some(3));
    // What was not filled in the approved revision is not covered.
    assert_eq!(revise(&app, board, json!({"charter": null})), "approved");
}

#[test]
fn an_approval_names_one_exact_revision_and_what_was_seen() {
    let app = TestApp::founded();
    let board = committee(&app);
    let decided = decide(&app, "PER-1", board, yes("approve")).unwrap();
    let approval = shown(&app, decided.approval);
    assert_eq!(approval.record.fields["subject_revision"], 1);
    let state = app.vouch.state();
    let commitment = state.get(board).unwrap().revision(1).unwrap().commitment;
    assert_eq!(approval.record.fields["subject_commitment"], vouch_ledger::hex(&commitment));
    assert_eq!((&approval.record.fields["by"], &approval.record.fields["sign_in"]), (&json!("PER-1"), &json!("local")));
    revise(&app, board, json!({"quorum": 2}));
    let line = &shown(&app, board).approvals[0];
    assert_eq!((line.revision, line.stands), (1, true), "it stands for the revision in force");
    let stale = decide(&app, "PER-1", board, Decision { revision: Some(1), ..yes("approve") }).unwrap_err();
    assert_eq!(stale.kind, ErrorKind::Conflict);
}

#[test]
fn a_withdrawn_approval_undoes_its_transition() {
    let app = TestApp::founded();
    let board = committee(&app);
    let approval = decide(&app, "PER-1", board, yes("approve")).unwrap().approval;
    let by_another = app.act_as("PER-3").try_go(approval, "withdrawn", json!({}));
    assert_eq!(by_another.unwrap_err().kind, ErrorKind::Refused);
    app.act_as("PER-1").go(approval, "withdrawn", json!({}));
    assert_eq!((app.state(board), app.state(approval)), ("draft".to_owned(), "withdrawn".to_owned()));
    let again = app.try_go(approval, "withdrawn", json!({})).unwrap_err();
    assert_eq!(again.kind, ErrorKind::Refused);
}

/// A document that waits for its approval; PER-2 is its author and owner.
fn document_in_review(app: &TestApp) -> Id {
    let object = json!({
        "title": "Procedure for changes", "language": "en", "template": "T-AI-POLICY", "owner": "PER-2", "approver": "ROL-1", "text": "Changes are asked for.",
    });
    let kind = app.vouch.tables().kinds.get("document").unwrap().clone();
    let mut object: Map<String, Value> = fields(object).into_iter().filter(|(name, _)| kind.field(name).is_some()).collect();
    app.act_as("PER-2");
    // The rest is filled as the refusal names it.
    let answer = |object: &mut Map<String, Value>, error: vouch_app::Error| {
        assert!(!error.problems.is_empty(), "{error} {:?}", error.hint);
        for problem in error.problems {
            let field = kind.field(&problem.field).unwrap();
            let value = match (&field.kind, field.kind.choices()) {
                (FieldType::Set(_), Some(choices)) => json!([choices[0].id]),
                (_, Some(choices)) => json!(choices[0].id),
                (FieldType::One(Scalar::Bool), _) => json!(false),
                (FieldType::One(Scalar::Date), _) => json!("2026-12-01"),
                (FieldType::One(Scalar::Duration), _) => json!("P30D"),
                (FieldType::One(Scalar::Link(_)), _) => json!("ROL-1"),
                (FieldType::Set(Scalar::Link(Target::Requirement)), _) => json!(["iso42001:5.2"]),
                (FieldType::Set(Scalar::Link(Target::Kind(kind))), _) if kind == "person" => json!(["PER-2"]),
                (FieldType::Set(Scalar::Link(_)), _) => json!(["ROL-1"]),
                (FieldType::List(columns), _) => {
                    let texts = columns.iter().filter(|column| column.kind == FieldType::One(Scalar::Text));
                    json!([texts.map(|column| (column.name.clone(), json!("in words"))).collect::<Map<_, _>>()])
                }
                _ => json!("in words"),
            };
            object.insert(problem.field, value);
        }
    };
    let mut made = None;
    for _ in 0..10 {
        let Some(document) = made else {
            match app.try_create("document", object.clone()) {
                Ok(document) => made = Some(document),
                Err(error) => answer(&mut object, error),
            }
            continue;
        };
        match app.try_go(document, "in_review", json!({})) {
            Ok(()) => return document,
            Err(error) => {
                let mut more = Map::new();
                answer(&mut more, error);
                app.try_revise(document, shown(app, document).head, more).unwrap();
            }
        }
    }
    panic!("no document can be made of {object:?}");
}

#[test]
fn returned_leads_to_draft_and_only_who_may_approve_returns() {
    let app = TestApp::founded();
    let document = document_in_review(&app);
    let returned = || Decision { decision: "returned".to_owned(), ..yes("approve") };
    let by_author = decide(&app, "PER-2", document, returned()).unwrap_err();
    assert_eq!((by_author.kind, app.state(document).as_str()), (ErrorKind::Refused, "in_review"));
    let decided = decide(&app, "PER-1", document, returned()).unwrap();
    assert_eq!((decided.state.as_str(), decided.moved), ("draft", true));
    let last = query::history(&app.vouch.view(None).unwrap(), document).unwrap().pop().unwrap();
    assert_eq!((last.action, last.revision, last.state.as_str()), ("transition", shown(&app, document).head, "draft"));
}

#[test]
fn a_decision_never_leads_where_it_was_not_asked_to() {
    let app = TestApp::founded();
    let system = json!({
        "name": "Sorter", "purpose": "sorts mail", "owner": "PER-3", "origin": "registered_by_hand", "unit": "HQ"
    });
    let kind = app.vouch.tables().kinds.get("ai-system").unwrap().clone();
    let mut object = fields(system);
    object.retain(|name, _| kind.field(name).is_some());
    object.remove("origin");
    app.act_as("PER-2");
    let problems = app.try_create("ai-system", object.clone()).err().map(|error| error.problems).unwrap_or_default();
    for problem in problems {
        let choice = kind.field(&problem.field).and_then(|field| field.kind.choices().map(|choices| json!(choices[0].id)));
        object.insert(problem.field.clone(), choice.unwrap_or_else(|| json!("in words")));
    }
    if object.get("origin") == Some(&json!("discovered")) {
        object.insert("origin".to_owned(), json!(kind.field("origin").unwrap().kind.choices().unwrap()[1].id));
    }
    let system = app.create("ai-system", object);
    // PER-1 may dismiss it, but not register it: the owner does. A plain yes is about registering.
    let refused = decide(&app, "PER-1", system, yes("approve")).unwrap_err();
    assert!(refused.message.contains("owner"), "{refused}");
    assert_eq!(app.state(system), "draft");
    let set = fields(json!({"dismissed_reason": "no AI in it"}));
    let dismissed = decide(&app, "PER-1", system, Decision { to: Some("dismissed".to_owned()), set, ..yes("approve") });
    assert_eq!(dismissed.map(|decided| decided.state).unwrap_or_else(|error| panic!("{error}")), "dismissed");
}

#[test]
fn a_review_that_changes_nothing_moves_only_the_next_day() {
    let app = TestApp::founded();
    let board = committee(&app);
    decide(&app, "PER-1", board, yes("approve")).unwrap();
    let set = fields(json!({"review_by": "2027-01-15"}));
    let decided = decide(&app, "PER-1", board, Decision { set, ..yes("review") }).unwrap();
    assert_eq!((decided.state.as_str(), decided.moved), ("approved", false));
    let reviewed = shown(&app, board);
    assert_eq!((reviewed.head, &reviewed.record.fields["review_by"]), (1, &json!("2027-01-15")));
    app.clock.pass_days(1);
    let other = decide(&app, "PER-1", board, Decision { set: fields(json!({"quorum": 9})), ..yes("review") }).unwrap_err();
    assert_eq!((other.kind, other.problems[0].field.as_str()), (ErrorKind::Invalid, "quorum"));
}

#[test]
fn what_is_unique_is_free_again_when_its_holder_ended() {
    let app = TestApp::founded();
    let board = committee(&app);
    let twice = app.try_create("committee", fields(json!({"title": "ai board ", "mandate": "the same name"})));
    assert!(twice.unwrap_err().problems[0].reason.contains("COM-1 has the same"));
    decide(&app, "PER-1", board, yes("approve")).unwrap();
    app.act_as("PER-1").go(board, "dissolved", json!({}));
    app.create("committee", fields(json!({"title": "AI board", "mandate": "the next one"})));
}

#[test]
fn a_decision_has_a_reason_and_a_record_that_is_there() {
    let app = TestApp::founded();
    let board = committee(&app);
    let silent = decide(&app, "PER-1", board, Decision { reason: " ".to_owned(), ..yes("approve") }).unwrap_err();
    assert_eq!(silent.kind, ErrorKind::Invalid);
    let nowhere = decide(&app, "PER-1", id("COM-9"), yes("approve")).unwrap_err();
    assert_eq!(nowhere.kind, ErrorKind::NotFound);
    let odd = decide(&app, "PER-1", board, yes("celebrate")).unwrap_err();
    assert!(odd.kind == ErrorKind::Refused && odd.hint.is_some(), "{odd:?}");
}
