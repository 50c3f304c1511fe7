//! Verifying the log while it grows: each leaf is hashed and each body held against its commitment once; the root is held against
//! the signed checkpoint each time.

use vouch_ledger::tree::{Appender, hash_leaf};
use vouch_ledger::{Envelope, StoredBody, VerifierKey};
use vouch_store::LeafQuery;

use super::signed;
use crate::error::Result;
use crate::installation::{Vouch, store_error};

/// Leaves read at a time.
const PAGE: usize = 2_000;

/// How far a log was verified, and what did not hold.
#[derive(Default)]
pub struct Watch {
    tree: Appender,
    faults: Vec<String>,
}

impl Watch {
    /// Leaves verified so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// What did not hold, each with its place; empty while everything does.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }
}

/// Faults that are named; more are not counted.
const MOST_FAULTS: usize = 20;

impl Vouch {
    /// Verifies what was written since the last time: every leaf and body, the root they give, and the signature over it by a key
    /// that follows from `first_key`. `progress` is told the leaves done and all there are; when it answers false the rest waits.
    ///
    /// # Errors
    /// What the store says; what does not hold is kept in the watch and is no error.
    pub fn follow(&self, watch: &mut Watch, first_key: &VerifierKey, progress: &mut dyn FnMut(u64, u64) -> bool) -> Result<()> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let head = snapshot.head().map_err(store_error)?;
        if head.size < watch.size() {
            watch.faults.push(format!("the log had {} leaves and now has {}", watch.size(), head.size));
            return Ok(());
        }
        if head.size == 0 {
            return Ok(());
        }
        while watch.size() < head.size {
            let query = LeafQuery { id: None, from: watch.size(), limit: PAGE, bodies: true };
            let page = snapshot.leaves(query).map_err(store_error)?;
            if page.is_empty() {
                watch.fault(format!("leaf {} is not there", watch.size()));
                return Ok(());
            }
            for leaf in page.iter().take(usize::try_from(head.size - watch.size()).unwrap_or(usize::MAX)) {
                watch.leaf(leaf.seq, &leaf.envelope, leaf.body.as_deref());
            }
            if !progress(watch.size(), head.size) {
                return Ok(());
            }
        }
        let checkpoint = signed(snapshot.as_ref())?;
        let told = checkpoint.checkpoint();
        if told.size != head.size || told.root != watch.tree.root() {
            watch.fault(format!("the leaves do not give the root that was signed for {} leaves", told.size));
        }
        if let Err(refused) = self.policy(first_key)?.accept(&checkpoint) {
            watch.fault(format!("the checkpoint over {} leaves is not signed by a key of this log: {refused}", told.size));
        }
        Ok(())
    }
}

impl Watch {
    fn fault(&mut self, what: String) {
        if self.faults.len() < MOST_FAULTS && !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }

    fn leaf(&mut self, seq: u64, envelope: &[u8], body: Option<&[u8]>) {
        let place = self.tree.size();
        self.tree.push(hash_leaf(envelope));
        // Tiles are the store's; only the tree's edge is needed here.
        self.tree.take_full();
        if seq != place {
            self.fault(format!("leaf {seq} stands where leaf {place} is expected"));
        }
        let committed = match Envelope::parse(envelope) {
            Ok(parsed) => parsed.c,
            Err(error) => return self.fault(format!("leaf {seq} cannot be read: {error}")),
        };
        match body.map(StoredBody::from_bytes) {
            Some(Err(error)) => self.fault(format!("the body of leaf {seq} cannot be read: {error}")),
            Some(Ok(body)) if body.commitment().is_some_and(|found| found != committed) => {
                self.fault(format!("the body of leaf {seq} is not the one that was sealed"));
            }
            _ => {}
        }
    }
}
