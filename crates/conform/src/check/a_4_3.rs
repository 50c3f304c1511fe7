//! A.4.3 Data resources.

mod assessed;
mod kept;
mod named;
mod proved;
mod reported;

use vouch_record::kind::generated::shared::Stage;

use crate::check::{Check, Rule};
use crate::derived::ai_system;
use crate::view::View;

/// The rules of A.4.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.4.3",
    texts: include_bytes!("a_4_3.yaml"),
    rules: &[
        Rule::each("A.4.3-D1", named::data_is_registered),
        Rule::each("A.4.3-D2", named::rows_for_each_use),
        Rule::each("A.4.3-D3", named::unknown_data_is_a_risk),
        Rule::each("A.4.3-O1", reported::what_ran_is_what_is_named),
        Rule::each("A.4.3-O2", assessed::nothing_used_unassessed),
        Rule::each("A.4.3-O3", kept::nothing_kept_beyond_its_right),
        Rule::each("A.4.3-O4", assessed::looked_at_in_time),
        Rule::each("A.4.3-P1", proved::registered_by_a_data_owner),
        Rule::each("A.4.3-P2", proved::digests_prove_the_bytes),
        Rule::each("A.4.3-P3", proved::tested_with_unseen_data),
    ],
    not_applicable: Some(nothing_past_concept),
};

/// No AI system in scope has entered a stage after concept; then none was live either.
fn nothing_past_concept(view: &View) -> bool {
    view.systems().all(|system| ai_system::past_since(system, Stage::Concept).is_none() && !system.value("stages").is_erased())
}
