//! Who prepared data.

use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;

use super::named_in::names;
use super::written::row_written;
use crate::view::Entry;

/// Whether a person made a step on the way to the judged version: named in `by` or, where that is empty, who wrote the step.
pub(super) fn prepared(assessment: Entry<'_>, person: Id) -> bool {
    let view = assessment.view();
    let mut steps = DataAssessment(assessment.content()).lineage();
    steps.any(|step| match step.by() {
        Some(by) => view.find(person).is_some_and(|entry| names(by, entry)),
        None => row_written(assessment, "lineage", step.0).and_then(|leaf| leaf.actor.person()) == Some(person),
    })
}
