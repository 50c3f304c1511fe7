//! The answer after any writes is the one from nothing.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use vouch_record::state::{Action, Actor, Erasure, Leaf};
use vouch_record::time::{day_of, end_of_day};
use vouch_record::{Body, Id, State, Value};

use super::*;
use crate::check::cases::{Fixed, Lives, build};
use crate::readiness::InTurn;
use crate::view::Bound;

/// One made-up write; numbers choose among the records, fields and states that there are.
#[derive(Clone, Debug)]
enum Write {
    /// a new record that says what another one says
    Copy { of: usize },
    /// a revision that takes a field from another record of the kind, or out
    Revise { of: usize, field: usize, from: usize },
    /// a change of state
    Move { of: usize, to: usize },
    /// a record is taken out
    SetAside { of: usize },
    /// the next write is made on the next day
    NextDay,
}

fn writes() -> impl Strategy<Value = Vec<Vec<Write>>> {
    let any = || 0usize..10_000;
    let write = prop_oneof![
        4 => any().prop_map(|of| Write::Copy { of }),
        6 => (any(), any(), any()).prop_map(|(of, field, from)| Write::Revise { of, field, from }),
        4 => (any(), any()).prop_map(|(of, to)| Write::Move { of, to }),
        1 => any().prop_map(|of| Write::SetAside { of }),
        1 => Just(Write::NextDay),
    ];
    prop::collection::vec(prop::collection::vec(write, 1..3), 1..6)
}

/// The leaf that a write makes, if the record can still be written.
fn leaf_of(state: &State, write: &Write, at: Timestamp) -> Option<(Id, Leaf)> {
    let ids: Vec<Id> = state.records().map(|record| record.id).collect();
    let pick = |of: usize| state.get(ids[of % ids.len()]);
    let (Write::Copy { of } | Write::Revise { of, .. } | Write::Move { of, .. } | Write::SetAside { of }) = write else {
        return None;
    };
    let record = pick(*of)?;
    let kind = state.kinds().of(record.id)?;
    let last = record.leaves.last()?;
    let head = record.leaves.iter().rev().find(|leaf| leaf.action.is_revision())?;
    if last.state.as_ref() == "set_aside" {
        return None;
    }
    let leaf = |action: Action, revision: u32, to: Arc<str>, body: Arc<Body>| Leaf {
        seq: state.size(),
        time: at,
        actor: last.actor.clone(),
        action,
        revision,
        state: to,
        schema: 1,
        commitment: [0; 32],
        body,
        erasure: Erasure::Nothing,
    };
    match write {
        Write::Copy { .. } => {
            let id = Id::new(&kind.prefix, state.next_number(&kind.name))?;
            Some((id, leaf(Action::Create, 1, head.state.clone(), head.body.clone())))
        }
        Write::Revise { field, from, .. } => {
            let others = state.of_kind(&kind.name);
            let other = others[from % others.len()].leaves.iter().find(|leaf| leaf.action.is_revision())?;
            let name = &kind.fields[field % kind.fields.len()].name;
            let value = other.body.get(name).cloned().unwrap_or_else(|| Value::text(""));
            let body = head.body.with([(name.as_str().into(), value)]);
            Some((record.id, leaf(Action::Revise, head.revision + 1, last.state.clone(), Arc::new(body))))
        }
        Write::Move { to, .. } => {
            let to = kind.states[to % kind.states.len()].as_str();
            let body = Body::new([("from".into(), Value::text(last.state.as_ref())), ("to".into(), Value::text(to))]);
            Some((record.id, leaf(Action::Transition, head.revision, to.into(), Arc::new(body))))
        }
        Write::SetAside { .. } => {
            let body = Body::new([("reason".into(), Value::text("entered twice"))]);
            Some((record.id, leaf(Action::SetAside, head.revision, "set_aside".into(), Arc::new(body))))
        }
        Write::NextDay => None,
    }
}

fn basis(fixed: &Fixed, state: &Arc<State>) -> Basis {
    Basis {
        state: state.clone(),
        frameworks: fixed.frameworks.clone(),
        zone: jiff::tz::TimeZone::UTC,
        bound: Bound { size: state.size(), ..Bound::default() },
        texts: fixed.texts.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn after_any_writes_the_answer_is_the_one_from_nothing(writes in writes()) {
        let fixed = Fixed::load();
        let built = build(&Lives::base(), &fixed.kinds).unwrap();
        let (mut state, mut current) = (built.state.clone(), Current::new(InTurn));
        let mut now = end_of_day(built.today, &jiff::tz::TimeZone::UTC).saturating_sub(6.hours()).unwrap().max(state.last_time());
        let mut renewed = 0;
        for step in std::iter::once(Vec::new()).chain(writes) {
            let mut next = (*state).clone();
            for write in &step {
                now += if matches!(write, Write::NextDay) { 24.hours() } else { 1.minute() };
                if let Some((id, leaf)) = leaf_of(&next, write, now) {
                    next.push(Some(id), leaf).unwrap();
                }
            }
            next.settle();
            state = Arc::new(next);
            let today = day_of(now, &jiff::tz::TimeZone::UTC);
            renewed += usize::from(current.pair.as_ref().is_some_and(|pair| pair.here.today() == today));
            let kept = current.readiness(basis(fixed, &state), today, now);
            let anew = Readiness::of(&View::new(basis(fixed, &state), today, now));
            prop_assert_eq!(told(&kept), told(&anew), "after {:?}", step);
        }
        prop_assert!(renewed > 0 || state.size() == built.state.size() || now > built.state.last_time());
    }
}

/// All that an answer says, findings and what is shown with them included.
fn told(readiness: &Readiness) -> String {
    format!("{:#?}", readiness)
}

#[test]
fn a_second_answer_for_the_same_day_judges_only_what_was_touched() {
    let fixed = Fixed::load();
    let built = build(&Lives::base(), &fixed.kinds).unwrap();
    let now = end_of_day(built.today, &jiff::tz::TimeZone::UTC);
    let mut current = Current::new(InTurn);
    current.readiness(basis(fixed, &built.state), built.today, now);
    let pair = current.pair.take().unwrap();
    let mut state = (*built.state).clone();
    let kind = state.kinds().get("improvement").unwrap().clone();
    let id = Id::new(&kind.prefix, state.next_number(&kind.name)).unwrap();
    let body = Body::new([("title".into(), Value::text("Shorter forms"))]);
    let leaf = Leaf {
        seq: state.size(),
        time: now - 1.second(),
        actor: Actor::System,
        action: Action::Create,
        revision: 1,
        state: kind.first_state().into(),
        schema: 1,
        commitment: [0; 32],
        body: Arc::new(body),
        erasure: Erasure::Nothing,
    };
    state.push(Some(id), leaf).unwrap();
    // One after the other, the second view is given all the work.
    let mut there = pair.there;
    let stale = there.renew(&Arc::new(basis(fixed, &Arc::new(state))), now).unwrap();
    let rules = crate::check::CHECKS.iter().flat_map(|check| check.rules).count();
    assert!(!stale.is_empty() && stale.len() < rules / 3, "{} of {rules}: {stale:?}", stale.len());
}
