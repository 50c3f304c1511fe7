//! A.5.3 Documentation of AI system impact assessments.

mod claimed;
mod kept;
mod passed_on;
mod signed;

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::time::after;

use super::assessing::systems_of;
use crate::check::{Check, InForce, Rule};
use crate::derived::{ai_system, impact_assessment};
use crate::view::{Entry, View};

/// The procedure for impact assessments, for which 6.1.4-D1 asks.
const PROCEDURE: InForce = InForce::Procedure { template: TEMPLATE, item: "6.1.4" };
/// Its template.
const TEMPLATE: &str = "T-AIIA-PROC";

/// The rules of A.5.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.5.3",
    texts: include_bytes!("a_5_3.yaml"),
    rules: &[
        Rule::each("A.5.3-D1", kept::kept_long_enough).speaks_of(&[PROCEDURE]),
        Rule::each("A.5.3-D2", kept::nothing_is_missing),
        Rule::each("A.5.3-O1", kept::earlier_ones_can_be_shown),
        Rule::each("A.5.3-O2", signed::changes_are_signed),
        Rule::each("A.5.3-O3", passed_on::results_are_passed_on),
        Rule::each("A.5.3-P1", signed::latest_are_bound_and_signed),
        Rule::each("A.5.3-P2", claimed::claims_are_shown),
        Rule::each("A.5.3-P3", passed_on::consultations_are_shown),
    ],
    not_applicable: None,
};

/// Every assessment that was ever approved, of a system that is in scope or ended less than its `keep_for` ago.
fn ever_approved(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(ImpactAssessment::KIND).filter(|one| is_kept(*one))
}

/// Whether an assessment was ever approved and its time to be kept has not passed.
fn is_kept(assessment: Entry<'_>) -> bool {
    let keep = ImpactAssessment(assessment.content()).keep_for().get();
    let still = |on: Date| keep.as_ref().is_none_or(|keep| after(on, keep) >= assessment.view().today());
    impact_assessment::approved_at(assessment).is_some()
        && systems_of(assessment).any(|system| ai_system::in_scope(system) || ended_on(system).is_some_and(still))
}

/// The first day on which a system was retired.
fn ended_on(system: Entry<'_>) -> Option<Date> {
    let retired = AiSystem(system.content()).stages().filter(|row| row.stage() == Some(Stage::Retired));
    retired.filter_map(|row| row.entered_on()).filter(|on| *on <= system.view().today()).min()
}
