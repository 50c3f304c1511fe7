//! Whether data was judged again when terms or law behind it changed.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenWhat};

use crate::check::data_in_use::assessments_of;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// How long a look at the data may take.
const ANSWER_DAYS: i64 = 60;

/// A.7.3-O3
pub(super) fn looked_at_again_when_terms_changed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for (source, on, data) in of_suppliers(view).chain(of_obligations(view)).filter(|(_, on, _)| window.has(*on)) {
        for dataset in data {
            let due = on.saturating_add(ANSWER_DAYS.days());
            let looked = looks(dataset).into_iter().any(|day| on <= day && day <= due);
            let judgement = match looked {
                true => Judgement::Shown(vec![dataset.subject(), source.subject()]),
                false if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
                false => {
                    let lapse = Lapse::of(dataset).value("source", source.label()).value("date", on);
                    Judgement::Fail(lapse.value("dataset", dataset.label()))
                }
            };
            verdicts.note(dataset, judgement);
        }
    }
    verdicts
}

/// Changes of terms or of the use of data at suppliers, with the data each gives.
fn of_suppliers(view: &View) -> impl Iterator<Item = (Entry<'_>, Date, Vec<Entry<'_>>)> {
    use SupplierChangesSeenWhat::{DataUse, Terms};
    view.all(Supplier::KIND).flat_map(|supplier| {
        let rows = Supplier(supplier.content()).changes_seen();
        let rows = rows.filter(|row| matches!(row.what(), Some(Terms | DataUse)));
        let days: Vec<Date> = rows.filter_map(|row| row.noticed_on().or(row.told_on())).collect();
        days.into_iter().map(move |on| {
            let data = supplier.incoming(Dataset::KIND, "supplier").filter(|dataset| dataset.is("registered"));
            (supplier, on, data.collect())
        })
    })
}

/// Changes of the source of a duty that data, or assessments of data, fulfil, with those data.
fn of_obligations(view: &View) -> impl Iterator<Item = (Entry<'_>, Date, Vec<Entry<'_>>)> {
    view.live(Obligation::KIND).flat_map(move |obligation| {
        let rows = Obligation(obligation.content()).source_changes();
        let days: Vec<Date> = rows.filter_map(|row| row.noticed_on().or(row.on())).collect();
        days.into_iter().map(move |on| (obligation, on, data_behind(obligation)))
    })
}

fn data_behind(obligation: Entry<'_>) -> Vec<Entry<'_>> {
    let named = obligation.links("met_by").filter_map(|record| match record.kind().name.as_str() {
        Dataset::KIND => Some(record.id()),
        DataAssessment::KIND => record.linked("dataset").map(|dataset| dataset.id()),
        _ => None,
    });
    let ids: BTreeSet<Id> = named.collect();
    ids.into_iter().filter_map(|id| obligation.view().get(id)).filter(|dataset| dataset.is("registered")).collect()
}

/// The days on which an assessment of the data was revised or approved.
fn looks(dataset: Entry<'_>) -> Vec<Date> {
    let view = dataset.view();
    let looks = assessments_of(dataset).flat_map(|one| {
        let revised = one.revisions().map(|leaf| view.day(leaf.time));
        let approved = one.given().into_iter().map(|given| given.on());
        revised.chain(approved)
    });
    looks.collect()
}
