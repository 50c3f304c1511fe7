//! Derived values of a role.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::role::Role;

use super::Derived;
use crate::view::{Entry, View};

/// The derived values of a role.
pub const TABLE: &[Derived] = &[Derived {
    name: "holders_on",
    compute: |entry| Val::List(holders_on(entry).into_iter().map(Val::Record).collect()),
}];

/// Persons in a `holders` row whose dates contain the day, and who are active on it.
#[must_use]
pub fn holders_on(entry: Entry<'_>) -> Vec<Id> {
    let today: Date = entry.view().today();
    Role(entry.content())
        .holders()
        .filter(|row| row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today))
        .filter_map(|row| row.person().map(|link| link.id))
        .filter(|person| entry.view().is_active(*person))
        .collect()
}

/// Everybody who holds an approved role of this key on the day.
#[must_use]
pub fn holders_of(view: &View, key: &str) -> Vec<Id> {
    let mut holders: Vec<Id> =
        view.live(Role::KIND).filter(|role| role.text("key") == Some(key)).flat_map(holders_on).collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}
