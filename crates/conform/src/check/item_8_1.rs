//! 8.1 Operational planning and control.

mod bought;
mod live;
mod ran;
mod released;

use crate::check::{Check, Rule};

/// The rules of 8.1.
pub(super) const CHECK: Check = Check {
    requirement: "8.1",
    texts: include_bytes!("item_8_1.yaml"),
    rules: &[
        Rule::each("8.1-D1", live::procedures_stand),
        Rule::each("8.1-D2", bought::suppliers_are_approved),
        Rule::each("8.1-D3", live::live_systems_are_watched),
        Rule::each("8.1-O1", released::released_after_approval_and_review),
        Rule::each("8.1-O2", ran::only_released_models_answered),
        Rule::each("8.1-O3", live::significant_changes_dealt_with),
        Rule::each("8.1-O4", bought::suppliers_are_judged),
        Rule::each("8.1-O5", released::released_by_an_approved_change),
        Rule::each("8.1-P1", released::approved_by_others),
        Rule::each("8.1-P2", released::conditions_held_on_the_day),
        Rule::each("8.1-P3", ran::no_use_without_a_release),
    ],
    not_applicable: None,
};
