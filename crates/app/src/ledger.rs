//! The log as it is handed out: checkpoint, proofs, exports, and the courses that a verifier judges records by.

pub(crate) mod attested;
mod contents;
mod courses;
mod rotation;
mod watch;

pub use attested::Attested;
pub use courses::{courses, courses_told};
pub use watch::Watch;

use std::collections::BTreeSet;

use vouch_ledger::export::{Export, Sink};
use vouch_ledger::{Envelope, Policy, Show, SignedCheckpoint, StoredBody, VerifierKey};
use vouch_record::state::Action;
use vouch_record::{Id, Link};
use vouch_store::Snapshot;

use crate::error::{Error, Kind, Result};
use crate::installation::{Vouch, store_error};
use crate::record::unknown;
pub(crate) use contents::Stored;

/// Which leaf a proof is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// the leaf that made a revision; the head's if the link names none
    Revision(Link),
    /// any leaf of a record
    Leaf(Id, u64),
}

impl Vouch {
    /// The latest signed checkpoint.
    ///
    /// # Errors
    /// Not found for a log without leaves.
    pub fn checkpoint(&self) -> Result<SignedCheckpoint> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        signed(snapshot.as_ref())
    }

    /// The policy that trusts this log's keys: `first` and every key that a key leaf named since.
    ///
    /// # Errors
    /// When a key leaf names no key.
    pub fn policy(&self, first: &VerifierKey) -> Result<Policy> {
        self.policy_from(&Policy::of_log([first.clone()]))
    }

    /// A proof that a leaf is in the log, with the fields shown that are named (all if none is).
    ///
    /// # Errors
    /// Not found for an unknown record, revision or field.
    pub fn prove(&self, target: Target, fields: Option<&[String]>) -> Result<Vec<u8>> {
        let (id, seq) = self.leaf_of(target)?;
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let checkpoint = attested::attested(snapshot.as_ref())?.checkpoint;
        let body = stored_body(snapshot.as_ref(), seq)?;
        let show = match fields {
            None => Show::All,
            Some(names) => Show::Only(names.iter().cloned().collect::<BTreeSet<_>>()),
        };
        if let Some(unknown) = fields.into_iter().flatten().find(|name| !body.fields().contains_key(name.as_str())) {
            let filled: Vec<&str> = body.fields().keys().copied().collect();
            return Err(Error::invalid(format!("leaf {seq} of {id} has no field `{unknown}`"))
                .hint(format!("it has {}", filled.join(", "))));
        }
        Ok(vouch_ledger::export::prove(&Stored(snapshot.as_ref()), &checkpoint, seq, &show)?)
    }

    fn leaf_of(&self, target: Target) -> Result<(Id, u64)> {
        let state = self.state();
        let id = match target {
            Target::Revision(link) => link.id,
            Target::Leaf(id, _) => id,
        };
        let record = state.get(id).ok_or_else(|| unknown(id))?;
        let found = match target {
            Target::Leaf(_, seq) => record.leaves.iter().find(|leaf| leaf.seq == seq),
            Target::Revision(Link { revision: Some(number), .. }) => record.revision(number),
            Target::Revision(_) => record.leaves.iter().rev().find(|leaf| matches!(leaf.action, Action::Create | Action::Revise)),
        };
        let leaf =
            found.ok_or_else(|| Error::not_found(format!("{id} has no such leaf")).hint(format!("see `vouch history {id}`")))?;
        Ok((id, leaf.seq))
    }

    /// Writes an export of the whole log into `sink`, under the policy `base` with the keys that followed; `show` says what of each body
    /// is shown.
    ///
    /// # Errors
    /// Refused for an empty log, and where the policy wants witnesses that have not cosigned the latest checkpoint; what the store or the
    /// sink says.
    pub fn export(&self, sink: &mut dyn Sink, base: &Policy, show: &dyn Fn(&Envelope<'_>) -> Show) -> Result<u64> {
        let policy = self.policy_from(base)?;
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let Attested { checkpoint, timestamps } = attested::attested(snapshot.as_ref())?;
        let contents = Stored(snapshot.as_ref());
        Export { contents: &contents, checkpoint: &checkpoint, policy: &policy, show, timestamps: &timestamps }.write(sink)?;
        Ok(checkpoint.checkpoint().size)
    }
}

/// The latest checkpoint of a snapshot.
pub(crate) fn signed(snapshot: &dyn Snapshot) -> Result<SignedCheckpoint> {
    let head = snapshot.head().map_err(store_error)?;
    let kept = snapshot.checkpoint(head.size).map_err(store_error)?;
    let kept =
        kept.ok_or_else(|| Error::not_found("the log has no checkpoint yet").hint("begin with `vouch init` or `vouch demo`"))?;
    Ok(SignedCheckpoint::parse(&kept.note)?)
}

fn stored_body(snapshot: &dyn Snapshot, seq: u64) -> Result<StoredBody> {
    let bytes = snapshot.body(seq).map_err(store_error)?;
    let bytes =
        bytes.ok_or_else(|| Error::new(Kind::Corrupt, format!("leaf {seq} has no body")).hint("run `vouch ledger fsck`"))?;
    Ok(StoredBody::from_bytes(&bytes)?)
}
