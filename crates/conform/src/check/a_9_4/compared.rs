//! Whether somebody compares use with purpose all the time.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory as Category};
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use crate::check::monitored::{metrics_of, plan_of};
use crate::check::presence::asked_from;
use crate::check::reach::uncovered;
use crate::check::touched::used_since;
use crate::check::wording::in_days;
use crate::derived::sealed_batch::is_real;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// Categories of metric that compare use with purpose.
pub(super) const USE: [Category; 2] = [Category::Use, Category::Abuse];
/// The longest time between two values of such a metric, in days.
const COUNT_DAYS: i64 = 90;
/// How long the next batch may be in coming where the plan does not say, in days.
const SEAL_DAYS: i64 = 31;

/// A.9.4-O1
pub(super) fn use_is_counted(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        if plan_of(system).is_some_and(|plan| plan.value("metrics").is_erased()) {
            return Judgement::Undecided("`metrics` of the monitoring plan was erased".to_owned());
        }
        let since = used_since(system).max(asked_from(system));
        let Some(asked) = since.and_then(|since| window.from_day(since)) else {
            return Judgement::Skip("not in use and settled in yet".to_owned());
        };
        if uncounted(system, asked).is_none() {
            return Judgement::Pass;
        }
        let seen = metrics_of(system).into_iter().filter(|metric| metric.is_about(&USE)).flat_map(|metric| metric.seen());
        let days: Vec<Date> = seen.flat_map(|seen| [seen.days.from, seen.days.to]).collect();
        let holes = without_hole(asked, days, COUNT_DAYS);
        let lapse = |days: Window| Lapse::of(system).value("from", days.from).value("to", days.to).over(days);
        Judgement::of(holes.iter().map(|hole| lapse(Window { from: hole.from.max(asked.from), to: hole.to })).collect())
    })
}

/// The first days that no batch with decisions of policies covers; a batch that is not due yet leaves none.
fn uncounted(system: Entry<'_>, asked: Window) -> Option<Window> {
    let view = system.view();
    let counted = system.incoming(SealedBatch::KIND, "ai_system").filter_map(|batch| {
        let content = SealedBatch(batch.content());
        let decides = content.by_decision().next().is_some() || content.count().is(0);
        let days = Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) };
        (decides && is_real(batch)).then_some((days, content.by_decision().next().is_some()))
    });
    let counted: Vec<(Window, bool)> = counted.collect();
    let every = plan_of(system).and_then(|plan| MonitoringPlan(plan.content()).seal_every().get());
    let due = asked.to.saturating_sub((every.map_or(SEAL_DAYS, |every| in_days(&every)) + 1).days());
    let days: Vec<Window> = counted.iter().map(|(days, _)| *days).collect();
    match counted.iter().any(|(days, decides)| *decides && days.and(asked).is_some()) {
        true => uncovered(Window { from: asked.from, to: due.max(asked.from) }, &days),
        false => Some(asked),
    }
}
