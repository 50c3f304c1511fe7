//! What others put beside a checkpoint: cosignatures of witnesses and time stamps. They are kept on the desk, by the checkpoint's size,
//! and change nothing in the log.

use vouch_ledger::tree::consistency_proof;
use vouch_ledger::verify::stamps_text;
use vouch_ledger::witness::Request;
use vouch_ledger::{Policy, Signed, SignedCheckpoint};
use vouch_store::{Snapshot, Tiles};

use super::signed;
use crate::error::{Error, Kind, Result};
use crate::installation::{Vouch, store_error};

/// Space of the notes with cosignatures, by size.
pub(crate) const COSIGNED: &str = "checkpoint-cosigned";
/// Space of the time stamps, by size and number.
pub(crate) const STAMPED: &str = "checkpoint-stamped";
/// Space of what witnesses cosigned last, by their key.
pub(crate) const WITNESSED: &str = "checkpoint-witnessed";
/// Most time stamps of one checkpoint.
const STAMPS: usize = 100;

/// A checkpoint with what others put beside it.
#[derive(Clone, Debug)]
pub struct Attested {
    /// signed by the log, and cosigned by those who did
    pub checkpoint: SignedCheckpoint,
    /// RFC 3161 tokens over its text
    pub timestamps: Vec<Vec<u8>>,
}

/// Keys of one size, which sort as sizes do.
pub(crate) fn of_size(size: u64) -> String {
    format!("{size:020}")
}

impl Vouch {
    /// The latest checkpoint, with its cosignatures and time stamps.
    ///
    /// # Errors
    /// Not found for a log without leaves.
    pub fn attested(&self) -> Result<Attested> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        attested(snapshot.as_ref())
    }

    /// The checkpoint of exactly so many leaves, with its cosignatures and time stamps.
    ///
    /// # Errors
    /// Not found where the log signed none of that size.
    pub fn attested_at(&self, size: u64) -> Result<Attested> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let kept = checkpoint_at(snapshot.as_ref(), size)?;
        kept.ok_or_else(|| Error::not_found(format!("the log has signed no checkpoint of {size} leaves")))
    }

    /// What to ask a witness: to cosign `checkpoint`, one of this log, when it cosigned one of `old` leaves last.
    ///
    /// # Errors
    /// Refused when the log has fewer leaves than the witness says; what the store says.
    pub fn witness_request(&self, checkpoint: &SignedCheckpoint, old: u64) -> Result<Request> {
        let told = checkpoint.checkpoint();
        if old > told.size {
            let message = format!("the witness has seen a log of {old} leaves, and this one has {}", told.size);
            return Err(Error::new(Kind::Conflict, message).hint("an older state was put back, or another log has this name"));
        }
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let proof = match old {
            0 => Vec::new(),
            old if old == told.size => Vec::new(),
            old => consistency_proof(&Tiles(snapshot.as_ref()), told.size, &told.root, old)?,
        };
        Ok(Request { old, proof, checkpoint: checkpoint.clone() })
    }

    /// Size of the checkpoint that a witness cosigned last, as far as is known here; 0 if none is.
    ///
    /// # Errors
    /// What the store says.
    pub fn witnessed(&self, witness: &str) -> Result<u64> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let kept = snapshot.desk_get(WITNESSED, witness).map_err(store_error)?;
        let size = kept.and_then(|kept| String::from_utf8(kept).ok()).and_then(|size| size.parse().ok());
        Ok(size.unwrap_or(0))
    }

    /// Keeps the cosignatures of a checkpoint of this log by the witnesses of `policy`, beside those that are kept already.
    ///
    /// # Errors
    /// Refused unless it is the text that this log has signed for that size; what the store says.
    pub fn keep_cosignatures(&self, cosigned: &SignedCheckpoint, policy: &Policy) -> Result<()> {
        let size = cosigned.checkpoint().size;
        let valid = |key: &&vouch_ledger::VerifierKey| matches!(cosigned.signed_by(key), Signed::Valid { time: Some(_) });
        let witnesses: Vec<_> = policy.witnesses.iter().map(|(_, known)| &known.key).filter(valid).cloned().collect();
        let cosigned = cosigned.clone();
        self.write_desk(move |append| {
            let kept = checkpoint_at(append, size)?.filter(|kept| kept.checkpoint.text() == cosigned.text());
            let mut note = kept.ok_or_else(|| Error::refused("the log has signed no such checkpoint"))?.checkpoint;
            for key in &witnesses {
                for line in cosigned.keep([key]).signature_lines() {
                    note.add_signature(&line)?;
                }
                append.desk_put(WITNESSED, &key.to_string(), size.to_string().as_bytes()).map_err(store_error)?;
            }
            append.desk_put(COSIGNED, &of_size(size), &note.to_bytes()).map_err(store_error)
        })
    }

    /// Keeps a time stamp over the checkpoint of this size.
    ///
    /// # Errors
    /// Refused when the checkpoint has a hundred already; what the store says.
    pub fn keep_timestamp(&self, size: u64, token: Vec<u8>) -> Result<()> {
        self.write_desk(move |append| {
            let prefix = format!("{}/", of_size(size));
            let kept = append.desk_scan(STAMPED, &prefix, None, STAMPS).map_err(store_error)?;
            if kept.len() == STAMPS {
                return Err(Error::refused(format!("the checkpoint of {size} leaves has {STAMPS} time stamps already")));
            }
            append.desk_put(STAMPED, &format!("{prefix}{:03}", kept.len() + 1), &token).map_err(store_error)
        })
    }

    fn write_desk(&self, work: impl FnOnce(&mut dyn vouch_store::Append) -> Result<()> + Send + 'static) -> Result<()> {
        let written = self.store.run(move |append| {
            let outcome = work(append);
            Ok(outcome)
        });
        written.map_err(store_error)?.0
    }
}

/// The latest checkpoint of a snapshot, with what is kept beside it.
pub(super) fn attested(snapshot: &dyn Snapshot) -> Result<Attested> {
    let plain = signed(snapshot)?;
    let size = plain.checkpoint().size;
    let kept = checkpoint_at(snapshot, size)?;
    Ok(kept.unwrap_or(Attested { checkpoint: plain, timestamps: Vec::new() }))
}

fn checkpoint_at(snapshot: &dyn Snapshot, size: u64) -> Result<Option<Attested>> {
    let Some(plain) = snapshot.checkpoint(size).map_err(store_error)?.filter(|kept| kept.head.size == size) else {
        return Ok(None);
    };
    let mut checkpoint = SignedCheckpoint::parse(&plain.note)?;
    if let Some(note) = snapshot.desk_get(COSIGNED, &of_size(size)).map_err(store_error)? {
        let cosigned = SignedCheckpoint::parse(&note)?;
        // What was put back to an earlier state may hold cosignatures of another checkpoint of this size.
        if cosigned.text() == checkpoint.text() {
            checkpoint = cosigned;
        }
    }
    let stamps = snapshot.desk_scan(STAMPED, &format!("{}/", of_size(size)), None, STAMPS).map_err(store_error)?;
    let tokens = stamps.into_iter().map(|(_, token)| token);
    let timestamps = tokens.filter(|token| stamps_text(token, checkpoint.text())).collect();
    Ok(Some(Attested { checkpoint, timestamps }))
}
