//! 9.3.2 Management review inputs.

mod prepared;
mod redrawn;
mod told;

use crate::check::{Check, Rule};

/// The rules of 9.3.2.
pub(super) const CHECK: Check = Check {
    requirement: "9.3.2",
    texts: include_bytes!("item_9_3_2.yaml"),
    rules: &[
        Rule::each("9.3.2-D1", prepared::required_inputs_are_there),
        Rule::each("9.3.2-D2", prepared::inputs_about_ai_are_there),
        Rule::each("9.3.2-O1", prepared::inputs_rest_on_the_period),
        Rule::each("9.3.2-O2", prepared::trends_are_shown),
        Rule::each("9.3.2-O3", told::grave_events_were_told),
        Rule::each("9.3.2-O4", told::periods_touch),
        Rule::each("9.3.2-P1", redrawn::inputs_are_those_of_that_day),
        Rule::each("9.3.2-P2", redrawn::inputs_have_conclusions),
    ],
    not_applicable: None,
};
