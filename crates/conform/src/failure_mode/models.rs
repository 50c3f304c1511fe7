//! Models and systems that run without anybody behind them, and models that change unseen.

use std::collections::BTreeMap;

use jiff::ToSpan;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::change::{Change, ChangeOrigin};
use vouch_record::kind::generated::model::{Model, ModelPinned};
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenWhat};
use vouch_record::time::days_between;

use super::Limits;
use super::stretch::longer_than;
use crate::derived::{ai_system, model, sealed_batch, supplier};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// FM-5
pub(super) fn unowned(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let days = limits.number("unowned_days");
    let people = || view.all("person").filter(|person| person.is_any(&["left", "away"]));
    let lapse = |about: Entry<'_>, name: String, system: String| {
        let since = view.today().saturating_sub(days.days());
        Lapse::of(about).value("model", name).value("system", system).value("date", since)
    };
    let mut lapses = Vec::new();
    for system in view.live_systems().filter(|system| ai_system::orphaned(*system)) {
        let roles = view.all("role").filter(|role| role.text("key") == Some("system_owner"));
        let touched = roles.chain(people()).chain([system]);
        if longer_than(view, days, touched, |on| on.get(system.id()).is_some_and(ai_system::orphaned)) {
            lapses.push(lapse(system, "it".to_owned(), system.label()));
        }
    }
    for one in view.all(Model::KIND).filter(|one| nobody_owns(*one) && !model::versions_running(*one).is_empty()) {
        if longer_than(view, days, people().chain([one]), |on| on.get(one.id()).is_some_and(nobody_owns)) {
            let used = model::used_by(one).into_iter().find_map(|(id, _)| view.find(id)).map(|system| system.label());
            lapses.push(lapse(one, one.label(), used.unwrap_or_else(|| "no known system".to_owned())));
        }
    }
    let last = Window { from: view.today().saturating_sub(30.days()), to: view.today() };
    let known: Vec<String> = view.all(Model::KIND).flat_map(names).collect();
    let mut unknown: BTreeMap<&str, (i64, Option<Entry<'_>>)> = BTreeMap::new();
    let recent = |batch: &Entry<'_>| SealedBatch(batch.content()).from().get().is_some_and(|from| last.has(view.day(from)));
    for batch in view.all(SealedBatch::KIND).filter(recent) {
        for row in SealedBatch(batch.content()).by_model() {
            let Some(answered) = row.answered().filter(|answered| !model::is_one_of(&known, answered)) else { continue };
            let calls = unknown.entry(answered).or_insert((0, None));
            calls.0 += row.n().unwrap_or(0);
            calls.1 = calls.1.or_else(|| batch.linked("ai_system"));
        }
    }
    for (name, (calls, system)) in unknown.into_iter().filter(|(_, (calls, _))| *calls >= limits.number("unknown_calls")) {
        let about = system.map_or_else(Lapse::of_organisation, Lapse::of);
        let label = system.map_or_else(|| "no known system".to_owned(), |system| system.label());
        lapses.push(about.value("model", name).value("system", label).value("date", last.from).value("calls", calls));
    }
    lapses
}

/// Every name under which a model or a version of it may answer.
fn names(entry: Entry<'_>) -> Vec<String> {
    let content = Model(entry.content());
    let mut names = model::bare_names(entry);
    for row in content.versions() {
        names.extend(model::names_of_version(entry, row.version(), row.digest()));
    }
    names.extend(content.external_ids().filter_map(|row| row.id().map(str::to_owned)));
    names
}

/// Whether the owner of a model is empty or has left.
fn nobody_owns(entry: Entry<'_>) -> bool {
    entry.linked("owner").is_none_or(|owner| owner.is("left"))
}

/// FM-18
pub(super) fn shadow(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for system in view.all(AiSystem::KIND).filter(|system| system.is_any(&["discovered", "draft"])) {
        let since = AiSystem(system.content()).first_seen().get().map_or(system.created_on(), |at| view.day(at));
        if days_between(since, view.today()) <= limits.number("waiting_days") {
            continue;
        }
        let batches: Vec<Entry<'_>> = system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| !is_trial(*batch)).collect();
        let calls: i64 = batches.iter().filter_map(|batch| SealedBatch(batch.content()).count().get()).sum();
        let mut days: Vec<_> = batches
            .iter()
            .filter(|batch| SealedBatch(batch.content()).count().get().is_some_and(|n| n > 0))
            .filter_map(|batch| SealedBatch(batch.content()).from().get().map(|at| view.day(at)))
            .collect();
        days.sort_unstable();
        days.dedup();
        if calls >= limits.number("calls") || days.len() >= limits.count("call_days") {
            lapses.push(Lapse::of(system).value("n", calls).value("date", since));
        }
    }
    for system in view.all(AiSystem::KIND).filter(|system| system.is("dismissed")) {
        let Some(dismissed) = system.entered("dismissed") else { continue };
        let after = |batch: &Entry<'_>| {
            let from = SealedBatch(batch.content()).from().get().map(|at| view.day(at));
            sealed_batch::unknown_use(*batch)
                && from.is_some_and(|from| days_between(dismissed, from) > limits.number("waiting_days"))
        };
        let calls: i64 = system
            .incoming(SealedBatch::KIND, "ai_system")
            .filter(after)
            .filter_map(|batch| SealedBatch(batch.content()).count().get())
            .sum();
        if calls > 0 {
            lapses.push(Lapse::of(system).value("n", calls).value("date", dismissed));
        }
    }
    lapses.extend(share_unknown(view, limits));
    lapses
}

