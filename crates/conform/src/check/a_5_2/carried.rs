//! Conditions of use that reach the plans.

use jiff::ToSpan;
use vouch_record::Link;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConclusion, ImpactAssessmentConditionRow,
};
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::specification::Specification;
use vouch_record::kind::generated::user_information::UserInformation;

use crate::check::assessing::{approved_in, submissions, systems_of};
use crate::derived::impact_assessment;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a condition without a day of its own may take to reach a plan.
const CARRY_DAYS: i64 = 30;
/// Kinds that carry conditions of use into work.
const PLANS: [&str; 5] = [OversightPlan::KIND, MonitoringPlan::KIND, UserInformation::KIND, Specification::KIND, Release::KIND];

/// A.5.2-O4
pub(super) fn conditions_are_carried(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let conditional = approved_in(view, window)
        .filter(|one| ImpactAssessment(one.content()).conclusion().is(ImpactAssessmentConclusion::GoWithConditions));
    each(conditional, |assessment| {
        Judgement::needing(assessment, &["conditions", "changed_because"], || {
            let content = ImpactAssessment(assessment.content());
            let mut carried =
                content.changed_because().filter(|row| row.record().is_some_and(|link| carries(assessment, link))).count();
            let mut open: Vec<&str> = Vec::new();
            let mut waiting = false;
            for row in content.conditions().filter(|row| !row.met_by().any(|link| carries(assessment, link))) {
                if carried > 0 {
                    carried -= 1;
                } else if is_due(assessment, row) {
                    open.push(row.condition().unwrap_or("a condition"));
                } else {
                    waiting = true;
                }
            }
            if open.is_empty() && waiting {
                return Judgement::Skip("its conditions are not due".to_owned());
            }
            Judgement::of(open.into_iter().map(|condition| Lapse::of(assessment).value("condition", condition)).collect())
        })
    })
}

/// Whether a record is a plan of one of the systems with a revision made since the assessment was handed in.
fn carries(assessment: Entry<'_>, link: Link) -> bool {
    let since = submissions(assessment).first().map_or(assessment.created_at(), |(at, _)| *at);
    assessment.view().get(link.id).is_some_and(|plan| {
        let of_system = systems_of(assessment).any(|system| plan.names(system.id(), ""));
        PLANS.contains(&plan.kind().name.as_str()) && of_system && plan.revisions().any(|leaf| leaf.time >= since)
    })
}

/// Whether the day of a condition has passed, or a month since the approval where it has none.
fn is_due(assessment: Entry<'_>, row: ImpactAssessmentConditionRow<'_>) -> bool {
    let view = assessment.view();
    let approved = || impact_assessment::approved_at(assessment).map(|at| view.day(at).saturating_add(CARRY_DAYS.days()));
    row.due().or_else(approved).is_none_or(|due| due < view.today())
}
