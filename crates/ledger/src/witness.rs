//! What a log asks of a witness, and how a witness decides (C2SP tlog-witness, `add-checkpoint`). Both sides are pure: who keeps the
//! last checkpoint of each log, and how the bytes travel, is the caller's.

use std::fmt;

use crate::checkpoint::{Checkpoint, Signed, SignedCheckpoint};
use crate::encoding::{base64, parse_base64_hash, parse_decimal};
use crate::policy::Policy;
use crate::tree::{EMPTY_ROOT, extends};
use crate::verify::{Trust, key_changes, verify_proof};
use crate::{Error, Hash, Result};

/// Most lines of a consistency proof.
const MAX_PROOF: usize = 63;
/// Most bytes of a request.
pub const MAX_REQUEST: usize = 1 << 16;

/// The body of an `add-checkpoint` request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Size of the checkpoint that the witness cosigned last; 0 if it never did.
    pub old: u64,
    /// Proof that the tree of that size is the beginning of this one; empty for size 0.
    pub proof: Vec<Hash>,
    /// The checkpoint to be cosigned.
    pub checkpoint: SignedCheckpoint,
}

impl Request {
    /// The body's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("old {}\n", self.old).into_bytes();
        for hash in &self.proof {
            out.extend(format!("{}\n", base64(hash)).bytes());
        }
        out.push(b'\n');
        out.extend(self.checkpoint.to_bytes());
        out
    }

    /// Reads a body.
    ///
    /// # Errors
    /// Malformed unless it is exactly of that form, within its bounds.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let mut next = || {
            let end = rest.iter().position(|&byte| byte == b'\n');
            let end = end.ok_or_else(|| Error::malformed("the request is cut off"))?;
            let (line, left) = rest.split_at(end);
            rest = &left[1..];
            Ok::<&[u8], Error>(line)
        };
        let old = next()?.strip_prefix(b"old ").ok_or_else(|| Error::malformed("the request does not begin with an old size"))?;
        let old = parse_decimal(old).map_err(|error| error.within("old size"))?;
        let mut proof = Vec::new();
        loop {
            let line = next()?;
            if line.is_empty() {
                break;
            }
            if proof.len() == MAX_PROOF {
                return Err(Error::malformed(format!("the consistency proof has more than {MAX_PROOF} lines")));
            }
            proof.push(parse_base64_hash(line).map_err(|error| error.within("consistency proof"))?);
        }
        Ok(Self { old, proof, checkpoint: SignedCheckpoint::parse(rest)? })
    }
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The old size is larger than the checkpoint's.
    OldIsLarger,
    /// The witness does not watch a log of this origin.
    UnknownOrigin,
    /// No key that the witness trusts for this origin has signed.
    NotSigned,
    /// The witness cosigned another size last, or another root of this size.
    Conflict {
        /// The size that it cosigned last.
        size: u64,
    },
    /// The proof does not lead from the tree that was cosigned last to this one.
    NotConsistent,
}

impl Refusal {
    /// The HTTP status by which a witness says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::OldIsLarger => 400,
            Self::UnknownOrigin => 404,
            Self::NotSigned => 403,
            Self::Conflict { .. } => 409,
            Self::NotConsistent => 422,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldIsLarger => f.write_str("the old size is larger than the checkpoint's"),
            Self::UnknownOrigin => f.write_str("this witness does not watch that log"),
            Self::NotSigned => f.write_str("no key that is trusted for that log has signed the checkpoint"),
            Self::Conflict { size } => write!(f, "the last checkpoint cosigned here has {size} leaves"),
            Self::NotConsistent => f.write_str("the proof does not show that the log only grew"),
        }
    }
}

/// Whether a witness that trusts the log keys of `policy` cosigns, having cosigned `last` of this origin before. Whoever gets no
/// refusal keeps the request's checkpoint as the last one, durably and before anything else is judged, and only then cosigns.
///
/// # Errors
/// The refusal, in the order of the specification.
pub fn judge(policy: &Policy, last: Option<&Checkpoint>, request: &Request) -> Result<(), Refusal> {
    let new = request.checkpoint.checkpoint();
    let mut keys = policy.log_keys(&new.origin).peekable();
    if keys.peek().is_none() {
        return Err(Refusal::UnknownOrigin);
    }
    if !keys.any(|key| matches!(request.checkpoint.signed_by(key), Signed::Valid { .. })) {
        return Err(Refusal::NotSigned);
    }
    if request.old > new.size {
        return Err(Refusal::OldIsLarger);
    }
    let (size, root) = last.map_or((0, EMPTY_ROOT), |last| (last.size, last.root));
    if request.old != size || size == new.size && root != new.root {
        return Err(Refusal::Conflict { size });
    }
    extends(&request.proof, size, &root, new.size, &new.root).map_err(|_| Refusal::NotConsistent)
}

/// Takes in by a proof file which keys a watched log handed over to: it must be proved under a key that follows from one of the policy, by
/// leaves that both keys signed. Whether there was anything new. No checkpoint is cosigned by this, so what was cosigned last still binds.
///
/// # Errors
/// Malformed unless it is a proof file; Refused where it proves nothing under the keys of the policy.
pub fn follow(policy: &mut Policy, proof: &[u8]) -> Result<bool> {
    let report = verify_proof(proof, &Trust::given(policy));
    if !report.ok {
        let fault = report.faults.into_iter().map(|fault| fault.reason);
        let item = report.items.into_iter().filter(|item| !item.state.is_ok()).map(|item| item.reason.into_owned());
        let why = fault.chain(item).next().unwrap_or_default();
        return Err(Error::refused(format!("the change of keys is not proved under a key that is trusted here: {why}")));
    }
    let changes = key_changes(proof)?;
    Ok(changes.iter().filter(|change| policy.follow(&change.old, &change.new)).count() > 0)
}

#[cfg(test)]
mod tests;
