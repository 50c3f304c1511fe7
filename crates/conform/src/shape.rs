//! The forms that most rules are instances of, built once: each of a population, at least one, an approved version in force, a
//! cadence without a hole, on every day, made by one and checked by another, a share.
//!
//! A rule keeps three lists: what passed, what failed, and what it cannot judge; and says what it left out and why, so that a
//! person can redo it by hand.

mod cadence;
mod document;
mod each;
mod lapse;
#[cfg(test)]
mod tests;
mod waiting;

pub use cadence::{breakpoints, on_every_day, without_hole};
pub use document::{standing_document, stands};
pub use each::{at_least_one, each, one_of, share};
pub use lapse::{Judgement, Lapse};
pub use waiting::decided_late;

use vouch_record::Id;

use crate::view::{Entry, Subject};

/// What a rule found: over an empty population it holds, unless it asks for one.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// records that meet the rule; a sample is drawn from them
    pub passed: Vec<Subject>,
    /// what does not
    pub failed: Vec<Lapse>,
    /// records that cannot be judged, with the reason (erased values, not computable)
    pub undecided: Vec<(Subject, String)>,
    /// records looked at and left out, with the reason
    pub skipped: Vec<(Subject, String)>,
    /// records of the population that passed or failed; what shows a pass may be another record
    pub members: Vec<Id>,
    /// size of the population where it is no set of records (units, rows, months): each lapse is then one of it
    pub things: Option<usize>,
}

impl Verdicts {
    /// A rule that holds without a record to show.
    #[must_use]
    pub fn holds() -> Self {
        Self::default()
    }

    /// A rule met by this record.
    #[must_use]
    pub fn passed(entry: Entry<'_>) -> Self {
        Self { passed: vec![entry.subject()], ..Self::default() }
    }

    /// A rule with this single lapse.
    #[must_use]
    pub fn failed(lapse: Lapse) -> Self {
        Self { failed: vec![lapse], ..Self::default() }
    }

    /// Adds what another part of the rule found.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.passed.extend(other.passed);
        self.failed.extend(other.failed);
        self.undecided.extend(other.undecided);
        self.skipped.extend(other.skipped);
        self.members.extend(other.members);
        self.things = match (self.things, other.things) {
            (Some(mine), Some(theirs)) => Some(mine + theirs),
            (one, None) | (None, one) => one,
        };
        self
    }

    /// The same over a population of so many things that are no records of their own.
    #[must_use]
    pub fn among(mut self, things: usize) -> Self {
        self.things = Some(things);
        self
    }

    /// Takes a judgement about a record in.
    pub fn note(&mut self, entry: Entry<'_>, judgement: Judgement) {
        if !matches!(judgement, Judgement::Undecided(_) | Judgement::Skip(_)) {
            self.members.push(entry.id());
        }
        match judgement {
            Judgement::Pass => self.passed.push(entry.subject()),
            Judgement::Shown(by) => self.passed.extend(by),
            Judgement::Fail(lapse) => self.failed.push(lapse.member(entry.id())),
            Judgement::FailAll(lapses) => self.failed.extend(lapses.into_iter().map(|lapse| lapse.member(entry.id()))),
            Judgement::Undecided(why) => self.undecided.push((entry.subject(), why)),
            Judgement::Skip(why) => self.skipped.push((entry.subject(), why)),
        }
    }

    /// Whether it names this record in any list.
    #[must_use]
    pub fn names(&self, id: Id) -> bool {
        let subject = |subject: &Subject| subject.id == id;
        self.passed.iter().any(subject)
            || self.failed.iter().any(|lapse| lapse.concerns(id))
            || self.undecided.iter().chain(&self.skipped).any(|(s, _)| subject(s))
    }
}
