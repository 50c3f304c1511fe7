//! A.8.5 Information for interested parties.

mod changed;
mod duty;
mod proved;
mod told;

use crate::check::{Check, Rule};

/// The rules of A.8.5.
pub(super) const CHECK: Check = Check {
    requirement: "A.8.5",
    texts: include_bytes!("a_8_5.yaml"),
    rules: &[
        Rule::each("A.8.5-D1", duty::duties_are_complete),
        Rule::each("A.8.5-D2", duty::somebody_asked_for_each_system),
        Rule::each("A.8.5-O1", told::deadlines_are_kept),
        Rule::each("A.8.5-O2", told::requests_are_answered),
        Rule::each("A.8.5-O3", changed::sources_are_checked),
        Rule::each("A.8.5-O4", changed::changes_are_compared_with_the_law),
        Rule::each("A.8.5-P1", proved::deliveries_have_a_receipt),
        Rule::each("A.8.5-P2", proved::authorities_get_the_approved_text),
        Rule::each("A.8.5-P3", proved::others_judged_what_does_not_apply),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};
