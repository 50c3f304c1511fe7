//! Records for rules that themselves ask whether something is bound.

use crate::view::{Entry, View};

/// Every record of a kind that was not set aside, bound or not: at depth proven a view shows bound ones alone, and one that is not bound
/// would never be missed.
pub(super) fn bound_or_not<'v>(view: &'v View, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
    view.ever(kind).filter(|entry| !entry.is_set_aside())
}

/// Why a record proves nothing; nothing when its leaf, body and files verified.
pub(super) fn unproved(entry: Entry<'_>) -> Option<&'static str> {
    let broken = entry.view().is_broken(entry.made().seq);
    match entry.is_bound() {
        true => None,
        false if broken => Some("does not match what was signed"),
        false => Some("does not lie under a checkpoint that verified"),
    }
}
