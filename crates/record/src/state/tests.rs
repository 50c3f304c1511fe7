//! Fold, as-of and erasure as laws over made-up logs.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Action, Actor, Erasure, Leaf, State};
use crate::body::Body;
use crate::id::Id;
use crate::kind::Kinds;
use crate::kind::tests::all;
use crate::name::numbered;
use crate::value::Value;
use crate::view::{Content, Field, Reading};

/// One step of a made-up log about context issues, which have the states identified, assessed, closed.
#[derive(Clone, Debug)]
enum Step {
    Create(i64),
    Revise(u32, i64),
    Move(u32, &'static str),
    SetAside(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..100i64).prop_map(Step::Create),
        (1..4u32, 0..100i64).prop_map(|(number, value)| Step::Revise(number, value)),
        (1..4u32, prop_oneof![Just("identified"), Just("assessed"), Just("closed")])
            .prop_map(|(number, to)| Step::Move(number, to)),
        (1..4u32).prop_map(Step::SetAside),
    ];
    prop::collection::vec(step, 0..30)
}

fn issue(number: u32) -> Id {
    Id::new("ISS", number).unwrap()
}

fn content(value: i64) -> Body {
    let objective = Value::List([Value::text(format!("OBJ-{}", value % 3 + 1))].into());
    let description = Value::text("What all revisions say alike is kept once. ".repeat(4));
    Body::new([
        ("description".into(), description),
        ("objectives".into(), objective),
        ("title".into(), Value::text(format!("title {value}"))),
    ])
}

/// The leaf that a step makes on a state, if the record is there and not set aside.
fn leaf_of(state: &State, step: &Step) -> Option<(Id, Leaf)> {
    let (id, action, body, to): (Id, Action, Body, Option<&str>) = match step {
        Step::Create(value) => (issue(state.next_number("context-issue")), Action::Create, content(*value), Some("identified")),
        Step::Revise(number, value) => (issue(*number), Action::Revise, content(*value), None),
        Step::Move(number, to) => (issue(*number), Action::Transition, Body::default(), Some(to)),
        Step::SetAside(number) => (issue(*number), Action::SetAside, Body::default(), Some("set_aside")),
    };
    let head = state.get(id).and_then(|record| record.leaves.last());
    if head.is_none() != (action == Action::Create) || head.is_some_and(|leaf| leaf.state.as_ref() == "set_aside") {
        return None;
    }
    let revision = match action {
        Action::Create => 1,
        Action::Revise => head?.revision + 1,
        _ => head?.revision,
    };
    let body = if action == Action::Transition {
        Body::new([("from".into(), Value::text(head?.state.as_ref())), ("to".into(), Value::text(to?))])
    } else {
        body
    };
    let state_after: Arc<str> = to.map_or_else(|| head.map(|leaf| leaf.state.clone()), |to| Some(Arc::from(to)))?;
    let leaf = Leaf {
        seq: state.size(),
        time: Timestamp::from_second(i64::try_from(state.size()).ok()? * 3_600).ok()?,
        actor: Actor::System,
        action,
        revision,
        state: state_after,
        schema: 1,
        commitment: [0; 32],
        body: Arc::new(body),
        erasure: Erasure::Nothing,
    };
    Some((id, leaf))
}

fn fold(kinds: &Arc<Kinds>, steps: &[Step]) -> State {
    let mut state = State::new(kinds.clone());
    for step in steps {
        if let Some((id, leaf)) = leaf_of(&state, step) {
            state.push(Some(id), leaf).unwrap();
        }
    }
    state
}

/// The same log with bodies as a store gives them.
fn reread(state: &State) -> State {
    let mut leaves: Vec<(Id, Leaf)> =
        state.records().flat_map(|record| record.leaves.iter().map(|leaf| (record.id, leaf.clone()))).collect();
    leaves.sort_by_key(|(_, leaf)| leaf.seq);
    let mut read = State::new(state.kinds().clone());
    for (id, leaf) in leaves {
        let body = Arc::new(Body::from_store(&leaf.body.to_jcs()).unwrap());
        read.push(Some(id), Leaf { body, ..leaf }).unwrap();
    }
    read
}

/// Everything a reader can see of all issues at a cut.
fn seen(state: &State, cut: u64) -> Vec<String> {
    let kind = state.kinds().get("context-issue").unwrap();
    let shown = |record: &Arc<super::Record>| {
        let standing = record.standing(kind, cut)?;
        let title = Content::new(kind, record, standing, Reading::InForce).value("title").map(|value| format!("{value:?}"));
        Some(format!(
            "{} {} {:?} {title:?} {:?}",
            record.id,
            standing.state,
            standing.shown_state(record),
            standing.course(record, kind)
        ))
    };
    state.of_kind("context-issue").iter().filter_map(shown).collect()
}

