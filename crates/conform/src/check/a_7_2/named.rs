//! What is written down about data, and the procedure it follows.

use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::shared::PersonalData;

use crate::check::data_in_use;
use crate::check::data_row::{by_dataset_of, rows_without_data};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.7.2-D1
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    data_in_use::procedure_stands(view, "reason", "")
}

/// A.7.2-D2
pub(super) fn data_is_complete(view: &View) -> Verdicts {
    let mut complete = Verdicts::default();
    for (dataset, rows) in by_dataset_of(view.systems(), |row| row.is_current()) {
        let needs = ["owner", "personal_data", "confidentiality", "readers", "keep_for"];
        let judgement = Judgement::needing(dataset, &needs, || {
            let lapse = || rows.first().map_or_else(|| Lapse::of(dataset), |row| Lapse::of(dataset).in_system(row.system));
            Judgement::of(missing(dataset).into_iter().map(|what| lapse().value("missing", what)).collect())
        });
        complete.note(dataset, judgement);
    }
    complete.and(rows_without_data(view.systems()))
}

fn missing(dataset: Entry<'_>) -> Vec<String> {
    let content = Dataset(dataset.content());
    let owner = dataset.linked("owner");
    let settled = content.personal_data().next().is_some() && !content.personal_data().has_any(&[PersonalData::Unspecified]);
    let wanted = [
        (owner.is_some(), "owner"),
        (owner.is_none_or(|owner| !owner.is("left")), "owner who is still here"),
        (settled, "settled categories of data about people"),
        (content.confidentiality().is_filled(), "confidentiality"),
        (content.readers().next().is_some(), "readers"),
        (content.keep_for().is_filled(), "time for which it is kept"),
    ];
    let state = (!dataset.is("registered")).then(|| format!("registration, it is in state {}", dataset.state()));
    state.into_iter().chain(wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what.to_owned())).collect()
}
