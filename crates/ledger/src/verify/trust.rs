//! Whether the checkpoint can be trusted, before anything is judged by it.

use super::keys::Followed;
use super::{Report, Signed, SignedCheckpoint, Trust};
use crate::change::KeyChange;
use crate::encoding::base64;
use crate::key::VerifierKey;
use crate::policy::Policy;
use crate::tree::EMPTY_ROOT;
use crate::{Error, Hash, Result};

/// Judges whether the policy accepts a checkpoint and fills the report's head; gives the key that signed it, and the policy with the
/// keys that were followed to it. `changes` gives what key leaves say, by seq; it is asked where no key of the policy signed.
pub(super) fn accept(
    trust: &Trust<'_>,
    signed: &SignedCheckpoint,
    changes: &mut dyn FnMut() -> Result<Vec<KeyChange>>,
    report: &mut Report,
) -> Result<(VerifierKey, Policy)> {
    let checkpoint = signed.checkpoint();
    if checkpoint.size == 0 {
        return Err(Error::refused("a log without leaves proves nothing"));
    }
    if signed.has_extension() {
        return Err(Error::refused("the checkpoint has extension lines, which a log of this form never has"));
    }
    let followed = Followed::new(trust.policy, signed, changes)?;
    let accepted = followed.policy.accept(signed)?;
    let anchor = followed.anchor(&accepted.log);
    if let Some(anchor) = anchor {
        report.notes.push(format!("signed by `{}`, to which key leaves lead from `{anchor}`", accepted.log));
    }
    let trusted = anchor.unwrap_or(&accepted.log);
    report.trusted = trusted.to_string();
    report.fingerprint = trusted.fingerprint();
    report.entries = checkpoint.size;
    report.root = base64(&checkpoint.root);
    for (name, time) in accepted.witnesses {
        let millis = i64::try_from(time).ok().and_then(|seconds| seconds.checked_mul(1000));
        let time = millis.and_then(|millis| crate::time::format(millis).ok()).unwrap_or_else(|| format!("second {time}"));
        report.notes.push(format!("cosigned by witness `{name}` at {time}"));
    }
    Ok((accepted.log, followed.policy))
}

/// Compares with the checkpoint that was seen before. `root_at` is the root of the first leaves at its size, when that is known.
/// `policy` has the keys that were followed to.
pub(super) fn compare_seen(
    (seen, policy): (Option<&SignedCheckpoint>, &Policy),
    signed: &SignedCheckpoint,
    root_at: Option<Hash>,
    report: &mut Report,
) {
    let Some(seen) = seen else { return };
    let (old, new) = (seen.checkpoint(), signed.checkpoint());
    let reason = if old.origin != new.origin {
        format!("the checkpoint seen before is of `{}`, not of `{}`", old.origin, new.origin)
    } else if !policy.log_keys(&old.origin).any(|key| matches!(seen.signed_by(key), Signed::Valid { .. })) {
        "the checkpoint seen before is signed by no log key of the policy".to_owned()
    } else if seen.has_extension() {
        "the checkpoint seen before has extension lines, which a log of this form never has".to_owned()
    } else if old.size > new.size {
        format!("the log had {} leaves when it was seen before and has {} now", old.size, new.size)
    } else {
        let root = match old.size {
            0 => Some(EMPTY_ROOT),
            size if size == new.size => Some(new.root),
            _ => root_at,
        };
        match root {
            Some(root) if root == old.root => {
                report.notes.push(format!("consistent with the checkpoint of {} leaves seen before", old.size));
                return;
            }
            Some(_) => format!("the first {} leaves are not those of the checkpoint seen before", old.size),
            None => "a proof file cannot be compared with a checkpoint of another size; verify an export".to_owned(),
        }
    };
    report.fault("seen", reason);
}
