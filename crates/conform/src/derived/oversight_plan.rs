//! Derived values of an oversight plan.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchOverrideKind};
use vouch_record::kind::generated::test::{Test, TestResultRow, TestType};
use vouch_record::time::after;

use super::answer::{ids, instant, table};
use super::approved::approved_at;
use super::confirmed::has_confirmed;
use super::proportion::{Proportion, rounded};
use super::{Derived, sealed_batch, test, training_record};
use crate::view::{Entry, Window};

/// The derived values of an oversight plan.
pub const TABLE: &[Derived] = &[
    Derived::new("override_rate", |entry| {
        table(entry, "oversight-plan.override_rate", || {
            let row = |row: OverrideRate| {
                row! { from: row.from, to: row.to, overrides: row.overrides, reviewed: row.reviewed, rate: row.rate, low: row.low, high: row.high }
            };
            override_rate(entry, entry.view().period()).into_iter().map(row).collect()
        })
    }),
    Derived::new("overseers_competent", |entry| Val::Bool(overseers_competent(entry))).reading(&["overseers"]),
    Derived::new("stop_tested", |entry| Val::Bool(stop_tested(entry))).reading(&["stop_within", "stop_test_every"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
    Derived::new("overseers_to_acknowledge", |entry| ids(overseers_to_acknowledge(entry))).reading(&["overseers"]),
];

/// How often people stepped in during a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideRate {
    /// first day
    pub from: Date,
    /// last day
    pub to: Date,
    /// outputs that people changed or stopped
    pub overrides: i64,
    /// outputs that people looked at
    pub reviewed: i64,
    /// overrides per reviewed output; nothing where none was reviewed
    pub rate: Option<Decimal>,
    /// lower end of the interval
    pub low: Option<Decimal>,
    /// upper end
    pub high: Option<Decimal>,
}

/// Overrides divided by reviewed outputs for each month of a stretch, with the Wilson interval. A batch counts in the month in which it
/// ends; where a source counts no reviews, the steps that follow one are the reviews.
#[must_use]
pub fn override_rate(entry: Entry<'_>, stretch: Window) -> Vec<OverrideRate> {
    let Some(system) = entry.linked("ai_system") else { return Vec::new() };
    let mut months: Vec<(Window, i64, i64)> = stretch.months().into_iter().map(|month| (month, 0, 0)).collect();
    for batch in system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| sealed_batch::is_real(*batch)) {
        let content = SealedBatch(batch.content());
        let Some(day) = content.to().get().map(|to| entry.view().day(to)) else { continue };
        let sum = |kinds: &[SealedBatchOverrideKind]| -> i64 {
            content.overrides().filter(|row| row.kind().is_some_and(|kind| kinds.contains(&kind))).filter_map(|row| row.n()).sum()
        };
        let overrides = sum(&[SealedBatchOverrideKind::Changed, SealedBatchOverrideKind::Stopped]);
        let steps = overrides + sum(&[SealedBatchOverrideKind::Confirmed, SealedBatchOverrideKind::Escalated]);
        if let Some(month) = months.iter_mut().find(|(month, ..)| month.has(day)) {
            month.1 += overrides;
            month.2 += sum(&[SealedBatchOverrideKind::Reviewed]).max(steps);
        }
    }
    let row = |(month, overrides, reviewed): (Window, i64, i64)| {
        let rate = Proportion::of(overrides, reviewed);
        let end = |of: fn(&Proportion) -> f64| rate.as_ref().map(|rate| rounded(of(rate)));
        let (rate, low, high) = (end(|rate| rate.share), end(|rate| rate.low), end(|rate| rate.high));
        OverrideRate { from: month.from, to: month.to, overrides, reviewed, rate, low, high }
    };
    months.into_iter().map(row).collect()
}

/// Each overseer has a training record or evidence in date for the competence need of the row.
#[must_use]
pub fn overseers_competent(entry: Entry<'_>) -> bool {
    OversightPlan(entry.content()).overseers().all(|row| match (row.person(), row.competence_need()) {
        (Some(person), Some(need)) => training_record::competent(entry.view(), person.id, need.id),
        _ => false,
    })
}

/// The latest reviewed stop_control test of the system met `stop_within` and is younger than `stop_test_every`.
#[must_use]
pub fn stop_tested(entry: Entry<'_>) -> bool {
    let plan = OversightPlan(entry.content());
    let (Some(system), Some(every)) = (entry.linked("ai_system"), plan.stop_test_every().get()) else { return false };
    let tests = system
        .incoming(Test::KIND, "ai_system")
        .filter(|one| one.is("reviewed") && Test(one.content()).type_().is(TestType::StopControl));
    let Some((ran, latest)) =
        tests.filter_map(|one| Some((Test(one.content()).run_at().get()?, one))).max_by_key(|(at, one)| (*at, one.id()))
    else {
        return false;
    };
    let young = after(entry.view().day(ran), &every) >= entry.view().today();
    young && stop_met(entry, latest)
}

/// How many seconds a unit of time has; nothing for another unit.
#[must_use]
pub fn seconds_in(unit: &str) -> Option<Decimal> {
    Some(match unit.trim().to_lowercase().as_str() {
        "ms" | "milliseconds" => Decimal::new(1, 3),
        "s" | "sec" | "second" | "seconds" => Decimal::ONE,
        "min" | "minute" | "minutes" => Decimal::from(60),
        "h" | "hour" | "hours" => Decimal::from(3_600),
        _ => return None,
    })
}

/// Whether a test of the stop passed, and no time among its results is longer than `stop_within`. Times are known by their unit.
#[must_use]
pub fn stop_met(plan: Entry<'_>, stop_test: Entry<'_>) -> bool {
    let content = Test(stop_test.content());
    let limit = OversightPlan(plan.content()).stop_within().get().map(|span| Decimal::from(SpanValue(span).seconds()));
    let seconds = |result: &TestResultRow<'_>| {
        let criterion = content.criteria().find(|row| row.code() == result.code())?;
        result.value()?.checked_mul(seconds_in(criterion.unit()?)?)
    };
    let in_time = |result: TestResultRow<'_>| seconds(&result).zip(limit).is_none_or(|(took, limit)| took <= limit);
    test::passed(stop_test) && content.results().all(in_time)
}

/// Persons in `overseers` without an acknowledgement in state given of this revision, or of an earlier one since which overseers, mode
/// and the means to override and stop are unchanged.
#[must_use]
pub fn overseers_to_acknowledge(entry: Entry<'_>) -> Vec<Id> {
    let fields = ["overseers", "mode", "override_means", "stop_means"];
    let mut people: Vec<Id> =
        OversightPlan(entry.content()).overseers().filter_map(|row| row.person()).map(|link| link.id).collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| !has_confirmed(entry, *person, &fields));
    people
}
