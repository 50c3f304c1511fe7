//! Whether people affected were heard, and somebody spoke for them.

use jiff::ToSpan;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConsultationHow as How, ImpactAssessmentContributorView as Seat, ImpactAssessmentDepth,
    ImpactAssessmentGroupRow, ImpactAssessmentGroupVulnerable,
};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::assessing::{approved_in, deep_in_force, is_assessor, tier_of};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How old a talk with a group may be.
const HEARD_DAYS: i64 = 730;

/// A.5.4-O2
pub(super) fn the_vulnerable_are_heard(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        if tier_of(assessment) < Some(RiskTier::High) {
            return Judgement::Skip("tier below high".to_owned());
        }
        Judgement::needing(assessment, &["groups", "consultations", "not_consulted_because"], || {
            let content = ImpactAssessment(assessment.content());
            let weak = content.groups().filter(|row| row.vulnerable() == Some(ImpactAssessmentGroupVulnerable::Yes));
            let mut weak = weak.peekable();
            if weak.peek().is_none() {
                return Judgement::Skip("it names nobody who cannot easily defend themselves".to_owned());
            }
            if content.not_consulted_because().is_filled() {
                return Judgement::Pass;
            }
            let unheard = weak.filter(|row| !is_heard(assessment, *row));
            let called = |row: ImpactAssessmentGroupRow<'_>| row.group().or(row.code()).unwrap_or("a group").to_owned();
            Judgement::of(unheard.map(|row| Lapse::of(assessment).value("group", called(row))).collect())
        })
    })
}

fn is_heard(assessment: Entry<'_>, group: ImpactAssessmentGroupRow<'_>) -> bool {
    let since = assessment.view().today().saturating_sub(HEARD_DAYS.days());
    let mut asked =
        ImpactAssessment(assessment.content()).consultations().filter(|row| row.how().is_some_and(|how| how != How::None));
    asked.any(|row| {
        let names = row.group().is_some_and(|named| Some(named) == group.code() || Some(named) == group.group());
        names && row.on().is_some_and(|on| on >= since && on <= assessment.view().today())
    })
}

/// A.5.4-P1
pub(super) fn somebody_spoke_for_them(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let full = approved_in(view, year).filter(|one| ImpactAssessment(one.content()).depth().is(ImpactAssessmentDepth::Full));
    each(full, |assessment| {
        Judgement::needing(assessment, &["contributors", "assessors"], || {
            let rows = ImpactAssessment(assessment.content()).contributors();
            let mut speaking = rows.filter(|row| matches!(row.view(), Some(Seat::Affected | Seat::HumanFactors)));
            Judgement::when(speaking.any(|row| !is_assessor(assessment, row)), || Lapse::of(assessment))
        })
    })
}
