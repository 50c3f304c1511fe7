//! Whether what happened in use was sealed without a hole, and holds what the plan lists.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::monitoring_plan::{
    MonitoringPlan, MonitoringPlanLogSource, MonitoringPlanLoggedEvent as Logged,
};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::time::end_of_day;

use crate::check::monitored::plan_of;
use crate::check::presence::asked_from;
use crate::check::reach::uncovered;
use crate::check::touched::used_since;
use crate::check::wording::in_days;
use crate::derived::sealed_batch::is_real;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Events that accompany each use; others need not happen in a month.
const ALWAYS: [Logged; 4] = [Logged::Input, Logged::Output, Logged::Version, Logged::Access];

/// A batch with its instants.
#[derive(Clone, Copy)]
struct Batch<'v> {
    entry: Entry<'v>,
    from: Timestamp,
    to: Timestamp,
}

/// The batches of a system that are no test traffic, by source and emitter, the earliest first.
fn series(system: Entry<'_>) -> BTreeMap<(Option<SealedBatchSource>, String), Vec<Batch<'_>>> {
    let mut found: BTreeMap<_, Vec<Batch<'_>>> = BTreeMap::new();
    for entry in system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch)) {
        let content = SealedBatch(entry.content());
        let (Some(from), Some(to)) = (content.from().get(), content.to().get()) else { continue };
        let emitter = content.emitter().get().unwrap_or_default().to_owned();
        found.entry((content.source().get(), emitter)).or_default().push(Batch { entry, from, to });
    }
    for batches in found.values_mut() {
        batches.sort_by_key(|batch| (batch.from, batch.entry.id()));
    }
    found
}

/// The days of the window on which a system was to be logged: from its first day of use in scope on, ninety days later for what was
/// there before.
fn asked(system: Entry<'_>) -> Option<Window> {
    let view = system.view();
    view.window()?.from_day(asked_from(system)?.max(used_since(system)?))
}

/// A.6.2.8-O1
pub(super) fn use_is_logged_without_a_hole(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(asked) = asked(system) else {
            return Judgement::Skip("there before it came into scope, and not asked yet".to_owned());
        };
        let plan = plan_of(system);
        let lapse = |days: Window| Lapse::of(system).value("from", days.from).value("to", days.to).over(days);
        let all = series(system);
        if all.is_empty() {
            return match supplied(system, plan, asked) {
                Ok(shown) => Judgement::Shown(shown),
                Err(open) => Judgement::Fail(lapse(open)),
            };
        }
        let mut lapses: Vec<Lapse> = Vec::new();
        let first = all.values().filter_map(|batches| batches.first()).map(|batch| view.day(batch.from)).min();
        let late = first.filter(|first| *first > asked.from);
        lapses.extend(late.map(|first| lapse(Window { from: asked.from, to: first.saturating_sub(1.day()) })));
        for batches in all.values() {
            for pair in batches.windows(2).filter(|pair| pair[1].from > pair[0].to) {
                let hole = Window { from: view.day(pair[0].to), to: view.day(pair[1].from) };
                lapses.extend(hole.and(asked).map(lapse));
            }
            lapses.extend(silent_since(system, plan, batches).and_then(|since| asked.from_day(since)).map(lapse));
        }
        let shown = || Judgement::Shown(all.values().flatten().map(|batch| batch.entry.subject()).collect());
        if lapses.is_empty() { shown() } else { Judgement::FailAll(lapses) }
    })
}

