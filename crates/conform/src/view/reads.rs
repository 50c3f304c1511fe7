//! What a kept value rests on, so that after a write only what rests on something that changed is computed again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use vouch_record::{Id, State};

/// Kinds by their place; an installation has fewer than 128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KindSet(u128);

impl KindSet {
    pub(super) const ALL: Self = Self(u128::MAX);

    pub(super) fn of(place: usize) -> Self {
        Self(1u128.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(u128::MAX))
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn places(self) -> impl Iterator<Item = usize> {
        (0..128).filter(move |place| self.0 >> place & 1 == 1)
    }
}

/// What was looked at while a value was computed.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// kinds of which every record was looked at
    pub(super) kinds: KindSet,
    /// single records, also such as are not there
    pub(super) records: Vec<Id>,
    /// records of which was asked who links to them, with the kinds asked for
    pub(super) links: Vec<(Id, KindSet)>,
    /// numbers of other kept values
    pub(super) kept: Vec<u32>,
    /// whether it rests on the instant, the size of the log or what is bound, which each write changes
    pub(super) unsteady: bool,
    /// the first instant from which on it may be otherwise, while nothing is written
    pub(super) until: Option<Timestamp>,
}

impl Reads {
    pub(super) fn until(&mut self, at: Timestamp) {
        self.until = Some(self.until.map_or(at, |until| until.min(at)));
    }

    pub(super) fn record(&mut self, id: Id, kind: KindSet) {
        // Most looks at a record follow each other.
        if !self.kinds.meets(kind) && self.records.last() != Some(&id) {
            self.records.push(id);
        }
    }

    pub(super) fn link(&mut self, id: Id, kinds: KindSet) {
        match self.links.last_mut() {
            Some((last, asked)) if *last == id => asked.add(kinds),
            _ => self.links.push((id, kinds)),
        }
    }

    pub(super) fn kept(&mut self, number: u32) {
        if self.kept.last() != Some(&number) {
            self.kept.push(number);
        }
    }

    /// What is kept of it: each thing once.
    pub(super) fn settled(mut self) -> Self {
        self.records.sort_unstable();
        self.records.dedup();
        self.kept.sort_unstable();
        self.kept.dedup();
        self.records.shrink_to_fit();
        self.links.shrink_to_fit();
        self.kept.shrink_to_fit();
        self
    }
}

/// What differs between a state and a later one.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// kinds of which a record is new or was written
    pub(super) kinds: KindSet,
    /// those records
    pub(super) records: FxHashSet<Id>,
    /// records that others have begun to link to, with the kinds of those
    pub(super) links: FxHashMap<Id, KindSet>,
}

impl Change {
    /// From an earlier to a later state of one log; nothing where one does not continue the other: an erasure changes the past too.
    pub(super) fn between(before: &State, after: &State) -> Option<Self> {
        if !after.continues(before) {
            return None;
        }
        let mut change = Self::default();
        for (place, kind) in after.kinds().iter().enumerate() {
            let (old, new) = (before.of_kind(&kind.name), after.of_kind(&kind.name));
            for (at, record) in new.iter().enumerate() {
                let known = old.get(at);
                if known.is_some_and(|known| std::sync::Arc::ptr_eq(known, record)) {
                    continue;
                }
                if known.is_none_or(|known| known.leaves.len() != record.leaves.len()) {
                    change.records.insert(record.id);
                    change.kinds.add(KindSet::of(place));
                }
                for source in record.linked_from_since(before.size()) {
                    let of = after.kinds().place(source).map_or(KindSet::ALL, KindSet::of);
                    change.links.entry(record.id).or_default().add(of);
                }
            }
        }
        Some(change)
    }
}

/// For each thing that was looked at, the numbers of the kept values that rest on it.
#[derive(Debug, Default)]
pub(super) struct Index {
    records: FxHashMap<Id, Vec<u32>>,
    links: FxHashMap<Id, Vec<(KindSet, u32)>>,
    kinds: FxHashMap<usize, Vec<u32>>,
    parents: FxHashMap<u32, Vec<u32>>,
    unsteady: Vec<u32>,
    /// those that hold until an instant
    until: BTreeMap<Timestamp, Vec<u32>>,
}

impl Index {
    /// Takes a kept value in.
    pub(super) fn add(&mut self, number: u32, reads: &Reads) {
        reads.records.iter().for_each(|id| self.records.entry(*id).or_default().push(number));
        reads.links.iter().for_each(|(id, kinds)| self.links.entry(*id).or_default().push((*kinds, number)));
        reads.kinds.places().for_each(|place| self.kinds.entry(place).or_default().push(number));
        reads.kept.iter().for_each(|child| self.parents.entry(*child).or_default().push(number));
        if reads.unsteady {
            self.unsteady.push(number);
        }
        reads.until.into_iter().for_each(|until| self.until.entry(until).or_default().push(number));
    }

    /// The numbers of what held until an instant that has come. They are forgotten.
    pub(super) fn ended(&mut self, now: Timestamp) -> Vec<u32> {
        let mut ended = Vec::new();
        while let Some(first) = self.until.first_entry().filter(|first| *first.key() <= now) {
            ended.extend(first.remove());
        }
        ended
    }

    /// The numbers of everything that rests on what changed, or on one of `besides`, directly or through other values. They are
    /// forgotten where what led to them is.
    pub(super) fn stale(&mut self, change: &Change, besides: impl IntoIterator<Item = u32>) -> FxHashSet<u32> {
        let mut stale: FxHashSet<u32> = FxHashSet::default();
        let mut next: Vec<u32> = besides.into_iter().chain(self.unsteady.drain(..)).collect();
        for id in &change.records {
            next.extend(self.records.remove(id).into_iter().flatten());
        }
        for place in change.kinds.places() {
            next.extend(self.kinds.remove(&place).into_iter().flatten());
        }
        for (id, kinds) in &change.links {
            if let Some(asked) = self.links.get_mut(id) {
                next.extend(asked.extract_if(.., |(of, _)| of.meets(*kinds)).map(|(_, number)| number));
            }
        }
        while let Some(number) = next.pop() {
            if stale.insert(number) {
                next.extend(self.parents.remove(&number).into_iter().flatten());
            }
        }
        stale
    }
}
