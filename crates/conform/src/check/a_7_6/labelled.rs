//! Labels: by which guideline they were given, and whether those who gave them agree.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentLabellingRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::nonconformity::Nonconformity;

use crate::check::assessing::entries;
use crate::check::data_in_use::{
    approved_assessments, approved_in, assessments_of, data_of, first_approved, in_use, procedure_stands,
};
use crate::derived::document::in_force;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How many cases two people label at least.
const DOUBLE: i64 = 30;
/// How long an action may take.
const ACT_DAYS: i64 = 30;

/// A.7.6-D1
pub(super) fn guidelines_stand(view: &View) -> Verdicts {
    let labelled = in_use(view).filter(|dataset| Dataset(dataset.content()).labels().is_filled());
    procedure_stands(view, "defect", "no procedure for data stands, ").and(each(labelled, |dataset| {
        let assessments: Vec<Entry<'_>> = approved_assessments(dataset).collect();
        let guideline = assessments.iter().find_map(|one| {
            let mut rows = DataAssessment(one.content()).labelling();
            rows.find_map(|row| view.get(row.guideline()?.id).filter(|guideline| in_force(*guideline).is_some()))
        });
        match guideline {
            Some(guideline) => Judgement::Shown(vec![dataset.subject(), guideline.subject()]),
            None if assessments.iter().any(|one| one.value("labelling").is_erased()) => {
                Judgement::Undecided("`labelling` was erased".to_owned())
            }
            None => {
                let what = format!("no guideline in force covers the labels of {}", dataset.label());
                Judgement::Fail(Lapse::of(dataset).value("defect", what))
            }
        }
    }))
}

/// Judges the labelling rows of each assessment approved in the window.
fn each_labelled<'v>(view: &'v View, judge: impl Fn(Entry<'v>, DataAssessmentLabellingRow<'v>) -> Option<Lapse>) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["labelling"], || {
            let rows: Vec<_> = DataAssessment(assessment.content()).labelling().collect();
            if rows.is_empty() {
                return Judgement::Skip("nothing was labelled".to_owned());
            }
            Judgement::of(rows.into_iter().filter_map(|row| judge(assessment, row)).collect())
        })
    })
}

/// A.7.6-O2
pub(super) fn labels_agree(view: &View) -> Verdicts {
    each_labelled(view, |assessment, row| {
        let defect = disagreement(row)?;
        let approved = first_approved(assessment)?;
        let due = approved.saturating_add(ACT_DAYS.days());
        let open = due < view.today() && !is_followed(assessment, approved, due);
        open.then(|| Lapse::of(assessment).value("dataset", data_of(assessment)).value("defect", defect))
    })
}

fn disagreement(row: DataAssessmentLabellingRow<'_>) -> Option<String> {
    let wanted = row.n().map_or(DOUBLE, |n| n.min(DOUBLE));
    let double = row.double_labelled_n().unwrap_or(0);
    if double < wanted {
        return Some(format!("{double} cases were labelled by two people, {wanted} are needed"));
    }
    match (row.agreement(), row.minimum()) {
        (Some(agreement), Some(minimum)) if agreement >= minimum => None,
        (Some(agreement), Some(minimum)) => {
            Some(format!("they agree at {}, {} was asked", agreement.normalize(), minimum.normalize()))
        }
        (None, _) => Some("nobody measured how well they agree".to_owned()),
        (_, None) => Some("nobody said how well they must agree".to_owned()),
    }
}

/// Whether a nonconformity named the data or the assessment, or the data was assessed again, in time.
fn is_followed(assessment: Entry<'_>, approved: Date, due: Date) -> bool {
    let Some(dataset) = assessment.linked("dataset") else { return true };
    let mut raised = assessment.incoming(Nonconformity::KIND, "").chain(dataset.incoming(Nonconformity::KIND, ""));
    let again = assessments_of(dataset)
        .any(|one| one.id() != assessment.id() && one.created_on() > approved && one.created_on() <= due && !one.is("draft"));
    again || raised.any(|one| one.created_on() <= due)
}

/// A.7.6-O3
pub(super) fn guideline_came_first(view: &View) -> Verdicts {
    let first = view.first_scope_on();
    each_labelled(view, |assessment, row| {
        let began = labelling_began(assessment);
        if first.is_none_or(|first| began < first) {
            return None;
        }
        let guideline = row.guideline().and_then(|link| view.get(link.id));
        let approved = guideline.and_then(|guideline| entries(guideline, "approved").first().map(|at| view.day(*at)));
        let lapse = || {
            let name = guideline.map_or_else(|| "no guideline".to_owned(), |guideline| guideline.label());
            Lapse::of(assessment).value("dataset", data_of(assessment)).value("guideline", name)
        };
        approved.is_none_or(|on| on > began).then(lapse)
    })
}

/// The day of the first step that labels; where none does the day on which the version was made, else that of the assessment.
fn labelling_began(assessment: Entry<'_>) -> Date {
    let content = DataAssessment(assessment.content());
    let labels = content.lineage().filter(|step| step.operation().is_some_and(|text| text.to_lowercase().contains("label")));
    let stepped = labels.filter_map(|step| step.at()).map(|at| assessment.view().day(at)).min();
    let made = || {
        let dataset = assessment.linked("dataset")?;
        let mut versions = Dataset(dataset.content()).versions();
        versions.find(|row| row.version().is_some() && row.version() == content.dataset_version().get())?.made_on()
    };
    stepped.or_else(made).unwrap_or_else(|| assessment.created_on())
}
