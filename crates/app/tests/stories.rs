//! The sample organisation in every course and on many seeds. Long: `cargo xtask stories`.
//!
//! `VOUCH_SEEDS=3` or `VOUCH_SEEDS=1-5` tells fewer seeds, `VOUCH_DEFECTS=NAME,NAME` fewer defects.

#![cfg(feature = "stories")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on fails, and says how far it came")]
#![allow(clippy::disallowed_methods, reason = "how much is told is chosen from outside")]

mod sample;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sample::Sample;
use vouch_app::demo::{Course, Defect};

/// The seeds to tell.
fn seeds() -> Vec<u64> {
    let text = std::env::var("VOUCH_SEEDS").unwrap_or_else(|_| "1-20".to_owned());
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    (first.parse().unwrap()..=last.parse().unwrap()).collect()
}

/// The defects to plant.
fn defects() -> Vec<&'static Defect> {
    match std::env::var("VOUCH_DEFECTS") {
        Ok(names) => names.split(',').map(|name| Defect::named(name).unwrap_or_else(|| panic!("no defect `{name}`"))).collect(),
        Err(_) => Defect::all().collect(),
    }
}

/// Does something with each of many things on all processors; what comes back keeps their order.
fn spread<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some(thing) = things.get(at) else { break };
                    let result = work(thing);
                    found.lock().unwrap().extend(result.map(|result| (at, result)));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn every_defect_raises_exactly_what_it_names() {
    let stories: Vec<(u64, &Defect)> =
        seeds().into_iter().flat_map(|seed| defects().into_iter().map(move |one| (seed, one))).collect();
    let wrong = spread(&stories, |(seed, defect)| {
        let told = match Sample::told(*seed, Course::Defect(defect.name)) {
            Ok(sample) => sample.told_above(),
            Err(error) => vec![("refused".to_owned(), format!("{error}: {:?}", error.problems))],
        };
        let fires: Vec<&str> = told.iter().map(|(check, _)| check.as_str()).collect();
        if fires == defect.fires {
            eprintln!("seed {seed}, {}: exactly", defect.name);
            return None;
        }
        let lacks: Vec<_> = defect.fires.iter().filter(|check| !fires.contains(check)).collect();
        let more: Vec<_> = told.iter().filter(|(check, _)| !defect.fires.contains(&check.as_str())).collect();
        let wrong = format!("seed {seed}, {}: {fires:?}; lacks {lacks:?}; more: {more:#?}", defect.name);
        eprintln!("{wrong}");
        Some(wrong)
    });
    assert_eq!(wrong, Vec::<String>::new(), "{} stories were told", stories.len());
}

#[test]
fn an_agency_of_any_seed_has_begun_most_and_shows_a_part() {
    let outside = spread(&seeds(), |seed| {
        let sample = Sample::of(*seed);
        eprintln!("seed {seed}, lived: {:?}", sample.depths());
        (!sample.lies_between()).then(|| (*seed, sample.depths()))
    });
    assert_eq!(outside, Vec::new());
}

#[test]
fn the_clean_course_raises_nothing_and_meets_everything() {
    let short = spread(&seeds(), |seed| {
        let sample = Sample::in_course(*seed, Course::Clean);
        let (told, unmet) = (sample.told_above(), sample.unmet());
        (!told.is_empty() || !unmet.is_empty()).then_some((*seed, told, unmet))
    });
    assert_eq!(short, Vec::new());
}
