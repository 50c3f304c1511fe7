//! A.7.2 Data for development and enhancement of AI systems.

mod bias;
mod judged;
mod named;
mod proved;

pub(super) use proved::approval_of_another;

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.7.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.7.2",
    texts: include_bytes!("a_7_2.yaml"),
    rules: &[
        Rule::each("A.7.2-D1", named::procedure_stands),
        Rule::each("A.7.2-D2", named::data_is_complete),
        Rule::each("A.7.2-O1", judged::approved_before_it_was_used),
        Rule::each("A.7.2-O2", judged::no_approval_ran_out),
        Rule::each("A.7.2-O3", judged::privacy_was_answered_for),
        Rule::each("A.7.2-O4", bias::bias_is_treated_in_time),
        Rule::each("A.7.2-P1", proved::approved_by_another),
        Rule::each("A.7.2-P2", proved::what_is_used_is_what_was_judged),
        Rule::each("A.7.2-P3", bias::what_was_resolved_stays_away),
    ],
    not_applicable: Some(nobody_develops_provides_or_integrates),
};

/// No AI system in scope has the role developer, provider or integrator.
pub(super) fn nobody_develops_provides_or_integrates(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator])
}
