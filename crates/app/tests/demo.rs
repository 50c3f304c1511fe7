//! The sample organisation lives through its story by the use cases alone, and the same seed and day tell the same story.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod sample;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::date;
use sample::{LAST, Sample, key};
use vouch_app::Clock;
use vouch_app::demo::{Course, Defect};
use vouch_conform::failure_mode;
use vouch_conform::readiness::Depth;

fn findings(sample: &Sample) -> Vec<(String, String)> {
    sample.readiness(LAST).findings().iter().map(|finding| (finding.check.clone(), finding.message.clone())).collect()
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
        (sample.root(), findings(&sample))
    });
    let root = first().root();
    assert_eq!(again.join().unwrap(), root);
    let (other_root, other_findings) = other.join().unwrap();
    assert_ne!(other_root, root);
    assert_ne!(other_findings, findings(first()), "two agencies lack the same");
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

/// What no sentence of a finding holds: marks of a text that was not filled, and days and things that are none.
const ODD: [&str; 9] = ["{", "}", "[", "]", "(not stated)", "no day", "with nothing as", "  ", ".."];

#[test]
fn every_finding_reads_as_a_sentence() {
    let view = first().vouch.view(Some(LAST)).unwrap();
    let modes = failure_mode::FAILURE_MODES.iter().filter_map(|mode| failure_mode::of(&view, mode));
    let told: Vec<(String, String)> =
        findings(first()).into_iter().chain(modes.map(|fired| (fired.id.to_owned(), fired.message))).collect();
    // A title that is a sentence of its own does not stand in the midst of another: `What The lead goes through … did`.
    let odd = |text: &str| ODD.iter().any(|sign| text.contains(sign)) || text.starts_with("What The ") || !text.ends_with('.');
    let odd: Vec<_> = told.iter().filter(|(_, text)| odd(text)).collect();
    assert!(odd.is_empty(), "{odd:#?}");
    assert!(told.len() > 30, "{}", told.len());
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
    let check = sample.vouch.fsck(&key(1).verifier(), None).unwrap();
    assert_eq!(check.faults, Vec::<String>::new());
    assert_eq!(check.leaves, sample.ended.leaves);
}

fn clean() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| Sample::in_course(1, Course::Clean))
}

#[test]
fn the_clean_course_raises_nothing_above_opportunity() {
    assert_eq!(clean().fires(), Vec::<String>::new());
}

/// One of each sort: an event left out, one that is late, an act omitted, another person, other words, acts beside the plan. All of them,
/// on twenty seeds: `cargo xtask stories`.
const SPREAD: [&str; 6] = [
    "scope-never-compared",
    "minutes-signed-late",
    "proof-unread",
    "issue-judged-by-its-owner",
    "requirement-without-a-decision",
    "one-proof-for-everything",
];

#[test]
fn a_defect_departs_from_the_clean_course_in_what_it_names_and_in_nothing_else() {
    for name in SPREAD {
        let defect = Defect::named(name).unwrap();
        assert_eq!(Sample::in_course(1, Course::Defect(defect.name)).fires(), defect.fires, "{name}");
    }
    assert!(Sample::told(1, Course::Defect("no-such-defect")).is_err());
}

#[test]
fn every_requirement_at_work_and_every_failure_mode_has_a_defect() {
    assert!(Defect::all().count() >= 98, "{}", Defect::all().count());
    let fired: BTreeSet<&str> = Defect::all().flat_map(|defect| defect.fires).copied().collect();
    let tables = vouch_testkit::tables();
    let at_work = |item: &str| {
        fired.iter().any(|check| check.strip_prefix(item).is_some_and(|at| at.starts_with("-O") || at.starts_with("-P")))
    };
    let items = tables.frameworks.items().iter().map(|item| item.id.as_str()).filter(|item| !at_work(item));
    let modes = failure_mode::FAILURE_MODES.iter().map(|mode| mode.id).filter(|mode| !fired.contains(mode));
    assert_eq!(items.chain(modes).collect::<Vec<_>>(), Vec::<&str>::new());
}
