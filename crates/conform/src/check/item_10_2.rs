//! 10.2 Nonconformity and corrective action.

mod closed;
mod cured;
mod led_to;
mod looked;
mod population;
mod process;

use crate::check::{Check, Rule};

/// The rules of 10.2.
pub(super) const CHECK: Check = Check {
    requirement: "10.2",
    texts: include_bytes!("item_10_2.yaml"),
    rules: &[
        Rule::one("10.2-D1", process::the_way_stands),
        Rule::each("10.2-D2", process::fields_are_filled),
        Rule::each("10.2-O1", led_to::events_led_to_nonconformities),
        Rule::each("10.2-O2", cured::cures_are_in_time),
        Rule::each("10.2-O3", closed::closed_when_effect_was_seen),
        Rule::each("10.2-O4", closed::similar_cases_were_searched),
        Rule::each("10.2-O5", looked::causes_lie_in_the_way_of_working),
        Rule::each("10.2-P1", cured::verified_by_an_other_person),
        Rule::each("10.2-P2", looked::what_recurs_is_named),
        Rule::each("10.2-P3", closed::risks_and_system_were_considered),
        Rule::each("10.2-P4", closed::closed_by_an_other_person),
        Rule::one_in(looked::HALF_YEAR, "10.2-P5", looked::somebody_inside_found_something),
    ],
    not_applicable: None,
};
