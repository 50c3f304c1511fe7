//! Who approved data, and whether the bytes in use are those that were judged.

use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::shared::DataUse;

use crate::check::approving::approved_by_another as by_another;
use crate::check::data_in_use::{approved_assessments, approved_in, data_of, in_use, uses};
use crate::derived::approved::approved_at;
use crate::derived::dataset::{Use, digest};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back approvals are looked at.
const YEAR: i64 = 365;

/// A.7.2-P1
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(approved_in(view, year), approval_of_another)
}

/// Whether an assessment was approved by another person than the one who judged the data.
pub(in crate::check) fn approval_of_another(assessment: Entry<'_>) -> Judgement {
    Judgement::needing(assessment, &["assessed_by"], || {
        let assessor = DataAssessment(assessment.content()).assessed_by().get().map(|link| link.id);
        let makers: Vec<(Id, &str)> = assessor.into_iter().map(|assessor| (assessor, "assessed it")).collect();
        match by_another(assessment, "approved", &makers) {
            Ok(given) => Judgement::Shown(vec![assessment.subject(), given.entry.subject()]),
            Err(unfit) => {
                let lapse = Lapse::of(assessment).value("dataset", data_of(assessment));
                Judgement::Fail(lapse.value("person", unfit.person).value("defect", unfit.defect))
            }
        }
    })
}

/// A.7.2-P2
pub(super) fn what_is_used_is_what_was_judged(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["versions"], || {
            let judged: Vec<_> = uses(dataset).iter().filter_map(|row| Some((row, judged_for(dataset, row.of?)))).collect();
            let judged: Vec<_> = judged.into_iter().filter(|(_, found)| !found.is_empty()).collect();
            if judged.is_empty() {
                return Judgement::Skip("no approved assessment speaks for a use of today".to_owned());
            }
            let mut lapses: Vec<Lapse> = judged.iter().filter_map(|(row, found)| other_bytes(dataset, row, found)).collect();
            lapses.dedup();
            Judgement::of(lapses)
        })
    })
}

/// The approved assessments of data for a use, the latest first.
fn judged_for(dataset: Entry<'_>, of: DataUse) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> =
        approved_assessments(dataset).filter(|one| DataAssessment(one.content()).use_().is(of)).collect();
    found.sort_by_key(|one| std::cmp::Reverse((approved_at(*one), one.id())));
    found
}

/// A lapse when none of the assessments judged the bytes that are used.
fn other_bytes(dataset: Entry<'_>, row: &Use, judged: &[Entry<'_>]) -> Option<Lapse> {
    let bytes = row.version.as_deref().and_then(|version| digest(dataset, version));
    let proves = |one: &&Entry<'_>| bytes.is_some() && DataAssessment(one.content()).integrity_digest().get() == bytes.as_deref();
    let latest = judged.first().filter(|_| !judged.iter().any(|one| proves(&one)))?;
    let content = DataAssessment(latest.content());
    let defect = match (&bytes, content.integrity_digest().get()) {
        (None, _) => "the version in use has no digest",
        (_, None) => "no digest was judged",
        _ => "the digests differ",
    };
    let user = dataset.view().get(row.record).filter(|user| user.kind().name == "ai-system");
    let lapse = user.map_or_else(|| Lapse::of(dataset), |user| Lapse::of(dataset).in_system(user));
    let lapse = lapse.value("use", row.of.map_or("no use", DataUse::id)).value("defect", defect);
    Some(lapse.value("version", content.dataset_version().get().unwrap_or("version")))
}
