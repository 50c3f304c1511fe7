//! A.6.1.3 Processes for responsible AI system design and development.

mod chaired;
mod entered;
mod passed;
mod settled;

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.6.1.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.1.3",
    texts: include_bytes!("a_6_1_3.yaml"),
    rules: &[
        Rule::one("A.6.1.3-D1", settled::procedure_stands),
        Rule::each("A.6.1.3-D2", settled::oversight_is_settled),
        Rule::each("A.6.1.3-O1", entered::stages_entered_by_review),
        Rule::each("A.6.1.3-O2", entered::gates_in_order),
        Rule::each("A.6.1.3-O3", passed::needs_let_pass_with_permission),
        Rule::each("A.6.1.3-O4", passed::conditions_met),
        Rule::each("A.6.1.3-O5", entered::going_on_was_decided),
        Rule::each("A.6.1.3-P1", chaired::chaired_by_others),
        Rule::each("A.6.1.3-P2", chaired::items_were_approved),
        Rule::each("A.6.1.3-P3", passed::gates_hold),
    ],
    not_applicable: Some(builds_nothing),
};

fn builds_nothing(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator])
}
