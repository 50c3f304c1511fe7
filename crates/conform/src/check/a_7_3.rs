//! A.7.3 Acquisition of data.

mod acquired;
mod changed;
mod recorded;
mod rights;
mod turned_down;

use crate::check::{Check, Rule};

/// The rules of A.7.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.7.3",
    texts: include_bytes!("a_7_3.yaml"),
    rules: &[
        Rule::each("A.7.3-D1", recorded::source_and_right_are_recorded),
        Rule::each("A.7.3-D2", recorded::owners_confirmed_the_rules),
        Rule::each("A.7.3-O1", acquired::approved_before_first_use),
        Rule::each("A.7.3-O2", rights::the_right_has_not_ended),
        Rule::each("A.7.3-O3", changed::looked_at_again_when_terms_changed),
        Rule::one("A.7.3-O4", turned_down::the_check_can_say_no),
        Rule::each("A.7.3-P1", rights::proof_was_read_by_another),
        Rule::each("A.7.3-P2", turned_down::unfit_data_stays_out),
        Rule::each("A.7.3-P3", rights::consents_are_sampled),
    ],
    not_applicable: Some(super::a_7_2::nobody_develops_provides_or_integrates),
};