/// The day after which nothing of a series was sealed although its interval has passed; nothing where a release or a new plan ended it.
fn silent_since(system: Entry<'_>, plan: Option<Entry<'_>>, batches: &[Batch<'_>]) -> Option<Date> {
    let view = system.view();
    let last = batches.iter().max_by_key(|batch| batch.to)?;
    let every = plan.and_then(|plan| MonitoringPlan(plan.content()).seal_every().get())?;
    let due = view.day(last.to).saturating_add(in_days(&every).days());
    if view.today() <= due {
        return None;
    }
    let from = last.to.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(last.to);
    let until = end_of_day(due, view.zone());
    let within = |at: Timestamp| from <= at && at < until;
    let released = system.incoming(Release::KIND, "ai_system").any(|release| {
        let content = Release(release.content());
        content.deployed_at().get().is_some_and(within) || content.ended_at().get().is_some_and(within)
    });
    let replanned = plan.is_some_and(|plan| plan.revisions().any(|leaf| leaf.revision > 1 && within(leaf.time)));
    let goes_on = series(system).values().flatten().any(|batch| batch.to > last.to);
    (!(goes_on && (released || replanned))).then(|| view.day(last.to))
}

/// Reviewed evidence of the log of a supplier that covers the days, or the first days that nothing covers.
fn supplied<'v>(system: Entry<'v>, plan: Option<Entry<'v>>, asked: Window) -> Result<Vec<crate::view::Subject>, Window> {
    let by_supplier = plan.is_some_and(|plan| MonitoringPlan(plan.content()).log_source().is(MonitoringPlanLogSource::Supplier));
    if !by_supplier {
        return Err(asked);
    }
    let of_log = |entry: &Entry<'v>| {
        let mut named = Evidence(entry.content()).requirements();
        entry.is("reviewed") && named.any(|named| named.framework == ISO42001 && named.item == "A.6.2.8")
    };
    let found: Vec<Entry<'v>> = system.incoming(Evidence::KIND, "about").filter(of_log).collect();
    let covers = |entry: &Entry<'v>| {
        let content = Evidence(entry.content());
        Some(Window { from: content.covers_from().get()?, to: content.covers_to().get()? })
    };
    let covered: Vec<Window> = found.iter().filter_map(covers).collect();
    let every = plan.and_then(|plan| MonitoringPlan(plan.content()).seal_every().get()).map_or(0, |every| in_days(&every));
    let until = Window { from: asked.from, to: asked.to.saturating_sub(every.days()) };
    match uncovered(until, &covered).filter(|open| open.days() > 0) {
        Some(open) => Err(open),
        None => Ok(found.iter().map(Entry::subject).collect()),
    }
}

/// A.6.2.8-O3
pub(super) fn listed_events_arrive(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let (Some(plan), Some(asked)) = (plan_of(system), asked(system)) else {
            return Judgement::Skip("no monitoring plan in force, or not asked yet; see A.6.2.8-D1".to_owned());
        };
        Judgement::needing(plan, &["logged_events"], || {
            let listed: Vec<Logged> =
                MonitoringPlan(plan.content()).logged_events().filter(|event| ALWAYS.contains(event)).collect();
            let batches: Vec<Batch<'_>> = series(system).into_values().flatten().collect();
            let mut judged = 0;
            let mut lapses = Vec::new();
            for month in asked.whole_months() {
                let within =
                    |batch: &&Batch<'_>| Window { from: view.day(batch.from), to: view.day(batch.to) }.and(month).is_some();
                let counted = |batch: &Batch<'_>| SealedBatch(batch.entry.content()).count().get().is_some_and(|count| count > 0);
                let of_month: Vec<&Batch<'_>> = batches.iter().filter(within).filter(|batch| counted(batch)).collect();
                if of_month.is_empty() {
                    continue;
                }
                judged += 1;
                let arrived = |event: Logged| {
                    let rows = of_month.iter().flat_map(|batch| SealedBatch(batch.entry.content()).by_type());
                    rows.into_iter().any(|row| row.event() == Some(event.id()) && row.n() != Some(0))
                };
                let name = format!("{}-{:02}", month.from.year(), month.from.month());
                let silent = listed.iter().filter(|event| !arrived(**event));
                lapses.extend(silent.map(|event| Lapse::of(system).value("event", event.id()).value("month", &name).over(month)));
            }
            match (judged, lapses.is_empty()) {
                (0, _) => Judgement::Skip("no whole month in which events were counted".to_owned()),
                (_, true) => Judgement::Shown(vec![system.subject(), plan.subject()]),
                (_, false) => Judgement::FailAll(lapses),
            }
        })
    })
}
