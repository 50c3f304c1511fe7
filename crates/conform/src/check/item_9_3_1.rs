//! 9.3.1 Management review: general.

mod answered;
mod attended;
mod planned;
mod rhythm;

use crate::check::{Check, Rule};

/// The rules of 9.3.1.
pub(super) const CHECK: Check = Check {
    requirement: "9.3.1",
    texts: include_bytes!("item_9_3_1.yaml"),
    rules: &[
        Rule::one("9.3.1-D1", planned::reviews_are_planned),
        Rule::one("9.3.1-D2", planned::a_review_is_signed),
        Rule::one_in(rhythm::LONGEST, "9.3.1-O1", rhythm::held_each_year),
        Rule::one_in(rhythm::BETTER, "9.3.1-O2", rhythm::held_each_half_year),
        Rule::each("9.3.1-O3", attended::top_management_was_there),
        Rule::each("9.3.1-O4", rhythm::held_in_time),
        Rule::each("9.3.1-O5", answered::doubts_led_to_decisions),
        Rule::each("9.3.1-P1", attended::signed_by_its_chair),
        Rule::each("9.3.1-P2", answered::inputs_are_of_that_time),
    ],
    not_applicable: None,
};
