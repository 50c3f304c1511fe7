//! Data in use (`terms.yaml`), what it is used for, and the assessments that judged it.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::shared::DataUse;

use super::assessing::entries;
use crate::derived::dataset::{self, Use, assessment_of, digest};
use crate::shape::{Verdicts, standing_document};
use crate::view::{Entry, View, Window};

/// Data in use: named by a live system, or by a model of which a version is in a running release.
pub(super) fn in_use(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let ids: &Vec<Id> = view.keep(None, "check.data_in_use", || {
        view.all(Dataset::KIND).filter(|dataset| !uses(*dataset).is_empty()).map(|dataset| dataset.id()).collect()
    });
    ids.iter().filter_map(|id| view.get(*id))
}

/// The uses of today.
pub(super) fn uses(dataset: Entry<'_>) -> &[Use] {
    dataset.view().keep(Some(dataset.id()), "check.uses", || dataset::uses(dataset))
}

/// Whether a use of today names this version, or no version at all.
pub(super) fn is_used(dataset: Entry<'_>, version: &str) -> bool {
    uses(dataset).iter().any(|row| row.version.as_deref().is_none_or(|named| same_version(dataset, named, version)))
}

/// Whether two names or digests mean the same version.
pub(super) fn same_version(dataset: Entry<'_>, a: &str, b: &str) -> bool {
    a == b || digest(dataset, a).is_some_and(|bytes| bytes == b || digest(dataset, b).as_deref() == Some(bytes.as_str()))
}

/// The uses of today, each with the approved assessment of that version for that use.
pub(super) fn assessed_uses<'v>(dataset: Entry<'v>) -> impl Iterator<Item = (&'v Use, Option<Entry<'v>>)> {
    uses(dataset).iter().map(move |row| {
        let pair = row.version.as_deref().zip(row.of);
        (row, pair.and_then(|(version, of)| assessment_of(dataset, version, of)))
    })
}

/// The approved assessments that speak for a use of today, each once.
pub(super) fn assessments_in_use(dataset: Entry<'_>) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = assessed_uses(dataset).filter_map(|(_, one)| one).collect();
    found.sort_by_key(Entry::id);
    found.dedup_by_key(|one| one.id());
    found
}

/// The assessments of data, whatever their state.
pub(super) fn assessments_of(dataset: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    dataset.incoming(DataAssessment::KIND, "dataset")
}

/// The assessments of data in state approved.
pub(super) fn approved_assessments(dataset: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    assessments_of(dataset).filter(|one| one.is("approved"))
}

/// The assessments that were approved in a period, also those replaced since.
pub(super) fn approved_in(view: &View, period: Window) -> impl Iterator<Item = Entry<'_>> {
    view.all(DataAssessment::KIND).filter(move |one| was_approved(*one) && one.entered("approved").is_some_and(|on| period.has(on)))
}

/// Whether an assessment was approved, also when another replaced it since.
pub(super) fn was_approved(assessment: Entry<'_>) -> bool {
    assessment.is_any(&["approved", "replaced"])
}

/// The first day on which an assessment was approved.
pub(super) fn first_approved(assessment: Entry<'_>) -> Option<Date> {
    entries(assessment, "approved").first().map(|at| assessment.view().day(*at))
}

/// The first day on which an assessment of this version for this use was approved.
pub(super) fn approved_for(dataset: Entry<'_>, version: Option<&str>, of: Option<DataUse>) -> Option<Date> {
    let speaks = |one: &Entry<'_>| {
        let content = DataAssessment(one.content());
        let judged = content.dataset_version().get().zip(version);
        was_approved(*one)
            && content.use_().get() == of
            && of.is_some()
            && judged.is_some_and(|(judged, version)| same_version(dataset, judged, version))
    };
    assessments_of(dataset).filter(speaks).filter_map(first_approved).min()
}

/// What people call the data that an assessment judges.
pub(super) fn data_of(assessment: Entry<'_>) -> String {
    assessment.linked("dataset").map_or_else(|| "Data that was set aside".to_owned(), |dataset| dataset.label())
}

/// The procedure for data stands; a lapse holds why not, as `name`, behind these words.
pub(super) fn procedure_stands(view: &View, name: &'static str, words: &str) -> Verdicts {
    let documents = view.all(Document::KIND).filter(|entry| entry.text("template") == Some("T-DATA-PROC"));
    let mut procedure = standing_document(documents, name);
    for (_, why) in procedure.failed.iter_mut().flat_map(|lapse| &mut lapse.values) {
        *why = format!("{words}{why}");
    }
    procedure
}
