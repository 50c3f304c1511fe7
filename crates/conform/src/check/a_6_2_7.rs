//! A.6.2.7 AI system technical documentation.

mod delivered;
mod texts;

use crate::check::{Check, Rule};

/// The rules of A.6.2.7.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.7",
    texts: include_bytes!("a_6_2_7.yaml"),
    rules: &[
        Rule::each("A.6.2.7-D1", texts::each_audience_has_one),
        Rule::each("A.6.2.7-D2", texts::topics_are_covered),
        Rule::each("A.6.2.7-O1", texts::running_version_is_described),
        Rule::each("A.6.2.7-O2", texts::looked_at_each_year),
        Rule::each("A.6.2.7-O3", delivered::recipients_have_it),
        Rule::each("A.6.2.7-P1", texts::limits_are_told),
        Rule::each("A.6.2.7-P2", texts::approved_by_another),
        Rule::each("A.6.2.7-P3", delivered::receipts_are_kept),
    ],
    not_applicable: Some(super::a_6_2_4::nobody_makes_or_passes_on),
};
