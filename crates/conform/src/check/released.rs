//! The releases that went live in the window, and until when what had to come before counts.

use jiff::Timestamp;
use vouch_record::kind::generated::release::Release;

use super::assessing::{deployed, needed_by};
use crate::shape::{Judgement, Verdicts};
use crate::view::{Entry, View};

/// A release of a system in scope that went live in the window.
#[derive(Clone, Copy)]
pub(super) struct Released<'v> {
    /// the release
    pub(super) release: Entry<'v>,
    /// its system
    pub(super) system: Entry<'v>,
    /// when it went live
    pub(super) at: Timestamp,
    /// until when what is wanted before counts: `at`, later only for a late release
    pub(super) until: Timestamp,
}

impl<'v> Released<'v> {
    /// Its typed view.
    pub(super) fn content(&self) -> Release<'v> {
        Release(self.release.content())
    }

    /// Whether the time of a late release has not passed yet.
    pub(super) fn has_time(&self) -> bool {
        !self.release.view().has_come(self.until)
    }

    /// The tests it names, void ones left out.
    pub(super) fn tests(&self) -> Vec<Entry<'v>> {
        self.release.links("tests").filter(|test| !test.is("void")).collect()
    }
}

/// The releases that went live in the window, system by system.
pub(super) fn in_window(view: &View) -> Vec<Released<'_>> {
    let Some(window) = view.window() else { return Vec::new() };
    let all = view.systems().flat_map(|system| deployed(system).into_iter().map(move |(at, release)| (system, at, release)));
    let within = all.filter(|(_, at, _)| window.has(view.day(*at)));
    within.map(|(system, at, release)| Released { release, system, at, until: needed_by(release).unwrap_or(at) }).collect()
}

/// Judges each of them. What fails while the time of a late release runs is not judged yet.
pub(super) fn each_released<'v>(view: &'v View, judge: impl Fn(&Released<'v>) -> Judgement) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for one in in_window(view) {
        let judgement = match judge(&one) {
            Judgement::Fail(_) | Judgement::FailAll(_) if one.has_time() => {
                Judgement::Skip(format!("a late release; it has time until {}", view.day(one.until)))
            }
            other => other,
        };
        verdicts.note(one.release, judgement);
    }
    verdicts
}
