//! 6.1.2 AI risk assessment.

mod method;
mod score;
mod scorer;
mod shown;

use crate::check::{Check, InForce, Rule};

const METHOD: &[InForce] = &[InForce::RiskMethod];

/// The rules of 6.1.2.
pub(super) const CHECK: Check = Check {
    requirement: "6.1.2",
    texts: include_bytes!("item_6_1_2.yaml"),
    rules: &[
        Rule::one("6.1.2-D1", method::scales_compare).speaks_of(METHOD),
        Rule::each("6.1.2-D2", method::categories_are_those_of_ai).speaks_of(METHOD),
        Rule::one("6.1.2-D3", method::rests_on_policy_and_was_used).speaks_of(METHOD),
        Rule::each("6.1.2-O1", score::every_category_looked_at).speaks_of(METHOD),
        Rule::each("6.1.2-O2", score::not_milder_than_the_impact),
        Rule::one("6.1.2-O3", scorer::scores_are_comparable).speaks_of(METHOD),
        Rule::each("6.1.2-O4", score::scale_ranks),
        Rule::each("6.1.2-P1", scorer::heavy_risks_scored_by_two),
        Rule::each("6.1.2-P2", shown::controls_that_count_are_shown),
        Rule::each("6.1.2-P3", shown::levels_can_be_recomputed),
    ],
    not_applicable: None,
};
