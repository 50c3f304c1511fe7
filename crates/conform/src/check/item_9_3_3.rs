//! 9.3.3 Management review results.

mod carried;
mod decided;
mod looked_at;

use crate::check::{Check, Rule};

/// The rules of 9.3.3.
pub(super) const CHECK: Check = Check {
    requirement: "9.3.3",
    texts: include_bytes!("item_9_3_3.yaml"),
    rules: &[
        Rule::one("9.3.3-D1", decided::a_review_decided_something),
        Rule::each("9.3.3-D2", decided::both_topics_are_decided),
        Rule::each("9.3.3-O1", carried::decisions_are_carried),
        Rule::each("9.3.3-O2", carried::decisions_are_finished),
        Rule::each("9.3.3-O3", carried::open_decisions_come_back),
        Rule::each("9.3.3-P1", looked_at::somebody_else_looked_at_results),
        Rule::each("9.3.3-P2", looked_at::decisions_stand_as_signed),
    ],
    not_applicable: None,
};
