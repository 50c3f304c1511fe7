//! What a group has written that is not in the transaction: it takes effect around the commit, or not at all.

use vouch_ledger::Hash;

use crate::StagedFile;
use crate::leaf::Tip;
use crate::sqlite::search::SearchChange;

/// Writes of the units of a group so far.
#[derive(Debug)]
pub(super) struct Pending {
    /// Tip after the group's leaves so far.
    pub(super) tip: Tip,
    /// The log's origin, once there is a leaf.
    pub(super) origin: Option<String>,
    /// Hashes of the group's leaves; the tree takes them when all units have run.
    pub(super) leaves: Vec<Hash>,
    /// Changes of the search index, in order.
    pub(super) search: Vec<SearchChange>,
    /// Files to put in their places before the commit.
    pub(super) staged: Vec<StagedFile>,
    /// Files to remove after the commit.
    pub(super) removed: Vec<Hash>,
}

/// Where a unit began.
#[derive(Debug)]
pub(super) struct Mark {
    tip: Tip,
    had_origin: bool,
    leaves: usize,
    search: usize,
    staged: usize,
    removed: usize,
}

impl Pending {
    pub(super) fn new(tip: Tip, origin: Option<String>) -> Self {
        Self { tip, origin, leaves: Vec::new(), search: Vec::new(), staged: Vec::new(), removed: Vec::new() }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            tip: self.tip,
            had_origin: self.origin.is_some(),
            leaves: self.leaves.len(),
            search: self.search.len(),
            staged: self.staged.len(),
            removed: self.removed.len(),
        }
    }

    /// Forgets what was written since the mark; files staged since then go.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        self.tip = mark.tip;
        if !mark.had_origin {
            self.origin = None;
        }
        self.leaves.truncate(mark.leaves);
        self.search.truncate(mark.search);
        self.staged.truncate(mark.staged);
        self.removed.truncate(mark.removed);
    }
}
