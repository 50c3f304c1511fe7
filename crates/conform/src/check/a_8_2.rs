//! A.8.2 System documentation and information for users.

mod concerned;
mod published;
mod seen;
mod told;

use crate::check::{Check, Rule};

/// The rules of A.8.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.8.2",
    texts: include_bytes!("a_8_2.yaml"),
    rules: &[
        Rule::each("A.8.2-D1", told::topics_are_told),
        Rule::each("A.8.2-D2", told::people_know_that_it_is_ai),
        Rule::each("A.8.2-O1", published::running_version_is_described),
        Rule::each("A.8.2-O2", published::releases_are_told),
        Rule::each("A.8.2-O3", concerned::concerns_change_the_text),
        Rule::each("A.8.2-O4", published::texts_are_in_date),
        Rule::each("A.8.2-P1", seen::users_see_the_text),
        Rule::one_in(365, "A.8.2-P2", seen::users_understand),
        Rule::each("A.8.2-P3", seen::approved_and_nothing_left_out),
    ],
    not_applicable: Some(super::a_6_2_4::nobody_makes_or_passes_on),
};
