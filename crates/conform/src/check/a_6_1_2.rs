//! A.6.1.2 Objectives for responsible development of AI systems.

mod carried;
mod linked;
mod shown;
mod weighed;

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.6.1.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.1.2",
    texts: include_bytes!("a_6_1_2.yaml"),
    rules: &[
        Rule::one("A.6.1.2-D1", carried::objectives_are_set),
        Rule::each("A.6.1.2-D2", carried::specifications_carry_them),
        Rule::each("A.6.1.2-O1", carried::releases_were_tested_for_them),
        Rule::each("A.6.1.2-O2", weighed::reviews_weighed_them),
        Rule::each("A.6.1.2-O3", weighed::what_was_missed_together_was_decided),
        Rule::one_in(365, "A.6.1.2-O4", weighed::they_changed_something),
        Rule::each("A.6.1.2-P1", shown::trade_offs_decided_by_others),
        Rule::each("A.6.1.2-P2", shown::limits_not_looser),
    ],
    not_applicable: Some(builds_nothing),
};

fn builds_nothing(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator])
}
