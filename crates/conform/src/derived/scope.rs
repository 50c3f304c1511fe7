//! Derived values of a scope.

use vouch_record::condition::Val;

use super::{Derived, latest_valid};
use crate::view::{Entry, View};

/// The derived values of a scope.
pub const TABLE: &[Derived] = &[Derived { name: "in_force", compute: |entry| Val::Bool(in_force(entry)) }];

/// The scope in force on the view's day.
#[must_use]
pub fn in_force_one(view: &View) -> Option<Entry<'_>> {
    let id = view.keep(None, "scope_in_force", || latest_valid(view, "scope").map(|entry| entry.id()));
    id.and_then(|id| view.get(id))
}

/// The approved scope with the latest valid_from not after today.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    in_force_one(entry.view()).is_some_and(|one| one.id() == entry.id())
}
