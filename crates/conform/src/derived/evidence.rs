//! Derived values of evidence.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use vouch_record::condition::Val;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::time::days_between;

use super::Derived;
use super::answer::length;
use crate::framework::ISO42001;
use crate::view::Entry;

/// The derived values of evidence.
pub const TABLE: &[Derived] = &[
    Derived::new("lag", |entry| length(lag(entry))).reading(&["collected_at", "covers_to"]),
    Derived::new("in_date", |entry| Val::Bool(in_date(entry))).reading(&["covers_to"]),
    Derived::new("bound", |entry| Val::Bool(entry.is_bound())),
];

/// Whole days from the last day it covers to the day it was brought; zero on the day itself.
#[must_use]
pub fn lag(entry: Entry<'_>) -> Option<Span> {
    let evidence = Evidence(entry.content());
    let collected = entry.view().day(evidence.collected_at().get()?);
    Some(days_between(evidence.covers_to().get()?, collected).max(0).days())
}

/// The age of `covers_to` is within the maximum age of each requirement it is meant for. An item that sets none, and frameworks without
/// such ages, let it stand.
#[must_use]
pub fn in_date(entry: Entry<'_>) -> bool {
    let evidence = Evidence(entry.content());
    let Some(to) = evidence.covers_to().get() else { return true };
    let frameworks = entry.view().frameworks();
    let ages = evidence
        .requirements()
        .filter(|link| link.framework == ISO42001)
        .filter_map(|link| frameworks.item(link.item)?.max_age_days);
    is_young_enough(to, entry.view().today(), ages)
}

fn is_young_enough(to: Date, today: Date, mut ages: impl Iterator<Item = u32>) -> bool {
    ages.all(|age| days_between(to, today) <= i64::from(age))
}

#[cfg(test)]
mod tests {
    use super::is_young_enough;
    use jiff::civil::date;

    #[test]
    fn the_strictest_requirement_decides_and_its_last_day_counts() {
        let to = date(2026, 1, 1);
        assert!(is_young_enough(to, date(2026, 4, 1), [90, 365].into_iter()));
        assert!(!is_young_enough(to, date(2026, 4, 2), [365, 90].into_iter()));
        assert!(is_young_enough(to, date(2036, 1, 1), [].into_iter()));
    }
}
