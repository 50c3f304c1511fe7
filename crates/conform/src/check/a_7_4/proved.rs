//! Who measured and judged data, and whether values can be recomputed.

use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::evidence::Evidence;

use crate::check::a_7_2::approval_of_another;
use crate::check::data_in_use::{assessments_in_use, data_of, in_use, was_approved};
use crate::check::preparing::prepared;
use crate::check::wording::{called, words};
use crate::check::written::row_written;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.4-P1
pub(super) fn not_judged_by_its_makers(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let measured = |one: &Entry<'_>| {
        let mut rows = DataAssessment(one.content()).quality();
        was_approved(*one) && rows.any(|row| row.value().is_some() && row.measured_at().is_some_and(|on| window.has(on)))
    };
    each(view.all(DataAssessment::KIND).filter(measured), |assessment| {
        Judgement::needing(assessment, &["quality", "lineage", "assessed_by"], || {
            let rows = DataAssessment(assessment.content()).quality();
            let rows = rows.filter(|row| row.value().is_some() && row.measured_at().is_some_and(|on| window.has(on)));
            let mut measurers: Vec<Id> = rows.filter_map(|row| row_written(assessment, "quality", row.0)?.actor.person()).collect();
            measurers.sort_unstable();
            measurers.dedup();
            let lapse = |defect: String| Lapse::of(assessment).value("dataset", data_of(assessment)).value("defect", defect);
            let makers = measurers.into_iter().filter(|person| prepared(assessment, *person));
            let mut lapses: Vec<Lapse> =
                makers.map(|person| lapse(format!("{} prepared and measured it", called(view, Some(person))))).collect();
            let approval = approval_of_another(assessment);
            if let Judgement::Fail(unfit) = &approval {
                let value = |name: &str| unfit.values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
                lapses.push(lapse(format!("{}, who approved it, {}", value("person"), value("defect"))));
            }
            if lapses.is_empty() { approval } else { Judgement::FailAll(lapses) }
        })
    })
}

/// A.7.4-P2
pub(super) fn values_can_be_recomputed(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for dataset in in_use(view) {
        for assessment in assessments_in_use(dataset) {
            let judgement = Judgement::needing(assessment, &["quality", "lineage"], || {
                let content = DataAssessment(assessment.content());
                let rows: Vec<_> = content.quality().filter(|row| row.value().is_some()).collect();
                if rows.is_empty() {
                    return Judgement::Skip("it holds no value".to_owned());
                }
                let traced = content.lineage().any(|step| step.code_reference().is_some())
                    || assessment.incoming(Evidence::KIND, "about").next().is_some();
                let blind = rows.into_iter().filter(|row| !traced || row.n().is_none() || row.method().is_none());
                let lapses = blind.map(|row| {
                    let value = row.value().map_or_else(String::new, |value| value.normalize().to_string());
                    let dimension = row.dimension().map_or_else(|| "a row".to_owned(), |one| words(one.id()));
                    let lapse = Lapse::of(assessment).value("value", value).value("dimension", dimension);
                    lapse.value("dataset", dataset.label())
                });
                Judgement::of(lapses.collect())
            });
            verdicts.note(assessment, judgement);
        }
    }
    verdicts
}
