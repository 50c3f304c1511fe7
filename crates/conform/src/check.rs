//! The rules: three siblings per requirement - texts (`.yaml`), predicates (`.rs`), cases (`.md`) - and one line here.

mod a_10_2;
mod a_10_3;
mod a_10_4;
mod a_2_2;
mod a_2_3;
mod a_2_4;
mod a_3_2;
mod a_3_3;
mod a_4_2;
mod a_4_3;
mod a_4_4;
mod a_4_5;
mod a_4_6;
mod a_5_2;
mod a_5_3;
mod a_5_4;
mod a_5_5;
mod a_6_1_2;
mod a_6_1_3;
mod a_6_2_2;
mod a_6_2_3;
mod a_6_2_4;
mod a_6_2_5;
mod a_6_2_6;
mod a_6_2_7;
mod a_6_2_8;
mod a_7_2;
mod a_7_3;
mod a_7_4;
mod a_7_5;
mod a_7_6;
mod a_8_2;
mod a_8_3;
mod a_8_4;
mod a_8_5;
mod a_9_2;
pub(crate) mod a_9_3;
mod a_9_4;
mod above_limit;
mod accepting;
mod agreed;
mod approving;
mod assessing;
mod audited;
mod bearing;
mod capacity;
#[cfg(test)]
pub(crate) mod cases;
mod closed;
mod concerns;
mod confirming;
mod controlled;
mod data_in_use;
mod data_row;
mod holder;
mod in_force;
mod independence;
mod information;
mod item_10_1;
mod item_10_2;
mod item_4_1;
mod item_4_2;
mod item_4_3;
mod item_4_4;
mod item_5_1;
mod item_5_2;
mod item_5_3;
mod item_6_1_1;
mod item_6_1_2;
mod item_6_1_3;
mod item_6_1_4;
mod item_6_2;
mod item_6_3;
mod item_7_1;
mod item_7_2;
mod item_7_3;
mod item_7_4;
mod item_7_5_1;
mod item_7_5_2;
mod item_7_5_3;
mod item_8_1;
mod item_8_2;
mod item_8_3;
mod item_8_4;
mod item_9_1;
mod item_9_2_1;
mod item_9_2_2;
mod item_9_3_1;
mod item_9_3_2;
mod item_9_3_3;
mod looked_at;
mod management_review;
mod measured;
mod monitored;
mod named_in;
mod objectives;
mod occasion;
mod parts;
mod preparing;
mod presence;
mod process_row;
mod reach;
mod released;
mod reviewed;
mod scoring;
mod serious;
mod sighted;
mod specified;
mod standing;
mod stored;
mod taken_up;
mod tested;
mod texts;
mod touched;
mod training;
mod treating;
mod wording;
mod written;

pub use in_force::InForce;
pub use texts::{RuleText, Text, TextError, Texts};

use crate::shape::Verdicts;
use crate::view::View;

/// The predicates of one requirement.
pub struct Check {
    /// item of ISO/IEC 42001
    pub requirement: &'static str,
    /// bytes of the texts beside the predicates
    pub texts: &'static [u8],
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
    /// what it speaks of; while one of these is missing it is not asked
    pub speaks_of: &'static [InForce],
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
        Self { id, judge, asks: Asks::Each, speaks_of: &[] }
    }

    /// A rule that asks for at least one thing.
    #[must_use]
    pub const fn one(id: &'static str, judge: fn(&View) -> Verdicts) -> Self {
        Self { id, judge, asks: Asks::One, speaks_of: &[] }
    }

    /// A rule that asks for at least one event in so many days.
    #[must_use]
    pub const fn one_in(days: i64, id: &'static str, judge: fn(&View) -> Verdicts) -> Self {
        Self { id, judge, asks: Asks::OneIn(days), speaks_of: &[] }
    }
}

impl Rule {
    /// The same, which speaks of something in force: while there is none it is not asked, and the rule that asks for it gives the
    /// only finding.
    #[must_use]
    pub const fn speaks_of(mut self, what: &'static [InForce]) -> Self {
        self.speaks_of = what;
        self
    }
}

impl Check {
    /// The predicate of a rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// The check of a requirement, if it has one.
#[must_use]
pub fn find(requirement: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.requirement == requirement)
}

/// Every requirement that has checks, in the order of the standard.
pub const CHECKS: &[Check] = &[
    item_4_1::CHECK,
    item_4_2::CHECK,
    item_4_3::CHECK,
    item_4_4::CHECK,
    item_5_1::CHECK,
    item_5_2::CHECK,
    item_5_3::CHECK,
    item_6_1_1::CHECK,
    item_6_1_2::CHECK,
    item_6_1_3::CHECK,
    item_6_1_4::CHECK,
    item_6_2::CHECK,
    item_6_3::CHECK,
    item_7_1::CHECK,
    item_7_2::CHECK,
    item_7_3::CHECK,
    item_7_4::CHECK,
    item_7_5_1::CHECK,
    item_7_5_2::CHECK,
    item_7_5_3::CHECK,
    item_8_1::CHECK,
    item_8_2::CHECK,
    item_8_3::CHECK,
    item_8_4::CHECK,
    item_9_1::CHECK,
    item_9_2_1::CHECK,
    item_9_2_2::CHECK,
    item_9_3_1::CHECK,
    item_9_3_2::CHECK,
    item_9_3_3::CHECK,
    item_10_1::CHECK,
    item_10_2::CHECK,
    a_2_2::CHECK,
    a_2_3::CHECK,
    a_2_4::CHECK,
    a_3_2::CHECK,
    a_3_3::CHECK,
    a_4_2::CHECK,
    a_4_3::CHECK,
    a_4_4::CHECK,
    a_4_5::CHECK,
    a_4_6::CHECK,
    a_5_2::CHECK,
    a_5_3::CHECK,
    a_5_4::CHECK,
    a_5_5::CHECK,
    a_6_1_2::CHECK,
    a_6_1_3::CHECK,
    a_6_2_2::CHECK,
    a_6_2_3::CHECK,
    a_6_2_4::CHECK,
    a_6_2_5::CHECK,
    a_6_2_6::CHECK,
    a_6_2_7::CHECK,
    a_6_2_8::CHECK,
    a_7_2::CHECK,
    a_7_3::CHECK,
    a_7_4::CHECK,
    a_7_5::CHECK,
    a_7_6::CHECK,
    a_8_2::CHECK,
    a_8_3::CHECK,
    a_8_4::CHECK,
    a_8_5::CHECK,
    a_9_2::CHECK,
    a_9_3::CHECK,
    a_9_4::CHECK,
    a_10_2::CHECK,
    a_10_3::CHECK,
    a_10_4::CHECK,
];
