//! A.9.2 Processes for responsible use of AI systems.

mod look;
mod request;
mod rules;
mod traffic;

pub(super) use request::{first_approved, first_used};

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, InForce, Rule};
use crate::view::View;

const RULES_FOR_USE: &[InForce] = &[InForce::Procedure { template: "T-AUP", item: "A.9.2" }];

/// The rules of A.9.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.9.2",
    texts: include_bytes!("a_9_2.yaml"),
    rules: &[
        Rule::one("A.9.2-D1", rules::rules_for_use_stand),
        Rule::each("A.9.2-D2", rules::rules_are_confirmed).speaks_of(RULES_FOR_USE),
        Rule::each("A.9.2-D3", rules::adopted_systems_are_overseen),
        Rule::each("A.9.2-O1", request::approved_before_first_use),
        Rule::each("A.9.2-O2", request::nothing_used_undecided),
        Rule::each("A.9.2-O3", traffic::conditions_are_kept),
        Rule::each("A.9.2-O4", request::decided_within_thirty_days),
        Rule::one_in(120, "A.9.2-O5", look::somebody_looked),
        Rule::each("A.9.2-P1", request::approved_by_an_other_person),
        Rule::each("A.9.2-P2", traffic::use_is_what_was_approved),
        Rule::each("A.9.2-P3", look::cost_is_watched),
    ],
    not_applicable: Some(nobody_provides_or_uses),
};

/// No AI system in scope has the role provider or user.
fn nobody_provides_or_uses(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Provider, AiRole::User])
}
