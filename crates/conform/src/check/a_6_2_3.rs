//! A.6.2.3 Documentation of AI system design and development.

mod decided;
mod record;
mod running;

use vouch_record::kind::generated::shared::Stage;

use crate::check::{Check, Rule};
use crate::derived::ai_system;
use crate::shape::{Judgement, Verdicts, each};
use crate::view::{Entry, View};

/// The rules of A.6.2.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.3",
    texts: include_bytes!("a_6_2_3.yaml"),
    rules: &[
        Rule::each("A.6.2.3-D1", decided::each_topic_is_decided),
        Rule::each("A.6.2.3-D2", decided::models_were_chosen),
        Rule::each("A.6.2.3-O1", record::releases_have_a_design_record),
        Rule::each("A.6.2.3-O2", running::papers_match_what_runs),
        Rule::each("A.6.2.3-O3", decided::requirements_are_answered),
        Rule::each("A.6.2.3-P1", record::approved_by_another),
        Rule::each("A.6.2.3-P2", decided::threats_are_tested),
        Rule::each("A.6.2.3-P3", record::records_can_be_shown),
    ],
    not_applicable: Some(super::a_6_2_4::nobody_makes_or_passes_on),
};

/// Judges every system in scope that is built here and past the design gate.
fn each_designed<'v>(view: &'v View, judge: impl Fn(Entry<'v>) -> Judgement) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages", "acquired"], || {
            if !system.is_built() {
                return Judgement::Skip("not built here".to_owned());
            }
            match ai_system::past_since(system, Stage::DesignDevelopment) {
                Some(_) => judge(system),
                None => Judgement::Skip("not past the design gate".to_owned()),
            }
        })
    })
}
