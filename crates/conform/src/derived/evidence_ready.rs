//! How many systems of a scope could show records for all that applies to them.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::scope::Scope;

use super::proportion::share_of;
use crate::check::CHECKS;
use crate::readiness::{self, Depth, ItemRun};
use crate::shape::Verdicts;
use crate::view::{Entry, View};

/// Share of `systems_in` with records for each applicable requirement over the window. A requirement applies to a system when one of its rules
/// at depth operating looked at a record of the system, and there are records when one of them passed.
///
/// # Errors
/// While rules are being judged, which this value itself rests on. The share is nothing for a scope without systems.
pub fn share(entry: Entry<'_>) -> Result<Option<Decimal>, String> {
    let view = entry.view();
    let systems: BTreeSet<Id> = Scope(entry.content()).systems_in().map(|link| link.id).collect();
    if CHECKS.iter().any(|check| readiness::is_judging(view, check.requirement)) {
        return Err("the rules are being judged".to_owned());
    }
    let shown = view.keep(None, "scope.shown", || shown(view));
    let ready = |system: &&Id| shown.get(*system).is_some_and(|requirements| requirements.values().all(|passed| *passed));
    Ok(share_of(systems.iter().filter(ready).count(), systems.len()))
}

/// Per system and requirement that looked at it, whether a record of the system passed.
type Shown = BTreeMap<Id, BTreeMap<&'static str, bool>>;

fn shown(view: &View) -> Shown {
    let mut shown = Shown::new();
    for check in CHECKS {
        let Some(item) = view.frameworks().item(check.requirement) else { continue };
        let run = ItemRun::of(view, item, Some(check));
        for verdicts in run.at(Depth::Operating).filter_map(|rule| rule.verdicts) {
            note(view, check.requirement, verdicts, &mut shown);
        }
    }
    shown
}

fn note(view: &View, requirement: &'static str, verdicts: &Verdicts, shown: &mut Shown) {
    for subject in &verdicts.passed {
        for system in systems_of(view, subject.id) {
            shown.entry(system).or_default().insert(requirement, true);
        }
    }
    let failed = verdicts.failed.iter().flat_map(|lapse| lapse.system.into_iter().chain(lapse.subject.map(|subject| subject.id)));
    for id in failed {
        for system in systems_of(view, id) {
            shown.entry(system).or_default().entry(requirement).or_insert(false);
        }
    }
}

/// The systems a record belongs to.
fn systems_of(view: &View, id: Id) -> Vec<Id> {
    let Some(found) = view.find(id) else { return Vec::new() };
    if found.kind().name == AiSystem::KIND {
        return vec![id];
    }
    found.linked("ai_system").into_iter().chain(found.links("ai_systems")).map(|system| system.id()).collect()
}
