//! Systems that may be one and the same.

use std::collections::BTreeMap;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;

use crate::derived::evened;
use crate::view::Entry;

/// Other systems not retired of the same name and unit, or of the same external id, compared without case, spaces and punctuation.
#[must_use]
pub fn possible_duplicates(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let index: &BTreeMap<String, Vec<Id>> = view.keep(None, "ai-system.possible_duplicates", || {
        let mut index: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        for system in view.all(AiSystem::KIND).filter(|system| !system.is_any(&["retired", "dismissed"])) {
            for key in keys(system) {
                index.entry(key).or_default().push(system.id());
            }
        }
        index
    });
    let mut found: Vec<Id> =
        keys(entry).iter().filter_map(|key| index.get(key)).flatten().copied().filter(|id| *id != entry.id()).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|id| view.get(id)).collect()
}

/// Other systems, dismissed ones left out, that hold one of its external ids: the same source and the same id to the letter.
#[must_use]
pub fn external_id_conflicts(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let index: &BTreeMap<(&'static str, String), Vec<Id>> = view.keep(None, "ai-system.external_id_conflicts", || {
        let mut index: BTreeMap<_, Vec<Id>> = BTreeMap::new();
        for system in view.all(AiSystem::KIND).filter(|system| !system.is("dismissed")) {
            for key in external_ids(system) {
                index.entry(key).or_default().push(system.id());
            }
        }
        index
    });
    let mut found: Vec<Id> =
        external_ids(entry).iter().filter_map(|key| index.get(key)).flatten().copied().filter(|id| *id != entry.id()).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|id| view.get(id)).collect()
}

fn external_ids(entry: Entry<'_>) -> Vec<(&'static str, String)> {
    let rows = AiSystem(entry.content()).external_ids();
    rows.filter_map(|row| Some((row.source()?.id(), row.id()?.to_owned()))).collect()
}

fn keys(entry: Entry<'_>) -> Vec<String> {
    let system = AiSystem(entry.content());
    let name = evened(system.name().get().unwrap_or_default());
    let unit = evened(system.unit().get().unwrap_or_default());
    let ids = system.external_ids().filter_map(|row| Some(format!("id {} {}", row.source()?.id(), evened(row.id()?))));
    ids.chain((!name.is_empty()).then(|| format!("name {name} of {unit}"))).collect()
}
