//! A.2.4 Review of the AI policy.

mod called_for;
mod interval;
mod looks;
mod shown;

use crate::check::{Check, InForce, Rule};

const POLICY: &[InForce] = &[InForce::Policy];

/// The rules of A.2.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.2.4",
    texts: include_bytes!("a_2_4.yaml"),
    rules: &[
        Rule::each("A.2.4-D1", interval::interval_and_triggers_are_set).speaks_of(POLICY),
        Rule::each("A.2.4-D2", interval::next_review_and_owner_are_right).speaks_of(POLICY),
        Rule::each("A.2.4-O1", interval::never_long_unreviewed).speaks_of(POLICY),
        Rule::each("A.2.4-O2", called_for::reviewed_after_each_trigger).speaks_of(POLICY),
        Rule::each("A.2.4-O3", shown::each_review_left_a_trace).speaks_of(POLICY),
        Rule::each("A.2.4-P1", shown::reviewed_by_top_management).speaks_of(POLICY),
        Rule::each("A.2.4-P2", shown::minutes_show_the_review).speaks_of(POLICY),
        Rule::each("A.2.4-P3", shown::reviews_differ).speaks_of(POLICY),
    ],
    not_applicable: None,
};
