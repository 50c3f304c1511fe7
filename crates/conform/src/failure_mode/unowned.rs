//! Systems and models that run while nobody answers for them.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::role::Role;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::time::days_between;
use vouch_record::{Id, Link};

use super::Limits;
use super::stretch::since;
use crate::derived::{ai_system, model};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// FM-5
pub(super) fn unowned(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let long = |since: &Date| days_between(*since, view.today()) > limits.number("unowned_days");
    let systems = view.live_systems().filter_map(|system| Some((system, system_since(system).filter(long)?)));
    let lapse = |about: Entry<'_>, date: Date, defect: String| {
        Lapse::of(about).value("model", about.label()).value("defect", defect).value("date", date)
    };
    let mut lapses: Vec<Lapse> =
        systems.map(|(system, on)| lapse(system, on, format!("is in use, and nobody has answered for it since {on}"))).collect();
    for one in view.all(Model::KIND).filter(|one| nobody_owns(*one) && !model::versions_running(*one).is_empty()) {
        let Some(on) = model_since(one).filter(long) else { continue };
        let system = model::used_by(one).into_iter().find_map(|(id, _)| view.find(id));
        let answers = system.map_or_else(|| "runs".to_owned(), |system| format!("answers for {}", system.label()));
        let lapse = lapse(one, on, format!("{answers}, and nobody has owned it since {on}"));
        lapses.push(system.map_or_else(|| lapse.clone(), |system| lapse.clone().in_system(system)));
    }
    lapses.extend(unknown_names(view, limits));
    lapses
}

/// Since when a live system has had neither an owner nor a deputy.
fn system_since(system: Entry<'_>) -> Option<Date> {
    let (view, id) = (system.view(), system.id());
    if !ai_system::orphaned(system) {
        return None;
    }
    let roles: Vec<Entry<'_>> = view.all(Role::KIND).filter(|role| role.text("key") == Some("system_owner")).collect();
    let rows = roles.iter().flat_map(|role| Role(role.content()).holders());
    let dates: Vec<Date> = rows.flat_map(|row| [row.from(), row.to()]).flatten().collect();
    let named = named_in(system, &["owner", "deputy"]);
    let records = named.into_iter().chain(roles).chain(view.all(Scope::KIND)).chain([system]);
    since(view, records, dates, |on| on.get(id).is_some_and(|then| ai_system::live(then) && ai_system::orphaned(then)))
}

/// Since when a model has had no owner who is still there.
fn model_since(one: Entry<'_>) -> Option<Date> {
    let records = named_in(one, &["owner"]).into_iter().chain([one]);
    since(one.view(), records, [], |on| on.get(one.id()).is_some_and(nobody_owns))
}

/// Everybody whom a revision of a record names in these fields.
fn named_in<'v>(entry: Entry<'v>, fields: &[&str]) -> Vec<Entry<'v>> {
    let links =
        entry.revisions().flat_map(|leaf| fields.iter().filter_map(|field| leaf.body.get(field)?.as_text()?.parse::<Link>().ok()));
    let mut ids: Vec<Id> = links.map(|link| link.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| entry.view().find(id)).collect()
}

/// Names that answered often in batches of the last thirty days and belong to no model.
fn unknown_names(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let last = Window { from: view.today().saturating_sub(30.days()), to: view.today() };
    let recent = |batch: &Entry<'_>| {
        let content = SealedBatch(batch.content());
        let ended = content.to().get().is_some_and(|to| last.has(view.day(to)));
        ended && !content.source().is(SealedBatchSource::Evaluation)
    };
    let mut answers: BTreeMap<&str, BTreeMap<Option<Id>, i64>> = BTreeMap::new();
    for batch in view.all(SealedBatch::KIND).filter(recent) {
        let content = SealedBatch(batch.content());
        let system = content.ai_system().get().map(|link| link.id);
        for row in content.by_model() {
            if let Some(answered) = row.answered() {
                let n = answers.entry(answered.trim()).or_default().entry(system).or_default();
                *n = n.saturating_add(row.n().unwrap_or(0));
            }
        }
    }
    let known: Vec<String> = view.all(Model::KIND).flat_map(names).collect();
    let unknown = answers.into_iter().filter(|(name, _)| !model::is_one_of(&known, name));
    let lapse = |(name, systems): (&str, BTreeMap<Option<Id>, i64>)| {
        let calls = systems.values().fold(0_i64, |sum, n| sum.saturating_add(*n));
        let most = systems.into_iter().max_by_key(|(_, n)| *n).and_then(|(system, _)| view.find(system?));
        let whom = most.map_or_else(String::new, |system| format!(" for {}", system.label()));
        let defect = format!("gave {calls} answers{whom} since {}, and no model of that name is registered", last.from);
        let about = most.map_or_else(Lapse::of_organisation, Lapse::of);
        let lapse = about.value("model", format!("`{name}`")).value("defect", defect).value("date", last.from);
        (calls >= limits.number("unknown_calls")).then(|| lapse.value("calls", calls))
    };
    unknown.filter_map(lapse).collect()
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
