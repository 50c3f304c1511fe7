//! A question about an earlier day has the same answer for ever (FORMATS §9), whatever is written later.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};
use vouch_app::{Acting, Decision, ErrorKind, query};
use vouch_record::Id;
use vouch_testkit::{TestApp, fields};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Everything that can be asked about a day: every record with its history, and readiness with its head.
fn answers(app: &TestApp, on: Date) -> Value {
    let view = app.vouch.view(Some(on)).unwrap();
    let ids: Vec<Id> = view.state().records().map(|record| record.id).filter(|id| view.find(*id).is_some()).collect();
    let records: Vec<Value> = ids
        .into_iter()
        .map(|id| json!({"shown": query::show(&view, id.into()).unwrap(), "history": query::history(&view, id).unwrap()}))
        .collect();
    json!({"records": records, "readiness": app.vouch.readiness(Some(on)).unwrap()})
}

#[test]
fn a_day_ends_in_the_zone_of_the_organisation_and_the_future_is_refused() {
    let app = TestApp::empty();
    let founding = vouch_app::Founding {
        organisation: "Example Works".into(),
        person: "Ada".into(),
        email: None,
        time_zone: "Pacific/Auckland".into(),
        language: "en".into(),
    };
    app.clock.set("2026-03-02T12:30:00Z");
    let acting = Acting { actor: vouch_record::state::Actor::System, sign_in: "local" };
    app.vouch.perform(acting, move |work| work.found(&founding)).unwrap();
    // Half past noon in Greenwich is half past one on the next day in Auckland.
    assert_eq!(app.vouch.today(), day("2026-03-03"));
    let total = |on: &str| query::list(&app.vouch.view(Some(day(on))).unwrap(), "person", &[]).unwrap().total;
    assert_eq!((total("2026-03-02"), total("2026-03-03")), (0, 1));
    let error = app.vouch.view(Some(day("2026-03-04"))).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Invalid);
}

#[test]
fn the_head_of_a_day_is_the_last_leaf_of_that_day() {
    let app = TestApp::founded();
    let size = app.vouch.state().size();
    app.clock.pass_days(2);
    app.create("person", fields(json!({"name": "Dan", "relation": "employee"})));
    let head = |on: &str| app.vouch.readiness(Some(day(on))).unwrap().head.size;
    assert_eq!((head("2026-03-01"), head("2026-03-02"), head("2026-03-03"), head("2026-03-04")), (0, size, size, size + 1));
}

/// Something that somebody does.
#[derive(Clone, Debug)]
enum Act {
    Create(String),
    Revise(usize, String),
    Move(usize, &'static str),
    Approve(usize, &'static str),
    SetAside(usize),
    Wait(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let name = || "[A-Z][a-z]{3,8}";
    prop_oneof![
        3 => name().prop_map(Act::Create),
        4 => (0usize..6, name()).prop_map(|(at, name)| Act::Revise(at, name)),
        3 => (0usize..6, prop::sample::select(vec!["active", "away", "left", "invited"])).prop_map(|(at, to)| Act::Move(at, to)),
        2 => (0usize..6, prop::sample::select(vec!["review", "approve"])).prop_map(|(at, purpose)| Act::Approve(at, purpose)),
        1 => (0usize..6).prop_map(Act::SetAside),
        2 => (0i64..3).prop_map(Act::Wait),
    ]
}

/// Does it as PER-1 or PER-2; what is refused changes nothing.
fn perform(app: &TestApp, act: &Act, number: usize) {
    let person = if number.is_multiple_of(2) { "PER-1" } else { "PER-2" };
    app.act_as(person);
    let persons: Vec<Id> = app.vouch.view(None).unwrap().all("person").map(|entry| entry.id()).collect();
    // Once everybody is set aside, what is asked for is a number that nobody has, and is refused.
    let one = |at: &usize| persons.get(at % persons.len().max(1)).copied().unwrap_or_else(|| "PER-999".parse().unwrap());
    let acting = Acting::local(person.parse().unwrap());
    match act {
        Act::Create(name) => {
            drop(app.try_create("person", fields(json!({"name": name, "relation": "employee", "joined_on": "2026-03-01"}))))
        }
        Act::Revise(at, name) => {
            let view = app.vouch.view(None).unwrap();
            let Ok(head) = query::show(&view, one(at).into()).map(|record| record.head) else { return };
            drop(view);
            drop(app.try_revise(one(at), head, fields(json!({"name": name}))));
        }
        Act::Move(at, to) => {
            let set = if *to == "left" { json!({"left_on": "2026-03-02"}) } else { json!({}) };
            drop(app.try_go(one(at), to, set));
        }
        Act::Approve(at, purpose) => {
            let decision =
                Decision { purpose: (*purpose).into(), decision: "approved".into(), reason: "seen".into(), ..Decision::default() };
            let id = one(at);
            drop(app.vouch.perform(acting, move |work| work.approve(id, &decision)));
        }
        Act::SetAside(at) => {
            let id = one(at);
            drop(app.vouch.perform(acting, move |work| work.set_aside(id, "entered twice")));
        }
        Act::Wait(days) => app.clock.pass_days(*days),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_later_write_changes_what_an_earlier_day_answers(before in prop::collection::vec(act(), 1..10), after in prop::collection::vec(act(), 1..12)) {
        let app = TestApp::founded();
        before.iter().enumerate().for_each(|(number, act)| perform(&app, act, number));
        let on = app.vouch.today();
        let said = answers(&app, on);
        app.clock.pass_days(1);
        prop_assert_eq!(&answers(&app, on), &said, "the day after, nothing written");
        for (number, act) in after.iter().enumerate() {
            perform(&app, act, number);
        }
        prop_assert_eq!(answers(&app, on), said);
        let check = app.vouch.fsck(&app.key, None).unwrap();
        prop_assert!(check.faults.is_empty(), "{:?}", check.faults);
    }
}
