//! 6.1.1 Actions to address risks and opportunities: general.

mod acted;
mod criteria;
mod looked;
mod shown;

use crate::check::{Check, InForce, Rule};

const METHOD: &[InForce] = &[InForce::RiskMethod];

/// The rules of 6.1.1.
pub(super) const CHECK: Check = Check {
    requirement: "6.1.1",
    texts: include_bytes!("item_6_1_1.yaml"),
    rules: &[
        Rule::one("6.1.1-D1", criteria::method_says_what_is_acceptable),
        Rule::one("6.1.1-D2", criteria::register_looks_at_the_management_system),
        Rule::each("6.1.1-D3", criteria::relevant_issues_lead_somewhere),
        Rule::each("6.1.1-O1", looked::decided_risks_looked_at).speaks_of(METHOD),
        Rule::each("6.1.1-O2", acted::treatments_kept_their_day),
        Rule::each("6.1.1-O3", looked::events_led_to_a_look),
        Rule::each("6.1.1-O4", acted::kept_above_the_limit_only_when_accepted),
        Rule::each("6.1.1-P1", shown::decided_by_an_owner_who_did_not_write),
        Rule::each("6.1.1-P2", acted::effects_judged_on_later_records),
        Rule::each("6.1.1-P3", shown::register_not_written_for_the_audit),
    ],
    not_applicable: None,
};
