//! 7.5.1 Documented information: general.

mod followed;
mod listed;
mod ran;
mod read;

use crate::check::{Check, Rule};

/// The rules of 7.5.1.
pub(super) const CHECK: Check = Check {
    requirement: "7.5.1",
    texts: include_bytes!("item_7_5_1.yaml"),
    rules: &[
        Rule::each("7.5.1-D1", listed::something_documented_stands_behind_each),
        Rule::each("7.5.1-D2", listed::master_list_is_complete),
        Rule::each("7.5.1-O1", read::reviewed_in_time),
        Rule::each("7.5.1-O2", followed::procedures_leave_records),
        Rule::each("7.5.1-O3", read::texts_elsewhere_are_read_again),
        Rule::each("7.5.1-P1", followed::nothing_rests_on_an_unapproved_revision),
        Rule::each("7.5.1-P2", ran::ran_before_the_audit),
        Rule::each("7.5.1-P3", ran::nothing_is_left_open),
    ],
    not_applicable: None,
};
