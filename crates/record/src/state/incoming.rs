//! Which records link to a record, kind by kind.

use crate::id::Id;

/// Records that link here, each with the seq of the first leaf that did; for each kind in the order in which they first did.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming(Vec<Vec<(Id, u64)>>);

impl Incoming {
    /// Takes in a record that did not link here before; `since` lies after all that are known.
    pub(super) fn push(&mut self, source: Id, since: u64) {
        match self.0.iter_mut().find(|group| group[0].0.prefix_number() == source.prefix_number()) {
            Some(group) => group.push((source, since)),
            None => self.0.push(vec![(source, since)]),
        }
    }

    /// Those of one kind, given by any id of it.
    pub(super) fn of_kind(&self, like: Id) -> &[(Id, u64)] {
        let group = self.0.iter().find(|group| group[0].0.prefix_number() == like.prefix_number());
        group.map_or(&[], Vec::as_slice)
    }

    /// All of them below a cut.
    pub(super) fn all(&self, cut: u64) -> Vec<Id> {
        let below = |group: &'_ Vec<(Id, u64)>| group.partition_point(|(_, since)| *since < cut);
        let mut all: Vec<(u64, Id)> =
            self.0.iter().flat_map(|group| group[..below(group)].iter().map(|(source, since)| (*since, *source))).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, source)| source).collect()
    }

    /// Those that began to link here from `size` on.
    pub(super) fn since(&self, size: u64) -> impl Iterator<Item = Id> {
        let later = move |group: &'_ Vec<(Id, u64)>| group.partition_point(|(_, since)| *since < size);
        self.0.iter().flat_map(move |group| group[later(group)..].iter().map(|(source, _)| *source))
    }

    /// Forgets what linked here from `size` on.
    pub(super) fn cut(&mut self, size: u64) {
        self.0.iter_mut().for_each(|group| group.retain(|(_, since)| *since < size));
        self.0.retain(|group| !group.is_empty());
    }

    /// Whether nothing links here.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
