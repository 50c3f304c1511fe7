//! What others put beside checkpoints, against the checkpoints that the log has signed. Whoever puts back an older state of the records and
//! not of the desk, or the other way round, is told here.

use vouch_ledger::verify::stamps_text;
use vouch_ledger::{Policy, Signed, SignedCheckpoint, VerifierKey};
use vouch_store::{MAX_PAGE, Snapshot};

use crate::error::Result;
use crate::installation::store_error;
use crate::ledger::attested::{COSIGNED, STAMPED, WITNESSED, of_size};

/// Each cosignature and time stamp that is not of a checkpoint of this log, with its place.
pub(super) fn check(snapshot: &dyn Snapshot, policy: &Policy) -> Result<Vec<String>> {
    let mut check = Comparison { snapshot, policy, witnesses: Vec::new(), faults: Vec::new() };
    // Few: one for each witness that was ever asked.
    check.each(WITNESSED, Comparison::witness)?;
    check.each(COSIGNED, Comparison::cosigned)?;
    check.each(STAMPED, Comparison::stamped)?;
    Ok(check.faults)
}

/// Looks at one entry, by its key and value; what is wrong with it, if anything.
type Judge<C> = fn(&mut C, &str, &[u8]) -> Result<Option<String>>;

struct Comparison<'c> {
    snapshot: &'c dyn Snapshot,
    policy: &'c Policy,
    witnesses: Vec<VerifierKey>,
    faults: Vec<String>,
}

impl Comparison<'_> {
    fn each(&mut self, space: &str, judge: Judge<Self>) -> Result<()> {
        let mut after: Option<String> = None;
        loop {
            // Notes and stamps are small, but for a page of them they are many.
            let page = self.snapshot.desk_scan(space, "", after.as_deref(), MAX_PAGE / 100).map_err(store_error)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            for (key, value) in &page {
                if let Some(fault) = judge(self, key, value)? {
                    self.faults.push(fault);
                }
            }
        }
    }

    /// The checkpoint that the log has signed for a size, as it signed it.
    fn signed(&self, size: Option<u64>) -> Result<Option<SignedCheckpoint>> {
        let Some(size) = size else { return Ok(None) };
        let kept = self.snapshot.checkpoint(size).map_err(store_error)?.filter(|kept| kept.head.size == size);
        Ok(kept.and_then(|kept| SignedCheckpoint::parse(&kept.note).ok()))
    }

    /// A witness, with the size that it cosigned last: its cosignature must be kept.
    fn witness(&mut self, key: &str, size: &[u8]) -> Result<Option<String>> {
        let place = format!("witness {}", key.split('+').next().unwrap_or(key));
        let Ok(witness) = VerifierKey::parse(key) else { return Ok(Some(format!("{place}: its key cannot be read"))) };
        self.witnesses.push(witness.clone());
        let size: Option<u64> = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
        let Some(size) = size else { return Ok(Some(format!("{place}: what it cosigned last cannot be read"))) };
        let note = self.snapshot.desk_get(COSIGNED, &of_size(size)).map_err(store_error)?;
        let note = note.and_then(|note| SignedCheckpoint::parse(&note).ok());
        let is_kept = note.is_some_and(|note| matches!(note.signed_by(&witness), Signed::Valid { .. }));
        Ok((!is_kept).then(|| format!("{place}: its cosignature of the checkpoint of {size} leaves is not kept")))
    }

    fn cosigned(&mut self, key: &str, note: &[u8]) -> Result<Option<String>> {
        let place = format!("cosignatures of the checkpoint of {} leaves", key.trim_start_matches('0'));
        let note = match SignedCheckpoint::parse(note) {
            Ok(note) => note,
            Err(error) => return Ok(Some(format!("{place}: they cannot be read: {error}"))),
        };
        let Some(signed) = self.signed(key.parse().ok())? else {
            return Ok(Some(format!("{place}: the log has signed no such checkpoint; an older state was put back")));
        };
        if signed.text() != note.text() {
            return Ok(Some(format!(
                "{place}: they are of another tree; an older state was put back, and the log went on from there"
            )));
        }
        let by = |key: &VerifierKey| note.signed_by(key);
        if !self.policy.log_keys(&signed.checkpoint().origin).any(|key| matches!(by(key), Signed::Valid { .. })) {
            return Ok(Some(format!("{place}: no key of the log has signed what stands there")));
        }
        let wrong = self.witnesses.iter().find(|witness| !matches!(by(witness), Signed::Valid { .. } | Signed::Absent));
        Ok(wrong.map(|witness| format!("{place}: that of {} is not valid", witness.name())))
    }

    fn stamped(&mut self, key: &str, token: &[u8]) -> Result<Option<String>> {
        let (size, number) = key.split_once('/').unwrap_or((key, ""));
        let place =
            format!("time stamp {} of the checkpoint of {} leaves", number.trim_start_matches('0'), size.trim_start_matches('0'));
        let Some(signed) = self.signed(size.parse().ok())? else {
            return Ok(Some(format!("{place}: the log has signed no such checkpoint; an older state was put back")));
        };
        let is_of_it = stamps_text(token, signed.text());
        Ok((!is_of_it).then(|| format!("{place}: it is of something else")))
    }
}
