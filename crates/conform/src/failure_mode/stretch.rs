//! How long something has been so.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::shape::{breakpoints, on_every_day};
use crate::view::{Entry, View, Window};

/// Whether something that only these records decide is so today and has been so since a day that lies more than `days` days back.
pub(super) fn longer_than<'v>(
    view: &'v View,
    days: i64,
    records: impl IntoIterator<Item = Entry<'v>>,
    so: impl Fn(&View) -> bool,
) -> bool {
    let window = Window { from: view.today().saturating_sub((days + 1).days()), to: view.today() };
    so(view) && on_every_day(window, &breakpoints(window, records, []), |day| so(view.on(day))).is_empty()
}

/// Since when something that only these records and days decide has been so without a break; nothing when it is not so today.
pub(super) fn since<'v>(
    view: &'v View,
    records: impl IntoIterator<Item = Entry<'v>>,
    dates: impl IntoIterator<Item = Date>,
    so: impl Fn(&View) -> bool,
) -> Option<Date> {
    if !so(view) {
        return None;
    }
    let ever = Window { from: Date::MIN, to: view.today() };
    let days = breakpoints(ever, records, dates).into_iter().rev().filter(|day| *day > ever.from);
    days.take_while(|day| so(view.on(*day))).last().or(Some(view.today()))
}
