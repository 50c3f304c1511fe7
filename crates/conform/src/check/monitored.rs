//! What is watched in running systems: the monitoring plan in force, its metrics, their values and alarms.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory, MonitoringPlanMetricRow};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::view::Row;
use vouch_record::{Id, Leaf, Value};

use super::presence::asked_from;
use super::wording::{in_days, words};
use crate::derived::approved::approved_at;
use crate::derived::measurement::{Breach, breach};
use crate::derived::sealed_batch::is_real;
use crate::view::{Entry, Window};

/// The monitoring plan of a system that is in force.
pub(super) fn plan_of(system: Entry<'_>) -> Option<Entry<'_>> {
    let plans = system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    plans.max_by_key(|plan| (approved_at(*plan), plan.id()))
}

/// A metric of the monitoring plan in force of a system.
#[derive(Clone, Copy)]
pub(super) struct Metric<'v> {
    /// the watched system
    pub(super) system: Entry<'v>,
    /// the plan
    pub(super) plan: Entry<'v>,
    /// its row
    pub(super) row: MonitoringPlanMetricRow<'v>,
}

/// A value of a metric, or a batch that holds it, with the days it covers.
#[derive(Clone, Copy)]
pub(super) struct Seen<'v> {
    /// measurement or sealed batch
    pub(super) record: Entry<'v>,
    /// first and last day
    pub(super) days: Window,
}

impl Seen<'_> {
    /// Whether it speaks for a month: it covers half of it, or nothing but days of it.
    pub(super) fn falls_in(&self, month: Window) -> bool {
        self.days.and(month).is_some_and(|shared| shared == self.days || shared.days() * 2 >= month.days())
    }
}

/// The metrics of the plan in force of a system.
pub(super) fn metrics_of(system: Entry<'_>) -> Vec<Metric<'_>> {
    let rows = plan_of(system).into_iter().flat_map(|plan| MonitoringPlan(plan.content()).metrics().map(move |row| (plan, row)));
    rows.map(|(plan, row)| Metric { system, plan, row }).collect()
}

/// A measurement about a system, not void.
struct Taken {
    record: Id,
    measure: Option<Id>,
    days: Option<Window>,
}

/// The measurements about a system, void ones left out.
fn taken(system: Entry<'_>) -> &[Taken] {
    let view = system.view();
    view.keep(Some(system.id()), "monitored.taken", || {
        let values = system.incoming(Measurement::KIND, "ai_system").filter(|value| !value.is("void"));
        let taken = values.map(|value| {
            let content = Measurement(value.content());
            let days = content.covers_from().get().zip(content.covers_to().get());
            Taken {
                record: value.id(),
                measure: content.measure().get().map(|link| link.id),
                days: days.map(|(from, to)| Window { from: view.day(from), to: view.day(to) }),
            }
        });
        taken.collect::<Vec<_>>()
    })
}

/// A sealed batch of a system, test traffic apart, with the codes of what it counts.
struct Sealed {
    record: Id,
    codes: Vec<String>,
    days: Window,
}

/// The sealed batches of a system; test traffic is left out.
fn sealed(system: Entry<'_>) -> &[Sealed] {
    let view = system.view();
    view.keep(Some(system.id()), "monitored.sealed", || {
        let batches = system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch));
        let sealed = batches.filter_map(|batch| {
            let content = SealedBatch(batch.content());
            let days = Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) };
            let codes = content.aggregates().filter_map(|one| one.code()).map(str::to_owned).collect();
            Some(Sealed { record: batch.id(), codes, days })
        });
        sealed.collect::<Vec<_>>()
    })
}

impl<'v> Metric<'v> {
    /// What people call it.
    pub(super) fn label(&self) -> String {
        let category = || self.row.category().map_or_else(|| "a metric".to_owned(), |category| words(category.id()));
        self.row.code().map_or_else(category, str::to_owned)
    }

