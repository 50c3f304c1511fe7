//! Whether somebody outside the own team judged the effect on society.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentContributorRow, ImpactAssessmentContributorView as Seat, ImpactAssessmentDepth,
};
use vouch_record::kind::generated::person::{Person, PersonRelation};

use crate::check::assessing::{approved_in, is_assessor};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.5.5-P1
pub(super) fn somebody_from_outside_judged(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let full = approved_in(view, year).filter(|one| ImpactAssessment(one.content()).depth().is(ImpactAssessmentDepth::Full));
    each(full, |assessment| {
        Judgement::needing(assessment, &["contributors", "assessors"], || {
            let rows = ImpactAssessment(assessment.content()).contributors();
            let mut judging = rows.filter(|row| matches!(row.view(), Some(Seat::Environment | Seat::Ethics | Seat::Affected)));
            let found = judging.any(|row| !is_assessor(assessment, row) && is_outside(assessment, row));
            Judgement::when(found, || Lapse::of(assessment))
        })
    })
}

/// Whether a contributor belongs to another unit than the system, or to another organisation, as who is named and no person here does.
fn is_outside(assessment: Entry<'_>, row: ImpactAssessmentContributorRow<'_>) -> bool {
    let Some(link) = row.person() else { return row.name().is_some() };
    let Some(entry) = assessment.view().find(link.id) else { return false };
    let person = Person(entry.content());
    let elsewhere = matches!(
        person.relation().get(),
        Some(PersonRelation::Adviser | PersonRelation::ExternalAuditor | PersonRelation::SupplierStaff)
    );
    let own = assessment.linked("ai_system").and_then(|system| AiSystem(system.content()).unit().get());
    elsewhere || person.unit().get().is_some_and(|unit| Some(unit) != own)
}
