//! Whether somebody looks: for use that nobody approved, and at what use costs.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired, AiSystemOrigin};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory};
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};

use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, Subject, View, Window};

/// The longest time without a look for use that nobody approved.
const LOOK_DAYS: i64 = 120;

/// A.9.2-O5
pub(super) fn somebody_looked(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let looks: Vec<(Subject, Window)> = looks(view).collect();
    // A look that covers more than a day leaves no hole inside: every day it covers counts.
    let days = looks.iter().flat_map(|(_, days)| {
        let steps = days.days().clamp(1, 3660) / LOOK_DAYS;
        (0..=steps)
            .map(|step| days.from.saturating_add((step * LOOK_DAYS).days()).min(days.to))
            .chain([days.to])
            .collect::<Vec<_>>()
    });
    let holes = without_hole(window, days, LOOK_DAYS);
    let lapse = |from: Date, to: Date| Lapse::of_organisation().value("from", from).value("to", to).over(Window { from, to });
    Verdicts {
        passed: looks.iter().filter(|(_, days)| days.and(window).is_some()).map(|(subject, _)| *subject).collect(),
        failed: holes.iter().map(|hole| lapse(hole.from, hole.to)).collect(),
        ..Verdicts::default()
    }
}

fn looks(view: &View) -> impl Iterator<Item = (Subject, Window)> {
    let on = |day: Date| Window { from: day, to: day };
    let found = view.all(AiSystem::KIND).filter(|system| AiSystem(system.content()).origin().is(AiSystemOrigin::Discovered)).map(
        move |system| {
            let seen = AiSystem(system.content()).first_seen().get().map_or(system.created_on(), |at| view.day(at));
            (system.subject(), on(seen))
        },
    );
    let sealed = view.all(SealedBatch::KIND).filter(|batch| {
        SealedBatch(batch.content())
            .source()
            .get()
            .is_some_and(|source| matches!(source, SealedBatchSource::Access | SealedBatchSource::File))
    });
    let shown = view.all(Evidence::KIND).filter_map(|entry| {
        let evidence = Evidence(entry.content());
        let meant = evidence.requirements().any(|named| named.framework == ISO42001 && named.item == "A.9.2");
        let days = Window { from: evidence.covers_from().get()?, to: evidence.covers_to().get()? };
        (meant && entry.is("reviewed")).then_some((entry.subject(), days))
    });
    found.chain(sealed.map(move |batch| (batch.subject(), on(batch.created_on())))).chain(shown)
}

/// A.9.2-P3
pub(super) fn cost_is_watched(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems().filter(Entry::is_adopted), |system| {
        if AiSystem(system.content()).acquired().is(AiSystemAcquired::FreeService) {
            return Judgement::Skip("a free service".to_owned());
        }
        let since = view.first_scope_on().map_or(window.from, |first| view.settled_in(first.max(system.created_on())));
        let months = window.from_day(since).map_or_else(Vec::new, |asked| asked.whole_months());
        let watched = cost_measured(system);
        let unwatched = months.iter().filter(|month| !watched.iter().any(|day| month.has(*day)));
        let name = |month: &Window| format!("{:04}-{:02}", month.from.year(), month.from.month());
        Judgement::of(unwatched.map(|month| Lapse::of(system).value("month", name(month)).over(*month)).collect())
    })
}

/// Last days of the measurements of cost that the monitoring plans of the system ask for.
fn cost_measured(system: Entry<'_>) -> Vec<Date> {
    let plans = system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    let metrics = plans.flat_map(|plan| MonitoringPlan(plan.content()).metrics());
    let measures: Vec<Id> = metrics
        .filter(|row| row.category() == Some(MonitoringPlanMetricCategory::Cost))
        .filter_map(|row| row.measure())
        .map(|link| link.id)
        .collect();
    let taken = system.incoming(Measurement::KIND, "ai_system").filter(|entry| !entry.is("void"));
    taken
        .filter(|entry| Measurement(entry.content()).measure().get().is_some_and(|link| measures.contains(&link.id)))
        .filter_map(|entry| Some(system.view().day(Measurement(entry.content()).covers_to().get()?)))
        .collect()
}
