//! Standing approvals for a purpose, and whether one is that of another person.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;

use super::approving::{Unfit, not_another};
use super::wording::called;
use crate::view::{Entry, Given};

/// The standing approval of another person for this purpose. `makers` are those who must not give it besides the authors of the
/// revision, each with what they did (`owns it`).
///
/// # Errors
/// What stands against the last one, or that there is none.
pub(super) fn by_another<'v>(entry: Entry<'v>, purpose: ApprovalPurpose, makers: &[(Id, &str)]) -> Result<Given<'v>, Unfit> {
    let mut last = None;
    for given in entry.approvals(purpose) {
        match not_another(entry, &given, makers) {
            None => return Ok(given),
            Some(defect) => last = Some(Unfit { person: called(entry.view(), given.by()), defect }),
        }
    }
    Err(last.unwrap_or_else(|| Unfit { person: "nobody".to_owned(), defect: "gave an approval that still stands".to_owned() }))
}
