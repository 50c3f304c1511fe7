//! 7.4 Communication.

mod backed;
mod ruled;
mod told;

use crate::check::{Check, Rule};

/// The rules of 7.4.
pub(super) const CHECK: Check = Check {
    requirement: "7.4",
    texts: include_bytes!("item_7_4.yaml"),
    rules: &[
        Rule::one("7.4-D1", ruled::rules_say_who_tells_whom),
        Rule::each("7.4-D2", ruled::who_speaks_outside_may),
        Rule::each("7.4-O1", told::what_is_owed_was_told),
        Rule::each("7.4-O2", told::incidents_were_told_in_time),
        Rule::each("7.4-O3", ruled::outside_messages_follow_rules),
        Rule::each("7.4-O4", told::answers_were_heard),
        Rule::each("7.4-P1", backed::approved_before_sending),
        Rule::each("7.4-P2", backed::claims_are_backed),
        Rule::each("7.4-P3", backed::receipt_is_shown),
    ],
    not_applicable: None,
};
