//! 10.1 Continual improvement.

mod chosen;
mod effect;
mod rhythm;

use crate::check::{Check, Rule};

/// The rules of 10.1.
pub(super) const CHECK: Check = Check {
    requirement: "10.1",
    texts: include_bytes!("item_10_1.yaml"),
    rules: &[
        Rule::one("10.1-D1", chosen::ideas_are_decided),
        Rule::one("10.1-D2", chosen::not_only_repairs),
        Rule::one_in(rhythm::YEAR, "10.1-O1", effect::one_was_measured),
        Rule::one_in(rhythm::YEAR, "10.1-O2", chosen::one_came_from_own_data),
        Rule::each("10.1-O3", rhythm::done_in_time),
        Rule::one_in(rhythm::LONGEST, "10.1-O4", rhythm::something_is_proposed),
        Rule::each("10.1-P1", effect::effects_can_be_recomputed),
        Rule::each("10.1-P2", effect::judged_by_an_other_person),
        Rule::each("10.1-P3", effect::more_got_better),
    ],
    not_applicable: None,
};
