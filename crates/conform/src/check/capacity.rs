//! In which capacity an approval was given.

use vouch_record::kind::generated::role::{Role, RoleKey};

use crate::view::Given;

/// Whether an approval was given in a role of this key.
pub(super) fn acted_as(given: &Given<'_>, key: &str) -> bool {
    let role = given.entry.linked("capacity");
    role.is_some_and(|role| Role(role.content()).key().get().is_some_and(|of| RoleKey::id(of) == key))
}
