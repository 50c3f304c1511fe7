//! A.2.3 Alignment with other organizational policies.

mod compared;
mod confirmed;
mod related;
mod settled;

use crate::check::{Check, InForce, Rule};

const POLICY: &[InForce] = &[InForce::Policy];

/// The rules of A.2.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.2.3",
    texts: include_bytes!("a_2_3.yaml"),
    rules: &[
        Rule::each("A.2.3-D1", compared::every_topic_was_compared).speaks_of(POLICY),
        Rule::each("A.2.3-D2", settled::gaps_have_owner_and_day).speaks_of(POLICY),
        Rule::each("A.2.3-O1", settled::gaps_are_settled_in_time).speaks_of(POLICY),
        Rule::each("A.2.3-O2", compared::every_policy_was_compared).speaks_of(POLICY),
        Rule::each("A.2.3-O3", compared::changes_were_looked_at).speaks_of(POLICY),
        Rule::each("A.2.3-O4", settled::what_is_settled_shows).speaks_of(POLICY),
        Rule::each("A.2.3-P1", confirmed::owners_confirmed).speaks_of(POLICY),
        Rule::one_in(365, "A.2.3-P2", confirmed::compared_in_an_audit),
    ],
    not_applicable: None,
};
