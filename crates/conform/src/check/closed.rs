//! Whether a record was closed by another person than the one who dealt with it.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;

use super::independence;
use super::wording::called;
use crate::view::Entry;

/// Why the closing of a record does not count as that of another person than `worker`, as a predicate such as `was closed by …, who led
/// it`; `work` says what the worker did (`led it`, `handled it`). Nothing when it counts.
pub(super) fn not_closed_by_another(entry: Entry<'_>, worker: Option<Id>, work: &str) -> Option<String> {
    let Some(given) = entry.last_given(&[ApprovalPurpose::Close]) else {
        return Some("was closed without an approval".to_owned());
    };
    let why = independence::defect(&given, &[(worker.as_slice(), work)])?;
    Some(format!("was closed by {}, who {why}", called(entry.view(), given.by())))
}
