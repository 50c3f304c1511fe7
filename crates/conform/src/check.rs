//! The rules: three siblings per requirement - texts (`.yaml`), predicates (`.rs`), cases (`.md`) - and one line here.

mod texts;

pub use texts::{RuleText, Text, Texts};

use crate::shape::Verdicts;
use crate::view::View;

/// The predicates of one requirement.
pub struct Check {
    /// item of ISO/IEC 42001
    pub requirement: &'static str,
    /// one predicate for each rule of its texts
    pub rules: &'static [Rule],
    /// facts that leave nothing to judge (Annex A only)
    pub not_applicable: Option<fn(&View) -> bool>,
}

/// The predicate of one rule.
pub struct Rule {
    /// id, as in the texts
    pub id: &'static str,
    /// judges the organisation
    pub judge: fn(&View) -> Verdicts,
    /// what it asks for
    pub asks: Asks,
}

/// What a rule asks for, which decides from when on and how it is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// something of every record of its population
    Each,
    /// that at least one thing exists; keeps its grade
    One,
    /// at least one event in a period of so many days; asked once that much time has passed since the first approved scope
    OneIn(i64),
}

impl Rule {
    /// A rule about every record of its population.
    #[must_use]
    pub const fn each(id: &'static str, judge: fn(&View) -> Verdicts) -> Self {
        Self { id, judge, asks: Asks::Each }
    }

    /// A rule that asks for at least one thing.
    #[must_use]
    pub const fn one(id: &'static str, judge: fn(&View) -> Verdicts) -> Self {
        Self { id, judge, asks: Asks::One }
    }

    /// A rule that asks for at least one event in so many days.
    #[must_use]
    pub const fn one_in(days: i64, id: &'static str, judge: fn(&View) -> Verdicts) -> Self {
        Self { id, judge, asks: Asks::OneIn(days) }
    }
}

/// Every requirement that has checks, in the order of the standard.
pub const CHECKS: &[Check] = &[];
