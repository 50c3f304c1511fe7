//! The releases that went live in the window, and until when what had to come before counts.

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::release::{Release, ReleaseSetting, ReleaseType};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewGate};

use super::assessing::{deployed, needed_by};
use super::reviewed::{decided_at, is_at, passed_of};
use crate::derived::change::significant;
use crate::gate::{conditions_on_the_day, need};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, Given, View};

/// Fields of a release that plan it: what must hold before, how it is rolled out and back, who helps.
pub(super) const PLAN: [&str; 5] = ["preconditions", "rollout", "rollback_steps", "support_contact", "environment_differences"];

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

    /// Whether the revision that went live was approved in time.
    pub(super) fn is_approved(&self) -> bool {
        let revision = self.release.entry_into("deployed").map_or(self.release.revision(), |leaf| leaf.revision);
        approvals(self.release).any(|given| given.at() <= self.until && self.release.covers(given.revision(), revision))
    }

    /// Whether a gate stands before it: it is the first, or carries a significant change.
    pub(super) fn asks_for_review(&self) -> bool {
        self.content().type_().is(ReleaseType::Initial) || self.release.links("changes").any(significant)
    }

    /// The review by which it went live: that which it names or which names it, or of one of its changes, decided in time; for a pilot
    /// also the one of verification and validation.
    pub(super) fn review(&self) -> Option<Entry<'v>> {
        let pilot = self.content().setting().is(ReleaseSetting::Pilot);
        let gate = if pilot { StageReviewGate::VerificationValidation } else { StageReviewGate::Deployment };
        let named = self.content().stage_review().get().map(|link| link.id);
        let changes: Vec<Id> = self.content().changes().map(|link| link.id).collect();
        passed_of(self.system).find(|review| {
            let content = StageReview(review.content());
            let about = named == Some(review.id())
                || content.release().get().is_some_and(|link| link.id == self.release.id())
                || content.change().get().is_some_and(|link| changes.contains(&link.id))
                || (pilot && !content.release().is_filled());
            about && is_at(*review, &[gate, StageReviewGate::Change]) && decided_at(*review).is_some_and(|at| at <= self.until)
        })
    }

    /// Whether what was asked for held on the day it went live; `lapse` words a condition that did not, with the reason.
    pub(super) fn conditions_held(&self, lapse: impl Fn(&str, &str) -> Lapse) -> Judgement {
        if let Some(field) = PLAN.into_iter().find(|field| self.release.value(field).is_erased()) {
            return Judgement::Undecided(format!("`{field}` was erased"));
        }
        let found = conditions_on_the_day(self.release);
        let title = |id: &str| need(id).map_or_else(|| id.to_owned(), |need| need.title.clone());
        let open = found.iter().filter(|row| row.held == Some(false));
        let lapses: Vec<Lapse> = open.map(|row| lapse(&title(&row.need), &row.note)).collect();
        if !lapses.is_empty() {
            return Judgement::FailAll(lapses);
        }
        match found.iter().find(|row| row.held.is_none()) {
            Some(row) => Judgement::Undecided(format!("{}: {}", title(&row.need), row.note)),
            None if found.is_empty() => Judgement::Skip("nothing was asked of it".to_owned()),
            None => Judgement::Pass,
        }
    }
}

/// The approvals of a release with purpose approve that were given, whatever changed since.
pub(super) fn approvals(release: Entry<'_>) -> impl Iterator<Item = Given<'_>> {
    let approves = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    release.given().into_iter().filter(approves)
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
