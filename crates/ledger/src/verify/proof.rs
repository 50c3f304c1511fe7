//! Judging a proof file: the target first, then its erase leaves, then the key leaves of the log.

use super::body::{self, judge_transition};
use super::leaf::{Erasures, judge_files};
use super::{Item, Report, Trust, Worst, keys, trust};
use crate::Result;
use crate::change::KeyChange;
use crate::envelope::{Action, Envelope, leaf_hash};
use crate::erasure::Erasure;
use crate::line::{Line, Shown};
use crate::proof::{Block, read_blocks};
use crate::tree::check_inclusion;

/// Judges a proof file. It looks for no files, and what only the whole log shows (numbers, courses, keys) is not judged.
#[must_use]
pub fn verify_proof(bytes: &[u8], trust: &Trust<'_>) -> Report {
    let mut report = Report::new(trust);
    if let Err(error) = judge(bytes, trust, &mut report) {
        report.fault("proof", error.message());
    }
    report.ok = report.faults.is_empty() && report.items.iter().all(|item| item.state.is_ok());
    report
}

/// The changes of keys that a proof file shows, by seq. Both keys have signed each; that the log holds them is for [`verify_proof`].
///
/// # Errors
/// Malformed unless it is a proof file.
pub fn key_changes(bytes: &[u8]) -> Result<Vec<KeyChange>> {
    Ok(keys::changes_of(&read_blocks(bytes)?))
}

fn judge(bytes: &[u8], trust: &Trust<'_>, report: &mut Report) -> Result<()> {
    let blocks = read_blocks(bytes)?;
    let signed = &blocks[0].proof.checkpoint;
    let (_, policy) = trust::accept(trust, signed, &mut || Ok(keys::changes_of(&blocks)), report)?;
    trust::compare_seen((trust.seen, &policy), signed, None, report);
    report.notes.push("judged: the leaves of this file; not judged: the rest of the log, and files".to_owned());
    let envelopes: Vec<_> = blocks.iter().map(|block| Envelope::parse(&block.entry)).collect();
    let mut erasures = Erasures::default();
    for (block, envelope) in blocks.iter().zip(&envelopes).skip(1) {
        if let Ok(envelope) = envelope
            && let Some(erasure) = proved_erasure(block, envelope)
        {
            erasures.add(envelope.seq, envelope.id, erasure);
        }
    }
    let mut blindings = Vec::new();
    for (index, (block, envelope)) in blocks.iter().zip(&envelopes).enumerate() {
        let mut worst = Worst::new();
        let (mut id, mut revision) = (String::new(), 0);
        match envelope {
            Err(error) => worst.bad(format!("its envelope cannot be read: {error}")),
            Ok(envelope) => {
                (id, revision) = (envelope.id.to_owned(), envelope.revision);
                if let Err(error) = prove(block, envelope) {
                    worst.bad(error.message().to_owned());
                }
                if index > 0 {
                    let before = (envelopes[0].as_ref().ok(), envelopes[index - 1].as_ref().ok());
                    judge_place(block, envelope, before, &mut worst);
                }
                let takings = erasures.of(envelope.seq, envelope);
                if let Some(shown) = body::judge(envelope, &block.line, &takings, &mut worst) {
                    erasures.check_names(&takings, &shown);
                    judge_shown(envelope, &shown, &erasures, &mut worst)?;
                    if blindings.contains(&shown.b) {
                        worst.bad("its blinding occurs before in the proof");
                    }
                    blindings.push(shown.b);
                }
            }
        }
        let item = Item { seq: block.proof.index, id, revision, state: worst.verdict, reason: worst.reason };
        report.items.push(item);
    }
    Ok(())
}

/// The entry is the leaf at its seq in the tree of the checkpoint, and of this log.
fn prove(block: &Block, envelope: &Envelope<'_>) -> Result<()> {
    let checkpoint = block.proof.checkpoint.checkpoint();
    if envelope.seq != block.proof.index {
        return Err(crate::Error::mismatch("the envelope bears another seq than its proof"));
    }
    if envelope.org != checkpoint.origin {
        return Err(crate::Error::mismatch("the envelope is of another log than the checkpoint"));
    }
    check_inclusion(&block.proof.hashes, checkpoint.size, &checkpoint.root, envelope.seq, &leaf_hash(&block.entry))
}

/// The erasure of a block, if block and body are proved.
fn proved_erasure(block: &Block, envelope: &Envelope<'_>) -> Option<Erasure> {
    prove(block, envelope).ok().filter(|()| envelope.action == Action::Erase)?;
    match Line::parse(&block.line) {
        Ok(Line::Shown(shown)) if shown.c == envelope.c => Erasure::read(&shown).ok(),
        _ => None,
    }
}

/// Blocks after the first are erase leaves of the same record that name the target, by seq, then key leaves by seq.
fn judge_place(block: &Block, envelope: &Envelope<'_>, before: (Option<&Envelope<'_>>, Option<&Envelope<'_>>), worst: &mut Worst) {
    let (Some(target), Some(previous)) = before else {
        worst.bad("the target, or the block before it, cannot be read");
        return;
    };
    if envelope.action == Action::Key {
        let first = previous.action != Action::Key || previous.seq == target.seq;
        if !first && envelope.seq <= previous.seq || envelope.seq == target.seq {
            worst.bad("key leaves do not stand by seq, or the target is among them");
        }
        return;
    }
    if envelope.action != Action::Erase || envelope.id != target.id || envelope.kind != target.kind {
        worst.bad("after the target stand only erase leaves of the same record, then key leaves");
    }
    if envelope.seq <= previous.seq || previous.action == Action::Key && previous.seq != target.seq {
        worst.bad("erase leaves do not stand by seq");
    }
    if proved_erasure(block, envelope).is_none_or(|erasure| !erasure.erased.contains_key(&target.seq)) {
        worst.bad("it does not erase anything of the target");
    }
}

fn judge_shown(envelope: &Envelope<'_>, shown: &Shown<'_>, erasures: &Erasures, worst: &mut Worst) -> Result<()> {
    judge_transition(envelope, shown, &[], worst);
    match envelope.action {
        Action::Erase => erasures.judge(envelope.seq, shown, worst),
        Action::Key => {
            if let Err(error) = KeyChange::read(shown) {
                worst.bad(format!("its body is not that of a key leaf: {error}"));
            }
        }
        _ => {}
    }
    judge_files(shown, None, worst)
}
