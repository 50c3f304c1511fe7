//! What follows from an assessment.

use jiff::ToSpan;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentDepth, ImpactAssessmentImpactRow, ImpactAssessmentImpactSide,
};
use vouch_record::kind::generated::risk::Risk;

use crate::check::assessing::approved_in;
use crate::derived::impact_assessment;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How much older than an approval the score of a risk may be on which it rests.
const SCORE_DAYS: i64 = 30;
/// From how many assessments of a year on one of them must have changed something.
const ENOUGH: usize = 3;

/// 6.1.4-O3
pub(super) fn harms_are_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["impacts", "measures", "left_because"], || {
            let stale =
                ImpactAssessment(assessment.content()).impacts().filter(|row| is_harm(row) && !has_fresh_risk(assessment, row));
            let mut open: Vec<String> = impact_assessment::unanswered_harms(assessment);
            open.extend(stale.map(|row| row.code().or(row.effect()).unwrap_or_default().to_owned()));
            open.dedup();
            Judgement::of(open.into_iter().map(|impact| Lapse::of(assessment).value("impact", impact)).collect())
        })
    })
}

fn is_harm(row: &ImpactAssessmentImpactRow<'_>) -> bool {
    row.side() == Some(ImpactAssessmentImpactSide::Harm)
}

/// Whether the risk that a row names was scored not long before the approval; a risk that was closed since had been scored too. A row
/// without a risk needs none.
fn has_fresh_risk(assessment: Entry<'_>, row: &ImpactAssessmentImpactRow<'_>) -> bool {
    let view = assessment.view();
    let Some(link) = row.risk() else { return true };
    let approved = impact_assessment::approved_at(assessment).map(|at| view.day(at));
    view.get(link.id).is_some_and(|risk| {
        let on = Risk(risk.content()).assessed_on().get();
        let fresh = on.zip(approved).is_some_and(|(on, approved)| on >= approved.saturating_sub(SCORE_DAYS.days()));
        risk.is_any(&["assessed", "decided", "closed"]) && fresh
    })
}

/// 6.1.4-O4
pub(super) fn something_changed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let deep = approved_in(view, year)
        .filter(|one| ImpactAssessment(one.content()).depth().get() >= Some(ImpactAssessmentDepth::Standard));
    let assessments: Vec<Entry<'_>> = deep.collect();
    let n = assessments.len();
    if n < ENOUGH {
        return Verdicts::holds();
    }
    let conditions = each(assessments.iter().copied(), |assessment| {
        Judgement::needing(assessment, &["conditions"], || {
            let open = open_conditions(assessment).into_iter().map(|condition| {
                Lapse::of(assessment)
                    .value("n", n)
                    .value("defect", format!("{} still has an open condition: {condition}", assessment.label()))
            });
            Judgement::of(open.collect())
        })
    });
    if assessments.iter().any(|assessment| changed_something(*assessment)) {
        return conditions;
    }
    conditions.and(Verdicts::failed(Lapse::of_organisation().value("n", n).value("defect", "none of them changed anything")))
}

fn changed_something(assessment: Entry<'_>) -> bool {
    let content = ImpactAssessment(assessment.content());
    content.changed_because().next().is_some() || content.measures().any(|row| row.met_on().is_some())
}

/// Conditions past due that nobody says are met, each with its day.
fn open_conditions(assessment: Entry<'_>) -> Vec<String> {
    let today = assessment.view().today();
    let late = ImpactAssessment(assessment.content())
        .conditions()
        .filter(|row| row.met_on().is_none() && row.due().is_some_and(|due| due < today));
    late.map(|row| {
        format!("{} (due {})", row.condition().unwrap_or("a condition"), row.due().map_or_else(String::new, |due| due.to_string()))
    })
    .collect()
}
