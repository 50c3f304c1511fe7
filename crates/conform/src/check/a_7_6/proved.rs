//! Whether makers judged their own work, and whether preparation was ever repeated.

use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::evidence::{Evidence, EvidenceShows};
use vouch_record::kind::generated::shared::QualityDimension;

use crate::check::approving::approvals_into;
use crate::check::bearing::{evidence_on, is_of};
use crate::check::data_in_use::{approved_in, data_of};
use crate::check::named_in::names;
use crate::check::preparing::prepared;
use crate::check::wording::called;
use crate::check::written::row_written;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// Days in which preparation is to be repeated once.
const YEAR: i64 = 365;

/// A.7.6-P1
pub(super) fn makers_do_not_judge(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["assessed_by", "labelling", "lineage"], || {
            let lapse = |person: Id, defect: &str| {
                let lapse = Lapse::of(assessment).value("person", called(view, Some(person)));
                lapse.value("defect", defect).value("dataset", data_of(assessment))
            };
            let labelled = judges(assessment).into_iter().filter(|person| labelled(assessment, *person));
            let mut approvers: Vec<Id> = approvals_into(assessment, "approved").iter().filter_map(|given| given.by()).collect();
            approvers.sort_unstable();
            approvers.dedup();
            let prepared = approvers.into_iter().filter(|person| prepared(assessment, *person));
            let labelled = labelled.map(|person| lapse(person, "labelled and judged"));
            Judgement::of(labelled.chain(prepared.map(|person| lapse(person, "prepared and approved"))).collect())
        })
    })
}

/// Who judged the labels: the assessor, and who wrote a value of label quality.
fn judges(assessment: Entry<'_>) -> Vec<Id> {
    let content = DataAssessment(assessment.content());
    let values = content.quality().filter(|row| row.dimension() == Some(QualityDimension::LabelQuality));
    let wrote = values.filter_map(|row| row_written(assessment, "quality", row.0)?.actor.person());
    let mut judges: Vec<Id> = content.assessed_by().get().map(|link| link.id).into_iter().chain(wrote).collect();
    judges.sort_unstable();
    judges.dedup();
    judges
}

/// Whether a person is named among the labellers.
fn labelled(assessment: Entry<'_>, person: Id) -> bool {
    let Some(entry) = assessment.view().find(person) else { return false };
    DataAssessment(assessment.content()).labelling().filter_map(|row| row.labellers()).any(|text| names(text, entry))
}

/// A.7.6-P2
pub(super) fn preparation_was_repeated(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let about_data = |entry: &Entry<'_>| {
        entry.links("about").any(|about| [DataAssessment::KIND, Dataset::KIND].contains(&about.kind().name.as_str()))
    };
    let tried = evidence_on(view, "A.7.6").filter(|entry| entry.is("reviewed") && about_data(entry));
    let judge = |entry: Entry<'_>| {
        let same = Evidence(entry.content()).shows().is(EvidenceShows::Conforms);
        Judgement::when(same && is_of(entry, year), || Lapse::of(entry))
    };
    one_of(tried, judge, Lapse::of_organisation)
}
