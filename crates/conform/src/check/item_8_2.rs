//! 8.2 AI risk assessment in operation.

mod alarm;
mod event;
mod interval;
mod recorded;

use crate::check::{Check, InForce, Rule};

const METHOD: &[InForce] = &[InForce::RiskMethod];

/// The rules of 8.2.
pub(super) const CHECK: Check = Check {
    requirement: "8.2",
    texts: include_bytes!("item_8_2.yaml"),
    rules: &[
        Rule::one("8.2-D1", interval::method_says_when),
        Rule::each("8.2-D2", interval::every_system_assessed).speaks_of(METHOD),
        Rule::each("8.2-O1", interval::assessed_again_in_time).speaks_of(METHOD),
        Rule::each("8.2-O2", event::assessed_because_of_events).speaks_of(METHOD),
        Rule::each("8.2-O3", alarm::alarms_led_to_a_look).speaks_of(METHOD),
        Rule::each("8.2-O4", event::register_moves_with_events).speaks_of(METHOD),
        Rule::each("8.2-P1", recorded::scored_by_an_other_person),
        Rule::each("8.2-P2", recorded::written_down_when_made),
        Rule::each("8.2-P3", recorded::likelihood_fits_experience),
        Rule::one("8.2-P4", recorded::second_persons_scored).speaks_of(METHOD),
    ],
    not_applicable: None,
};
