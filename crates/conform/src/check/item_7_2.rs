//! 7.2 Competence.

mod effect;
mod judged;
mod needed;
mod shown;

use crate::check::{Check, Rule};

/// The rules of 7.2.
pub(super) const CHECK: Check = Check {
    requirement: "7.2",
    texts: include_bytes!("item_7_2.yaml"),
    rules: &[
        Rule::each("7.2-D1", needed::needs_are_described),
        Rule::each("7.2-D2", needed::needs_are_complete),
        Rule::each("7.2-O1", shown::work_was_done_by_the_competent),
        Rule::each("7.2-O2", shown::holders_meet_their_needs),
        Rule::each("7.2-O3", effect::effect_was_looked_at),
        Rule::each("7.2-O4", effect::failure_was_followed),
        Rule::each("7.2-P1", judged::judged_by_who_can_and_may),
        Rule::each("7.2-P2", judged::proof_is_of_its_period),
        Rule::each("7.2-P3", judged::training_is_spread),
    ],
    not_applicable: None,
};
