//! Copies of the whole log for backups, and what is asked of them when they are put back.

use serde_json::json;
use vouch_ledger::Hash;
use vouch_record::state::Action;
use vouch_store::{Copied, Opening};

use crate::error::{Error, Result};
use crate::installation::{Acting, Vouch, store_error};

/// A log by its size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// number of leaves
    pub size: u64,
    /// root of the tree over them
    pub root: Hash,
}

impl Vouch {
    /// Size and root of the log.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn extent(&self) -> Result<Extent> {
        let head = self.store.snapshot().map_err(store_error)?.head().map_err(store_error)?;
        Ok(Extent { size: head.size, root: head.root })
    }

    /// Whether the log, when it had as many leaves, was the other one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn continues(&self, earlier: Extent) -> Result<bool> {
        let kept = self.store.snapshot().map_err(store_error)?.checkpoint(earlier.size).map_err(store_error)?;
        Ok(kept.is_some_and(|kept| kept.head.size == earlier.size && kept.head.root == earlier.root))
    }

    /// Copies everything up to the last checkpoint of at most `until` leaves into the store that `open` opens, as it is at one
    /// moment, while others write on.
    ///
    /// # Errors
    /// Refused where something was erased later than that: the content is gone, and a log that does not say so would be false.
    pub fn copy(&self, until: u64, open: Opening<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Copied> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let size = snapshot.checkpoint(until).map_err(store_error)?.map_or(0, |checkpoint| checkpoint.head.size);
        let state = self.state();
        let later = state.records().flat_map(|record| &record.leaves).find(|leaf| leaf.action == Action::Erase && leaf.seq >= size);
        if let Some(erased) = later.filter(|_| until < state.size()) {
            return Err(Error::refused(format!("leaf {} erased content, and a log of {size} leaves would not say so", erased.seq))
                .hint(format!("choose a size above {}", erased.seq)));
        }
        vouch_store::copy(snapshot.as_ref(), until, open, progress).map_err(store_error)
    }

    /// Writes into the log that it was taken back to an earlier size, so that whoever verifies it sees the fork: a remark beside the
    /// organisation's record, shown in rooms.
    ///
    /// # Errors
    /// As any write.
    pub fn note_fork(&self, acting: Acting, abandoned: Extent) -> Result<()> {
        let kept = self.extent()?.size;
        let text = format!(
            "A backup of {kept} leaves was put back over a log of {} leaves with the root `{}`. What that log held beyond is not \
             continued here; whoever has seen a checkpoint of it sees a fork.",
            abandoned.size,
            vouch_ledger::base64(&abandoned.root)
        );
        self.perform(acting, move |work| {
            let (subject, revision) = {
                let view = work.view();
                let organisation = view.all("organisation").next().ok_or_else(|| Error::not_found("there is no organisation"))?;
                (organisation.id().to_string(), organisation.standing().head.leaf(organisation.record()).revision)
            };
            let fields = json!({
                "subject": subject, "subject_revision": revision, "text": text, "visible_in_rooms": true, "asks_answer": false
            });
            work.create("comment", fields.as_object().expect("written as an object")).map(drop)
        })
    }
}
