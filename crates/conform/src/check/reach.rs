//! How far back rules look, and what of a stretch nothing covers.

use jiff::ToSpan;

use crate::view::{View, Window};

/// The window; where it is too short to hold a stretch of more than `days` days, as much further back as that takes, but never before
/// the first approved scope. Else a thing that never happened at all could not be missed.
pub(super) fn window_reaching(view: &View, days: i64) -> Option<Window> {
    let further = view.last_days(days + 1)?;
    let window = view.window()?;
    Some(Window { from: window.from.min(further.from), to: window.to })
}

/// The first days of a stretch on which none of these others holds.
pub(super) fn uncovered(asked: Window, by: &[Window]) -> Option<Window> {
    let mut from = asked.from;
    let mut sorted: Vec<Window> = by.iter().filter_map(|one| one.and(asked)).collect();
    sorted.sort_by_key(|one| one.from);
    for one in sorted {
        if one.from > from {
            return Some(Window { from, to: one.from.saturating_sub(1.day()) });
        }
        from = from.max(one.to.saturating_add(1.day()));
    }
    (from <= asked.to).then_some(Window { from, to: asked.to })
}

/// All stretches of days on which none of these others holds.
pub(super) fn gaps(asked: Window, by: &[Window]) -> Vec<Window> {
    let mut found = Vec::new();
    let mut rest = Some(asked);
    while let Some(gap) = rest.and_then(|rest| uncovered(rest, by)) {
        found.push(gap);
        rest = asked.from_day(gap.to.saturating_add(1.day()));
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(from: i8, to: i8) -> Window {
        Window { from: date(2026, 3, from), to: date(2026, 3, to) }
    }

    fn check(by: &[Window], expected: Option<Window>) {
        assert_eq!(uncovered(days(5, 20), by), expected, "{by:?}");
    }

    #[test]
    fn what_nothing_covers_is_found_at_the_start_between_and_at_the_end() {
        check(&[], Some(days(5, 20)));
        check(&[days(1, 31)], None);
        check(&[days(8, 31)], Some(days(5, 7)));
        check(&[days(12, 31), days(1, 9)], Some(days(10, 11)));
        check(&[days(1, 10), days(11, 19)], Some(days(20, 20)));
        check(&[days(21, 31)], Some(days(5, 20)));
    }

    #[test]
    fn all_gaps_are_found_in_order() {
        assert_eq!(gaps(days(5, 20), &[days(8, 9), days(12, 18)]), [days(5, 7), days(10, 11), days(19, 20)]);
        assert_eq!(gaps(days(5, 20), &[days(1, 31)]), []);
    }
}
