//! Models and systems that run without anybody behind them, and models that change unseen.

mod unseen;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::{Model, ModelPinned};
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory};
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenWhat};
use vouch_record::time::days_between;

use super::Limits;
use crate::derived::{ai_system, sealed_batch, supplier};
use crate::shape::Lapse;
use crate::view::{Entry, View};
use unseen::Unseen;

/// FM-18
pub(super) fn shadow(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let waiting = limits.number("waiting_days");
    let mut lapses = Vec::new();
    for system in view.all(AiSystem::KIND).filter(|system| system.is_any(&["discovered", "draft"])) {
        let since = system.periods(&["discovered", "draft"]).last().map_or(system.created_on(), |period| period.from);
        if days_between(since, view.today()) <= waiting {
            continue;
        }
        let used = Use::of(system, |_| true);
        if used.calls >= limits.number("calls") || used.days.len() >= limits.count("call_days") {
            lapses.extend(used.lapse(system));
        }
    }
    // Old use of what was dismissed and is blocked since would be a finding for ever.
    let period = view.period();
    for system in view.all(AiSystem::KIND).filter(|system| system.is("dismissed")) {
        let Some(dismissed) = system.entered("dismissed") else { continue };
        let used = Use::of(system, |batch| {
            let from = SealedBatch(batch.content()).from().get().map(|at| view.day(at));
            sealed_batch::unknown_use(batch) && from.is_some_and(|from| period.has(from) && days_between(dismissed, from) > waiting)
        });
        lapses.extend(used.lapse(system));
    }
    let share = share_unknown(view, limits);
    lapses.extend(share.filter(|share| lapses.iter().all(|lapse| lapse.system != share.system)));
    lapses
}

/// What the sealed batches of a system counted, test traffic left out.
#[derive(Default)]
struct Use {
    calls: i64,
    /// days on which batches with calls began
    days: BTreeSet<Date>,
}

impl Use {
    fn of(system: Entry<'_>, wanted: impl Fn(Entry<'_>) -> bool) -> Self {
        let mut used = Self::default();
        for batch in system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| !is_trial(*batch) && wanted(*batch)) {
            let content = SealedBatch(batch.content());
            let Some(n) = content.count().get().filter(|n| *n > 0) else { continue };
            used.calls = used.calls.saturating_add(n);
            used.days.extend(content.from().get().map(|at| system.view().day(at)));
        }
        used
    }

    fn lapse(&self, system: Entry<'_>) -> Option<Lapse> {
        self.days.first().map(|first| Lapse::of(system).value("n", self.calls).value("date", first))
    }
}

fn is_trial(batch: Entry<'_>) -> bool {
    SealedBatch(batch.content()).source().is(SealedBatchSource::Evaluation)
}

/// The share of all use in the window that belongs to systems nobody has taken on: the system with most of it.
fn share_unknown(view: &View, limits: &Limits<'_>) -> Option<Lapse> {
    let window = view.window()?;
    let mut all = 0_usize;
    let mut unknown: BTreeMap<Id, usize> = BTreeMap::new();
    for batch in view.all(SealedBatch::KIND).filter(|batch| !is_trial(*batch)) {
        let content = SealedBatch(batch.content());
        if !content.from().get().is_some_and(|from| window.has(view.day(from))) {
            continue;
        }
        let n = content.count().get().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        all = all.saturating_add(n);
        if let Some(system) = content.ai_system().get().filter(|_| sealed_batch::unknown_use(batch)) {
            let calls = unknown.entry(system.id).or_default();
            *calls = calls.saturating_add(n);
        }
    }
    if !limits.exceeds("share_unknown", unknown.values().sum(), all) {
        return None;
    }
    let (system, n) = unknown.into_iter().max_by_key(|(_, n)| *n)?;
    Some(Lapse::of(view.find(system)?).value("n", n).value("date", window.from).value("all", all))
}

/// FM-19
pub(super) fn supplier_model_changed(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for one in view.all(Model::KIND) {
        let late = |unseen: &Unseen| days_between(unseen.since, view.today()) > limits.number("unseen_days");
        let worst = unseen::of(one).into_iter().filter(late).find(|unseen| !unseen::is_answered(one, unseen));
        lapses.extend(worst.map(|unseen| lapse(one, unseen.defect, None)));
    }
    for one in view.all(Supplier::KIND) {
        for row in supplier::unannounced(one).filter(|row| row.what() == Some(SupplierChangesSeenWhat::ModelVersion)) {
            let Some(seen) = row.noticed_on().or(row.takes_effect_on()) else { continue };
            if row.decision().is_some() || days_between(seen, view.today()) <= limits.number("decide_days") {
                continue;
            }
            let system = row.ai_systems().find_map(|link| view.find(link.id));
            let provided = |model: &Entry<'_>| model.linked("supplier").is_some_and(|supplier| supplier.id() == one.id());
            let of_system = system.and_then(|system| system.links("models").find(provided));
            let model = of_system.or_else(|| one.incoming(Model::KIND, "supplier").next());
            let about = system.map_or_else(|| Lapse::of(one), |system| Lapse::of(one).in_system(system));
            lapses.push(
                about
                    .value("model", model.map_or_else(|| "A model".to_owned(), |model| model.label()))
                    .value("supplier", one.label())
                    .value("defect", format!("changed without notice, which was seen on {seen} and decided by nobody"))
                    .value("system", system.map_or_else(|| "what uses it".to_owned(), |system| system.label())),
            );
        }
    }
    for system in view.live_systems().filter(|system| ai_system::tier(*system) >= Some(RiskTier::Moderate)) {
        let named = || AiSystem(system.content()).models().filter_map(|row| view.get(row.model()?.id));
        let floating = named().find(|model| Model(model.content()).pinned().is(ModelPinned::Floating));
        let Some(model) = floating.filter(|_| !is_watched(system)) else { continue };
        lapses.push(lapse(model, "may change on any day, and no metric would show it".to_owned(), Some(system)));
    }
    lapses
}

fn lapse(model: Entry<'_>, defect: String, system: Option<Entry<'_>>) -> Lapse {
    let system = system.or_else(|| unseen::systems(model).next());
    let from = model.linked("supplier").map_or_else(|| "its maker".to_owned(), |supplier| supplier.label());
    let named = system.map_or_else(|| "what uses it".to_owned(), |system| system.label());
    let lapse =
        Lapse::of(model).value("model", model.label()).value("supplier", from).value("defect", defect).value("system", named);
    match system {
        Some(system) => lapse.in_system(system),
        None => lapse,
    }
}

/// Whether the plan in force has a metric that would show a change of the model.
fn is_watched(system: Entry<'_>) -> bool {
    let plans = system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    plans
        .flat_map(|plan| MonitoringPlan(plan.content()).metrics())
        .any(|row| matches!(row.category(), Some(MonitoringPlanMetricCategory::Drift | MonitoringPlanMetricCategory::Supplier)))
}
