//! How far the proof about one AI system is in date: of the requirements whose rules looked at the system in operation, those that
//! found nothing missing. Read off the answers of the day, so that it can be recomputed by hand from `vouch explain`.

use std::collections::{BTreeMap, HashMap, HashSet};

use vouch_conform::readiness::{Depth, Readiness};
use vouch_conform::{Entry, View};
use vouch_record::{Id, Link};

/// A requirement as its rules found it for one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// what is missing, in sentences; nothing when its proof is in date
    pub(crate) missing: Vec<String>,
    /// records that passed
    pub(crate) shown_by: Vec<Id>,
}

/// The requirements that looked at one system, in the order of the standard.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfSystem {
    /// requirement and how it stands
    pub(crate) rows: Vec<(String, Standing)>,
}

impl OfSystem {
    /// Requirements with proof in date, of how many.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.rows.iter().filter(|(_, standing)| standing.missing.is_empty()).count(), self.rows.len())
    }
}

/// Every system with the requirements that looked at it.
#[derive(Default)]
pub(crate) struct ProofInDate(HashMap<Id, OfSystem>);

impl ProofInDate {
    /// Of all systems, from the answers for the view's day.
    pub(crate) fn of(view: &View, readiness: &Readiness) -> Self {
        let mut systems = Systems { view, known: HashMap::new() };
        let mut all: HashMap<Id, OfSystem> = HashMap::new();
        for answer in readiness.requirements.iter().filter(|answer| answer.applies) {
            let mut here: BTreeMap<Id, Standing> = BTreeMap::new();
            let mut seen: HashSet<(Id, Id)> = HashSet::new();
            for evidence in answer.evidence.iter().filter(|evidence| evidence.depth >= Depth::Operating) {
                for system in systems.of(evidence.id) {
                    let standing = here.entry(system).or_default();
                    if seen.insert((system, evidence.id)) {
                        standing.shown_by.push(evidence.id);
                    }
                }
            }
            for missing in answer.missing.iter().filter(|missing| missing.depth >= Depth::Operating) {
                for lapse in &missing.lapses {
                    let concerned = match (lapse.system, lapse.subject) {
                        (Some(system), _) => vec![system],
                        (None, Some(subject)) => systems.of(subject.id),
                        (None, None) => Vec::new(),
                    };
                    for system in concerned {
                        here.entry(system).or_default().missing.push(lapse.message.clone());
                    }
                }
            }
            for (system, standing) in here {
                all.entry(system).or_default().rows.push((answer.id.clone(), standing));
            }
        }
        Self(all)
    }

    /// Of one system.
    pub(crate) fn system(&self, id: Id) -> Option<&OfSystem> {
        self.0.get(&id)
    }
}

/// Fields by which records name the systems they are about.
const FIELDS: [&str; 4] = ["ai_system", "ai_systems", "systems", "about"];

/// The systems that records are about, looked up once each.
struct Systems<'v> {
    view: &'v View,
    known: HashMap<Id, Vec<Id>>,
}

impl Systems<'_> {
    fn of(&mut self, id: Id) -> Vec<Id> {
        if id.prefix() == "SYS" {
            return vec![id];
        }
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let found = self.view.find(id).map(named).unwrap_or_default();
        self.known.insert(id, found.clone());
        found
    }
}

/// The systems that a record names.
fn named(entry: Entry<'_>) -> Vec<Id> {
    let values = FIELDS.into_iter().filter_map(|field| entry.value(field).get());
    let texts = values.flat_map(|value| value.as_text().into_iter().chain(value.items().iter().filter_map(|item| item.as_text())));
    let mut systems: Vec<Id> =
        texts.filter_map(|text| text.parse::<Link>().ok()).map(|link| link.id).filter(|id| id.prefix() == "SYS").collect();
    systems.sort_unstable();
    systems.dedup();
    systems
}