    /// Whether it is of one of these categories.
    pub(super) fn is_about(&self, categories: &[MonitoringPlanMetricCategory]) -> bool {
        self.row.category().is_some_and(|category| categories.contains(&category))
    }

    /// The longest time between two values, in days.
    pub(super) fn longest(&self) -> Option<i64> {
        self.row.max_gap().or_else(|| self.row.cadence()).map(|span| in_days(&span))
    }

    /// Who answers.
    pub(super) fn responders(&self) -> Vec<Id> {
        [self.row.responder(), self.row.deputy()].into_iter().flatten().map(|link| link.id).collect()
    }

    /// The measurements of its measure about the system, void ones left out.
    pub(super) fn values(&self) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let (view, measure) = (self.system.view(), self.row.measure().map(|link| link.id));
        let taken = taken(self.system).iter().filter(move |value| measure.is_some() && value.measure == measure);
        taken.filter_map(|value| view.get(value.record))
    }

    /// Its values, and the batches whose aggregates hold its code; test traffic is left out.
    pub(super) fn seen(&self) -> Vec<Seen<'v>> {
        let view = self.system.view();
        let measure = self.row.measure().map(|link| link.id);
        let values = taken(self.system).iter().filter(|value| measure.is_some() && value.measure == measure);
        let values = values.filter_map(|value| Some(Seen { record: view.get(value.record)?, days: value.days? }));
        let code = self.row.code();
        let batches = sealed(self.system).iter().filter_map(|batch| {
            let holds = code.is_some_and(|code| batch.codes.iter().any(|one| one == code));
            Some(Seen { record: view.get(batch.record).filter(|_| holds)?, days: batch.days })
        });
        values.chain(batches).collect()
    }

    /// Its alarms of a period, each with when the value was taken.
    pub(super) fn alarms(&self, period: Window) -> impl Iterator<Item = (Timestamp, Entry<'v>)> + use<'v> {
        let view = self.system.view();
        let taken = self.values().filter_map(|value| Some((Measurement(value.content()).taken_at().get()?, value)));
        taken.filter(move |(at, value)| period.has(view.day(*at)) && breach(*value) == Breach::Alarm)
    }

    /// From when on it has to have values: since it first stood in a plan in force, and since the system settled in.
    pub(super) fn begun(&self) -> Option<Date> {
        let plans = self.system.incoming(MonitoringPlan::KIND, "ai_system");
        let planned = plans.filter_map(|plan| self.watched_since(plan)).min()?;
        Some(planned.max(asked_from(self.system)?))
    }

    /// The day on which a plan that holds this metric came into force: approved, and the system in use with it.
    fn watched_since(&self, plan: Entry<'v>) -> Option<Date> {
        let view = plan.view();
        let approved = plan.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved" && self.stands_in(plan, leaf))?;
        let released = plan.incoming(Release::KIND, "monitoring_plan").filter_map(|one| Release(one.content()).deployed_at().get());
        let stages = AiSystem(self.system.content()).stages().filter(|row| row.stage() == Some(Stage::Operation));
        let operation = stages.filter_map(|row| row.entered_on()).filter(|on| *on <= view.today());
        let used = released.map(|at| view.day(at)).chain(operation).min()?;
        Some(used.max(view.day(approved.time)))
    }

    fn stands_in(&self, plan: Entry<'v>, leaf: &Leaf) -> bool {
        let revision = plan.revisions().find(|made| made.revision == leaf.revision);
        let rows = revision.and_then(|made| made.body.get("metrics")).map_or(&[][..], Value::items);
        rows.iter().map(|row| MonitoringPlanMetricRow::from(Row(row))).any(|row| self.is_same(row))
    }

    /// Whether another row is about the same value.
    pub(super) fn is_same(&self, other: MonitoringPlanMetricRow<'_>) -> bool {
        let measure = |row: MonitoringPlanMetricRow<'_>| row.measure().map(|link| link.id);
        match (self.row.code(), other.code()) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => measure(self.row).is_some() && measure(self.row) == measure(other),
        }
    }
}
