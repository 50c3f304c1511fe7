//! Derived values of a monitoring plan.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricRow};
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::time::after;
use vouch_record::{Id, Link};

use super::answer::{instant, length, records, whole};
use super::approved::approved_at;
use super::measurement::{Breach, breach, first_action};
use super::{Derived, obligation, release};
use crate::view::{Entry, Window};

/// The derived values of a monitoring plan.
pub const TABLE: &[Derived] = &[
    Derived::new("covered_days", |entry| whole(covered_days(entry, entry.view().period()))).reading(&["metrics"]),
    Derived::new("open_alarms", |entry| records(open_alarms(entry))).reading(&["metrics"]),
    Derived::new("median_answer", |entry| length(median_answer(entry))).reading(&["metrics"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
    Derived::new("retention_asked", |entry| retention_asked(entry).map_or(Val::Empty, |span| Val::Span(SpanValue(span)))),
];

/// Days of a stretch for which every metric has a measurement or batch no further apart than `max_gap`; none without metrics.
#[must_use]
pub fn covered_days(entry: Entry<'_>, stretch: Window) -> i64 {
    let covered: Vec<Vec<Window>> = MonitoringPlan(entry.content()).metrics().map(|row| covered_by(entry, row)).collect();
    if covered.is_empty() {
        return 0;
    }
    let mut days = 0;
    let mut day = stretch.from;
    while day <= stretch.to {
        if covered.iter().all(|metric| metric.iter().any(|part| part.has(day))) {
            days += 1;
        }
        let next = day.saturating_add(1.day());
        if next == day {
            break;
        }
        day = next;
    }
    days
}

/// The stretches a metric covers: the periods of its values, and what lies between two ends no further apart than `max_gap`; after
/// the last one that long.
fn covered_by(entry: Entry<'_>, row: MonitoringPlanMetricRow<'_>) -> Vec<Window> {
    let mut periods = periods(entry, row);
    periods.sort_unstable_by_key(|period| (period.to, period.from));
    let Some(longest) = row.max_gap().or_else(|| row.cadence()) else { return periods };
    let ends: Vec<Date> = periods.iter().map(|period| period.to).collect();
    let reach = |end: Date, next: Option<Date>| {
        let limit = after(end, &longest);
        match next {
            Some(next) if next > limit => Window { from: end, to: end },
            Some(next) => Window { from: end, to: next },
            None => Window { from: end, to: limit },
        }
    };
    periods.extend(ends.iter().enumerate().map(|(at, end)| reach(*end, ends.get(at + 1).copied())));
    periods
}

/// Days from start to end of each measurement of the metric and of each batch that holds it.
fn periods(entry: Entry<'_>, row: MonitoringPlanMetricRow<'_>) -> Vec<Window> {
    let view = entry.view();
    let mut periods: Vec<Window> = measurements(entry, row.measure())
        .filter_map(|found| {
            let content = Measurement(found.content());
            Some(Window { from: view.day(content.covers_from().get()?), to: view.day(content.covers_to().get()?) })
        })
        .collect();
    let Some(system) = entry.linked("ai_system") else { return periods };
    for batch in system.incoming(SealedBatch::KIND, "ai_system") {
        let content = SealedBatch(batch.content());
        let holds = row.code().is_some() && content.aggregates().any(|one| one.code() == row.code());
        if let (true, Some(from), Some(to)) = (holds, content.from().get(), content.to().get()) {
            periods.push(Window { from: view.day(from), to: view.day(to) });
        }
    }
    periods
}

/// Measurements of a measure about the plan's system, void ones left out.
fn measurements<'v>(entry: Entry<'v>, measure: Option<Link>) -> impl Iterator<Item = Entry<'v>> {
    let system = MonitoringPlan(entry.content()).ai_system().get().map(|link| link.id);
    let measure = measure.and_then(|link| entry.view().get(link.id));
    let found = measure.into_iter().flat_map(|measure| measure.incoming(Measurement::KIND, "measure"));
    found.filter(move |one| !one.is("void") && Measurement(one.content()).ai_system().get().map(|link| link.id) == system)
}

/// Alarms on metrics of the plan, each with the metric.
fn alarms<'v>(entry: Entry<'v>) -> impl Iterator<Item = (Entry<'v>, MonitoringPlanMetricRow<'v>)> {
    let rows = MonitoringPlan(entry.content()).metrics();
    rows.flat_map(move |row| {
        measurements(entry, row.measure()).filter(|found| breach(*found) == Breach::Alarm).map(move |found| (found, row))
    })
}

/// Alarms without an answer though `answer_within` has passed: no action, and no reason why none follows. What was answered late is
/// answered, and shows in the time it took.
#[must_use]
pub fn open_alarms(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let open = |(found, row): &(Entry<'_>, MonitoringPlanMetricRow<'_>)| {
        let content = Measurement(found.content());
        let answered = first_action(*found).is_some() || content.no_action_because().is_filled();
        let within = row.answer_within().map_or(0, |span| SpanValue(span).seconds());
        !answered && content.taken_at().get().is_some_and(|taken| view.is_past_second(taken.as_second() + within))
    };
    let mut found: Vec<Entry<'_>> = alarms(entry).filter(open).map(|(found, _)| found).collect();
    found.sort_unstable_by_key(Entry::id);
    found.dedup_by_key(|one| one.id());
    found
}

/// Median time from alarm to first action, over the alarms of the window that have one.
#[must_use]
pub fn median_answer(entry: Entry<'_>) -> Option<Span> {
    let view = entry.view();
    let window = view.period();
    let mut seconds: Vec<(Id, i64)> = alarms(entry)
        .filter_map(|(found, _)| {
            let taken = Measurement(found.content()).taken_at().get().filter(|at| window.has(view.day(*at)))?;
            Some((found.id(), (first_action(found)?.as_second() - taken.as_second()).max(0)))
        })
        .collect();
    seconds.sort_unstable();
    seconds.dedup();
    let mut seconds: Vec<i64> = seconds.into_iter().map(|(_, time)| time).collect();
    seconds.sort_unstable();
    let middle = seconds.len() / 2;
    match seconds.len() {
        0 => None,
        n if n % 2 == 1 => Some(release::span_of(seconds[middle])),
        _ => Some(release::span_of(i64::midpoint(seconds[middle - 1], seconds[middle]))),
    }
}

/// Longest `keep_for` of the confirmed obligations whose `holds_for` contains the system.
#[must_use]
pub fn retention_asked(entry: Entry<'_>) -> Option<Span> {
    let system = entry.linked("ai_system")?.id();
    let holds = |duty: &Entry<'_>| duty.is("confirmed") && obligation::holds_for(*duty).contains(&system);
    let asked = entry.view().all(Obligation::KIND).filter(holds).filter_map(|duty| Obligation(duty.content()).keep_for().get());
    asked.max_by_key(|span| SpanValue(*span).seconds())
}
