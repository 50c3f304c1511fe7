//! Whether use outside the purpose stops once it was found.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::incident::{Incident, IncidentType};
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanUseBoundaryRow};
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use super::allowed::new_uses;
use crate::check::monitored::plan_of;
use crate::check::specified::{holds, same};
use crate::derived::sealed_batch::is_real;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long a use may go on after it was found, in days.
const STOP_DAYS: i64 = 30;

/// When a boundary was crossed: found on a day, and with effect until a day.
#[derive(Clone, Copy)]
struct Crossing<'v> {
    record: Entry<'v>,
    found: Date,
    until: Date,
}

/// A.9.4-O3
pub(super) fn crossed_boundaries_hold(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let plan = plan_of(system);
        if plan.is_some_and(|plan| plan.value("use_boundaries").is_erased()) {
            return Judgement::Undecided("`use_boundaries` of the monitoring plan was erased".to_owned());
        }
        let rows: Vec<_> = plan.into_iter().flat_map(|plan| MonitoringPlan(plan.content()).use_boundaries()).collect();
        let named = rows.iter().map(|row| (row.boundary().unwrap_or_default().to_owned(), crossings(system, row)));
        let single = misuses(system).filter(|found| !rows.iter().any(|row| is_of(found.record, row)));
        let all = named.chain(single.map(|found| (found.record.label(), vec![found])).collect::<Vec<_>>());
        let all: Vec<(String, Vec<Crossing<'_>>)> = all.filter(|(_, crossings)| !crossings.is_empty()).collect();
        if all.is_empty() {
            return Judgement::Skip("no boundary was crossed".to_owned());
        }
        let lapses = all.into_iter().filter_map(|(what, crossings)| {
            let (found, days) = goes_on(system, &crossings, window)?;
            Some(Lapse::of(system).value("use", what).value("date", found).over(days))
        });
        Judgement::of(lapses.collect())
    })
}

/// Incidents of misuse of a system; the effect lasts until its last known day.
fn misuses(system: Entry<'_>) -> impl Iterator<Item = Crossing<'_>> {
    let view = system.view();
    system.incoming(Incident::KIND, "ai_systems").filter_map(move |record| {
        let content = Incident(record.content());
        let counts = content.types().has(IncidentType::Misuse) && !content.exercise().is(true) && !record.is("dismissed");
        let found = view.day(content.detected_at().get().filter(|_| counts)?);
        let until = content.occurred_to().get().map_or(found, |at| view.day(at));
        Some(Crossing { record, found, until: until.max(found) })
    })
}

/// Whether an incident speaks of a boundary.
fn is_of(incident: Entry<'_>, row: &MonitoringPlanUseBoundaryRow<'_>) -> bool {
    let said = ["title", "description"].into_iter().filter_map(|field| incident.text(field)).collect::<Vec<_>>();
    row.boundary().is_some_and(|boundary| said.iter().any(|text| same(text, boundary) || holds(text, boundary)))
}

/// When a boundary was crossed: incidents that speak of it, and batches in which calls that the policy noticing it would have stopped
/// were let through.
fn crossings<'v>(system: Entry<'v>, row: &MonitoringPlanUseBoundaryRow<'_>) -> Vec<Crossing<'v>> {
    let view = system.view();
    let mut found: Vec<Crossing<'v>> = misuses(system).filter(|found| is_of(found.record, row)).collect();
    let noticed = row.noticed_by().unwrap_or_default();
    found.extend(system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch)).filter_map(|record| {
        let content = SealedBatch(record.content());
        let through = content.by_decision().any(|decision| {
            let watches = decision.policy().is_some_and(|policy| holds(noticed, policy));
            watches
                && decision.n().is_some_and(|n| n > 0)
                && decision.verdict() == Some("deny")
                && decision.action() != Some("deny")
        });
        let day = content.to().get().filter(|_| through).map(|at| view.day(at))?;
        Some(Crossing { record, found: record.created_on(), until: day })
    }));
    found.sort_by_key(|crossing| (crossing.found, crossing.record.id()));
    found
}

/// The day of the first finding, and the days of the window after its thirty days up to the last crossing, unless a new use was
/// approved by then.
fn goes_on(system: Entry<'_>, crossings: &[Crossing<'_>], window: Window) -> Option<(Date, Window)> {
    let view = system.view();
    let allowed: Vec<Date> = new_uses(system).map(|(at, _)| view.day(at)).collect();
    crossings.iter().find_map(|first| {
        let last = first.found.saturating_add(STOP_DAYS.days());
        let again = crossings.iter().map(|one| one.until).filter(|until| *until > last).max()?;
        let days = Window { from: last.saturating_add(1.day()), to: again }.and(window)?;
        let decided = allowed.iter().any(|on| first.found <= *on && *on <= again);
        (!decided).then_some((first.found, days))
    })
}
