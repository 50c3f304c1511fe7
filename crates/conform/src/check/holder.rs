//! Who held a role on a day, by the dates of its rows.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::role::{Role, RoleHolderRow};

use super::reach::uncovered;
use crate::view::{Entry, Window};

/// Whether the dates of a row contain a day.
pub(super) fn is_on(row: RoleHolderRow<'_>, day: Date) -> bool {
    row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day)
}

/// Whether the person held the role on a day.
pub(super) fn held(role: Entry<'_>, person: Id, day: Date) -> bool {
    Role(role.content()).holders().any(|row| row.person().is_some_and(|link| link.id == person) && is_on(row, day))
}

/// The days on which an active person held the role.
pub(super) fn held_days(role: Entry<'_>) -> Vec<Window> {
    let view = role.view();
    let rows = Role(role.content()).holders().filter_map(|row| Some((view.get(row.person()?.id)?, row)));
    rows.flat_map(|(person, row)| {
        let days = Window { from: row.from().unwrap_or(Date::MIN), to: row.to().unwrap_or(view.today()) };
        person.periods(&["active"]).into_iter().filter_map(move |active| active.and(days))
    })
    .collect()
}

/// The stretches of some days on which none of these others holds.
pub(super) fn gaps(asked: Window, by: &[Window]) -> Vec<Window> {
    let mut found = Vec::new();
    let mut rest = Some(asked);
    while let Some(gap) = rest.and_then(|rest| uncovered(rest, by)) {
        found.push(gap);
        rest = asked.from_day(gap.to.saturating_add(1.day())).filter(|rest| rest.from > gap.to);
    }
    found
}
