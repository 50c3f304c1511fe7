//! 7.1 Resources.

mod money;
mod promised;
mod time;

use crate::check::{Check, Rule};

/// The rules of 7.1.
pub(super) const CHECK: Check = Check {
    requirement: "7.1",
    texts: include_bytes!("item_7_1.yaml"),
    rules: &[
        Rule::one("7.1-D1", money::a_budget_is_decided),
        Rule::each("7.1-D2", time::roles_have_time),
        Rule::each("7.1-O1", time::roles_were_held),
        Rule::each("7.1-O2", promised::promises_were_kept),
        Rule::each("7.1-O3", promised::duties_are_done),
        Rule::each("7.1-O4", promised::refusals_were_weighed),
        Rule::each("7.1-O5", time::nobody_holds_too_much),
        Rule::each("7.1-P1", money::management_decided),
        Rule::each("7.1-P2", money::means_reached_the_work),
        Rule::each("7.1-P3", promised::reviews_saw_figures),
    ],
    not_applicable: None,
};
