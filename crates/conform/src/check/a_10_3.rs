//! A.10.3 Suppliers.

mod assessed;
mod contract;
mod failed;
mod population;
mod proved;
mod watched;

use crate::check::{Check, Rule};

/// The rules of A.10.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.10.3",
    texts: include_bytes!("a_10_3.yaml"),
    rules: &[
        Rule::one("A.10.3-D1", contract::procedure_in_force),
        Rule::each("A.10.3-D2", contract::approved_in_their_tier),
        Rule::each("A.10.3-D3", contract::clauses_are_agreed),
        Rule::each("A.10.3-D4", contract::learning_is_a_risk),
        Rule::each("A.10.3-O1", assessed::weighty_ones_always_current),
        Rule::each("A.10.3-O2", assessed::others_current_today),
        Rule::each("A.10.3-O3", watched::changes_are_decided),
        Rule::each("A.10.3-O4", failed::looked_at_after_failures),
        Rule::each("A.10.3-O5", watched::conditions_and_measures_are_kept),
        Rule::each("A.10.3-P1", proved::approved_by_an_other_person),
        Rule::each("A.10.3-P2", proved::certificates_were_looked_up),
        Rule::each("A.10.3-P3", proved::good_answers_are_proved),
        Rule::each("A.10.3-P4", failed::changed_answers_are_noticed),
    ],
    not_applicable: Some(population::no_supplier_for_a_year),
};
