//! The single steps of a lineage.

use jiff::civil::Date;
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentLineageRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::supplier::Supplier;

use super::reference::is_fixed;
use crate::check::data_in_use::{approved_assessments, in_use, is_used};
use crate::derived::dataset::digest;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.5-O2
pub(super) fn no_version_newer_than_its_last_step(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["versions"], || {
            let versions = Dataset(dataset.content()).versions();
            let made: Vec<(&str, Date)> = versions.filter_map(|row| Some((row.version()?, row.made_on()?))).collect();
            let changed: Vec<_> = made.into_iter().filter(|(version, on)| window.has(*on) && is_used(dataset, version)).collect();
            if changed.is_empty() {
                return Judgement::Skip("no version in use was made in the window".to_owned());
            }
            let open = changed.into_iter().filter(|(version, on)| last_step(dataset, version).is_none_or(|last| last < *on));
            Judgement::of(open.map(|(_, on)| Lapse::of(dataset).value("date", on)).collect())
        })
    })
}

/// The day of the last lineage step to a version in its assessments, drafts and rejected ones left out.
fn last_step(dataset: Entry<'_>, version: &str) -> Option<Date> {
    let bytes = digest(dataset, version);
    let of_version = |one: &Entry<'_>| {
        let judged = DataAssessment(one.content()).dataset_version().get();
        judged == Some(version) || (judged.is_some() && judged == bytes.as_deref())
    };
    let assessments =
        dataset.incoming(DataAssessment::KIND, "dataset").filter(|one| one.is_any(&["submitted", "approved", "replaced"]));
    let steps = assessments.filter(of_version).flat_map(|one| DataAssessment(one.content()).lineage());
    steps.filter_map(|step| step.at()).map(|at| dataset.view().day(at)).max()
}

/// Judges each step of the lineage in the approved assessments of data in use.
pub(super) fn each_step<'v>(
    view: &'v View,
    wanted: impl Fn(Entry<'v>, &DataAssessmentLineageRow<'v>) -> bool,
    judge: impl Fn(Entry<'v>, Entry<'v>, DataAssessmentLineageRow<'v>) -> Option<Lapse>,
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for dataset in in_use(view) {
        for assessment in approved_assessments(dataset) {
            let judgement = Judgement::needing(assessment, &["lineage"], || {
                let steps: Vec<_> =
                    DataAssessment(assessment.content()).lineage().filter(|step| wanted(assessment, step)).collect();
                match steps.len() {
                    0 => Judgement::Skip("it has no such step".to_owned()),
                    _ => Judgement::of(steps.into_iter().filter_map(|step| judge(dataset, assessment, step)).collect()),
                }
            });
            verdicts.note(assessment, judgement);
        }
    }
    verdicts
}

fn in_window(assessment: Entry<'_>, step: &DataAssessmentLineageRow<'_>) -> bool {
    let view = assessment.view();
    step.at().zip(view.window()).is_some_and(|(at, window)| window.has(view.day(at)))
}

pub(super) fn step_name(assessment: Entry<'_>, step: DataAssessmentLineageRow<'_>) -> String {
    let number = step.step().map_or_else(String::new, |number| format!("step {number} of "));
    format!("{number}{}", assessment.id())
}

/// A.7.5-O3
pub(super) fn hand_overs_are_agreed(view: &View) -> Verdicts {
    each_step(
        view,
        |assessment, step| step.handed_to().is_some() && in_window(assessment, step),
        |dataset, assessment, step| {
            let (receiver, on) = (step.handed_to()?, view.day(step.at()?));
            (!is_agreed(view, receiver, on))
                .then(|| Lapse::of(assessment).value("dataset", dataset.label()).value("receiver", receiver))
        },
    )
}

/// Whether a contract with a supplier of this name or id, or a commitment with such a customer or partner, held on the day.
fn is_agreed(view: &View, receiver: &str, on: Date) -> bool {
    let same = |name: &str| name.trim().eq_ignore_ascii_case(receiver.trim());
    let called = |entry: Entry<'_>| same(&entry.id().to_string()) || entry.text("name").is_some_and(same);
    let holds = |from: Option<Date>, to: Option<Date>| from.is_none_or(|from| from <= on) && to.is_none_or(|to| to >= on);
    let contract = view
        .all(Supplier::KIND)
        .filter(|supplier| called(*supplier))
        .any(|supplier| Supplier(supplier.content()).contracts().any(|row| holds(row.from(), row.to())));
    let commitment = || {
        view.all(CustomerCommitment::KIND).filter(Entry::is_settled).any(|entry| {
            let content = CustomerCommitment(entry.content());
            let with = content.customer().get().is_some_and(same) || entry.linked("party").is_some_and(called);
            with && holds(content.from().get(), content.to().get())
        })
    };
    contract || commitment()
}

/// A.7.5-P3
pub(super) fn code_cannot_move(view: &View) -> Verdicts {
    each_step(view, in_window, |dataset, assessment, step| {
        let reference = step.code_reference();
        let lapse = || {
            Lapse::of(assessment)
                .value("step", step_name(assessment, step))
                .value("dataset", dataset.label())
                .value("reference", reference.unwrap_or("nothing"))
        };
        (!reference.is_some_and(is_fixed)).then(lapse)
    })
}
