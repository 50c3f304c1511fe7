//! Each of the 59 kinds through every use case: create, revise, move, approve, link, list, show, diff, history, search, export.
//!
//! Whole records are made from the field tables; what a refused write names is answered. Nothing here knows a kind but
//! `recipes.rs`, and what the walk does not reach stands in `unreached.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod questions;
mod recipes;
mod sample;
mod steps;
mod unreached;
mod values;
mod walker;

use std::collections::{BTreeMap, BTreeSet};

use steps::Walked;
use unreached::{IN_THE_SAMPLE, UNREACHED};
use walker::Walker;

#[test]
fn every_kind_goes_through_every_use_case() {
    let mut walker = Walker::new();
    let mut walked = Walked::default();
    let mut kinds: Vec<_> = walker.app.vouch.tables().kinds.iter().cloned().collect();
    assert_eq!(kinds.len(), 59);
    // The scope first: later it asks for a row per registered system.
    kinds.sort_by_key(|kind| (kind.name != "scope", kind.name.clone()));
    for day in ["2026-03-02", "2026-04-20"] {
        walker.go_on(day);
        walked.unreached.clear();
        for kind in &kinds {
            if !matches!(kind.name.as_str(), "approval" | "organisation") {
                walked.all(&mut walker, kind);
            }
        }
    }
    walked.founder(&mut walker);
    check_unreached(&walked.unreached);
    for kind in &kinds {
        questions::of_kind(&mut walker, kind);
    }
    questions::of_the_log(&walker);
}

/// What was not reached is exactly what is listed.
fn check_unreached(unreached: &BTreeMap<(String, String), String>) {
    let listed: Vec<(&str, &str)> =
        IN_THE_SAMPLE.iter().copied().chain(UNREACHED.iter().map(|(kind, way, _)| (*kind, *way))).collect();
    let known: BTreeSet<(String, String)> = listed.iter().map(|(kind, way)| ((*kind).to_owned(), (*way).to_owned())).collect();
    assert_eq!(listed.len(), known.len(), "an entry stands there twice");
    let new: Vec<String> = unreached
        .iter()
        .filter(|(key, _)| !known.contains(*key))
        .map(|((kind, way), said)| format!("{kind}: {way}: {said}"))
        .collect();
    assert!(new.is_empty(), "these ways were taken before:\n{}", new.join("\n"));
    let needless: Vec<_> = known.iter().filter(|key| !unreached.contains_key(*key)).collect();
    assert!(needless.is_empty(), "these ways are taken now; take them out of unreached.rs: {needless:?}");
}

#[test]
fn the_sample_organisation_takes_ways_that_rest_on_much() {
    let taken = sample::ways();
    let missing: Vec<_> = IN_THE_SAMPLE.iter().filter(|(kind, way)| !sample::takes(&taken, kind, way)).collect();
    assert!(missing.is_empty(), "the sample does not take {missing:?}");
    let more: Vec<_> = UNREACHED.iter().filter(|(kind, way, _)| sample::takes(&taken, kind, way)).collect();
    assert!(more.is_empty(), "the sample takes these now; list them as taken there: {more:?}");
}
