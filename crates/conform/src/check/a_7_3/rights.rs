//! The right to use data: whether it holds, who read its proof, and whether somebody looked at consents.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::shared::{DataUse, RightsBasis};

use crate::check::bearing::{is_of, lists};
use crate::check::data_in_use::{assessed_uses, assessments_in_use, assessments_of, in_use};
use crate::check::reach::uncovered;
use crate::derived::dataset::Use;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Days in which somebody is to have looked at consents.
const YEAR: i64 = 365;

/// A.7.3-O2
pub(super) fn the_right_has_not_ended(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["rights_until", "rights_basis"], || {
            let content = Dataset(dataset.content());
            let of_data = if content.rights_basis().is(RightsBasis::Unclear) {
                Some("is unclear".to_owned())
            } else {
                ended(content.rights_until().get(), view.today())
            };
            let mut lapses = Vec::new();
            for (row, one) in assessed_uses(dataset) {
                let until = one.and_then(|one| DataAssessment(one.content()).rights_until().get());
                if let Some(defect) = of_data.clone().or_else(|| ended(until, view.today())) {
                    let lapse = Lapse::of(dataset).value("use", row.of.map_or("no use", DataUse::id)).value("defect", defect);
                    let user = view.get(row.record).filter(|user| user.kind().name == AiSystem::KIND);
                    lapses.push(user.map_or_else(|| lapse.clone(), |user| lapse.clone().in_system(user)));
                }
            }
            lapses.dedup();
            Judgement::of(lapses)
        })
    })
}

fn ended(until: Option<Date>, today: Date) -> Option<String> {
    until.filter(|until| *until < today).map(|until| format!("ended on {until}"))
}

/// A.7.3-P1
pub(super) fn proof_was_read_by_another(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let assessments = in_use(view).flat_map(|dataset| assessments_in_use(dataset).into_iter().map(move |one| (dataset, one)));
    let mut verdicts = Verdicts::default();
    for (dataset, assessment) in assessments {
        let judgement = Judgement::needing(assessment, &["rights_proof"], || {
            let named: Vec<_> = DataAssessment(assessment.content()).rights_proof().collect();
            if named.is_empty() {
                return Judgement::Skip("it names no proof; see A.7.3-D1".to_owned());
            }
            let proofs: Vec<Entry<'_>> = named.iter().filter_map(|link| view.get(link.id)).collect();
            let mut defects: Vec<String> = proofs.iter().filter_map(|proof| unread(*proof)).collect();
            if proofs.len() < named.len() {
                defects.push("a proof that it names is not there".to_owned());
            }
            let covered: Vec<Window> = proofs.iter().filter_map(|proof| days_of(*proof)).collect();
            let open = used_days(dataset, assessment, window).into_iter().find_map(|days| uncovered(days, &covered));
            defects.extend(open.map(|days| format!("nothing shows it for {} to {}", days.from, days.to)));
            let lapse = |defect: String| Lapse::of(assessment).value("dataset", dataset.label()).value("defect", defect);
            if defects.is_empty() {
                return Judgement::Shown([assessment].iter().chain(&proofs).map(Entry::subject).collect());
            }
            Judgement::FailAll(defects.into_iter().map(lapse).collect())
        });
        verdicts.note(assessment, judgement);
    }
    verdicts
}

/// Why nobody but the collector read a proof, if so.
fn unread(proof: Entry<'_>) -> Option<String> {
    let content = Evidence(proof.content());
    let (collected, reviewed) = (content.collected_by().get(), content.reviewed_by().get());
    if !proof.is("reviewed") {
        return Some(format!("nobody reviewed {}", proof.id()));
    }
    let same = collected.is_some() && collected.map(|link| link.id) == reviewed.map(|link| link.id);
    same.then(|| format!("{} was reviewed by the person who collected it", proof.id()))
}

fn days_of(evidence: Entry<'_>) -> Option<Window> {
    let content = Evidence(evidence.content());
    Some(Window { from: content.covers_from().get()?, to: content.covers_to().get()? })
}

/// The days of the window on which what this assessment judged was used: by systems since their row says, by models today.
fn used_days(dataset: Entry<'_>, assessment: Entry<'_>, window: Window) -> Vec<Window> {
    let view = dataset.view();
    let mine = assessed_uses(dataset).filter(|(_, one)| one.is_some_and(|one| one.id() == assessment.id()));
    mine.filter_map(|(row, _)| days_of_use(dataset, row, view)?.and(window)).collect()
}

fn days_of_use(dataset: Entry<'_>, row: &Use, view: &View) -> Option<Window> {
    let user = view.get(row.record)?;
    if user.kind().name != AiSystem::KIND {
        return Some(Window { from: view.today(), to: view.today() });
    }
    let mut rows = AiSystem(user.content()).datasets();
    let since = rows.find(|one| {
        one.dataset().is_some_and(|link| link.id == dataset.id()) && one.version() == row.version.as_deref() && one.use_() == row.of
    })?;
    Some(Window { from: since.since().unwrap_or_else(|| user.created_on()), to: view.today() })
}

/// A.7.3-P3
pub(super) fn consents_are_sampled(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let full = year.from.saturating_add(YEAR.days()) <= view.today();
    each(in_use(view).filter(|dataset| rests_on_consent(*dataset)), |dataset| {
        let about = assessments_of(dataset).chain([dataset]).flat_map(|one| one.incoming(Evidence::KIND, "about"));
        let seen: Vec<Entry<'_>> = about.filter(|entry| entry.is("reviewed") && lists(*entry, "A.7.3")).collect();
        if let Some(one) = seen.iter().find(|entry| is_of(**entry, year)) {
            return Judgement::Shown(vec![dataset.subject(), one.subject()]);
        }
        if !full || dataset.created_on() > year.from {
            return Judgement::Skip("it has not been here for a year".to_owned());
        }
        let last = seen.iter().filter_map(|entry| Evidence(entry.content()).covers_to().get()).max();
        Judgement::Fail(Lapse::of(dataset).value("date", last.unwrap_or_else(|| dataset.created_on())))
    })
}

fn rests_on_consent(dataset: Entry<'_>) -> bool {
    Dataset(dataset.content()).rights_basis().is(RightsBasis::Consent)
        || assessments_in_use(dataset).iter().any(|one| DataAssessment(one.content()).rights_basis().is(RightsBasis::Consent))
}
