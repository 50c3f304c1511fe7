//! The days of a log, so that the day of a leaf is looked up and not computed from rules of a time zone each time.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use vouch_record::State;
use vouch_record::time::{day_of, end_of_day};

/// Most days that are kept, about forty years; instants outside them are computed.
const MOST: usize = 15_000;
/// Milliseconds of a day without a change of clocks.
const DAY: i64 = 86_400_000;

/// After so many questions the table is made: one view of a writer asks for a few days only.
const ASKED_OFTEN: u32 = 500;

/// The day of an instant, looked up once it is asked for often.
#[derive(Default)]
pub(super) struct Days {
    asked: AtomicU32,
    table: OnceLock<Table>,
}

impl Days {
    /// The day of an instant in the zone; `state` is the log that most instants come from.
    pub(super) fn day(&self, at: Timestamp, state: &State, zone: &TimeZone) -> Date {
        if self.asked.load(Ordering::Relaxed) < ASKED_OFTEN {
            self.asked.fetch_add(1, Ordering::Relaxed);
            return day_of(at, zone);
        }
        self.table.get_or_init(|| Table::of(state, zone)).of_instant(at).unwrap_or_else(|| day_of(at, zone))
    }
}

/// The days from the first leaf of a log to the last, each with the instant at which it begins.
struct Table {
    begins: Vec<i64>,
    days: Vec<Date>,
}

impl Table {
    fn of(state: &State, zone: &TimeZone) -> Self {
        match state.time_of(0) {
            Some(first) => Self::between(first, state.last_time(), zone),
            None => Self { begins: Vec::new(), days: Vec::new() },
        }
    }

    fn between(first: Timestamp, last: Timestamp, zone: &TimeZone) -> Self {
        let mut days = Self { begins: Vec::new(), days: Vec::new() };
        let mut day = day_of(first, zone).saturating_sub(1.day());
        while days.days.len() < MOST {
            let end = end_of_day(day, zone);
            days.begins.push(end.as_millisecond());
            if end > last || day == Date::MAX {
                break;
            }
            day = day.saturating_add(1.day());
            days.days.push(day);
        }
        days
    }

    /// The day of an instant; nothing if it lies outside.
    fn of_instant(&self, at: Timestamp) -> Option<Date> {
        let at = at.as_millisecond();
        let first = self.begins.first().filter(|first| **first <= at)?;
        // Days differ from 24 hours by a change of clocks only, so the guess is off by one day at most.
        let guess = usize::try_from((at - first) / DAY).ok()?.saturating_sub(1);
        let place = (guess..guess + 3).find(|place| self.begins.get(place + 1).is_some_and(|end| at < *end))?;
        (self.begins[place] <= at).then(|| self.days.get(place).copied()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_an_instant_is_that_of_the_zone_also_where_clocks_change() {
        let rules = ["UTC0", "EST5EDT,M3.2.0,M11.1.0", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "EET-2EEST,M4.5.5/0,M10.5.4/24"];
        for rule in rules {
            let zone = TimeZone::posix(rule).unwrap();
            let (first, last) = (Timestamp::from_second(1_300_000_000).unwrap(), Timestamp::from_second(1_400_000_000).unwrap());
            let days = Table::between(first, last, &zone);
            let mut known = 0;
            for second in (1_299_900_000..1_400_200_000).step_by(1_777) {
                let at = Timestamp::from_second(second).unwrap();
                if let Some(day) = days.of_instant(at) {
                    known += 1;
                    assert_eq!(day, day_of(at, &zone), "{at} in {rule}");
                }
            }
            assert!(known > 56_000, "{known}");
        }
    }
}
