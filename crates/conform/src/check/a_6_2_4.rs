//! A.6.2.4 Verification and validation of AI systems.

mod data;
mod decided;
mod judged;
mod planned;

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.6.2.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.4",
    texts: include_bytes!("a_6_2_4.yaml"),
    rules: &[
        Rule::each("A.6.2.4-D1", planned::planned_before_it_ran),
        Rule::each("A.6.2.4-D2", planned::groups_are_looked_at),
        Rule::each("A.6.2.4-O1", decided::models_were_tested),
        Rule::each("A.6.2.4-O2", decided::blocking_criteria_are_met),
        Rule::each("A.6.2.4-O3", decided::tests_speak_for_what_runs),
        Rule::each("A.6.2.4-O4", data::overlap_was_looked_for),
        Rule::each("A.6.2.4-O5", data::test_data_were_judged),
        Rule::each("A.6.2.4-P1", judged::reviewed_by_an_independent_person),
        Rule::each("A.6.2.4-P2", judged::criteria_were_fixed_before),
        Rule::each("A.6.2.4-P3", judged::results_rest_on_something),
    ],
    not_applicable: Some(nobody_makes_or_passes_on),
};

/// No AI system in scope has the role developer, provider or integrator.
pub(super) fn nobody_makes_or_passes_on(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator])
}
