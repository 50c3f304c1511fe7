//! What a view computed and keeps, and what was computed on past days.

use std::any::Any;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use elsa::FrozenMap;
use jiff::civil::Date;
use rustc_hash::FxBuildHasher;

use super::Key;
use super::reads::Reads;

/// A kept value.
pub(super) struct Slot {
    pub(super) number: u32,
    pub(super) value: Box<dyn Any + Send + Sync>,
    /// what it rests on, in a view that is renewed
    pub(super) reads: Option<Box<Reads>>,
}

/// Kept values by their keys.
pub(super) enum Kept {
    /// of this view alone
    Own(FrozenMap<Key, Box<Slot>, FxBuildHasher>),
    /// of every view of a past day that was reached from one view of the day that was asked for, from whichever day
    Shared(Arc<Shared>),
}

type Shared = elsa::sync::FrozenMap<Hashed, Box<Slot>>;

/// A key that is hashed quickly: what is shared can only be found by the slow hash of the standard library.
#[derive(PartialEq, Eq)]
pub(super) struct Hashed(Key);

impl Hash for Hashed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(FxBuildHasher.hash_one(self.0));
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self::Own(FrozenMap::default())
    }
}

impl Kept {
    pub(super) fn get(&self, key: &Key) -> Option<&Slot> {
        match self {
            Self::Own(own) => own.get(key),
            Self::Shared(shared) => shared.get(&Hashed(*key)),
        }
    }

    /// Puts a value down, unless there is one; the one that is there comes back.
    pub(super) fn insert(&self, key: Key, slot: Slot) -> &Slot {
        match self {
            Self::Own(own) => own.insert(key, Box::new(slot)),
            Self::Shared(shared) => shared.insert(Hashed(key), Box::new(slot)),
        }
    }

    /// Takes a value out of what belongs to this view alone.
    pub(super) fn remove(&mut self, key: &Key) {
        if let Self::Own(own) = self {
            drop(own.as_mut().remove(key));
        }
    }
}

/// What was computed on past days. What a past day shows is the same from whichever day one looks back, so that views of views, which
/// each have days of their own, need not compute it again.
#[derive(Default)]
pub(super) struct Past(Mutex<BTreeMap<(Date, bool), Arc<Shared>>>);

impl Past {
    /// The values of a day, with or without the records that are not bound.
    pub(super) fn on(&self, day: Date, only_bound: bool) -> Kept {
        let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Kept::Shared(days.entry((day, only_bound)).or_default().clone())
    }
}
