//! Where data in use comes from.

use std::collections::BTreeSet;

use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;

use crate::check::data_in_use::{approved_assessments, in_use, procedure_stands};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.5-D1
pub(super) fn source_is_recorded(view: &View) -> Verdicts {
    let procedure = procedure_stands(view, "defect", "no procedure for data stands, ");
    procedure.and(each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["versions", "derived_from", "source_name"], || {
            let content = Dataset(dataset.content());
            let gone: Vec<&str> = content.disposals().filter_map(|row| row.version()).collect();
            let blank = content
                .versions()
                .filter(|row| row.digest().is_none() && !row.version().is_some_and(|version| gone.contains(&version)));
            let sourceless =
                (!has_source(dataset)).then(|| format!("{} names neither a source outside nor derived_from", dataset.label()));
            let blank = blank
                .map(|row| format!("version {} of {} has no digest", row.version().unwrap_or("without a name"), dataset.label()));
            Judgement::of(sourceless.into_iter().chain(blank).map(|what| Lapse::of(dataset).value("defect", what)).collect())
        })
    }))
}

/// Derived from other data, or from a source that is none of the data here.
fn has_source(dataset: Entry<'_>) -> bool {
    let content = Dataset(dataset.content());
    if content.derived_from().any(|row| row.dataset().is_some()) {
        return true;
    }
    content.source_name().get().is_some_and(|source| !names_of_data(dataset.view()).contains(&source.trim().to_lowercase()))
}

/// Names and ids of all data, in lower case.
fn names_of_data(view: &View) -> &BTreeSet<String> {
    view.keep(None, "A.7.5.names_of_data", || {
        let names = view.all(Dataset::KIND).flat_map(|entry| [Some(entry.id().to_string()), entry.text("name").map(str::to_owned)]);
        names.flatten().map(|name| name.trim().to_lowercase()).collect()
    })
}

/// A.7.5-D2
pub(super) fn way_is_recorded(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        let assessments: Vec<Entry<'_>> = approved_assessments(dataset).collect();
        let mut with_way = assessments.iter().filter(|one| DataAssessment(one.content()).lineage().next().is_some());
        match with_way.next() {
            Some(one) => Judgement::Shown(vec![dataset.subject(), one.subject()]),
            None if assessments.iter().any(|one| one.value("lineage").is_erased()) => {
                Judgement::Undecided("`lineage` was erased".to_owned())
            }
            None => Judgement::Fail(Lapse::of(dataset)),
        }
    })
}
