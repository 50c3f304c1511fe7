//! Whether batches lost nothing, can be read and verify, and name what ran.

use std::collections::HashMap;

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::comment::Comment;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::time::{after, days_between};

use crate::check::monitored::plan_of;
use crate::check::stored::{bound_or_not, unproved};
use crate::derived::ai_system;
use crate::derived::release::ran_between;
use crate::derived::sealed_batch::{is_real, unapproved_models};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Kinds in which people write down why events were lost.
const EXPLAINS: [&str; 3] = [Incident::KIND, Nonconformity::KIND, Comment::KIND];

/// The batches of systems in scope that end in the window and are no test traffic.
fn of_window<'v>(view: &'v View, batches: impl Iterator<Item = Entry<'v>> + 'v) -> impl Iterator<Item = Entry<'v>> + 'v {
    let window = view.window();
    let within = move |batch: &Entry<'v>| {
        let to = SealedBatch(batch.content()).to().get().map(|to| view.day(to));
        to.zip(window).is_some_and(|(to, window)| window.has(to))
    };
    batches.filter(within).filter(|batch| is_real(*batch) && batch.linked("ai_system").is_some_and(ai_system::in_scope))
}

/// The day on which a batch ends, as sentences name it.
fn day(batch: Entry<'_>) -> String {
    SealedBatch(batch.content()).to().get().map_or_else(|| "no known day".to_owned(), |to| batch.view().day(to).to_string())
}

/// A.6.2.8-O2
pub(super) fn losses_are_explained(view: &View) -> Verdicts {
    each(of_window(view, view.all(SealedBatch::KIND)), |batch| {
        let lost = SealedBatch(batch.content()).dropped().get().unwrap_or(0);
        if lost == 0 {
            return Judgement::Pass;
        }
        let written = EXPLAINS.into_iter().flat_map(|kind| batch.incoming(kind, ""));
        let reviewed = batch.incoming(Evidence::KIND, "about").filter(|evidence| evidence.is("reviewed"));
        let shown: Vec<_> = written.chain(reviewed).map(|entry| entry.subject()).collect();
        if shown.is_empty() {
            return Judgement::Fail(Lapse::of(batch).value("n", lost).value("date", day(batch)));
        }
        Judgement::Shown(shown)
    })
}

/// A.6.2.8-O5
pub(super) fn events_can_be_read(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::holds();
    for system in view.live_systems() {
        let retention = plan_of(system).and_then(|plan| MonitoringPlan(plan.content()).log_retention().get());
        let Some(retention) = retention else {
            verdicts.note(system, Judgement::Skip("it does not say how long; see A.6.2.8-D1".to_owned()));
            continue;
        };
        for batch in system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch)) {
            let content = SealedBatch(batch.content());
            let Some(due) = content.to().get().map(|to| after(view.day(to), &retention)).filter(|due| *due >= view.today()) else {
                continue;
            };
            let until = content.retained_until().get().map(|at| view.day(at));
            let short = until.map_or(1, |until| days_between(until, due));
            verdicts.note(batch, Judgement::when(short <= 0, || Lapse::of(batch).value("date", day(batch)).value("days", short)));
        }
    }
    verdicts
}

/// A.6.2.8-P1. Looks also at batches that are not bound, since it asks whether they are.
pub(super) fn batches_verify(view: &View) -> Verdicts {
    let sizes = sizes_before(view);
    each(of_window(view, bound_or_not(view, SealedBatch::KIND)), |batch| {
        let size = SealedBatch(batch.content()).log_size().get().unwrap_or(0);
        let fell = sizes.get(&batch.id()).is_some_and(|before| *before > size);
        let defect = unproved(batch).or_else(|| fell.then_some("says that the log is smaller than before"));
        match defect {
            None => Judgement::Pass,
            Some(defect) => Judgement::Fail(Lapse::of(batch).value("date", day(batch)).value("defect", defect)),
        }
    })
}

/// The largest size of the log before each batch, by system, source and emitter.
fn sizes_before(view: &View) -> HashMap<Id, i64> {
    type Series<'v> = (Option<Id>, Option<SealedBatchSource>, Option<&'v str>);
    let mut all: Vec<(Timestamp, Entry<'_>)> =
        bound_or_not(view, SealedBatch::KIND).filter_map(|batch| Some((SealedBatch(batch.content()).to().get()?, batch))).collect();
    all.sort_by_key(|(to, batch)| (*to, batch.id()));
    let mut largest: HashMap<Series<'_>, i64> = HashMap::new();
    let mut before = HashMap::new();
    for (_, batch) in all {
        let content = SealedBatch(batch.content());
        let key = (content.ai_system().get().map(|link| link.id), content.source().get(), content.emitter().get());
        let size = content.log_size().get().unwrap_or(0);
        if let Some(known) = largest.get(&key) {
            before.insert(batch.id(), *known);
        }
        let known = largest.entry(key).or_insert(size);
        *known = (*known).max(size);
    }
    before
}

/// A.6.2.8-P2
pub(super) fn events_name_what_ran(view: &View) -> Verdicts {
    let used = of_window(view, view.all(SealedBatch::KIND)).filter(|batch| batch.linked("ai_system").is_some_and(ai_system::live));
    each(used, |batch| {
        let content = SealedBatch(batch.content());
        if content.count().get().is_none_or(|count| count == 0) {
            return Judgement::Skip("no event in it".to_owned());
        }
        let lapse = |defect: String| Judgement::Fail(Lapse::of(batch).value("date", day(batch)).value("defect", defect));
        if content.by_model().next().is_none() {
            return lapse("name no version".to_owned());
        }
        let unknown = unapproved_models(batch);
        if !unknown.is_empty() {
            return lapse(format!("name {}, which was in no release that ran", unknown.join(", ")));
        }
        let (Some(from), Some(to)) = (content.from().get(), content.to().get()) else { return Judgement::Pass };
        let mut releases = content.by_model().filter_map(|row| row.release()).filter_map(|link| view.get(link.id));
        match releases.find(|release| !ran_between(*release, from, to)) {
            Some(release) => lapse(format!("name {}, which was not running", release.label())),
            None => Judgement::Pass,
        }
    })
}
