//! In which state a record is after its content changed (FORMATS §2): a change of what an approval covers must come through again.

use std::sync::Arc;

use vouch_conform::Entry;
use vouch_record::state::{Action, Leaf};
use vouch_record::{Body, Id, cover};

use crate::error::{Error, Result};

/// States in which a changed record stays; the approval that leads out covers the change.
const HOLD: [&str; 2] = ["suspended", "blocked"];

/// The state after a revision to `after`.
pub(super) fn state_after(entry: Entry<'_>, after: &Body, changed: &[String]) -> Result<Arc<str>> {
    let kind = entry.kind();
    let state = &entry.standing().state;
    if HOLD.contains(&state.as_ref()) {
        return Ok(state.clone());
    }
    let now = |name: &str| after.get(name);
    let mut undisturbed: Arc<str> = entry.leaves()[0].state.clone();
    let mut earliest: Option<&Leaf> = None;
    for leaf in entry.leaves().iter().filter(|leaf| leaf.action == Action::Transition) {
        undisturbed = leaf.state.clone();
        let covered = approved_revision(entry, leaf).and_then(|revision| entry.record().revision(revision));
        let Some(approved) = covered else { continue };
        if leaf.from() == Some(leaf.state.as_ref()) {
            continue;
        }
        let then = |name: &str| approved.body.get(name);
        if earliest.is_none() && cover::changed(kind, then, now).next().is_some() {
            earliest = Some(leaf);
        }
    }
    if let Some(leaf) = earliest {
        let back = kind.draft().unwrap_or_else(|| leaf.from().unwrap_or(kind.first_state()));
        // A transition after the approval may already have led back behind it.
        return Ok(if kind.state_rank(state) < kind.state_rank(back) { state.clone() } else { Arc::from(back) });
    }
    refuse_final(entry, &undisturbed, changed)?;
    Ok(undisturbed)
}

/// The revision that the approval behind a transition was given for.
fn approved_revision(entry: Entry<'_>, transition: &Leaf) -> Option<u32> {
    let given: Vec<Id> = transition.causes().filter(|id| id.prefix() == "APV").collect();
    let approval = entry.view().find(*given.first()?)?;
    let decided = approval.text("decision") == Some("approved") && approval.is("given");
    decided.then_some(transition.revision)
}

/// In a state that is not settled and that no transition leaves, covered fields cannot change.
fn refuse_final(entry: Entry<'_>, state: &str, changed: &[String]) -> Result<()> {
    let kind = entry.kind();
    let leaves = kind.transitions.iter().any(|way| way.from.iter().any(|from| from == state));
    if leaves || kind.is_settled(state) {
        return Ok(());
    }
    let covered = changed.iter().find(|name| kind.field(name).is_some_and(|field| cover::is_covered(kind, field)));
    match covered {
        None => Ok(()),
        Some(name) => Err(Error::refused(format!("{} is {state}; `{name}` cannot change any more", entry.id()))
            .hint("create a new record and link to this one")),
    }
}
