//! An auditor's room is opened on the latest checkpoint, which lies beside the records.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use vouch_app::{ErrorKind, query};
use vouch_ledger::SignedCheckpoint;
use vouch_record::Id;
use vouch_testkit::{TestApp, fields};

/// A room that PER-2 wrote, open for a month from the day that tests begin on.
fn room(app: &TestApp) -> Id {
    let object = json!({
        "title": "Stage 2", "purpose": "certification", "as_of": "fixed", "window_from": "2026-01-01", "window_to": "2026-03-01",
        "requirements": ["iso42001:A.5.2"], "host": "PER-2", "opens_at": "2026-03-02T09:00:00.000Z",
        "closes_at": "2026-04-01T09:00:00.000Z", "downloads": true,
        "guests": [{"name": "Gus Guest", "email": "gus@example.test", "organisation": "Body", "capacity": "auditor"}],
    });
    app.act_as("PER-2").create("room", fields(object))
}

fn field(app: &TestApp, record: Id, name: &str) -> Value {
    query::show(&app.vouch.view(None).unwrap(), record.into()).unwrap().record.fields.get(name).cloned().unwrap_or_default()
}

fn computed(app: &TestApp, record: Id, name: &str) -> Value {
    query::show(&app.vouch.view(None).unwrap(), record.into()).unwrap().derived.get(name).cloned().unwrap_or_default()
}

#[test]
fn opening_keeps_the_checkpoint_that_was_signed_before() {
    let app = TestApp::founded();
    let room = room(&app);
    let before = String::from_utf8(app.vouch.checkpoint().unwrap().to_bytes()).unwrap();
    assert_eq!(computed(&app, room, "latest_checkpoint"), json!(before));
    app.act_as("PER-1").try_decide(room, "approve", "approved").unwrap();
    assert_eq!(app.state(room), "open");
    let kept = field(&app, room, "checkpoint");
    let kept = SignedCheckpoint::parse(kept.as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(String::from_utf8(kept.to_bytes()).unwrap(), before, "not the one that the opening itself signs");
    assert_ne!(computed(&app, room, "latest_checkpoint"), json!(before), "the log has gone on");
    assert_eq!(computed(&app, room, "visits"), json!([]), "nobody was let in yet");
}

#[test]
fn an_open_room_closes_by_its_host_or_by_time() {
    let app = TestApp::founded();
    let room = room(&app);
    app.act_as("PER-1").try_decide(room, "approve", "approved").unwrap();
    assert_eq!(app.act_as("PER-3").try_go(room, "closed", json!({})).unwrap_err().kind, ErrorKind::Refused);
    app.clock.pass_days(1);
    app.act_as("PER-2").go(room, "closed", json!({}));
    assert_eq!(field(&app, room, "closes_at"), json!("2026-03-03T09:00:00.000Z"));

    let app = TestApp::founded();
    let room = self::room(&app);
    app.act_as("PER-1").try_decide(room, "approve", "approved").unwrap();
    app.clock.pass_days(31);
    assert_eq!(query::show(&app.vouch.view(None).unwrap(), room.into()).unwrap().record.state, "closed");
}

#[test]
fn a_room_without_guests_or_that_would_be_closed_at_once_is_not_opened() {
    let app = TestApp::founded();
    let room = room(&app);
    app.act_as("PER-2").try_revise(room, 1, fields(json!({"guests": []}))).unwrap();
    let refused = app.act_as("PER-1").try_decide(room, "approve", "approved").unwrap_err();
    assert!(refused.problems.iter().any(|problem| problem.field == "guests"), "{refused:?}");
    app.act_as("PER-2").try_revise(room, 2, fields(json!({"guests": [{"name": "Gus"}]}))).unwrap();
    app.clock.pass_days(40);
    let refused = app.act_as("PER-1").try_decide(room, "approve", "approved").unwrap_err();
    assert!(refused.problems.iter().any(|problem| problem.reason.contains("closed at once")), "{refused:?}");
    assert_eq!(app.state(room), "draft");
}
