//! A.8.3 External reporting.

mod channel;
mod followed;

use crate::check::{Check, Rule};

/// The rules of A.8.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.8.3",
    texts: include_bytes!("a_8_3.yaml"),
    rules: &[
        Rule::each("A.8.3-D1", channel::can_be_found),
        Rule::one("A.8.3-D2", channel::procedure_stands),
        Rule::each("A.8.3-O1", followed::in_time),
        Rule::each("A.8.3-O2", followed::harm_becomes_an_incident),
        Rule::one_in(180, "A.8.3-O3", channel::was_tried),
        Rule::one_in(365, "A.8.3-O4", channel::is_used),
        Rule::each("A.8.3-P1", followed::handled_by_an_outsider),
        Rule::each("A.8.3-P2", followed::outcomes_are_shown),
        Rule::each("A.8.3-P3", channel::was_tried_by_an_outsider),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};
