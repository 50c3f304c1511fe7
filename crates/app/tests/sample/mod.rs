//! A sample organisation in memory, as the tests of the story look at it.

#![allow(dead_code, reason = "each test looks at a part of it")]

use std::sync::Arc;

use jiff::civil::{Date, date};
use vouch_app::Vouch;
use vouch_app::demo::{Course, Ended, SeededEntropy, Story, StoryClock};
use vouch_conform::failure_mode;
use vouch_conform::readiness::{Depth, Grade, Readiness};
use vouch_ledger::{Checkpoint, SignerKey};
use vouch_store::{Head, Refusal, Settings, Signer, Snapshot, Sqlite};

/// The last day of every story that is told here.
pub(crate) const LAST: Date = date(2026, 11, 20);

struct TestSigner(SignerKey);

impl Signer for TestSigner {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let origin = self.0.verifier().name().to_owned();
        Ok(Checkpoint { origin, size: head.size, root: head.root }.sign(&self.0)?.to_bytes())
    }
}

/// The key with which the log of a seed is signed.
pub(crate) fn key(seed: u64) -> SignerKey {
    SignerKey::from_seed(&Story { seed, until: LAST, course: Course::Lived }.origin(), &[9; 32]).unwrap()
}

/// A sample in memory.
pub(crate) struct Sample {
    pub(crate) vouch: Vouch,
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) ended: Ended,
}

impl Sample {
    /// As such an agency is.
    pub(crate) fn of(seed: u64) -> Self {
        Self::in_course(seed, Course::Lived)
    }

    /// In a course that goes to its end.
    pub(crate) fn in_course(seed: u64, course: Course) -> Self {
        Self::told(seed, course).unwrap_or_else(|error| panic!("seed {seed}, {course:?}: {error}: {:?}", error.problems))
    }

    /// In any course.
    pub(crate) fn told(seed: u64, course: Course) -> Result<Self, vouch_app::Error> {
        let story = Story { seed, until: LAST, course };
        let store = Arc::new(Sqlite::memory(Arc::new(TestSigner(key(seed))), Settings::default()).unwrap());
        let (clock, entropy) = (Arc::new(StoryClock::default()), Arc::new(SeededEntropy::new(seed)));
        let vouch = Vouch::open(store, vouch_testkit::tables(), story.origin(), clock.clone(), entropy).unwrap();
        let ended = story.live(&vouch, &clock)?;
        Ok(Self { vouch, clock, ended })
    }

    /// The checks and failure modes that fire above opportunity, in the order of the standard, each with its sentence.
    pub(crate) fn told_above(&self) -> Vec<(String, String)> {
        let view = self.vouch.view(Some(LAST)).unwrap();
        let readiness = Readiness::of(&view);
        let mut above: Vec<_> = readiness.findings().into_iter().filter(|finding| finding.grade > Grade::Opportunity).collect();
        above.sort_by_key(|finding| (finding.place, finding.check.clone()));
        let fired = failure_mode::FAILURE_MODES.iter().filter_map(|mode| failure_mode::of(&view, mode));
        let modes = fired.filter(|fired| fired.grade > Grade::Opportunity).map(|fired| (fired.id, fired.message));
        above.into_iter().map(|finding| (finding.check.clone(), finding.message.clone())).chain(modes).collect()
    }

    /// The same without the sentences.
    pub(crate) fn fires(&self) -> Vec<String> {
        self.told_above().into_iter().map(|(check, _)| check).collect()
    }

    /// How many items are met at each depth on the last day.
    pub(crate) fn depths(&self) -> [usize; 3] {
        let readiness = self.readiness(LAST);
        Depth::ALL.map(|depth| readiness.requirements.iter().filter(|answer| answer.met(depth)).count())
    }

    /// Items that apply and are not met at every depth, with the reason.
    pub(crate) fn unmet(&self) -> Vec<(String, String)> {
        let readiness = self.readiness(LAST);
        let unmet = readiness.requirements.iter().filter(|answer| answer.applies && !answer.met(Depth::Proven));
        unmet.map(|answer| (answer.id.clone(), answer.reason.clone().unwrap_or_default())).collect()
    }

    /// Whether it has begun most, runs about half, and shows a part.
    pub(crate) fn lies_between(&self) -> bool {
        let [documented, operating, proven] = self.depths();
        (55..=66).contains(&documented) && (30..=50).contains(&operating) && (10..=35).contains(&proven)
    }

    /// The root of its log.
    pub(crate) fn root(&self) -> [u8; 32] {
        self.vouch.checkpoint().unwrap().checkpoint().root
    }

    /// What it is on a day.
    pub(crate) fn readiness(&self, day: Date) -> Readiness {
        self.vouch.readiness(Some(day)).unwrap()
    }
}
