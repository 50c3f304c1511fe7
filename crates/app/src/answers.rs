//! Answers computed from the whole: readiness with its head, search, rebuilding what is computed.

use std::sync::PoisonError;

use jiff::civil::Date;
use vouch_conform::Readiness;
use vouch_conform::readiness::{Explanation, explain};
use vouch_ledger::tree::Appender;
use vouch_record::{Id, State};
use vouch_store::{LogLeaf, ProjectionChange, Projector, Refusal, SearchHit};

use crate::error::Result;
use crate::installation::{Vouch, leaf_of, store_error};
use crate::projection;
use crate::threads::Threads;

impl Vouch {
    /// Readiness as of a day, with the head of the log on that day.
    ///
    /// # Errors
    /// Invalid for a future day; what the store says.
    pub fn readiness(&self, as_of: Option<Date>) -> Result<Readiness> {
        let readiness = match as_of {
            None => self.readiness_now()?,
            Some(_) => Readiness::beside(&self.view(as_of)?, &Threads),
        };
        let root = self.root_at(readiness.head.size)?;
        Ok(readiness.with_root(root))
    }

    /// Readiness today: what was judged before is kept, and only what rests on what was written since is judged again.
    fn readiness_now(&self) -> Result<Readiness> {
        let (basis, today, now) = self.standpoint(None)?;
        Ok(self.current.lock().unwrap_or_else(PoisonError::into_inner).readiness(basis, today, now))
    }

    /// Why a requirement is met or not as of a day, or what its rules say about one record or AI system; nothing if there is no such
    /// item. Today's verdicts are those that [`Vouch::readiness`] keeps.
    ///
    /// # Errors
    /// Invalid for a future day; what the store says.
    pub fn explain(&self, requirement: &str, record: Option<Id>, as_of: Option<Date>) -> Result<Option<Explanation>> {
        if as_of.is_some() {
            return Ok(explain(&self.view(as_of)?, requirement, record));
        }
        let standpoint = self.standpoint(None)?;
        Ok(self.current.lock().unwrap_or_else(PoisonError::into_inner).explain(standpoint, requirement, record))
    }

    /// The same answers with the root of the log on their view's day.
    ///
    /// # Errors
    /// What the store says.
    pub fn with_root(&self, readiness: Readiness, view: &vouch_conform::View) -> Result<Readiness> {
        Ok(readiness.with_root(self.root_at(view.cut())?))
    }

    /// The root of the log's tree at a size, in base64; computed from tiles.
    fn root_at(&self, size: u64) -> Result<String> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let kept = snapshot.checkpoint(size).map_err(store_error)?.filter(|kept| kept.head.size == size);
        let root = match kept {
            Some(kept) => kept.head.root,
            None => Appender::load(size, &vouch_store::Tiles(snapshot.as_ref()))?.root(),
        };
        Ok(vouch_ledger::base64(&root))
    }

    /// Records that hold all these words, the best first.
    ///
    /// # Errors
    /// What the store says.
    pub fn search(&self, words: &str, most: usize) -> Result<Vec<SearchHit>> {
        self.store.snapshot().map_err(store_error)?.search(words, most).map_err(store_error)
    }

    /// Removes every trace of what was erased from the store's own files.
    ///
    /// # Errors
    /// What the store says.
    pub fn scrub(&self) -> Result<()> {
        self.store.scrub().map_err(store_error)
    }

    /// Recreates everything that is computed from leaves and bodies; the number of leaves comes back.
    ///
    /// # Errors
    /// Corrupt when they do not fit together; nothing is changed then.
    pub fn rebuild(&self, progress: &mut dyn FnMut(usize)) -> Result<u64> {
        let state = State::new(self.tables.kinds.clone());
        let mut projector = Fold { vouch: self, state, ids: Vec::new(), progress };
        self.store.rebuild(&mut projector).map_err(store_error)?;
        Ok(projector.state.size())
    }
}

/// Folds the log and projects every record at its end.
struct Fold<'f> {
    vouch: &'f Vouch,
    state: State,
    ids: Vec<(Id, u64)>,
    progress: &'f mut dyn FnMut(usize),
}

/// Records projected per call.
const PAGE: usize = 500;

impl Projector for Fold<'_> {
    fn leaf(&mut self, leaf: &LogLeaf) -> std::result::Result<Vec<ProjectionChange>, Refusal> {
        let (id, folded) = leaf_of(&leaf.envelope, leaf.body.as_deref())?;
        self.state.push(id, folded)?;
        if let Some(id) = id {
            self.ids.push((id, leaf.seq));
        }
        Ok(Vec::new())
    }

    fn finish(&mut self) -> std::result::Result<Vec<ProjectionChange>, Refusal> {
        if self.ids.is_empty() {
            return Ok(Vec::new());
        }
        // The last leaf of a record is the one that its row follows from.
        let mut last: std::collections::BTreeMap<Id, u64> = self.ids.drain(..).collect();
        let view = self.vouch.view_of(self.state.clone());
        let mut changes = Vec::with_capacity(PAGE.min(last.len()));
        while let Some((id, seq)) = last.pop_first() {
            let Some(entry) = view.find(id) else { continue };
            let row = projection::of(entry);
            let (Some(projection), Some(links), Some(search)) = (row.projection, row.links, row.search) else { continue };
            changes.push(ProjectionChange::Put { seq, projection, links, search });
            if changes.len() == PAGE {
                break;
            }
        }
        self.ids.extend(last);
        Ok(changes)
    }

    fn progress(&mut self, done: u64, _: u64) {
        (self.progress)(usize::try_from(done).unwrap_or(usize::MAX));
    }
}
