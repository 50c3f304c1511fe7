//! 8.4 AI system impact assessment in operation.

mod again;
mod before;
mod effect;

use crate::check::{Check, Rule};

/// The rules of 8.4.
pub(super) const CHECK: Check = Check {
    requirement: "8.4",
    texts: include_bytes!("item_8_4.yaml"),
    rules: &[
        Rule::one("8.4-D1", before::procedure_stands),
        Rule::each("8.4-D2", before::used_systems_assessed),
        Rule::each("8.4-O1", before::approved_before_first_use),
        Rule::each("8.4-O2", before::changes_looked_at_before_use),
        Rule::each("8.4-O3", again::looked_at_again),
        Rule::each("8.4-O4", again::demands_met),
        Rule::each("8.4-P1", super::item_6_1_4::signed_independently),
        Rule::each("8.4-P2", effect::measures_checked),
        Rule::each("8.4-P3", effect::learned_from_incidents),
    ],
    not_applicable: None,
};
