//! 7.5.2 Creating and updating documented information.

mod approved;
mod changed;
mod named;
mod own_work;

use crate::check::{Check, Rule};

/// The rules of 7.5.2.
pub(super) const CHECK: Check = Check {
    requirement: "7.5.2",
    texts: include_bytes!("item_7_5_2.yaml"),
    rules: &[
        Rule::each("7.5.2-D1", named::rules_say_who_approves),
        Rule::each("7.5.2-D2", named::documents_are_identified),
        Rule::each("7.5.2-O1", approved::approved_before_in_force),
        Rule::each("7.5.2-O2", changed::revisions_say_what_changed),
        Rule::each("7.5.2-O3", changed::translations_follow),
        Rule::each("7.5.2-P1", own_work::approved_by_another),
        Rule::each("7.5.2-P2", own_work::approvals_took_time),
        Rule::each("7.5.2-P3", approved::taken_over_approvals_are_shown),
    ],
    not_applicable: None,
};
