//! A.8.4 Communication of incidents.

mod judged;
mod plan;
mod population;
mod practised;
mod proved;
mod told;

use crate::check::{Check, InForce, Rule};

/// The plan that says who is told about an incident.
const PLAN: &[InForce] = &[InForce::Procedure { template: "T-INCIDENT", item: "A.8.4" }];

/// The rules of A.8.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.8.4",
    texts: include_bytes!("a_8_4.yaml"),
    rules: &[
        Rule::one("A.8.4-D1", plan::stands_and_follows_its_duties),
        Rule::each("A.8.4-D2", plan::answers_every_duty).speaks_of(PLAN),
        Rule::each("A.8.4-O1", told::everybody_has_a_row),
        Rule::each("A.8.4-O2", told::everybody_is_told_in_time),
        Rule::one_in(365, "A.8.4-O3", practised::the_plan_was_used).speaks_of(PLAN),
        Rule::each("A.8.4-O4", judged::judged_at_once),
        Rule::each("A.8.4-O5", practised::the_plan_learns).speaks_of(PLAN),
        Rule::each("A.8.4-P1", proved::receipts_and_first_knowledge),
        Rule::each("A.8.4-P2", proved::decided_and_closed_by_another),
        Rule::each("A.8.4-P3", practised::exercises_were_watched),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};
