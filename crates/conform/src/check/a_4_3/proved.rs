//! Who registered data, which bytes were used, and whether a system was tested with what it learned from.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::shared::DataUse;

use crate::check::data_row::{DataRow, by_dataset, of_system};
use crate::check::wording::called;
use crate::check::written::by_machine;
use crate::derived::dataset::{assessment_of, digest};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// A.4.3-P1
pub(super) fn registered_by_a_data_owner(view: &View) -> Verdicts {
    each(by_dataset(view, |row| row.is_current()).into_iter().map(|(dataset, _)| dataset), |dataset| {
        Judgement::needing(dataset, &["owner"], || {
            let Some(registered) = dataset.entry_into("registered") else { return Judgement::Skip("never registered".to_owned()) };
            let causes: Vec<Id> = registered.causes().collect();
            let given: Vec<Given<'_>> = dataset.given().into_iter().filter(|given| causes.contains(&given.entry.id())).collect();
            let fit =
                given.iter().find(|given| given.approval.purpose().is(ApprovalPurpose::Approve) && unfit(dataset, given).is_none());
            match (fit, given.last()) {
                (Some(given), _) => Judgement::Shown(vec![dataset.subject(), given.entry.subject()]),
                (None, Some(last)) => {
                    let why = unfit(dataset, last).unwrap_or("gave no approval for it");
                    Judgement::Fail(Lapse::of(dataset).value("person", called(view, last.by())).value("defect", why))
                }
                (None, None) => Judgement::Fail(
                    Lapse::of(dataset).value("person", "nobody").value("defect", "gave an approval that still stands"),
                ),
            }
        })
    })
}

/// Why an approval does not register data as it should.
fn unfit(dataset: Entry<'_>, given: &Given<'_>) -> Option<&'static str> {
    let by = given.by()?;
    let owner = Dataset(dataset.content()).owner().get().map(|link| link.id);
    let entered = dataset.revisions().find(|leaf| leaf.revision == given.revision()).and_then(|leaf| leaf.actor.person());
    if entered == Some(by) {
        Some("entered it")
    } else if Some(by) != owner && !dataset.view().on(given.on()).holders("data_owner").contains(&by) {
        Some("is neither its owner nor another data owner")
    } else if given.overrides().is_some() {
        Some("did so with an override")
    } else if !given.counts_as_proof() {
        Some("did so elsewhere, and no reviewed proof shows it")
    } else {
        None
    }
}

/// A.4.3-P2
pub(super) fn digests_prove_the_bytes(view: &View) -> Verdicts {
    let of_model = |row: &DataRow<'_>| row.model.is_some() && row.is_for(&[DataUse::Training, DataUse::Tuning, DataUse::Test]);
    let mut verdicts = Verdicts::default();
    for (dataset, rows) in by_dataset(view, of_model) {
        let judgement = Judgement::needing(dataset, &["versions"], || {
            let open = rows.iter().filter(|row| !is_proved(dataset, row));
            let lapse = |row: &DataRow<'_>| {
                Lapse::of(dataset).in_system(row.system).value("version", row.version.unwrap_or("without a version"))
            };
            let mut lapses: Vec<Lapse> = open.map(lapse).collect();
            lapses.dedup();
            Judgement::of(lapses)
        });
        verdicts.note(dataset, judgement);
    }
    verdicts
}

/// Whether the version has a digest, the one that was judged, and a pipeline wrote it, the row that names it, or a step to it.
fn is_proved(dataset: Entry<'_>, row: &DataRow<'_>) -> bool {
    let (Some(version), Some(of)) = (row.version, row.of) else { return false };
    let Some(bytes) = digest(dataset, version) else { return false };
    let Some(assessment) = assessment_of(dataset, version, of) else { return false };
    let judged = DataAssessment(assessment.content());
    let mut steps = judged.lineage();
    let mut versions =
        Dataset(dataset.content()).versions().filter(|one| one.version() == Some(version) || one.digest() == Some(version));
    let mut names = row.model.into_iter().flat_map(|model| Model(model.content()).datasets().map(move |one| (model, one)));
    let by_pipeline = steps.any(|step| by_machine(assessment, "lineage", step.0))
        || versions.any(|one| by_machine(dataset, "versions", one.0))
        || names
            .any(|(model, one)| one.version() == Some(version) && one.use_() == Some(of) && by_machine(model, "datasets", one.0));
    judged.integrity_digest().get() == Some(bytes.as_str()) && by_pipeline
}

/// A.4.3-P3
pub(super) fn tested_with_unseen_data(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["datasets", "models"], || {
            let rows = of_system(system);
            let learned: Vec<&DataRow<'_>> = rows.iter().filter(|row| row.is_for(&[DataUse::Training, DataUse::Tuning])).collect();
            let tested: Vec<&DataRow<'_>> = rows.iter().filter(|row| row.is_for(&[DataUse::Test])).collect();
            if tested.is_empty() || learned.is_empty() {
                return Judgement::Skip("it names no data to learn from and to test with".to_owned());
            }
            let seen = tested.into_iter().filter(|test| learned.iter().any(|row| same_bytes(row, test)));
            let lapse = |row: &DataRow<'_>| {
                let dataset = row.dataset.map_or_else(String::new, |dataset| dataset.label());
                Lapse::of(system).value("dataset", dataset).value("version", row.version.unwrap_or_default())
            };
            let mut lapses: Vec<Lapse> = seen.map(lapse).collect();
            lapses.dedup();
            Judgement::of(lapses)
        })
    })
}

/// Whether two rows name the same version of the same data, or versions with the same digest.
fn same_bytes(a: &DataRow<'_>, b: &DataRow<'_>) -> bool {
    let bytes = |row: &DataRow<'_>| digest(row.dataset?, row.version?);
    let named = |row: &DataRow<'_>| Some((row.dataset?.id(), row.version?.to_owned()));
    (named(a).is_some() && named(a) == named(b)) || (bytes(a).is_some() && bytes(a) == bytes(b))
}
