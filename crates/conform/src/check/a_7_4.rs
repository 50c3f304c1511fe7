//! A.7.4 Quality of data for AI systems.

mod measured;
mod proved;
mod represented;
mod target;

use crate::check::{Check, Rule};

/// The rules of A.7.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.7.4",
    texts: include_bytes!("a_7_4.yaml"),
    rules: &[
        Rule::each("A.7.4-D1", target::targets_are_written),
        Rule::each("A.7.4-D2", target::targets_came_before_values),
        Rule::each("A.7.4-O1", measured::measured_before_release),
        Rule::each("A.7.4-O2", measured::what_comes_in_is_measured),
        Rule::each("A.7.4-O3", measured::a_miss_is_followed),
        Rule::each("A.7.4-O4", represented::compared_again_in_use),
        Rule::each("A.7.4-P1", proved::not_judged_by_its_makers),
        Rule::each("A.7.4-P2", proved::values_can_be_recomputed),
        Rule::each("A.7.4-P3", represented::gaps_are_told),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};
