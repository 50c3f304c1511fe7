//! What stays undecided too long.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::view::{Entry, Window};

/// The days of the window on which a record stood in `state` though more than `days` had passed since `since`; nothing if it was
/// decided about in time. Days from `until` on do not count. What was there before the first approved scope is given ninety days
/// from then (`terms.yaml`, settling in).
#[must_use]
pub fn decided_late(entry: Entry<'_>, state: &str, since: Date, days: i64, until: Option<Date>) -> Option<Window> {
    let view = entry.view();
    let (window, first) = (view.window()?, view.first_scope_on()?);
    let due = since.saturating_add((days + 1).days());
    let from = if since < first { due.max(view.settled_in(first)) } else { due };
    let to = until.map_or(window.to, |until| until.saturating_sub(1.day()).min(window.to));
    let asked = Window { from: window.from.max(from), to };
    entry.periods(&[state]).into_iter().find_map(|period| period.and(asked))
}