proptest! {
    #[test]
    fn what_was_seen_at_an_earlier_size_stays_as_it_was(steps in steps(), at in 0usize..30) {
        let kinds = Arc::new(all());
        let earlier = fold(&kinds, &steps[..at.min(steps.len())]);
        let later = fold(&kinds, &steps);
        prop_assert_eq!(seen(&later, earlier.size()), seen(&earlier, earlier.size()));
    }

    #[test]
    fn work_that_is_taken_back_leaves_nothing(steps in steps(), at in 0usize..30) {
        let kinds = Arc::new(all());
        let at = at.min(steps.len());
        let mut state = fold(&kinds, &steps[..at]);
        let before = seen(&state, u64::MAX);
        let size = state.size();
        state.settle();
        for step in &steps[at..] {
            if let Some((id, leaf)) = leaf_of(&state, step) {
                state.push(Some(id), leaf).unwrap();
            }
        }
        state.rewind(size);
        prop_assert_eq!(state.size(), size);
        prop_assert_eq!(seen(&state, u64::MAX), before);
        prop_assert_eq!(state.next_number("context-issue"), fold(&kinds, &steps[..at]).next_number("context-issue"));
    }

    #[test]
    fn a_log_that_is_read_from_a_store_shows_what_was_written(steps in steps()) {
        let kinds = Arc::new(all());
        let written = fold(&kinds, &steps);
        let read = reread(&written);
        for cut in [written.size() / 2, u64::MAX] {
            prop_assert_eq!(seen(&read, cut), seen(&written, cut));
        }
        for (one, other) in read.records().zip(written.records()) {
            let bodies = |record: &super::Record| record.leaves.iter().map(|leaf| leaf.body.to_jcs()).collect::<Vec<_>>();
            prop_assert_eq!(bodies(one), bodies(other));
            let links = |record: &super::Record| record.linked_from(u64::MAX).collect::<Vec<_>>();
            prop_assert_eq!(links(one), links(other));
        }
    }

    #[test]
    fn erasing_a_field_changes_nothing_but_that_field(steps in steps(), number in 1..4u32) {
        let kinds = Arc::new(all());
        let mut state = fold(&kinds, &steps);
        let Some(record) = state.get(issue(number)).cloned() else { return Ok(()) };
        let other: Vec<String> = seen(&state, u64::MAX).into_iter().filter(|line| !line.starts_with(&format!("{} ", record.id))).collect();
        for leaf in record.leaves.iter().filter(|leaf| leaf.action.is_revision()) {
            state.erase(record.id, leaf.seq, leaf.body.without(&["title"]), Erasure::Fields([("title".into(), 99)].into()));
        }
        let kind = kinds.get("context-issue").unwrap();
        let record = state.get(record.id).unwrap();
        let standing = record.standing(kind, u64::MAX).unwrap();
        let content = Content::new(kind, record, standing, Reading::Head);
        prop_assert_eq!(content.value("title"), Field::Erased);
        prop_assert_eq!(content.erased("title"), Some(99));
        let left: Vec<String> = seen(&state, u64::MAX).into_iter().filter(|line| !line.starts_with(&format!("{} ", record.id))).collect();
        prop_assert_eq!(left, other);
    }
}

#[test]
fn a_leaf_that_does_not_follow_is_refused_and_changes_nothing() {
    let kinds = Arc::new(all());
    let mut state = fold(&kinds, &[Step::Create(1)]);
    let (id, leaf) = leaf_of(&state, &Step::Revise(1, 2)).unwrap();
    let check = |state: &mut State, leaf: Leaf, words: &str| {
        let why = state.push(Some(id), leaf).unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
        assert_eq!(state.size(), 1);
    };
    check(&mut state, Leaf { seq: 5, ..leaf.clone() }, "does not follow a log of 1");
    check(&mut state, Leaf { revision: 4, ..leaf.clone() }, "does not follow its record");
    check(&mut state, Leaf { time: Timestamp::MIN, ..leaf.clone() }, "earlier than the one before");
    state.push(Some(id), leaf).unwrap();
}

#[test]
fn an_edited_record_waits_as_a_proposed_head_while_the_approved_revision_stays_in_force() {
    let kinds = Arc::new(all());
    let kind = kinds.get("context-issue").unwrap();
    let mut state = fold(&kinds, &[Step::Create(1), Step::Move(1, "assessed"), Step::Revise(1, 2)]);
    // What the edit went back to is written in its leaf; here it is made so by hand.
    let mut record = (**state.get(issue(1)).unwrap()).clone();
    record.leaves.last_mut().unwrap().state = Arc::from("identified");
    let standing = record.standing(kind, u64::MAX).unwrap();
    assert!(standing.is_proposed());
    assert_eq!(standing.shown().leaf(&record).revision, 1);
    assert_eq!(standing.shown_state(&record), "assessed");
    // Closed on the revision in force: no revision is in force then, and the head is closed too.
    let from = Body::new([("from".into(), Value::text("assessed")), ("to".into(), Value::text("closed"))]);
    let last = record.leaves.last().unwrap().clone();
    let mut record = record.clone();
    record.leaves.push(Leaf { seq: 3, action: Action::Transition, state: Arc::from("closed"), body: Arc::new(from), ..last });
    let standing = record.standing(kind, u64::MAX).unwrap();
    assert!(standing.in_force.is_none());
    assert_eq!(standing.state.as_ref(), "closed");
    state.settle();
}

#[test]
fn no_two_names_of_fields_share_a_number() {
    let kinds = all();
    let names: BTreeSet<&str> = kinds.iter().flat_map(|kind| &kind.fields).map(|field| field.name.as_str()).collect();
    let numbers: BTreeSet<u64> = names.iter().map(|name| numbered(name)).collect();
    assert!(names.len() > 500, "{}", names.len());
    assert_eq!(names.len(), numbers.len());
}

#[test]
fn nothing_goes_on_holding_a_body_that_was_erased() {
    let kinds = Arc::new(all());
    let mut state = reread(&fold(&kinds, &[Step::Create(1), Step::Revise(1, 2), Step::Revise(1, 3)]));
    let bodies = |state: &State| state.get(issue(1)).unwrap().leaves.iter().map(|leaf| leaf.body.to_jcs()).collect::<Vec<_>>();
    let (before, first) = (bodies(&state), Arc::downgrade(&state.get(issue(1)).unwrap().leaves[0].body));
    assert!(first.strong_count() > 1, "later revisions are kept as what they have otherwise");
    state.erase(issue(1), 0, Body::default(), Erasure::Whole(3));
    assert_eq!(first.strong_count(), 0);
    assert_eq!(bodies(&state)[1..], before[1..]);
}
