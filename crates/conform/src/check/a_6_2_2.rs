//! A.6.2.2 AI system requirements and specification.

mod before;
mod missed;
mod rows;

use crate::check::{Check, Rule};

/// The rules of A.6.2.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.2",
    texts: include_bytes!("a_6_2_2.yaml"),
    rules: &[
        Rule::each("A.6.2.2-D1", before::specified_before_it_was_built),
        Rule::each("A.6.2.2-D2", rows::each_category_is_met),
        Rule::each("A.6.2.2-D3", rows::requirements_can_be_tested),
        Rule::each("A.6.2.2-O1", rows::requirements_are_tested),
        Rule::each("A.6.2.2-O2", before::changes_look_at_requirements),
        Rule::each("A.6.2.2-O3", before::reconsidered_in_time),
        Rule::each("A.6.2.2-O4", missed::goals_that_are_missed_lead_somewhere),
        Rule::each("A.6.2.2-P1", before::approved_by_another),
        Rule::each("A.6.2.2-P2", before::approved_before_tests),
    ],
    not_applicable: Some(super::a_6_2_4::nobody_makes_or_passes_on),
};
