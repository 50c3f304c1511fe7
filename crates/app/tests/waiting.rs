//! What waits for whom.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::json;
use vouch_app::waiting::{Sort, Waiting, ahead, waiting};
use vouch_record::Id;
use vouch_testkit::{TestApp, fields};

fn waits(app: &TestApp, person: &str) -> Vec<(Sort, String, String)> {
    let view = app.vouch.view(None).unwrap();
    let row = |one: Waiting| (one.sort, one.what, one.record.to_string());
    waiting(&view, person.parse().unwrap()).into_iter().map(row).collect()
}

fn task(app: &TestApp, due: &str) -> Id {
    app.act_as("PER-1").create("task", fields(json!({"title": "Read the log", "assignee": "PER-2", "due": due})))
}

#[test]
fn a_task_waits_for_whom_it_names_until_it_is_done() {
    let app = TestApp::founded();
    let task = task(&app, "2026-03-09");
    assert_eq!(waits(&app, "PER-2"), [(Sort::Do, "Do".to_owned(), task.to_string())]);
    assert!(waits(&app, "PER-3").is_empty());
    app.act_as("PER-2").go(task, "done", json!({"done_at": "2026-03-02", "done_by": "PER-2"}));
    assert!(waits(&app, "PER-2").is_empty());
}

#[test]
fn a_decision_waits_for_who_may_give_it_and_not_for_the_author() {
    let app = TestApp::founded();
    let object = json!({
        "title": "AI board", "mandate": "It decides about high risks.", "quorum": 1, "majority": "simple", "meets_every": "P3M",
        "decides": [{"decision": "accept_risk", "from_tier": "low"}], "standing_agenda": [{"item": "risks", "from_kind": "risk"}],
        "members": [{"person": "PER-2", "function": "chair", "speaks_for": "business", "votes": true, "from": "2026-01-01"}],
        "reports_to": "ROL-1", "conflict_rule": "who is concerned leaves", "review_by": "2026-12-01"
    });
    let board = app.act_as("PER-2").create("committee", fields(object));
    let approve = (Sort::Approve, "Approve".to_owned(), board.to_string());
    assert!(waits(&app, "PER-1").contains(&approve), "{:?}", waits(&app, "PER-1"));
    assert!(!waits(&app, "PER-2").contains(&approve));
    app.act_as("PER-1").try_decide(board, "approve", "approved").unwrap();
    assert!(!waits(&app, "PER-1").contains(&approve));
}

#[test]
fn what_comes_is_what_is_due_within_the_days_asked_for() {
    let app = TestApp::founded();
    let (near, _far) = (task(&app, "2026-03-09"), task(&app, "2026-07-01"));
    let coming = ahead(&app.vouch.view(None).unwrap(), 30);
    assert_eq!(coming.iter().map(|one| (one.record, one.on.to_string())).collect::<Vec<_>>(), [(near, "2026-03-09".to_owned())]);
    app.clock.pass_days(8);
    assert!(ahead(&app.vouch.view(None).unwrap(), 30).is_empty(), "what is past does not come");
}
