//! Whether the digests of steps prove the bytes they led to.

use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentLineageRow};
use vouch_record::kind::generated::dataset::Dataset;

use super::steps::{each_step, step_name};
use crate::check::written::row_written;
use crate::derived::dataset::digest;
use crate::shape::{Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.7.5-P1
pub(super) fn digests_fit(view: &View) -> Verdicts {
    each_step(
        view,
        |_, _| true,
        |dataset, assessment, step| {
            let (version, defect) = misfit(dataset, assessment, step)?;
            Some(Lapse::of(assessment).value("step", step_name(assessment, step)).value("version", version).value("defect", defect))
        },
    )
}

/// The version that a step led to, and why the digest of the step does not prove it.
fn misfit(dataset: Entry<'_>, assessment: Entry<'_>, step: DataAssessmentLineageRow<'_>) -> Option<(String, &'static str)> {
    let led_to = led_to(dataset, assessment, step);
    let shown = led_to.first().map_or_else(|| dataset.label(), |(of, version)| format!("{version} of {}", of.label()));
    let Some(output) = step.output_digest() else { return Some((shown, "it has none")) };
    let Some((of, version)) = led_to.into_iter().find(|(of, version)| digest(*of, version).as_deref() == Some(output)) else {
        return Some((shown, "it is the digest of other bytes"));
    };
    let mut rows = Dataset(of.content()).versions().filter(|row| row.digest() == Some(output));
    let entered = rows.next().and_then(|row| row_written(of, "versions", row.0)).and_then(|leaf| leaf.actor.person());
    let stepped = row_written(assessment, "lineage", step.0).and_then(|leaf| leaf.actor.person());
    (entered.is_some() && entered == stepped).then(|| (format!("{version} of {}", of.label()), "the same person entered both"))
}

/// What later steps start from, and the version that was judged.
fn led_to<'v>(dataset: Entry<'v>, assessment: Entry<'v>, step: DataAssessmentLineageRow<'v>) -> Vec<(Entry<'v>, &'v str)> {
    let content = DataAssessment(assessment.content());
    let find = |id: Id| assessment.view().get(id);
    let later = content
        .lineage()
        .filter(|row| row.step() > step.step())
        .filter_map(|row| Some((find(row.from_dataset()?.id)?, row.from_version()?)));
    later.chain(content.dataset_version().get().map(|version| (dataset, version))).collect()
}
