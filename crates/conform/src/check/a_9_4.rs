//! A.9.4 Intended use of the AI system.

mod allowed;
mod compared;
mod crossed;
mod decided;
mod stated;
mod tried;

use crate::check::{Check, Rule};

/// The rules of A.9.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.9.4",
    texts: include_bytes!("a_9_4.yaml"),
    rules: &[
        Rule::each("A.9.4-D1", stated::use_is_stated),
        Rule::each("A.9.4-D2", stated::misuse_would_be_noticed),
        Rule::each("A.9.4-D3", stated::users_know_the_present_purpose),
        Rule::each("A.9.4-O1", compared::use_is_counted),
        Rule::each("A.9.4-O2", decided::misuse_ends_in_a_decision),
        Rule::each("A.9.4-O3", crossed::crossed_boundaries_hold),
        Rule::each("A.9.4-O4", allowed::new_uses_are_assessed_first),
        Rule::one_in(365, "A.9.4-P1", tried::cases_were_looked_at),
        Rule::one_in(365, "A.9.4-P2", tried::barriers_were_tried),
        Rule::each("A.9.4-P3", allowed::allowed_by_an_other_person),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};
