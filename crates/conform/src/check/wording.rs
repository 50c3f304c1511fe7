//! How findings name things.

use jiff::Span;
use jiff::civil::date;
use vouch_record::Id;
use vouch_record::time::{after, days_between};

use crate::view::View;

/// An id of an enum as words.
pub(super) fn words(id: &str) -> String {
    id.replace('_', " ")
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

/// A length of time in days, counted from the first day of a year that is no leap year, so that twelve months are 365 days.
pub(super) fn in_days(length: &Span) -> i64 {
    let from = date(2001, 1, 1);
    days_between(from, after(from, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vouch_record::time::parse_duration;

    fn check(length: &str, days: i64) {
        assert_eq!(in_days(&parse_duration(length).unwrap()), days, "{length}");
    }

    #[test]
    fn twelve_months_are_as_long_as_a_year() {
        check("P12M", 365);
        check("P1Y", 365);
        check("P366D", 366);
        check("PT36H", 2);
    }
}
