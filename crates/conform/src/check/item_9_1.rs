//! 9.1 Monitoring, measurement, analysis and evaluation.

mod acted;
mod defined;
mod judged;
mod series;
mod traced;

use crate::check::{Check, Rule};

/// The rules of 9.1.
pub(super) const CHECK: Check = Check {
    requirement: "9.1",
    texts: include_bytes!("item_9_1.yaml"),
    rules: &[
        Rule::each("9.1-D1", defined::system_and_systems_are_measured),
        Rule::each("9.1-D2", defined::goals_and_weighty_controls_are_measured),
        Rule::each("9.1-D3", defined::measures_are_approved_and_reviewed),
        Rule::each("9.1-O1", series::values_come_in_time),
        Rule::each("9.1-O2", acted::alarms_led_to_something),
        Rule::each("9.1-O3", judged::values_are_judged_in_time),
        Rule::each("9.1-O4", acted::reviews_saw_results),
        Rule::each("9.1-O5", acted::something_was_finished),
        Rule::each("9.1-P1", judged::judged_by_an_other_person),
        Rule::each("9.1-P2", traced::values_can_be_traced),
        Rule::one_in(series::MONTHS_IN_DAYS, "9.1-P3", series::months_of_results_exist),
    ],
    not_applicable: None,
};
