//! From a key that the policy names to the one that signed: by key leaves, each signed by the key before and the key after.

use super::bundle::Lines;
use super::folder::Folder;
use super::{Report, Signed, SignedCheckpoint};
use crate::Result;
use crate::change::KeyChange;
use crate::envelope::{Action, Envelope};
use crate::key::VerifierKey;
use crate::line::Line;
use crate::policy::Policy;
use crate::proof::Block;
use crate::tree::{TILE_WIDTH, bundle_entries, tiles_of_size};

/// A policy with the keys that follow from its own.
pub(super) struct Followed {
    pub(super) policy: Policy,
    /// Each key that was followed to, with the key of the policy that it follows from.
    anchors: Vec<(VerifierKey, VerifierKey)>,
}

impl Followed {
    /// The policy as it is, or, where none of its keys has signed the checkpoint, with what follows by `changes`, which come by seq.
    pub(super) fn new(
        policy: &Policy,
        signed: &SignedCheckpoint,
        changes: &mut dyn FnMut() -> Result<Vec<KeyChange>>,
    ) -> Result<Self> {
        let mut followed = Self { policy: policy.clone(), anchors: Vec::new() };
        let known = policy.log_keys(&signed.checkpoint().origin).any(|key| signed.signed_by(key) != Signed::Absent);
        if !known {
            changes()?.into_iter().for_each(|change| followed.add(change));
        }
        Ok(followed)
    }

    fn add(&mut self, change: KeyChange) {
        if self.policy.follow(&change.old, &change.new) {
            let anchor = self.anchor(&change.old).unwrap_or(&change.old).clone();
            self.anchors.push((change.new, anchor));
        }
    }

    /// The key of the policy that a key follows from; none if it is one of the policy.
    pub(super) fn anchor(&self, key: &VerifierKey) -> Option<&VerifierKey> {
        self.anchors.iter().find(|(new, _)| new == key).map(|(_, anchor)| anchor)
    }
}

/// The change of keys that a leaf says, if it says one that both keys have signed.
fn change_of((seq, envelope): (u64, &Envelope<'_>), line: &[u8]) -> Option<KeyChange> {
    match Line::parse(line) {
        Ok(Line::Shown(shown)) if envelope.action == Action::Key && shown.seq == seq && shown.c == envelope.c => {
            KeyChange::read(&shown).ok()
        }
        _ => None,
    }
}

/// The changes of keys in an export, by seq. Nothing of it is proved but by the signatures in it.
pub(super) fn changes_in(folder: &Folder<'_>, size: u64) -> Result<Vec<KeyChange>> {
    let (mut changes, mut buffer) = (Vec::new(), Vec::new());
    if size.div_ceil(TILE_WIDTH) > folder.len() {
        return Ok(changes);
    }
    for tile in tiles_of_size(size).take_while(|tile| tile.level == 0) {
        let bytes = folder.bundle(tile, &mut buffer)?.unwrap_or_default();
        let entries = bundle_entries(bytes, tile.width).unwrap_or_default();
        let entries = (tile.index * TILE_WIDTH..).zip(entries).filter_map(|(seq, entry)| Some((seq, Envelope::parse(entry).ok()?)));
        let keys: Vec<_> = entries.filter(|(_, envelope)| envelope.action == Action::Key).collect();
        if keys.is_empty() {
            continue;
        }
        let mut lines = Lines::new(tile, folder.open(&tile.bodies())?);
        // Faults of these lines are reported when the leaves are judged.
        let mut unheard = Report::unheard(false);
        for (seq, envelope) in keys {
            changes.extend(lines.take(seq, &mut unheard)?.and_then(|line| change_of((seq, &envelope), line)));
        }
    }
    Ok(changes)
}

/// The changes of keys in a proof file, by seq.
pub(super) fn changes_of(blocks: &[Block]) -> Vec<KeyChange> {
    let read = |block: &Block| {
        let seq = block.proof.index;
        Some((seq, change_of((seq, &Envelope::parse(&block.entry).ok()?), &block.line)?))
    };
    let mut changes: Vec<_> = blocks.iter().filter_map(read).collect();
    changes.sort_by_key(|(seq, _)| *seq);
    changes.into_iter().map(|(_, change)| change).collect()
}
