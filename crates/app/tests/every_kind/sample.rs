//! The ways that records of the sample organisation take in its year.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::date;
use vouch_app::Vouch;
use vouch_app::demo::{Course, SeededEntropy, Story, StoryClock};
use vouch_ledger::{Checkpoint, SignerKey};
use vouch_record::state::Action;
use vouch_store::{Head, Refusal, Settings, Signer, Snapshot, Sqlite};

struct StorySigner(SignerKey);

impl Signer for StorySigner {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let origin = self.0.verifier().name().to_owned();
        Ok(Checkpoint { origin, size: head.size, root: head.root }.sign(&self.0)?.to_bytes())
    }
}

/// Kind, state before, state after.
pub(crate) type Ways = BTreeSet<(String, String, String)>;

/// Every transition that the lived course of seed 1 wrote.
pub(crate) fn ways() -> Ways {
    let story = Story { seed: 1, until: date(2026, 11, 20), course: Course::Lived };
    let signer = Arc::new(StorySigner(SignerKey::from_seed(&story.origin(), &[9; 32]).unwrap()));
    let store = Arc::new(Sqlite::memory(signer, Settings::default()).unwrap());
    let clock = Arc::new(StoryClock::default());
    let tables = vouch_testkit::tables();
    let vouch = Vouch::open(store, tables, story.origin(), clock.clone(), Arc::new(SeededEntropy::new(story.seed))).unwrap();
    story.live(&vouch, &clock).unwrap();
    let state = vouch.state();
    let mut ways = Ways::new();
    for kind in vouch.tables().kinds.iter() {
        for record in state.of_kind(&kind.name) {
            for leaf in record.leaves.iter().filter(|leaf| leaf.action == Action::Transition) {
                let cell = |name: &str| leaf.body.get(name).and_then(vouch_record::Value::as_text).unwrap_or_default().to_owned();
                ways.insert((kind.name.clone(), cell("from"), cell("to")));
            }
        }
    }
    ways
}

/// Whether one of the ways under a name such as `submitted/rejected → draft` was taken.
pub(crate) fn takes(ways: &Ways, kind: &str, named: &str) -> bool {
    let (from, to) = named.split_once(" → ").unwrap();
    from.split('/').any(|from| ways.contains(&(kind.to_owned(), from.to_owned(), to.to_owned())))
}
