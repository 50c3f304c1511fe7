//! A.10.4 Customers.

mod answered;
mod population;
mod recorded;
mod released;
mod verified;

use crate::check::{Check, Rule};

/// The rules of A.10.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.10.4",
    texts: include_bytes!("a_10_4.yaml"),
    rules: &[
        Rule::each("A.10.4-D1", recorded::expectations_are_recorded),
        Rule::each("A.10.4-D2", recorded::customers_are_told),
        Rule::each("A.10.4-D3", recorded::what_was_agreed_is_answered),
        Rule::each("A.10.4-O1", verified::looked_at_in_time),
        Rule::each("A.10.4-O2", answered::broken_promises_are_followed),
        Rule::each("A.10.4-O3", answered::feedback_is_answered),
        Rule::each("A.10.4-O4", released::the_running_version_is_told),
        Rule::each("A.10.4-O5", released::changes_were_announced),
        Rule::each("A.10.4-P1", verified::verified_by_another),
        Rule::one_in(365, "A.10.4-P2", answered::feedback_about_risk_changed_something),
        Rule::each("A.10.4-P3", recorded::customers_have_a_receipt),
        Rule::each("A.10.4-P4", verified::old_answers_were_looked_at),
    ],
    not_applicable: Some(population::nobody_outside),
};
