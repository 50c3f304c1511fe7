//! 8.3 AI risk treatment, carried out.

mod carried;
mod planned;
mod proven;

use crate::check::{Check, Rule};

/// The rules of 8.3.
pub(super) const CHECK: Check = Check {
    requirement: "8.3",
    texts: include_bytes!("item_8_3.yaml"),
    rules: &[
        Rule::each("8.3-D1", planned::risks_above_the_limit_answered),
        Rule::each("8.3-D2", planned::plans_say_what_is_to_be_shown),
        Rule::each("8.3-O1", carried::no_treatment_is_late),
        Rule::each("8.3-O2", carried::effects_were_judged),
        Rule::each("8.3-O3", carried::what_did_not_work_went_on),
        Rule::each("8.3-O4", carried::running_treatments_looked_at),
        Rule::each("8.3-O5", carried::effects_last),
        Rule::each("8.3-P1", proven::judged_by_the_judge),
        Rule::each("8.3-P2", proven::acceptances_hold),
        Rule::each("8.3-P3", proven::scores_follow),
    ],
    not_applicable: None,
};
