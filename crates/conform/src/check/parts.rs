//! The models and resources that live systems name, or that feeds saw.

use std::collections::BTreeMap;

use vouch_record::Id;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory};

use crate::derived;
use crate::derived::ai_system::tier;
use crate::view::{Entry, View};

/// A part with the live systems that name it, the heaviest first.
#[derive(Clone)]
pub(super) struct Part<'v> {
    /// model or resource
    pub(super) entry: Entry<'v>,
    /// live systems that name it; empty where only a feed saw it
    pub(super) systems: Vec<Entry<'v>>,
}

type Found<'v> = BTreeMap<Id, Part<'v>>;

/// The resources of these categories that a live system names, or that a feed saw in the window.
pub(super) fn resources<'v>(view: &'v View, categories: &[ResourceCategory]) -> Vec<Part<'v>> {
    let mut found: Found<'v> = BTreeMap::new();
    for system in view.live_systems() {
        let named = AiSystem(system.content()).resources().filter_map(|row| view.get(row.resource()?.id));
        named.for_each(|entry| add(&mut found, entry, Some(system)));
    }
    let window = view.window().unwrap_or_else(|| view.period());
    let seen = |entry: &Entry<'_>| {
        Resource(entry.content()).observed().any(|row| row.seen_at().is_some_and(|at| window.has(view.day(at))))
    };
    view.all(Resource::KIND).filter(seen).for_each(|entry| add(&mut found, entry, None));
    let wanted = |part: &Part<'_>| Resource(part.entry.content()).category().get().is_some_and(|one| categories.contains(&one));
    sorted(found).into_iter().filter(wanted).collect()
}

/// The models that a live system names, or that run.
pub(super) fn models(view: &View) -> Vec<Part<'_>> {
    let mut found: Found<'_> = BTreeMap::new();
    for system in view.live_systems() {
        super::data_row::models(system).into_iter().for_each(|model| add(&mut found, model, Some(system)));
    }
    let running = view.all(Model::KIND).filter(|model| !derived::model::versions_running(*model).is_empty());
    running.for_each(|model| add(&mut found, model, None));
    sorted(found)
}

fn add<'v>(found: &mut Found<'v>, entry: Entry<'v>, system: Option<Entry<'v>>) {
    let part = found.entry(entry.id()).or_insert_with(|| Part { entry, systems: Vec::new() });
    if let Some(system) = system.filter(|system| part.systems.iter().all(|other| other.id() != system.id())) {
        part.systems.push(system);
    }
}

fn sorted(found: Found<'_>) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = found.into_values().collect();
    parts.iter_mut().for_each(|part| part.systems.sort_by_key(|system| std::cmp::Reverse(tier(*system))));
    parts
}

impl Part<'_> {
    /// Whether a live system marks it critical.
    pub(super) fn is_critical(&self) -> bool {
        self.systems.iter().any(|system| marks_critical(*system, self.entry))
    }
}

/// Whether a row of a system marks a resource critical.
pub(super) fn marks_critical(system: Entry<'_>, resource: Entry<'_>) -> bool {
    let mut rows = AiSystem(system.content()).resources();
    rows.any(|row| row.resource().is_some_and(|link| link.id == resource.id()) && row.critical() == Some(true))
}

/// Whether an acceptance in force is about the record.
pub(super) fn is_accepted(entry: Entry<'_>) -> bool {
    entry.incoming(Acceptance::KIND, "subject").any(derived::acceptance::in_force)
}
