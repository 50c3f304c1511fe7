//! The sample organisation lives through its story by the use cases alone, and the same seed and day tell the same story.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, OnceLock};

use jiff::civil::{Date, date};
use vouch_app::demo::{Course, Defect, Ended, SeededEntropy, Story, StoryClock};
use vouch_app::{Clock, Vouch};
use vouch_conform::readiness::{Depth, Grade, Readiness};
use vouch_ledger::{Checkpoint, SignerKey};
use vouch_store::{Head, Refusal, Settings, Signer, Snapshot, Sqlite};

const LAST: Date = date(2026, 11, 20);

struct TestSigner(SignerKey);

impl Signer for TestSigner {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let origin = self.0.verifier().name().to_owned();
        Ok(Checkpoint { origin, size: head.size, root: head.root }.sign(&self.0)?.to_bytes())
    }
}

/// A sample in memory.
struct Sample {
    vouch: Vouch,
    clock: Arc<StoryClock>,
    ended: Ended,
}

fn key(seed: u64) -> SignerKey {
    SignerKey::from_seed(&Story { seed, until: LAST, course: Course::Lived }.origin(), &[9; 32]).unwrap()
}

/// Items for which the story is written so far; what other items say of it is not compared yet.
const TOLD: [&str; 70] = [
    "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "6.1.1", "6.1.2", "6.1.3", "6.1.4", "6.2", "6.3", "7.1", "7.2", "7.3", "7.4",
    "7.5.1", "7.5.2", "7.5.3", "8.1", "8.2", "8.3", "8.4", "9.1", "9.2.1", "9.2.2", "9.3.1", "9.3.2", "9.3.3", "10.1", "10.2",
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6", "A.5.2", "A.5.3", "A.5.4", "A.5.5",
    "A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4",
    "A.7.5", "A.7.6", "A.8.2", "A.8.3", "A.8.4", "A.8.5", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4",
];

impl Sample {
    fn of(seed: u64) -> Self {
        Self::in_course(seed, Course::Lived)
    }

    /// What fires above opportunity, in the order of the standard.
    fn fires(&self) -> Vec<String> {
        let readiness = self.readiness(LAST);
        let mut above: Vec<_> = readiness.findings().into_iter().filter(|finding| finding.grade > Grade::Opportunity).collect();
        above.retain(|finding| TOLD.contains(&finding.requirement.as_str()));
        above.sort_by_key(|finding| (finding.place, finding.check.clone()));
        above.into_iter().map(|finding| finding.check.clone()).collect()
    }

    fn in_course(seed: u64, course: Course) -> Self {
        let story = Story { seed, until: LAST, course };
        let store = Arc::new(Sqlite::memory(Arc::new(TestSigner(key(seed))), Settings::default()).unwrap());
        let (clock, entropy) = (Arc::new(StoryClock::default()), Arc::new(SeededEntropy::new(seed)));
        let vouch = Vouch::open(store, vouch_testkit::tables(), story.origin(), clock.clone(), entropy).unwrap();
        let ended = story.live(&vouch, &clock).unwrap_or_else(|error| panic!("seed {seed}: {error}: {:?}", error.problems));
        Self { vouch, clock, ended }
    }

    /// How many items are met at each depth on the last day.
    fn depths(&self) -> [usize; 3] {
        let readiness = self.readiness(LAST);
        Depth::ALL.map(|depth| readiness.requirements.iter().filter(|answer| answer.met(depth)).count())
    }

    /// Whether it has begun most, runs about half, and shows a part.
    fn lies_between(&self) -> bool {
        let [documented, operating, proven] = self.depths();
        (55..=66).contains(&documented) && (30..=50).contains(&operating) && (10..=35).contains(&proven)
    }

    fn root(&self) -> [u8; 32] {
        self.vouch.checkpoint().unwrap().checkpoint().root
    }

    fn readiness(&self, day: Date) -> Readiness {
        self.vouch.readiness(Some(day)).unwrap()
    }

    fn findings(&self) -> Vec<(String, String)> {
        self.readiness(LAST).findings().iter().map(|finding| (finding.check.clone(), finding.message.clone())).collect()
    }
}

fn first() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| Sample::of(1))
}

#[test]
fn seed_and_day_decide_the_root() {
    let again = std::thread::spawn(|| Sample::of(1).root());
    let other = std::thread::spawn(|| {
        let sample = Sample::of(2);
        (sample.root(), sample.findings())
    });
    let root = first().root();
    assert_eq!(again.join().unwrap(), root);
    let (other_root, other_findings) = other.join().unwrap();
    assert_ne!(other_root, root);
    assert_ne!(other_findings, first().findings(), "two agencies lack the same");
}

