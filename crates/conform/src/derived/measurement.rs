//! Derived values of a measurement.

mod limit;

pub use limit::{Breach, Limits};

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use vouch_record::Id;
use vouch_record::kind::generated::measure::{Measure, MeasureDirection};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricRow};

use super::answer::{choice, ids, length};
use super::{Derived, release};
use crate::view::Entry;

/// The derived values of a measurement.
pub const TABLE: &[Derived] = &[
    Derived::new("breach", |entry| choice(breach(entry).id())).reading(&["measure", "value", "n", "covers_to"]),
    Derived::new("answered_in", |entry| length(answered_in(entry))).reading(&["actions", "taken_at"]),
    Derived::new("responders", |entry| ids(responders(entry))).reading(&["measure", "covers_to"]),
];

/// The day its period ends, at most the view's.
fn last_day(entry: Entry<'_>) -> Date {
    let today = entry.view().today();
    Measurement(entry.content()).covers_to().get().map_or(today, |to| entry.view().day(to).min(today))
}

/// None, warn or alarm against the limits that held at `covers_to`: those of the metric in the monitoring plan in force then, else those
/// of the measure as it stood then. Undecided when n is below `min_n` or there is no value.
#[must_use]
pub fn breach(entry: Entry<'_>) -> Breach {
    *entry.view().keep(Some(entry.id()), "measurement.breach", || {
        let measurement = Measurement(entry.content());
        let Some(measure) = entry.linked("measure") else { return Breach::Undecided };
        let then = measure.on(last_day(entry)).unwrap_or(measure);
        let of_measure = Limits::of_measure(Measure(then.content()));
        let limits = metrics(entry).into_iter().find_map(|row| Limits::of_metric(row, &of_measure)).unwrap_or(of_measure);
        let few = limits.min_n.is_some_and(|least| measurement.n().get().is_none_or(|n| n < least));
        let Some(value) = measurement.value().get().filter(|_| !few) else { return Breach::Undecided };
        if limits.direction == MeasureDirection::Watch {
            return limits.judge_change(before(entry, measure).map(|last| (value - last).abs()));
        }
        limits.judge(value)
    })
}

/// The value of the measurement before it, of the same measure and system.
fn before(entry: Entry<'_>, measure: Entry<'_>) -> Option<rust_decimal::Decimal> {
    let content = Measurement(entry.content());
    let (to, system) = (content.covers_to().get()?, content.ai_system().get());
    let others = measure.incoming(Measurement::KIND, "measure").filter(|other| !other.is("void"));
    let same = others.map(|other| Measurement(other.content())).filter(|other| other.ai_system().get() == system);
    let earlier = same.filter_map(|other| Some((other.covers_to().get().filter(|at| *at < to)?, other.value().get()?)));
    earlier.max_by_key(|(at, _)| *at).map(|(_, value)| value)
}

/// The metrics that name its measure, in the monitoring plan of its system that was in force at `covers_to`.
fn metrics(entry: Entry<'_>) -> Vec<MonitoringPlanMetricRow<'_>> {
    let content = Measurement(entry.content());
    let (Some(system), Some(measure)) = (entry.linked("ai_system"), content.measure().get()) else { return Vec::new() };
    let day = last_day(entry);
    let plans =
        system.incoming(MonitoringPlan::KIND, "ai_system").filter_map(|plan| plan.on(day)).filter(|plan| plan.is("in_force"));
    plans
        .flat_map(|plan| MonitoringPlan(plan.content()).metrics())
        .filter(|row| row.measure().is_some_and(|link| link.id == measure.id))
        .collect()
}

/// The instant of the first action: when the earliest of the records in `actions` was made.
#[must_use]
pub fn first_action(entry: Entry<'_>) -> Option<Timestamp> {
    entry.links("actions").map(|action| action.created_at()).min()
}

/// Time from `taken_at` to the first action; zero when the action was there before.
#[must_use]
pub fn answered_in(entry: Entry<'_>) -> Option<Span> {
    let taken = Measurement(entry.content()).taken_at().get()?;
    first_action(entry).map(|at| release::span_of((at.as_second() - taken.as_second()).max(0)))
}

/// Responder and deputy of each metrics row that names the measure, in the plan of the system in force at `covers_to`.
#[must_use]
pub fn responders(entry: Entry<'_>) -> Vec<Id> {
    let mut people: Vec<Id> =
        metrics(entry).into_iter().flat_map(|row| [row.responder(), row.deputy()]).flatten().map(|link| link.id).collect();
    people.sort_unstable();
    people.dedup();
    people
}
