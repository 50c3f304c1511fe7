//! What feeds saw again and again.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::resource::ResourceObservedRow;
use vouch_record::view::Row;
use vouch_record::{Leaf, Value};

use crate::view::{Entry, Window};

/// How many days may lie between two sightings of one run.
const APART: i64 = 30;

/// The runs of days on which something was seen wrong, each time at most thirty days after the time before, and never right in between.
/// Each sighting is its day and whether it was wrong; a day on which both was seen counts as wrong.
pub(super) fn runs(seen: impl IntoIterator<Item = (Date, bool)>) -> Vec<Window> {
    let mut seen: Vec<(Date, bool)> = seen.into_iter().collect();
    seen.sort_unstable_by_key(|(day, wrong)| (*day, !*wrong));
    seen.dedup_by_key(|(day, _)| *day);
    let mut runs: Vec<Window> = Vec::new();
    let mut open = false;
    for (day, wrong) in seen {
        match runs.last_mut().filter(|run| open && wrong && run.to.saturating_add(APART.days()) >= day) {
            Some(run) => run.to = day,
            None if wrong => runs.push(Window { from: day, to: day }),
            None => {}
        }
        open = wrong;
    }
    runs
}

/// What feeds saw of a resource on days of a stretch, each row once, with its day and the revision that first held it.
pub(super) fn observed(resource: Entry<'_>, days: Window) -> Vec<(Date, &Leaf, ResourceObservedRow<'_>)> {
    let mut known: BTreeSet<Vec<u8>> = BTreeSet::new();
    let mut found = Vec::new();
    for leaf in resource.revisions() {
        for value in leaf.body.get("observed").map_or(&[][..], Value::items) {
            let row = ResourceObservedRow::from(Row(value));
            let Some(on) = row.seen_at().map(|at| resource.view().day(at)).filter(|on| days.has(*on)) else { continue };
            if known.insert(value.to_jcs()) {
                found.push((on, leaf, row));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Month and day.
    type Day = (i8, i8);

    fn check(seen: &[(i8, i8, bool)], expected: &[(Day, Day)]) {
        let found = runs(seen.iter().map(|(month, day, wrong)| (date(2026, *month, *day), *wrong)));
        let wanted: Vec<Window> = expected
            .iter()
            .map(|((from_month, from), (to_month, to))| Window {
                from: date(2026, *from_month, *from),
                to: date(2026, *to_month, *to),
            })
            .collect();
        assert_eq!(found, wanted, "{seen:?}");
    }

    #[test]
    fn a_run_ends_when_it_is_seen_right_or_not_for_more_than_thirty_days() {
        check(&[], &[]);
        check(&[(3, 1, false)], &[]);
        check(&[(3, 1, true), (3, 31, true)], &[((3, 1), (3, 31))]);
        check(&[(3, 1, true), (4, 1, true)], &[((3, 1), (3, 1)), ((4, 1), (4, 1))]);
        check(&[(3, 1, true), (3, 10, false), (3, 20, true)], &[((3, 1), (3, 1)), ((3, 20), (3, 20))]);
        check(&[(3, 20, true), (3, 1, true), (3, 20, false)], &[((3, 1), (3, 20))]);
    }
}
