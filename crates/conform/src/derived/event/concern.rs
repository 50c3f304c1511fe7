//! Reports of one sort that become frequent.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::concern::{Concern, ConcernCategory};
use vouch_record::kind::generated::shared::ReassessmentTrigger;

use super::{Event, Trigger};
use crate::view::View;

/// Days over which reports are counted.
const STRETCH: i64 = 90;
/// Reports below which there is no trend.
const LEAST: usize = 3;

/// A trend: on the day of a report, the ninety days up to it hold at least three of one category about one system, and at least
/// twice as many as the ninety days before. Tests of the channel and void ones do not count.
pub(super) fn of_concerns(view: &View, found: &mut Vec<Event>) {
    let mut sorts: BTreeMap<(Id, ConcernCategory), Vec<(Date, Id)>> = BTreeMap::new();
    for entry in view.all(Concern::KIND) {
        let concern = Concern(entry.content());
        let (Some(at), Some(category)) = (concern.received_at().get(), concern.category().get()) else { continue };
        if concern.test().is(true) || entry.is("void") {
            continue;
        }
        for system in concern.ai_systems() {
            sorts.entry((system.id, category)).or_default().push((view.day(at), entry.id()));
        }
    }
    for ((system, _), mut reports) in sorts {
        reports.sort_unstable();
        let days: Vec<Date> = reports.iter().map(|(day, _)| *day).collect();
        for (day, record) in trends(&days).into_iter().map(|at| reports[at]) {
            found.push(Event {
                on: day,
                trigger: Trigger::Reassess(ReassessmentTrigger::ComplaintTrend),
                record,
                systems: vec![system],
            });
        }
    }
}

/// Places in the ascending list of days at which a trend begins; while it lasts it is not counted again.
fn trends(days: &[Date]) -> Vec<usize> {
    let mut begun = Vec::new();
    let mut lasting = false;
    for (at, day) in days.iter().enumerate() {
        let since = day.saturating_sub((STRETCH - 1).days());
        let before = since.saturating_sub(STRETCH.days());
        let now = days[..=at].iter().filter(|d| **d >= since).count();
        let then = days[..=at].iter().filter(|d| **d >= before && **d < since).count();
        let trend = now >= LEAST && now >= 2 * then;
        if trend && !lasting {
            begun.push(at);
        }
        lasting = trend;
    }
    begun
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(days: &[Date], expected: &[usize]) {
        assert_eq!(trends(days), expected, "{days:?}");
    }

    #[test]
    fn three_reports_of_one_sort_are_a_trend_unless_they_always_came() {
        let d = |month, day| date(2026, month, day);
        check(&[d(1, 1), d(1, 2)], &[]);
        check(&[d(1, 1), d(1, 2), d(1, 3), d(1, 4)], &[2]);
        check(&[d(1, 1), d(1, 2), d(3, 31)], &[2]);
        check(&[d(1, 1), d(1, 2), d(4, 1)], &[]);
        check(&[d(1, 1), d(2, 1), d(5, 1), d(5, 2), d(5, 3)], &[]);
        check(&[d(1, 1), d(5, 1), d(5, 2), d(5, 3)], &[3]);
    }
}
