//! A.2.2 AI policy.

mod carried;
mod decided;
mod excepted;
mod weighed;

use crate::check::{Check, InForce, Rule};

const POLICY: &[InForce] = &[InForce::Policy];

/// The rules of A.2.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.2.2",
    texts: include_bytes!("a_2_2.yaml"),
    rules: &[
        Rule::each("A.2.2-D1", carried::holds_rules_and_a_way_out).speaks_of(POLICY),
        Rule::each("A.2.2-D2", carried::rules_uses_out).speaks_of(POLICY),
        Rule::each("A.2.2-D3", carried::carried_by_something).speaks_of(POLICY),
        Rule::each("A.2.2-O1", carried::left_a_trace).speaks_of(POLICY),
        Rule::each("A.2.2-O2", excepted::exceptions_end).speaks_of(POLICY),
        Rule::each("A.2.2-O3", decided::decided_before_it_began),
        Rule::each("A.2.2-O4", decided::breaches_were_answered),
        Rule::one_in(365, "A.2.2-P1", weighed::changed_a_decision).speaks_of(POLICY),
        Rule::each("A.2.2-P2", excepted::granted_with_power).speaks_of(POLICY),
        Rule::one_in(365, "A.2.2-P3", weighed::tested_in_an_audit),
    ],
    not_applicable: None,
};
