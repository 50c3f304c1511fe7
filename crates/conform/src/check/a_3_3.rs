//! A.3.3 Reporting of concerns.

mod handled;
mod known;
mod procedure;
mod shown;

use crate::check::{Check, InForce, Rule};

/// The procedure for concerns.
const PROCEDURE: &[InForce] = &[InForce::Procedure { template: "T-CONCERNS", item: "A.3.3" }];

/// The rules of A.3.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.3.3",
    texts: include_bytes!("a_3_3.yaml"),
    rules: &[
        Rule::one("A.3.3-D1", procedure::says_how),
        Rule::each("A.3.3-D2", procedure::names_the_address).speaks_of(PROCEDURE),
        Rule::one("A.3.3-D3", procedure::somebody_without_a_stake_answers),
        Rule::each("A.3.3-O1", handled::in_time),
        Rule::each("A.3.3-O2", known::tried_twice_a_year),
        Rule::each("A.3.3-O3", handled::without_a_stake),
        Rule::each("A.3.3-O4", handled::outcomes_are_shown),
        Rule::each("A.3.3-O5", known::people_were_told).speaks_of(PROCEDURE),
        Rule::each("A.3.3-P1", handled::closed_by_another),
        Rule::each("A.3.3-P2", shown::nobody_was_treated_worse),
        Rule::one_in(365, "A.3.3-P3", shown::top_management_heard),
        Rule::one_in(365, "A.3.3-P4", shown::silence_is_looked_into),
    ],
    not_applicable: None,
};
