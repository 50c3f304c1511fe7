//! 5.1 Leadership and commitment.

mod decided;
mod followed;
mod meetings;
mod set_up;
mod shown;

use crate::check::{Check, Rule};

/// The rules of 5.1.
pub(super) const CHECK: Check = Check {
    requirement: "5.1",
    texts: include_bytes!("item_5_1.yaml"),
    rules: &[
        Rule::one("5.1-D1", set_up::somebody_answers),
        Rule::one("5.1-D2", set_up::a_group_decides),
        Rule::one("5.1-D3", set_up::a_budget_covers_today),
        Rule::one_in(120, "5.1-O1", decided::decides_again_and_again),
        Rule::one_in(365, "5.1-O2", decided::does_not_agree_to_everything),
        Rule::one_in(365, "5.1-O3", shown::spoke_to_staff),
        Rule::each("5.1-O4", decided::directors_are_present),
        Rule::each("5.1-O5", followed::actions_are_done),
        Rule::each("5.1-P1", shown::minutes_are_signed),
        Rule::one_in(365, "5.1-P2", shown::auditors_spoke_with_them),
        Rule::one_in(365, "5.1-P3", followed::a_decision_had_an_effect),
        Rule::each("5.1-P4", set_up::budgets_are_approved_in_time),
    ],
    not_applicable: None,
};
