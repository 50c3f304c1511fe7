//! 7.3 Awareness.

mod asked;
mod brought;
mod joined;
mod lessons;
mod trained;

use crate::check::{Check, InForce, Rule};

const POLICY: &[InForce] = &[InForce::Policy];

/// The rules of 7.3.
pub(super) const CHECK: Check = Check {
    requirement: "7.3",
    texts: include_bytes!("item_7_3.yaml"),
    rules: &[
        Rule::one("7.3-D1", brought::a_course_reaches_everybody),
        Rule::one("7.3-D2", brought::rules_for_use_are_confirmed),
        Rule::each("7.3-O1", trained::everybody_is_trained),
        Rule::each("7.3-O2", trained::no_group_is_left_out),
        Rule::each("7.3-O3", joined::newcomers_know_the_rules).speaks_of(POLICY),
        Rule::each("7.3-O4", joined::unknown_use_is_spoken_about),
        Rule::each("7.3-O5", lessons::lessons_reach_people),
        Rule::each("7.3-P1", lessons::quizzes_prove_something),
        Rule::one_in(365, "7.3-P2", asked::auditors_asked_people),
        Rule::each("7.3-P3", asked::confirmations_are_real).speaks_of(POLICY),
    ],
    not_applicable: None,
};
