//! Checking everything that is stored against the log, as a stranger would who trusts only the key.
//!
//! The log is judged as the export it would make, of which nothing is kept; beside it, in a second thread, the rows that lists show are
//! compared with the state.

mod attested;
mod past;
mod rendered;
mod rows;

use std::fs::File;
use std::thread;

use vouch_ledger::VerifierKey;
use vouch_ledger::verify::{Trust, Verdict, verify_with_past};
use vouch_store::Snapshot;

use crate::error::{Error, Kind, Result};
use crate::installation::{Vouch, store_error};
use crate::ledger::{courses, signed};
use past::Beside;
use rendered::Rendered;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// leaves in the log
    pub leaves: u64,
    /// records whose row was compared
    pub records: usize,
    /// each deviation with its place
    pub faults: Vec<String>,
}

impl Vouch {
    /// Checks leaves, tree, bodies, files and checkpoint as a verifier of an export of all of them would, cosignatures and time stamps
    /// against the checkpoints that they are kept for, and every row that lists show against what the log gives. About 50 bytes of
    /// each leaf are set aside in `aside`, a file that is overwritten; without one they are kept in memory. The state keeps each value
    /// that rows are compared by, some 570 bytes a leaf.
    ///
    /// # Errors
    /// What the store says when it cannot even be read.
    pub fn fsck(&self, first_key: &VerifierKey, aside: Option<File>) -> Result<Check> {
        let (log, rows) = thread::scope(|scope| {
            let rows = scope.spawn(|| self.check_rows());
            (self.check_log(first_key, aside), rows.join())
        });
        let (records, row_faults) = rows.map_err(|_| Error::new(Kind::Unavailable, "the check of the rows panicked"))??;
        let mut faults = log?;
        faults.extend(row_faults);
        Ok(Check { leaves: self.state().size(), records, faults })
    }

    /// Judges the log by its bytes and the key.
    fn check_log(&self, first_key: &VerifierKey, aside: Option<File>) -> Result<Vec<String>> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let checkpoint = match signed(snapshot.as_ref()) {
            Ok(checkpoint) => checkpoint,
            Err(error) => return Ok(vec![format!("checkpoint: {error}")]),
        };
        let policy = self.policy(first_key)?;
        let source = Rendered::new(snapshot.as_ref(), &policy, &checkpoint);
        let mut faults = head_differs(snapshot.as_ref(), checkpoint.checkpoint())?;
        let trust = Trust::given(&policy);
        let courses = courses(&self.tables.kinds);
        let mut judged = Vec::new();
        let past = Beside::new(snapshot.as_ref(), aside);
        let report = verify_with_past(&source, &trust, &courses, &past, &mut |item| {
            if matches!(item.state, Verdict::Bad | Verdict::Missing) {
                judged.push(format!("leaf {} of {}@{}: {}", item.seq, item.id, item.revision, item.reason));
            }
        });
        match report {
            Err(error) => faults.push(format!("the log cannot be read whole: {error}")),
            Ok(report) => {
                // A file that no record names may be a draft's.
                let of_log = report.faults.iter().filter(|fault| !fault.place.starts_with("files/"));
                faults.extend(of_log.map(|fault| format!("{}: {}", fault.place, fault.reason)));
            }
        }
        faults.extend(attested::check(snapshot.as_ref(), &policy)?);
        faults.extend(source.into_faults());
        faults.extend(judged);
        Ok(faults)
    }
}

/// What the store says of its tip, against what is signed.
fn head_differs(snapshot: &dyn Snapshot, signed: &vouch_ledger::Checkpoint) -> Result<Vec<String>> {
    let head = snapshot.head().map_err(store_error)?;
    let differs = (head.size, head.root) != (signed.size, signed.root);
    let fault =
        || format!("checkpoint: signed is one of {} leaves, and the store's head has {} or another root", signed.size, head.size);
    Ok(differs.then(fault).into_iter().collect())
}
