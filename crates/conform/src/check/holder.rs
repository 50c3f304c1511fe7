//! Who held a role on a day, by the dates of its rows.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::role::{Role, RoleHolderRow};

use crate::view::Entry;

/// Whether the dates of a row contain a day.
pub(super) fn is_on(row: RoleHolderRow<'_>, day: Date) -> bool {
    row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day)
}

/// Whether the person held the role on a day.
pub(super) fn held(role: Entry<'_>, person: Id, day: Date) -> bool {
    Role(role.content()).holders().any(|row| row.person().is_some_and(|link| link.id == person) && is_on(row, day))
}
