//! A cadence without a hole; something true on every day.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::view::{Entry, Hole, Window};

/// The holes in a cadence: see [`Window::holes`].
pub fn without_hole(window: Window, events: impl IntoIterator<Item = Date>, longest_days: i64) -> Vec<Hole> {
    window.holes(events, longest_days)
}

/// Days in the window on which something about these records can have changed: days on which they were written, and `dates`
/// (days that people entered, and the days after them).
pub fn breakpoints<'v>(
    window: Window,
    records: impl IntoIterator<Item = Entry<'v>>,
    dates: impl IntoIterator<Item = Date>,
) -> Vec<Date> {
    let mut days: Vec<Date> = records.into_iter().flat_map(|entry| entry.changed_on().collect::<Vec<_>>()).collect();
    for date in dates {
        days.extend([date, date.saturating_add(1.day())]);
    }
    days.push(window.from);
    days.retain(|day| window.has(*day));
    days.sort_unstable();
    days.dedup();
    days
}

/// The stretches of the window on which `holds` is false. It is asked on the days of `breakpoints` only: between two of them
/// nothing changes (`terms.yaml`: computed from intervals of states, not day by day).
pub fn on_every_day(window: Window, breakpoints: &[Date], holds: impl Fn(Date) -> bool) -> Vec<Window> {
    let mut stretches: Vec<Window> = Vec::new();
    for (at, &day) in breakpoints.iter().enumerate() {
        let until = breakpoints.get(at + 1).map_or(window.to, |next| next.saturating_sub(1.day()));
        if holds(day) {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if last.to.saturating_add(1.day()) == day => last.to = until,
            _ => stretches.push(Window { from: day, to: until }),
        }
    }
    stretches
}
