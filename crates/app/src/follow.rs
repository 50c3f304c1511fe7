//! Folding the log into the state: all of it when an installation is opened, and what other processes have added since.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use vouch_ledger::StoredBody;
use vouch_record::state::{Action, Leaf};
use vouch_record::{Body, Id, State, Value};
use vouch_store::{LeafQuery, Snapshot};

use crate::error::{Error, Kind, Result};
use crate::installation::{erasure_of, leaf_of, store_error};

/// Leaves per read: few, since what is read is held beside the state until it is folded in.
const PAGE: usize = 500;
/// Pages that are read ahead.
const AHEAD: usize = 8;

/// Folds in every leaf that the state does not have.
pub(crate) fn fold(state: &mut State, snapshot: &dyn Snapshot) -> Result<Vec<(Id, Leaf)>> {
    let mut erasing = Vec::new();
    loop {
        let page = page(snapshot, state.size())?;
        if page.is_empty() {
            state.settle();
            return Ok(erasing);
        }
        for (id, leaf) in page {
            if let (Some(id), Action::Erase) = (id, leaf.action) {
                erasing.push((id, leaf.clone()));
            }
            push(state, id, leaf)?;
        }
    }
}

/// Folds a whole log: one thread reads while another folds.
pub(crate) fn fold_all(state: &mut State, snapshot: Box<dyn Snapshot + Send + '_>) -> Result<()> {
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(AHEAD);
        scope.spawn(move || {
            let mut next = 0;
            loop {
                let page = page(snapshot.as_ref(), next);
                next += page.as_ref().map_or(0, |page| page.len() as u64);
                let is_last = page.as_ref().map_or(true, Vec::is_empty);
                // Whoever folds ends at the first leaf that does not fit, and then takes no more.
                if give.send(page).is_err() || is_last {
                    return;
                }
            }
        });
        for page in take {
            for (id, leaf) in page? {
                push(state, id, leaf)?;
            }
        }
        state.settle();
        Ok(())
    })
}

/// Some leaves from a place on; none at the end of the log.
fn page(snapshot: &dyn Snapshot, from: u64) -> Result<Vec<(Option<Id>, Leaf)>> {
    let query = LeafQuery { id: None, from, limit: PAGE, bodies: true };
    let entries = snapshot.leaves(query).map_err(store_error)?;
    entries.into_iter().map(|entry| leaf_of(&entry.envelope, entry.body.as_deref())).collect()
}

fn push(state: &mut State, id: Option<Id>, leaf: Leaf) -> Result<()> {
    state.push(id, leaf).map_err(|misfit| Error::new(Kind::Corrupt, misfit.to_string()).hint("run `vouch ledger fsck`"))
}

/// The state with everything that the snapshot shows. What others erased is taken from it too.
pub(crate) fn caught_up(state: Arc<State>, snapshot: &dyn Snapshot) -> Result<Arc<State>> {
    let kinds = state.kinds().clone();
    let known = state.size();
    let mut next = State::clone(&state);
    match fold(&mut next, snapshot) {
        Ok(erasing) => {
            for (id, leaf) in erasing {
                for seq in erased(&leaf).filter(|seq| *seq < known) {
                    take(&mut next, id, seq, snapshot)?;
                }
            }
        }
        Err(_) => {
            // The log is not the one that was read before: a backup was put back. It is read from its beginning.
            next = State::new(kinds);
            fold(&mut next, snapshot)?;
        }
    }
    Ok(Arc::new(next))
}

/// The leaves that an erase leaf names.
fn erased(leaf: &Leaf) -> impl Iterator<Item = u64> {
    leaf.body.get("erased").map_or(&[][..], Value::members).iter().filter_map(|(seq, _)| seq.parse().ok())
}

/// Replaces what the state keeps of a body by what is left of it in the store.
fn take(state: &mut State, id: Id, seq: u64, snapshot: &dyn Snapshot) -> Result<()> {
    let bytes = snapshot.body(seq).map_err(store_error)?;
    let bytes =
        bytes.ok_or_else(|| Error::new(Kind::Corrupt, format!("leaf {seq} has no body")).hint("run `vouch ledger fsck`"))?;
    let stored = StoredBody::from_bytes(&bytes)?;
    let content =
        Body::from_json(&stored.json()).map_err(|error| Error::new(Kind::Corrupt, "what is left is no body").because(error))?;
    state.erase(id, seq, content, erasure_of(&stored));
    Ok(())
}
