//! A view that follows its organisation from write to write, and keeps what rests on nothing that changed.

use std::any::TypeId;
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use elsa::FrozenBTreeMap;
use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::days::Days;
use super::reads::{Change, Index};
use super::{Basis, Ground, Key, View};

/// From how many numbers on a view is made anew: what it knows of values that are gone takes room.
const MOST_NUMBERS: u32 = 1 << 24;
/// How many states of the log views of past days may hold on to.
const MOST_GROUNDS: usize = 4;

/// What a view that is renewed knows of its kept values.
#[derive(Default)]
pub(super) struct Known {
    index: Index,
    keys: Vec<Option<Key>>,
}

impl View {
    /// Whether this view can show a later state instead: the same day, zone and tables, and everything bound in both.
    fn can_show(&self, basis: &Basis) -> bool {
        let old = &self.ground.basis;
        let bound = |basis: &Basis| basis.bound.size >= basis.state.size() && basis.bound.broken.is_empty();
        let tables = Arc::ptr_eq(&old.frameworks, &basis.frameworks) && Arc::ptr_eq(&old.texts, &basis.texts);
        let alone = self.follows && self.proposal.is_none() && !self.only_bound;
        let kinds = Arc::ptr_eq(old.state.kinds(), basis.state.kinds());
        alone && tables && kinds && old.zone == basis.zone && bound(old) && bound(basis) && self.numbers.get() < MOST_NUMBERS
    }

    /// Shows a later state of the same log on the same day, and forgets what rests on anything that changed; the names of what
    /// belonged to no record come back. Nothing where everything has to be computed anew; the view is then of no further use.
    pub(crate) fn renew(&mut self, basis: &Arc<Basis>, now: Timestamp) -> Option<Vec<&'static str>> {
        let end = vouch_record::time::end_of_day(self.today, &basis.zone);
        let cut = basis.state.cut(end);
        // A clock that runs back would undo what has passed.
        if !self.can_show(basis) || cut != basis.state.size() || now < self.now {
            return None;
        }
        let change = Change::between(&self.ground.basis.state, &basis.state)?;
        self.learn();
        let ended = self.index.index.ended(now);
        let stale = self.index.index.stale(&change, ended);
        let names = self.drop_slots(stale);
        self.keep_days();
        let ahead = self.ground.ahead.load(Ordering::Relaxed).into();
        self.ground = Arc::new(Ground { basis: basis.clone(), days: Days::default(), ahead });
        (self.cut, self.now) = (cut, now.min(end));
        self.proposed = OnceCell::new();
        self.proven = OnceCell::new();
        self.proposals = elsa::FrozenMap::new();
        Some(names)
    }

    /// Forgets values that belong to no record, with all that rests on them; the names of what was forgotten come back.
    pub(crate) fn forget<T: 'static>(&mut self, names: &[&'static str]) -> Vec<&'static str> {
        self.learn();
        let numbers: Vec<u32> =
            names.iter().filter_map(|name| self.kept.get(&(None, *name, TypeId::of::<T>()))).map(|slot| slot.number).collect();
        let stale = self.index.index.stale(&Change::default(), numbers);
        self.drop_slots(stale)
    }

    /// Takes in what was computed since the last time.
    fn learn(&mut self) {
        let fresh = std::mem::take(self.fresh.get_mut());
        for key in fresh {
            let Some(slot) = self.kept.get(&key) else { continue };
            let number = slot.number as usize;
            if self.index.keys.len() <= number {
                self.index.keys.resize(number + 1, None);
            }
            self.index.keys[number] = Some(key);
            slot.reads.iter().for_each(|reads| self.index.index.add(slot.number, reads));
        }
    }

    fn drop_slots(&mut self, stale: FxHashSet<u32>) -> Vec<&'static str> {
        let kept = &mut self.kept;
        let gone = stale.into_iter().filter_map(|number| self.index.keys.get_mut(number as usize)?.take());
        let gone: Vec<Key> = gone.inspect(|key| kept.remove(key)).collect();
        gone.into_iter().filter(|(id, _, _)| id.is_none()).map(|(_, name, _)| name).collect()
    }

    /// What views of past days show never changes, unless they looked ahead; but each holds on to the state it was made from.
    fn keep_days(&mut self) {
        let mut grounds: Vec<*const Ground> = self.days.as_mut().values().map(|view| Arc::as_ptr(&view.ground)).collect();
        grounds.sort_unstable();
        grounds.dedup();
        let ahead = self.ground.ahead.load(Ordering::Relaxed);
        if ahead || grounds.len() > MOST_GROUNDS {
            self.days = FrozenBTreeMap::new();
        }
        if ahead {
            self.past = Arc::default();
        }
    }
}
