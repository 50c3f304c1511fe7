//! Whatever units do and however they end, the store holds what a plain list would.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use vouch_ledger::leaf_hash;
use vouch_ledger::tree::root_of;

use crate::contract::story::{Fold, Scribe, all_leaves, everything_computed, refuse, system};
use crate::{Append, Refusal, Result, Settings, Sqlite, Store};

#[derive(Debug, Clone)]
enum Step {
    Append(u64),
    RemoveBody(u64),
    Put(String, u8),
    Delete(String),
}

#[derive(Debug, Clone)]
struct Plan {
    steps: Vec<Step>,
    is_refused: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    /// Envelope and body of each leaf.
    leaves: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    desk: BTreeMap<String, Vec<u8>>,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_u64..9).prop_map(Step::Append),
        (0_u64..12).prop_map(Step::RemoveBody),
        ("[a-c/é]{1,3}", any::<u8>()).prop_map(|(key, value)| Step::Put(key, value)),
        "[a-c/é]{1,3}".prop_map(Step::Delete),
    ]
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let plan = (prop::collection::vec(step(), 0..6), prop::bool::weighted(0.3));
    prop::collection::vec(plan.prop_map(|(steps, is_refused)| Plan { steps, is_refused }), 0..12)
}

/// What the steps make of the model; None where one cannot be done.
fn expected(before: &Model, plan: &Plan) -> Option<Model> {
    let mut model = before.clone();
    for step in &plan.steps {
        match step {
            Step::Append(number) => {
                let leaf = system(&format!("SYS-{number}"), "a title").leaf(model.leaves.len() as u64);
                model.leaves.push((leaf.envelope, leaf.body));
            }
            Step::RemoveBody(seq) => drop(model.leaves.get_mut(usize::try_from(*seq).unwrap())?.1.take()?),
            Step::Put(key, value) => drop(model.desk.insert(key.clone(), vec![*value])),
            Step::Delete(key) => drop(model.desk.remove(key)),
        }
    }
    (!plan.is_refused).then_some(model)
}

fn run(append: &mut dyn Append, plan: &Plan) -> Result<(), Refusal> {
    for step in &plan.steps {
        match step {
            Step::Append(number) => system(&format!("SYS-{number}"), "a title").append(append)?,
            Step::RemoveBody(seq) => append.remove_body(*seq)?,
            Step::Put(key, value) => append.desk_put("job", key, &[*value])?,
            Step::Delete(key) => append.desk_delete("job", key)?,
        }
    }
    if plan.is_refused { Err(refuse("as planned")) } else { Ok(()) }
}

fn held(store: &dyn Store) -> Model {
    let snapshot = store.snapshot().unwrap();
    let leaves = all_leaves(&*snapshot).into_iter().map(|leaf| (leaf.envelope, leaf.body)).collect();
    let desk = snapshot.desk_scan("job", "", None, 1_000).unwrap().into_iter().collect();
    Model { leaves, desk }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_holds_what_a_plain_list_would(plans in plans(), prefix in "[a-c/é]{0,2}") {
        let store = Sqlite::memory(Arc::new(Scribe), Settings::default()).unwrap();
        let mut model = Model::default();
        for plan in plans {
            let after = expected(&model, &plan);
            let written = store.write(Box::new({ let plan = plan.clone(); move |append| run(append, &plan) }));
            prop_assert_eq!(written.is_ok(), after.is_some());
            model = after.unwrap_or(model);
            prop_assert_eq!(&held(&store), &model);
        }
        let snapshot = store.snapshot().unwrap();
        let hashes: Vec<_> = model.leaves.iter().map(|(envelope, _)| leaf_hash(envelope)).collect();
        prop_assert_eq!(snapshot.head().unwrap().root, root_of(&hashes));
        let scanned: Vec<String> = snapshot.desk_scan("job", &prefix, None, 99).unwrap().into_iter().map(|(key, _)| key).collect();
        let wanted: Vec<String> = model.desk.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
        prop_assert_eq!(scanned, wanted);
    }

    #[test]
    fn rebuilding_twice_is_rebuilding_once(plans in plans()) {
        let store = Sqlite::memory(Arc::new(Scribe), Settings::default()).unwrap();
        for plan in plans {
            let _ = store.write(Box::new(move |append| run(append, &plan)));
        }
        let shown = || everything_computed(&store, &["ai-system"], &["title", "SYS-1"]);
        store.rebuild(&mut Fold::default()).unwrap();
        let once = shown();
        store.rebuild(&mut Fold::default()).unwrap();
        prop_assert_eq!(shown(), once);
    }
}
