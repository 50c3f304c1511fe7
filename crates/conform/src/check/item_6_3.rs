//! 6.3 Planning of changes of the management system.

mod followed;
mod planned;
mod shown;

use crate::check::{Check, Rule};

/// The rules of 6.3.
pub(super) const CHECK: Check = Check {
    requirement: "6.3",
    texts: include_bytes!("item_6_3.yaml"),
    rules: &[
        Rule::one("6.3-D1", planned::procedure_stands),
        Rule::each("6.3-D2", planned::changes_are_thought_through),
        Rule::each("6.3-O1", planned::new_versions_were_planned),
        Rule::each("6.3-O2", followed::decided_before_the_fact),
        Rule::each("6.3-O3", followed::records_followed),
        Rule::each("6.3-O4", followed::decisions_led_to_changes),
        Rule::each("6.3-P1", shown::decided_and_judged_by_others),
        Rule::each("6.3-P2", shown::effects_looked_at),
        Rule::each("6.3-P3", shown::most_were_planned),
    ],
    not_applicable: None,
};
