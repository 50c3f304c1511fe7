//! Derived values of a measure.

mod trend;

pub use trend::Trend;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;

use super::answer::{ids, table};
use super::proportion::float;
use super::{Derived, release};
use crate::view::{Entry, Window};

/// The derived values of a measure.
pub const TABLE: &[Derived] = &[
    Derived::new("latest", |entry| table(entry, "measure.latest", || latest(entry).into_iter().map(|row| row.to_row()).collect()))
        .reading(&["max_gap"]),
    Derived::new("trend", |entry| {
        table(entry, "measure.trend", || {
            let row = |trend: &Trend| row! { slope: trend.slope, low: trend.low, high: trend.high, signal: trend.signal() };
            trends(entry, entry.view().period()).values().map(row).collect()
        })
    }),
    Derived::new("led_to", |entry| ids(led_to(entry))),
];

/// The last value of a measure.
#[derive(Clone, Copy, Debug)]
pub struct Latest {
    /// the measurement
    pub measurement: Id,
    /// its value
    pub value: Option<Decimal>,
    /// time since its period ended
    pub age: Span,
    /// whether that is longer than `max_gap`
    pub late: bool,
}

impl Latest {
    pub(super) fn to_row(self) -> vouch_record::Value {
        row! { measurement: self.measurement, value: self.value, age: self.age, late: self.late }
    }
}

/// Measurements that count, each with the end of its period and its system.
fn values(entry: Entry<'_>) -> impl Iterator<Item = (Timestamp, Option<Id>, Entry<'_>)> {
    entry.incoming(Measurement::KIND, "measure").filter(|found| !found.is("void")).filter_map(|found| {
        let content = Measurement(found.content());
        Some((content.covers_to().get()?, content.ai_system().get().map(|link| link.id), found))
    })
}

/// The last measurement of each system it is taken from (of the organisation, where it names none), with age against `max_gap`.
#[must_use]
pub fn latest(entry: Entry<'_>) -> Vec<Latest> {
    let mut last: BTreeMap<Option<Id>, (Timestamp, Entry<'_>)> = BTreeMap::new();
    for (to, system, found) in values(entry) {
        let known = last.entry(system).or_insert((to, found));
        if (to, found.id()) > (known.0, known.1.id()) {
            *known = (to, found);
        }
    }
    last.into_values().map(|(to, found)| aged(entry, to, found)).collect()
}

/// A measurement with its age on the view's day.
pub(super) fn aged(measure: Entry<'_>, to: Timestamp, found: Entry<'_>) -> Latest {
    let view = measure.view();
    let seconds = (view.shown_now().as_second() - to.as_second()).max(0);
    let longest = Measure(measure.content()).max_gap().get().map(|span| SpanValue(span).seconds());
    let late = longest.is_some_and(|longest| view.is_past_second(to.as_second() + longest));
    Latest { measurement: found.id(), value: Measurement(found.content()).value().get(), age: release::span_of(seconds), late }
}

/// Slope over a stretch with its interval, and control chart signals, per system.
#[must_use]
pub fn trends(entry: Entry<'_>, stretch: Window) -> BTreeMap<Option<Id>, Trend> {
    let mut series: BTreeMap<Option<Id>, Vec<(f64, f64)>> = BTreeMap::new();
    for (to, system, found) in values(entry).filter(|(to, ..)| stretch.has(entry.view().day(*to))) {
        if let Some(value) = Measurement(found.content()).value().get() {
            // Days since 1970 with their fraction stay far below 2^53 seconds, so the conversion is exact.
            #[allow(clippy::cast_precision_loss)]
            let day = to.as_second() as f64 / 86_400.0;
            series.entry(system).or_default().push((day, float(value)));
        }
    }
    series.into_iter().filter_map(|(system, points)| Some((system, Trend::of(points)?))).collect()
}

/// Actions of its measurements.
#[must_use]
pub fn led_to(entry: Entry<'_>) -> BTreeSet<Id> {
    values(entry).flat_map(|(.., found)| found.links("actions")).map(|action| action.id()).collect()
}
