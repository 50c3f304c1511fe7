//! A.5.4 Assessing AI system impact on individuals or groups of individuals.

mod fair;
mod followed;
mod heard;
mod named;
mod seen;

use crate::check::{Check, Rule};

/// The rules of A.5.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.5.4",
    texts: include_bytes!("a_5_4.yaml"),
    rules: &[
        Rule::each("A.5.4-D1", named::both_sides_are_named),
        Rule::each("A.5.4-D2", named::affected_people_are_looked_at),
        Rule::each("A.5.4-O1", named::harms_are_judged),
        Rule::each("A.5.4-O2", heard::the_vulnerable_are_heard),
        Rule::each("A.5.4-O3", seen::reports_are_held),
        Rule::each("A.5.4-O4", fair::fairness_rests_on_a_test),
        Rule::each("A.5.4-P1", heard::somebody_spoke_for_them),
        Rule::each("A.5.4-P2", followed::measures_were_looked_at),
        Rule::each("A.5.4-P3", followed::harms_are_told_apart),
    ],
    not_applicable: None,
};
