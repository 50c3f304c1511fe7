//! Recreating what is computed.

use crate::contract::Place;
use crate::contract::story::{Fold, Text, everything_computed, open, refuse, system};
use crate::{LogLeaf, ProjectionChange, Projector, Refusal, Result, Store};

const KINDS: &[&str] = &["ai-system", "risk"];
const WORDS: &[&str] = &["gate", "risk", "SYS-2", "erased"];

fn fill(store: &dyn Store) {
    for number in 1..=300 {
        let (id, links) = (format!("SYS-{number}"), [format!("SYS-{}", number % 7 + 1)]);
        let links: Vec<&str> = links.iter().map(String::as_str).collect();
        Text { text: "opens a gate", links: &links, ..system(&id, "Gate") }.write(store);
    }
    Text { kind: "risk", id: "RSK-4", title: "A risk", links: &["SYS-2@1", "SYS-2"], ..Text::default() }.write(store);
    Text { kind: "risk", id: "RSK-5", title: "erased", ..Text::default() }.write(store);
    store
        .write(Box::new(|append| {
            append.remove_body(301)?;
            Ok(append.drop_projection("RSK-5")?)
        }))
        .unwrap();
}

pub fn a_rebuild_gives_what_was_there(place: &dyn Place) {
    let store = open(place);
    fill(&*store);
    let before = everything_computed(&*store, KINDS, WORDS);
    assert!(before.contains("risk 5\n") && before.contains("SYS-300") && before.contains("erased: []"), "{before}");
    let mut fold = Fold::default();
    store.rebuild(&mut fold).unwrap();
    assert_eq!(everything_computed(&*store, KINDS, WORDS), before);
    assert_eq!(fold.told.last(), Some(&(302, 302)));
    // The log goes on where it was.
    system("SYS-301", "after").write(&*store);
}

/// Refuses the third leaf, having dropped a record before.
struct Stubborn;

impl Projector for Stubborn {
    fn leaf(&mut self, leaf: &LogLeaf) -> Result<Vec<ProjectionChange>, Refusal> {
        match leaf.seq {
            2 => Err(refuse("body 2 cannot be read")),
            _ => Ok(vec![ProjectionChange::Drop { id: "SYS-1".to_owned() }]),
        }
    }
}

pub fn a_projector_that_refuses_changes_nothing(place: &dyn Place) {
    let store = open(place);
    fill(&*store);
    let before = everything_computed(&*store, KINDS, WORDS);
    let refusal = store.rebuild(&mut Stubborn).unwrap_err().into_refusal().unwrap();
    assert_eq!(refusal.to_string(), "body 2 cannot be read");
    assert_eq!(everything_computed(&*store, KINDS, WORDS), before);
    system("SYS-301", "after").write(&*store);
}
