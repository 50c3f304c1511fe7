//! A.4.2 Resource documentation.

mod confirmed;
mod named;
mod seen;
mod stood;

use crate::check::{Check, Rule};

/// The rules of A.4.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.4.2",
    texts: include_bytes!("a_4_2.yaml"),
    rules: &[
        Rule::each("A.4.2-D1", named::says_what_it_is_built_from),
        Rule::each("A.4.2-D2", named::weighty_systems_are_drawn),
        Rule::each("A.4.2-D3", named::resources_for_each_stage),
        Rule::each("A.4.2-O1", confirmed::never_long_unconfirmed),
        Rule::each("A.4.2-O2", seen::nothing_seen_stays_unnamed),
        Rule::each("A.4.2-O3", confirmed::looked_at_with_each_release),
        Rule::each("A.4.2-O4", stood::parts_were_approved_while_named),
        Rule::each("A.4.2-P1", seen::parts_are_observed),
        Rule::each("A.4.2-P2", confirmed::confirmed_by_an_other_person),
        Rule::one_in(365, "A.4.2-P3", seen::compared_in_an_audit),
    ],
    not_applicable: None,
};
