//! Who makes assessments, and when.

use jiff::ToSpan;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentOccasion};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::assessing::{approved_in, submissions};
use crate::check::wording::people;
use crate::derived::{ai_system, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after the first scope a system may still be found that was in use without an assessment.
const CATCH_UP_DAYS: i64 = 365;

/// A.5.2-P1
pub(super) fn not_made_by_the_owner_alone(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let handed = view.all(ImpactAssessment::KIND).filter(|one| submissions(*one).iter().any(|(at, _)| year.has(view.day(*at))));
    each(handed, |assessment| {
        Judgement::needing(assessment, &["assessors"], || {
            let Some(system) = assessment.linked("ai_system") else {
                return Judgement::Skip("its system was set aside".to_owned());
            };
            let wide = ai_system::tier(system) < Some(RiskTier::High) || has_other_unit(assessment, system);
            let assessors = ImpactAssessment(assessment.content()).assessors().map(|link| link.id);
            Judgement::when(wide && !impact_assessment::owner_alone(assessment), || {
                Lapse::of(assessment).value("persons", people(view, assessors))
            })
        })
    })
}

/// Whether an assessor belongs to another unit than the owner of the system.
fn has_other_unit(assessment: Entry<'_>, system: Entry<'_>) -> bool {
    let view = assessment.view();
    let owner = AiSystem(system.content()).owner().get().and_then(|link| view.find(link.id));
    let own = owner.and_then(|owner| owner.text("unit"));
    ImpactAssessment(assessment.content())
        .assessors()
        .filter_map(|link| view.find(link.id)?.text("unit"))
        .any(|unit| Some(unit) != own)
}

/// A.5.2-P2
pub(super) fn no_late_catching_up(view: &View) -> Verdicts {
    let (Some(year), Some(first)) = (view.last_days(365), view.first_scope_on()) else { return Verdicts::holds() };
    let last = first.saturating_add(CATCH_UP_DAYS.days());
    each(approved_in(view, year), |assessment| {
        let caught_up = ImpactAssessment(assessment.content()).occasion().is(ImpactAssessmentOccasion::CatchUp);
        let late = impact_assessment::approved_at(assessment).is_some_and(|at| view.day(at) > last);
        Judgement::when(!(caught_up && late), || Lapse::of(assessment))
    })
}