fn is_trial(batch: Entry<'_>) -> bool {
    SealedBatch(batch.content()).source().is(SealedBatchSource::Evaluation)
}

/// The share of all use in the window that belongs to systems nobody has taken on.
fn share_unknown(view: &View, limits: &Limits<'_>) -> Option<Lapse> {
    let window = view.window()?;
    let (mut all, mut unknown, mut worst): (i64, i64, Option<(i64, Entry<'_>)>) = (0, 0, None);
    for batch in view.all(SealedBatch::KIND).filter(|batch| !is_trial(*batch)) {
        let content = SealedBatch(batch.content());
        let Some((from, n)) = content.from().get().zip(content.count().get()) else { continue };
        if !window.has(view.day(from)) {
            continue;
        }
        all += n;
        if sealed_batch::unknown_use(batch) {
            unknown += n;
            if let Some(system) = batch.linked("ai_system").filter(|_| worst.is_none_or(|(most, _)| n > most)) {
                worst = Some((n, system));
            }
        }
    }
    let (_, system) = worst?;
    let (unknown, all) = (usize::try_from(unknown).ok()?, usize::try_from(all).ok()?);
    let exceeds = limits.exceeds("share_unknown", unknown, all);
    exceeds.then(|| Lapse::of(system).value("n", unknown).value("date", window.from).value("all", all))
}

/// FM-19
pub(super) fn supplier_model_changed(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for one in view.all(Model::KIND) {
        let changed = |entry: Entry<'_>| !model::changed_unseen(entry).is_empty() || !model::unapproved_running(entry).is_empty();
        if !changed(one) || answered(one) {
            continue;
        }
        let batches = model::used_by(one)
            .into_iter()
            .filter_map(|(id, _)| view.find(id))
            .flat_map(|system| system.incoming(SealedBatch::KIND, "ai_system"));
        let touched = batches.chain([one]);
        if longer_than(view, limits.number("unseen_days"), touched, |on| on.get(one.id()).is_some_and(changed)) {
            let since = view.today().saturating_sub(limits.number("unseen_days").days());
            lapses.push(lapse(one, since.to_string(), None));
        }
    }
    for one in view.all(Supplier::KIND) {
        for row in supplier::unannounced(one).filter(|row| row.what() == Some(SupplierChangesSeenWhat::ModelVersion)) {
            let seen = row.noticed_on().or(row.takes_effect_on());
            let late = seen.is_some_and(|on| days_between(on, view.today()) > limits.number("decide_days"));
            if late && row.decision().is_none() {
                let model =
                    one.incoming(Model::KIND, "supplier").next().map_or_else(|| "A model".to_owned(), |model| model.label());
                let system = row
                    .ai_systems()
                    .find_map(|link| view.find(link.id))
                    .map_or_else(|| "what uses it".to_owned(), |system| system.label());
                let on = seen.map(|on| on.to_string()).unwrap_or_default();
                lapses.push(
                    Lapse::of(one).value("model", model).value("supplier", one.label()).value("date", on).value("system", system),
                );
            }
        }
    }
    for system in view.live_systems().filter(|system| ai_system::tier(*system) >= Some(RiskTier::Moderate)) {
        let floating = system.links("models").find(|model| Model(model.content()).pinned().is(ModelPinned::Floating));
        let Some(model) = floating.filter(|_| !is_watched(system)) else { continue };
        lapses.push(lapse(model, "days that nobody would notice".to_owned(), Some(system)));
    }
    lapses
}

fn lapse(model: Entry<'_>, date: String, system: Option<Entry<'_>>) -> Lapse {
    let view = model.view();
    let system = system.or_else(|| model::used_by(model).into_iter().find_map(|(id, _)| view.find(id)));
    let from = model.linked("supplier").map_or_else(|| "its maker".to_owned(), |supplier| supplier.label());
    let named = system.map_or_else(|| "what uses it".to_owned(), |system| system.label());
    let lapse = Lapse::of(model).value("model", model.label()).value("supplier", from).value("date", date).value("system", named);
    system.map_or_else(|| lapse.clone(), |system| lapse.clone().in_system(system))
}

/// Whether somebody released the version that a supplier changed to, or recorded the change as found.
fn answered(model: Entry<'_>) -> bool {
    let released = model
        .incoming(Release::KIND, "model_versions")
        .any(|one| Release(one.content()).type_().is(ReleaseType::SupplierModel) && one.is_any(&["approved", "deployed"]));
    let systems = || model::used_by(model).into_iter().filter_map(|(id, _)| model.view().find(id));
    released
        || systems().any(|system| {
            system
                .incoming(Change::KIND, "ai_systems")
                .any(|change| Change(change.content()).origin().is(ChangeOrigin::Found) && !change.is("rejected"))
        })
}

/// Whether the plan in force has a metric that would show a change of the model.
fn is_watched(system: Entry<'_>) -> bool {
    let plans = system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    plans
        .flat_map(|plan| MonitoringPlan(plan.content()).metrics())
        .any(|row| matches!(row.category(), Some(MonitoringPlanMetricCategory::Drift | MonitoringPlanMetricCategory::Supplier)))
}
