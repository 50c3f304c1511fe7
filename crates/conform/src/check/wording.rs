//! How findings name things.

use jiff::civil::date;
use jiff::{Span, Timestamp};
use vouch_record::Id;
use vouch_record::time::{after, days_between};

use crate::view::View;

/// An id of an enum as words.
pub(super) fn words(id: &str) -> String {
    vouch_record::words::in_words(id)
}

/// What people call these records, in the order given; `nobody` for none.
pub(super) fn people(view: &View, ids: impl IntoIterator<Item = Id>) -> String {
    let names: Vec<String> = ids.into_iter().map(|id| called(view, Some(id))).collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// What people call a record; `nobody` for none.
pub(super) fn called(view: &View, id: Option<Id>) -> String {
    let Some(id) = id else { return "nobody".to_owned() };
    view.find(id).map_or_else(|| id.to_string(), |entry| entry.label())
}

/// How long after `from` it is at `at`, in hours begun.
pub(super) fn hours_after(from: Timestamp, at: Timestamp) -> String {
    let hours = (at.as_second() - from.as_second()).max(0).unsigned_abs().div_ceil(3_600).max(1);
    if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
}

/// How many things a finding lists before it counts the rest.
const LISTED: usize = 6;

/// Things in a row, the first six and how many more there are.
pub(super) fn list(things: Vec<&str>) -> String {
    let rest = things.len().saturating_sub(LISTED);
    let named = things.into_iter().take(LISTED).collect::<Vec<_>>().join(", ");
    if rest == 0 { named } else { format!("{named} and {rest} more") }
}

/// A length of time in days, counted from the first day of a year that is no leap year, so that twelve months are 365 days.
pub(super) fn in_days(length: &Span) -> i64 {
    let from = date(2001, 1, 1);
    days_between(from, after(from, length))
}

/// A length of time as people say it, such as `5 years`.
pub(super) fn length(of: &Span) -> String {
    let parts = [
        (i64::from(of.get_years()), "year"),
        (i64::from(of.get_months()), "month"),
        (i64::from(of.get_weeks()), "week"),
        (i64::from(of.get_days()), "day"),
        (i64::from(of.get_hours()), "hour"),
        (of.get_minutes(), "minute"),
        (of.get_seconds(), "second"),
    ];
    let said = parts.into_iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}{}", if n == 1 { "" } else { "s" }));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "no time".to_owned() } else { said.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vouch_record::time::parse_duration;

    fn check(length: &str, days: i64) {
        assert_eq!(in_days(&parse_duration(length).unwrap()), days, "{length}");
    }

    #[test]
    fn an_hour_begun_counts_whole() {
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        assert_eq!(hours_after(at(0), at(20)), "1 hour");
        assert_eq!(hours_after(at(0), at(7_200)), "2 hours");
        assert_eq!(hours_after(at(0), at(7_201)), "3 hours");
    }

    #[test]
    fn lengths_are_said_in_their_own_units() {
        let said = |text: &str| length(&parse_duration(text).unwrap());
        assert_eq!(said("P5Y"), "5 years");
        assert_eq!(said("P1Y6M"), "1 year and 6 months");
        assert_eq!(said("PT36H"), "36 hours");
        assert_eq!(said("P0D"), "no time");
    }

    #[test]
    fn twelve_months_are_as_long_as_a_year() {
        check("P12M", 365);
        check("P1Y", 365);
        check("P366D", 366);
        check("PT36H", 2);
    }
}
