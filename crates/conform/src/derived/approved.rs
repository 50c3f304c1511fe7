//! When a record was approved.

use jiff::Timestamp;

use crate::view::Entry;

/// Time of the latest approval that made state `approved`: the transition into that state whose approvals still stand.
#[must_use]
pub fn approved_at(entry: Entry<'_>) -> Option<Timestamp> {
    let mut before: Option<&str> = None;
    let mut found = None;
    for leaf in entry.leaves() {
        if leaf.state.as_ref() == "approved" && before != Some("approved") && !withdrawn(entry, leaf.causes()) {
            found = Some(leaf.time);
        }
        before = Some(&leaf.state);
    }
    found
}

/// Withdrawing an approval undoes the transition it made (FORMATS §2).
fn withdrawn(entry: Entry<'_>, mut causes: impl Iterator<Item = vouch_record::Id>) -> bool {
    causes.any(|cause| cause.prefix() == "APV" && entry.view().find(cause).is_some_and(|approval| approval.is("withdrawn")))
}
