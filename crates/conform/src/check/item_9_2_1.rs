//! 9.2.1 Internal audit: general.

mod evidence;
mod held;
mod repeated;
mod taken_up;

use crate::check::{Check, InForce, Rule};

/// The rules of 9.2.1.
pub(super) const CHECK: Check = Check {
    requirement: "9.2.1",
    texts: include_bytes!("item_9_2_1.yaml"),
    rules: &[
        Rule::one("9.2.1-D1", held::every_clause_was_audited),
        Rule::each("9.2.1-D2", held::every_group_was_sampled),
        Rule::one_in(held::LONGEST, "9.2.1-O1", held::audits_follow_each_other),
        Rule::each("9.2.1-O2", taken_up::findings_became_nonconformities),
        Rule::each("9.2.1-O3", evidence::results_rest_on_records),
        Rule::each("9.2.1-O4", evidence::what_was_not_reached_is_planned).speaks_of(&[InForce::AuditProgramme]),
        Rule::each("9.2.1-P1", evidence::nobody_audited_own_work),
        Rule::each("9.2.1-P2", taken_up::findings_are_verified),
        Rule::each("9.2.1-P3", repeated::what_came_back_is_named),
    ],
    not_applicable: None,
};
