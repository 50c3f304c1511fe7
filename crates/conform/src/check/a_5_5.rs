//! A.5.5 Assessing societal impacts of AI systems.

mod answered;
mod grown;
mod outside;
mod weighed;

use crate::check::{Check, Rule};

/// The rules of A.5.5.
pub(super) const CHECK: Check = Check {
    requirement: "A.5.5",
    texts: include_bytes!("a_5_5.yaml"),
    rules: &[
        Rule::each("A.5.5-D1", answered::each_field_is_answered),
        Rule::each("A.5.5-D2", answered::full_use_is_thought_through),
        Rule::each("A.5.5-O1", answered::answers_are_its_own),
        Rule::each("A.5.5-O2", weighed::energy_has_a_figure),
        Rule::each("A.5.5-O3", grown::growth_is_assessed),
        Rule::each("A.5.5-O4", weighed::large_effects_are_watched),
        Rule::each("A.5.5-P1", outside::somebody_from_outside_judged),
        Rule::each("A.5.5-P2", weighed::figures_rest_on_something),
    ],
    not_applicable: None,
};
