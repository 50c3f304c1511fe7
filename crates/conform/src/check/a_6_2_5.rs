//! A.6.2.5 AI system deployment.

mod met;
mod planned;
mod ran;
mod stepped;

use crate::check::{Check, Rule};

/// The rules of A.6.2.5.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.5",
    texts: include_bytes!("a_6_2_5.yaml"),
    rules: &[
        Rule::each("A.6.2.5-D1", planned::releases_are_planned),
        Rule::each("A.6.2.5-D2", planned::preconditions_can_be_shown),
        Rule::each("A.6.2.5-D3", ran::live_systems_have_a_release),
        Rule::each("A.6.2.5-O1", met::conditions_were_met),
        Rule::each("A.6.2.5-O2", ran::the_way_back_was_tried),
        Rule::each("A.6.2.5-O3", stepped::each_step_was_looked_at),
        Rule::each("A.6.2.5-O4", met::people_were_told),
        Rule::each("A.6.2.5-P1", ran::what_was_approved_ran),
        Rule::each("A.6.2.5-P2", met::conditions_can_be_shown),
        Rule::each("A.6.2.5-P3", ran::the_day_is_right),
    ],
    not_applicable: Some(super::a_6_2_4::nobody_makes_or_passes_on),
};
