//! Handing the log over from one signing key to the next.

use std::sync::Arc;

use vouch_ledger::export::{Contents as _, prove};
use vouch_ledger::{ACTIVE, Action, Envelope, KEY_KIND, KeyChange, Policy, Show, SignerKey, StoredBody, VerifierKey};
use vouch_record::Value;
use vouch_record::state::Leaf;

use crate::error::{Error, Kind, Result};
use crate::installation::{Acting, Vouch, leaf_of, store_error};
use crate::ledger::{Stored, signed};
use crate::work::Work;

/// Version of the key leaf's form.
const SCHEMA: u64 = 1;

impl Vouch {
    /// Writes the leaf by which `old` hands over to `new`, signed by both; the checkpoint over it is signed by the new key. Gives the
    /// leaf's seq.
    ///
    /// # Errors
    /// Refused unless a person acts and the old key is the log's; what the store says.
    pub fn rotate(&self, acting: Acting, old: SignerKey, new: SignerKey) -> Result<u64> {
        self.perform(acting, move |work| work.hand_over(&old, &new))
    }

    /// The key that the last key leaf names; none while the log has its first one.
    ///
    /// # Errors
    /// When a key leaf names no key.
    pub fn last_key(&self) -> Result<Option<VerifierKey>> {
        self.state().keys().last().map(|leaf| named(leaf, "new")).transpose()
    }

    /// A proof of the last change of keys, with all before it, for who trusts an earlier key; none while the log has its first one.
    ///
    /// # Errors
    /// What the store says.
    pub fn key_change_proof(&self) -> Result<Option<Vec<u8>>> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let stored = Stored(snapshot.as_ref());
        let Some(seq) = stored.key_leaves()?.last().copied() else { return Ok(None) };
        Ok(Some(prove(&stored, &signed(snapshot.as_ref())?, seq, &Show::All)?))
    }

    /// A policy with the keys that key leaves name since the last that it lists of this log.
    ///
    /// # Errors
    /// When a key leaf names no key.
    pub fn policy_from(&self, base: &Policy) -> Result<Policy> {
        let mut policy = base.clone();
        for leaf in self.state().keys() {
            policy.follow(&named(leaf, "old")?, &named(leaf, "new")?);
        }
        Ok(policy)
    }
}

fn named(leaf: &Leaf, field: &str) -> Result<VerifierKey> {
    Ok(VerifierKey::parse(leaf.body.get(field).and_then(Value::as_text).unwrap_or_default())?)
}

impl Work<'_> {
    fn hand_over(&mut self, old: &SignerKey, new: &SignerKey) -> Result<u64> {
        let actor = self.person()?.to_string();
        let state = &self.working().state;
        let (seq, number) = (state.size(), state.keys().len() + 1);
        if state.keys().last().map(|leaf| named(leaf, "new")).transpose()?.is_some_and(|last| last != old.verifier()) {
            return Err(Error::new(Kind::Conflict, "another key signs this log by now").hint("run the command again"));
        }
        let stored = StoredBody::seal(KeyChange::sign(seq, old, new)?.to_fields()?, self.random());
        let c = stored.commitment().ok_or_else(|| Error::new(Kind::Corrupt, "a fresh body has no commitment"))?;
        let id = format!("KEY-{number}");
        let (org, time) = (self.origin(), self.at().as_millisecond());
        let (action, actor, id, kind, state) = (Action::Key, actor.as_str(), id.as_str(), KEY_KIND, ACTIVE);
        let envelope = Envelope { action, actor, c, id, kind, org, revision: 1, schema: SCHEMA, seq, state, time }.to_bytes()?;
        let body = stored.to_bytes();
        let (_, leaf) = leaf_of(&envelope, Some(&body))?;
        let state = Arc::make_mut(&mut self.working().state);
        state.push(None, leaf).map_err(|misfit| Error::new(Kind::Conflict, misfit.to_string()))?;
        let row = vouch_store::Leaf { envelope, body: Some(body), ..vouch_store::Leaf::default() };
        self.append().append(row).map_err(store_error)?;
        Ok(seq)
    }
}
