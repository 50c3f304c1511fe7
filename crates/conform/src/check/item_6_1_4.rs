//! 6.1.4 AI system impact assessment.

mod follow;
mod made;
mod process;
mod signed;
mod used;

use crate::check::{Check, Rule};

pub(super) use signed::signed_independently;
pub(super) use used::turning_points;

/// The rules of 6.1.4.
pub(super) const CHECK: Check = Check {
    requirement: "6.1.4",
    texts: include_bytes!("item_6_1_4.yaml"),
    rules: &[
        Rule::one("6.1.4-D1", process::procedure_stands),
        Rule::one("6.1.4-D2", process::one_follows_the_procedure),
        Rule::each("6.1.4-D3", process::somebody_may_sign),
        Rule::each("6.1.4-O1", used::assessed_on_every_day),
        Rule::each("6.1.4-O2", used::stopped_when_told),
        Rule::each("6.1.4-O3", follow::harms_are_answered),
        Rule::each("6.1.4-O4", follow::something_changed),
        Rule::each("6.1.4-P1", signed::signed_with_power),
        Rule::each("6.1.4-P2", made::facts_were_fresh),
        Rule::each("6.1.4-P3", made::made_by_the_competent),
    ],
    not_applicable: None,
};
