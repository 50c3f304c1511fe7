//! A.7.5 Data provenance.

mod bytes;
mod reference;
mod sources;
mod steps;
mod traced;

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.7.5.
pub(super) const CHECK: Check = Check {
    requirement: "A.7.5",
    texts: include_bytes!("a_7_5.yaml"),
    rules: &[
        Rule::each("A.7.5-D1", sources::source_is_recorded),
        Rule::each("A.7.5-D2", sources::way_is_recorded),
        Rule::each("A.7.5-O1", traced::trail_leads_to_a_source),
        Rule::each("A.7.5-O2", steps::no_version_newer_than_its_last_step),
        Rule::each("A.7.5-O3", steps::hand_overs_are_agreed),
        Rule::each("A.7.5-P1", bytes::digests_fit),
        Rule::one_in(365, "A.7.5-P2", traced::traced_back_once_a_year),
        Rule::each("A.7.5-P3", steps::code_cannot_move),
    ],
    not_applicable: Some(nobody_develops_provides_or_integrates),
};

/// No AI system in scope has the role developer, provider or integrator.
fn nobody_develops_provides_or_integrates(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator])
}