#[test]
fn it_is_an_agency_with_people_systems_and_gaps() {
    let sample = first();
    let readiness = sample.readiness(LAST);
    assert_eq!(readiness.as_of, LAST);
    assert_eq!(readiness.head.size, sample.ended.leaves);
    assert!(sample.lies_between(), "{:?}", sample.depths());
    assert_eq!(readiness.raised_first(5).len(), 5);
    assert!((25..=40).contains(&sample.ended.people), "{:?}", sample.ended);
    let view = sample.vouch.view(Some(LAST)).unwrap();
    let impacting = view.all("ai-system").filter(|system| system.is("registered") && system.text("risk_tier") == Some("high"));
    assert_eq!(impacting.count(), 33, "34 rows touch rights or safety, one of them is retired");
    assert_eq!(view.all("ai-system").count(), 183);
}

#[test]
fn its_answer_of_an_earlier_day_knows_nothing_of_later_ones() {
    let early = first().readiness(date(2026, 2, 1));
    assert!(early.head.size < first().ended.leaves / 10, "{}", early.head.size);
    assert!(
        early.requirements.iter().filter(|answer| answer.applies).all(|answer| !answer.met(Depth::Operating)),
        "operating is not asked before a scope"
    );
    assert!(first().clock.now() > first().vouch.state().last_time(), "the story ends before its last day does");
}

#[test]
fn nobody_in_it_decided_about_own_work() {
    let view = first().vouch.view(Some(LAST)).unwrap();
    let own =
        view.all("approval").filter(|approval| approval.text("override").is_some() && approval.text("reason") != Some("founding"));
    let own: Vec<String> = own.map(|approval| approval.id().to_string()).collect();
    assert_eq!(own, Vec::<String>::new());
    assert!(view.all("approval").count() > 1_000, "many decided");
}

#[test]
fn everything_it_keeps_fits_its_log() {
    let sample = first();
    let check = sample.vouch.fsck(&key(1).verifier()).unwrap();
    assert_eq!(check.faults, Vec::<String>::new());
    assert_eq!(check.leaves, sample.ended.leaves);
}

#[test]
fn the_clean_course_raises_nothing_above_opportunity() {
    assert_eq!(Sample::in_course(1, Course::Clean).fires(), Vec::<String>::new());
}

/// Long: one whole story for each defect. `cargo xtask stories`
#[test]
#[cfg(feature = "stories")]
fn every_defect_raises_exactly_what_it_names() {
    let wrong: Vec<String> = Defect::all()
        .filter_map(|defect| {
            let fires = Sample::in_course(1, Course::Defect(defect.name)).fires();
            (fires != defect.fires).then(|| format!("{}: {fires:?} instead of {:?}", defect.name, defect.fires))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// Long as well.
#[test]
#[cfg(feature = "stories")]
fn an_agency_of_any_seed_has_begun_most_and_shows_a_part() {
    let outside: Vec<(u64, [usize; 3])> = (1..=20)
        .map(|seed| (seed, Sample::of(seed)))
        .filter(|(_, sample)| !sample.lies_between())
        .map(|(seed, sample)| (seed, sample.depths()))
        .collect();
    assert_eq!(outside, Vec::new());
}

/// Long as well.
#[test]
#[cfg(feature = "stories")]
fn the_clean_course_raises_nothing_on_twenty_seeds() {
    let raised: Vec<(u64, Vec<String>)> = (1..=20)
        .map(|seed| (seed, Sample::in_course(seed, Course::Clean).fires()))
        .filter(|(_, fires)| !fires.is_empty())
        .collect();
    assert_eq!(raised, Vec::new());
}

#[test]
fn a_defect_departs_from_the_clean_course_in_what_it_names_and_in_nothing_else() {
    let defect = Defect::named("scope-never-compared").unwrap();
    assert_eq!(Sample::in_course(1, Course::Defect(defect.name)).fires(), defect.fires);
    let story = Story { seed: 1, until: LAST, course: Course::Defect("no-such-defect") };
    let store = Arc::new(Sqlite::memory(Arc::new(TestSigner(key(1))), Settings::default()).unwrap());
    let (clock, entropy) = (Arc::new(StoryClock::default()), Arc::new(SeededEntropy::new(1)));
    let vouch = Vouch::open(store, vouch_testkit::tables(), story.origin(), clock.clone(), entropy).unwrap();
    assert!(story.live(&vouch, &clock).is_err());
}
