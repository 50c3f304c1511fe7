//! 4.4 AI management system.

mod before;
mod described;
mod followed;
mod manual;
mod runs;
mod whole;

use crate::check::{Check, InForce, Rule};

const MANUAL: &[InForce] = &[InForce::Manual];

/// The rules of 4.4.
pub(super) const CHECK: Check = Check {
    requirement: "4.4",
    texts: include_bytes!("item_4_4.yaml"),
    rules: &[
        Rule::one("4.4-D1", described::processes_are_described),
        Rule::each("4.4-D2", described::rows_are_complete).speaks_of(MANUAL),
        Rule::each("4.4-D3", described::processes_feed_each_other).speaks_of(MANUAL),
        Rule::each("4.4-O1", runs::each_process_left_records).speaks_of(MANUAL),
        Rule::each("4.4-O2", followed::results_changed_something),
        Rule::each("4.4-O3", before::assessed_before_going_live),
        Rule::each("4.4-O4", described::manual_was_reviewed).speaks_of(MANUAL),
        Rule::one_in(365, "4.4-P1", whole::audited_as_a_whole).speaks_of(MANUAL),
        Rule::one_in(365, "4.4-P2", whole::corrected_itself),
        Rule::each("4.4-P3", runs::seen_by_a_second_person).speaks_of(MANUAL),
    ],
    not_applicable: None,
};
