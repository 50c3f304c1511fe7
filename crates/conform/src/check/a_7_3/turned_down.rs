//! Data that was found unfit: whether that ever happens, is explained, and holds.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentFit};
use vouch_record::kind::generated::model::Model;

use crate::check::data_in_use::{approved_for, data_of, same_version, was_approved};
use crate::check::written::row_written;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How many sources make a look at the check worth while.
const MANY: usize = 5;

/// A.7.3-O4
pub(super) fn the_check_can_say_no(view: &View) -> Verdicts {
    let Some(period) = view.back(&24.months()) else { return Verdicts::holds() };
    let judged = |one: &Entry<'_>| {
        let on = if one.is("rejected") { one.entered("rejected") } else { one.entered("approved").filter(|_| was_approved(*one)) };
        on.is_some_and(|on| period.has(on))
    };
    let judged: Vec<Entry<'_>> = view.all(DataAssessment::KIND).filter(judged).collect();
    let sources: BTreeSet<_> = judged.iter().filter_map(|one| one.linked("dataset")).map(|dataset| dataset.id()).collect();
    let said_no = |one: &&Entry<'_>| {
        let fit = DataAssessment(one.content()).fit().get();
        one.is("rejected") || matches!(fit, Some(DataAssessmentFit::WithLimits | DataAssessmentFit::Unfit))
    };
    let no: Vec<_> = judged.iter().filter(said_no).map(Entry::subject).collect();
    if !no.is_empty() {
        return Verdicts { passed: no, ..Verdicts::default() };
    }
    if sources.len() < MANY {
        return Verdicts { passed: judged.iter().map(Entry::subject).collect(), ..Verdicts::default() };
    }
    Verdicts::failed(Lapse::of_organisation().value("n", sources.len()))
}

/// A.7.3-P2
pub(super) fn unfit_data_stays_out(view: &View) -> Verdicts {
    each(view.all(DataAssessment::KIND).filter(|one| one.is("rejected")), |assessment| {
        Judgement::needing(assessment, &["dataset_version", "use"], || {
            let Some(rejected) = assessment.entry_into("rejected") else { return Judgement::Skip("never rejected".to_owned()) };
            let on = view.day(rejected.time);
            let reason = rejected.body.get("reason").and_then(vouch_record::Value::as_text).unwrap_or_default();
            let mut defects: Vec<String> = Vec::new();
            if reason.trim().is_empty() {
                defects.push("was turned down without a reason".to_owned());
            }
            defects.extend(used_after(assessment, on).into_iter().map(|user| format!("was used in {}", user.label())));
            let lapse = |defect: String| {
                Lapse::of(assessment).value("dataset", data_of(assessment)).value("date", on).value("defect", defect)
            };
            Judgement::of(defects.into_iter().map(lapse).collect())
        })
    })
}

/// The models and assessments that took the version up for the same use after it was rejected.
fn used_after<'v>(assessment: Entry<'v>, rejected: Date) -> Vec<Entry<'v>> {
    let content = DataAssessment(assessment.content());
    let (Some(dataset), Some(version), of) = (assessment.linked("dataset"), content.dataset_version().get(), content.use_().get())
    else {
        return Vec::new();
    };
    if approved_for(dataset, Some(version), of).is_some_and(|on| on >= rejected) {
        return Vec::new();
    }
    let view = assessment.view();
    let is_it = |name: Option<&str>| name.is_some_and(|name| same_version(dataset, name, version));
    let models = dataset.incoming(Model::KIND, "datasets").filter(|model| {
        let content = Model(model.content());
        let made_after = content.versions().any(|one| one.made_on().is_some_and(|on| on > rejected));
        let names = |row: vouch_record::kind::generated::model::ModelDatasetRow<'v>| {
            let written = row_written(*model, "datasets", row.0).is_some_and(|leaf| view.day(leaf.time) > rejected);
            row.dataset().is_some_and(|link| link.id == dataset.id())
                && is_it(row.version())
                && row.use_() == of
                && (written || made_after)
        };
        content.datasets().any(names)
    });
    let steps = dataset.incoming(DataAssessment::KIND, "lineage").filter(|one| {
        let content = DataAssessment(one.content());
        let takes = content.lineage().any(|step| {
            step.from_dataset().is_some_and(|link| link.id == dataset.id())
                && is_it(step.from_version())
                && step.at().is_some_and(|at| view.day(at) > rejected)
        });
        !one.is_any(&["draft", "rejected"]) && content.use_().get() == of && takes
    });
    models.chain(steps).collect()
}
