//! Whether each metric of a plan has values without a hole, and whether these can be checked.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use crate::check::monitored::{Metric, Seen, metrics_of, plan_of};
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// How old the latest value may be, in days, however rarely the metric is taken.
const LATEST_DAYS: i64 = 45;

/// A.6.2.6-O1
pub(super) fn never_blind(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
        Judgement::needing(plan, &["metrics"], || {
            let mut lapses: Vec<Lapse> = Vec::new();
            for metric in metrics_of(system) {
                let asked = metric.begun().and_then(|begun| window.from_day(begun));
                let (Some(asked), Some(longest)) = (asked, metric.longest()) else { continue };
                let lapse = |days: Window| {
                    let values = Lapse::of(plan).in_system(system).value("metric", metric.label());
                    values.value("from", days.from).value("to", days.to).over(days)
                };
                lapses.extend(blind(&metric, asked, longest).into_iter().map(lapse));
            }
            if lapses.is_empty() { Judgement::Shown(vec![system.subject(), plan.subject()]) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// The stretches longer than `longest` days without a value; a value or batch counts on its first and on its last day. The latest
/// may not be older than that and 45 days.
fn blind(metric: &Metric<'_>, asked: Window, longest: i64) -> Vec<Window> {
    let days: Vec<Date> = metric.seen().into_iter().flat_map(|seen| [seen.days.from, seen.days.to]).collect();
    let latest = days.iter().copied().filter(|day| *day <= asked.to).max();
    let mut blind: Vec<Window> = without_hole(asked, days.iter().copied(), longest)
        .into_iter()
        .map(|hole| Window { from: hole.from.max(asked.from), to: hole.to })
        .collect();
    let end = Window { from: latest.map_or(asked.from, |latest| latest.max(asked.from)), to: asked.to };
    let late = end.days() - 1 > longest.min(LATEST_DAYS);
    if late && !blind.iter().any(|days| days.to == asked.to) {
        blind.push(end);
    }
    blind
}

/// A.6.2.6-P2
pub(super) fn values_can_be_checked(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
        Judgement::needing(plan, &["metrics"], || {
            let mut lapses: Vec<Lapse> = Vec::new();
            let mut asked = 0;
            for metric in metrics_of(system) {
                let months = metric.begun().map_or_else(Vec::new, |begun| months_due(&metric, window, begun));
                asked += months.len();
                let shown: Vec<Seen<'_>> = metric.seen().into_iter().filter(rests_on_something).collect();
                let open = months.into_iter().filter(|month| !shown.iter().any(|seen| seen.falls_in(*month)));
                lapses.extend(open.map(|month| {
                    let name = format!("{:04}-{:02}", month.from.year(), month.from.month());
                    let values = Lapse::of(plan).in_system(system).value("metric", metric.label());
                    values.value("month", name).over(month)
                }));
            }
            match asked {
                0 => Judgement::Skip("no whole month to look at yet".to_owned()),
                _ if lapses.is_empty() => Judgement::Shown(vec![system.subject(), plan.subject()]),
                _ => Judgement::FailAll(lapses),
            }
        })
    })
}

/// The whole months of the window for which a value is due: those that ended more than the longest time between two values ago. Until
/// then A.6.2.6-O1 sees that one comes.
fn months_due(metric: &Metric<'_>, window: Window, begun: Date) -> Vec<Window> {
    let months = window.from_day(begun).map_or_else(Vec::new, |days| days.whole_months());
    let due = |month: &Window| metric.longest().is_none_or(|longest| month.to.saturating_add(longest.days()) <= window.to);
    months.into_iter().filter(due).collect()
}

/// A sealed batch itself, or a measurement computed from batches or resting on reviewed evidence.
fn rests_on_something(seen: &Seen<'_>) -> bool {
    let reviewed = |evidence: Entry<'_>| evidence.is("reviewed");
    seen.record.kind().name == SealedBatch::KIND
        || seen.record.links("batches").next().is_some()
        || seen.record.links("evidence").any(reviewed)
}
