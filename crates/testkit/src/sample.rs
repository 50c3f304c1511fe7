//! The sample organisation in memory. Living through its story takes a while: a test binary does it once.

use std::sync::Arc;

use jiff::civil::date;
use vouch_app::Vouch;
use vouch_app::demo::{Course, SeededEntropy, Story, StoryClock};
use vouch_ledger::{SignerKey, VerifierKey};
use vouch_store::{Settings, Sqlite};

use crate::app::TestSigner;
use crate::tables;

/// The sample organisation, on the last day of its story.
pub struct Sample {
    /// the application
    pub vouch: Arc<Vouch>,
    /// its clock
    pub clock: Arc<StoryClock>,
    /// the key it signs with
    pub key: VerifierKey,
}

impl Sample {
    /// The organisation of a seed as it lives, until 20 November 2026.
    ///
    /// # Panics
    /// When the story cannot be lived through.
    #[must_use]
    pub fn lived(seed: u64) -> Self {
        let story = Story { seed, until: date(2026, 11, 20), course: Course::Lived };
        let key = SignerKey::from_seed(&story.origin(), &[9; 32]).expect("the origin is one");
        let verifier = key.verifier();
        let store = Sqlite::memory(Arc::new(TestSigner(key)), Settings::default()).expect("a store in memory opens");
        let (clock, entropy) = (Arc::new(StoryClock::default()), Arc::new(SeededEntropy::new(seed)));
        let vouch = Vouch::open(Arc::new(store), tables(), story.origin(), clock.clone(), entropy).expect("an empty log loads");
        story.live(&vouch, &clock).unwrap_or_else(|error| panic!("seed {seed}: {error}: {:?}", error.problems));
        Self { vouch: Arc::new(vouch), clock, key: verifier }
    }
}
