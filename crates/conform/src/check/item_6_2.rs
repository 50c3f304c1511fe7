//! 6.2 AI objectives and planning to achieve them.

pub(super) mod followed;
mod held;
mod set;

use crate::check::{Check, InForce, Rule};

/// The rules of 6.2.
pub(super) const CHECK: Check = Check {
    requirement: "6.2",
    texts: include_bytes!("item_6_2.yaml"),
    rules: &[
        Rule::one("6.2-D1", set::objectives_of_each_type).speaks_of(&[InForce::Scope]),
        Rule::each("6.2-D2", set::objectives_can_be_judged),
        Rule::each("6.2-D3", set::objectives_have_a_plan),
        Rule::each("6.2-O1", followed::measured_without_a_hole),
        Rule::each("6.2-O2", followed::off_track_is_answered),
        Rule::each("6.2-O3", followed::told_and_accepted),
        Rule::each("6.2-O4", followed::looked_at),
        Rule::each("6.2-P1", held::decided_and_judged_by_others),
        Rule::each("6.2-P2", held::goals_not_moved),
        Rule::each("6.2-P3", held::values_rest_on_more_than_a_word),
    ],
    not_applicable: None,
};
