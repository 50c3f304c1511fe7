//! 5.2 AI policy.

mod approved;
mod asked;
mod confirmed;
mod says;

use crate::check::{Check, InForce, Rule};

const POLICY: &[InForce] = &[InForce::Policy];

/// The rules of 5.2.
pub(super) const CHECK: Check = Check {
    requirement: "5.2",
    texts: include_bytes!("item_5_2.yaml"),
    rules: &[
        Rule::one("5.2-D1", approved::one_policy_by_top_management),
        Rule::each("5.2-D2", says::commits).speaks_of(POLICY),
        Rule::one("5.2-D3", says::carries_an_objective).speaks_of(POLICY),
        Rule::each("5.2-D4", says::names_others_and_readers).speaks_of(POLICY),
        Rule::each("5.2-O1", confirmed::confirmed_by_those_who_must).speaks_of(POLICY),
        Rule::each("5.2-O2", confirmed::newcomers_confirmed_in_time).speaks_of(POLICY),
        Rule::each("5.2-O3", says::parties_can_get_it).speaks_of(POLICY),
        Rule::each("5.2-O4", confirmed::questions_were_answered).speaks_of(POLICY),
        Rule::each("5.2-P1", approved::recorded_in_time).speaks_of(POLICY),
        Rule::each("5.2-P2", confirmed::people_confirmed_themselves).speaks_of(POLICY),
        Rule::one_in(365, "5.2-P3", asked::staff_were_asked),
    ],
    not_applicable: None,
};
