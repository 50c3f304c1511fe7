//! 6.1.3 AI risk treatment.

mod answered;
mod decided;
mod drifted;
mod stated;

use crate::check::{Check, InForce, Rule};

const METHOD: &[InForce] = &[InForce::RiskMethod];
const STATEMENT: &[InForce] = &[InForce::Statement];

/// The rules of 6.1.3.
pub(super) const CHECK: Check = Check {
    requirement: "6.1.3",
    texts: include_bytes!("item_6_1_3.yaml"),
    rules: &[
        Rule::one("6.1.3-D1", stated::statement_is_complete_for_the_scope).speaks_of(&[InForce::Scope]),
        Rule::each("6.1.3-D2", decided::decisions_have_reasons),
        Rule::one("6.1.3-D3", answered::procedure_stands).speaks_of(METHOD),
        Rule::each("6.1.3-D4", answered::plans_are_the_owners),
        Rule::each("6.1.3-O1", answered::risks_above_the_limit_answered),
        Rule::each("6.1.3-O2", decided::exclusions_not_contradicted),
        Rule::each("6.1.3-O3", stated::statement_is_not_overtaken).speaks_of(STATEMENT),
        Rule::each("6.1.3-O4", drifted::fallen_controls_were_noticed).speaks_of(STATEMENT),
        Rule::each("6.1.3-O5", drifted::statement_matches_reality).speaks_of(STATEMENT),
        Rule::each("6.1.3-P1", decided::acceptances_hold),
        Rule::each("6.1.3-P2", stated::signed_true_and_told).speaks_of(STATEMENT),
        Rule::each("6.1.3-P3", decided::decided_after_the_assessments),
    ],
    not_applicable: None,
};
