//! What an assessment rests on, and who made it.

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentDepth, ImpactAssessmentFactRow};
use vouch_record::time::days_between;

use crate::check::assessing::approved_in;
use crate::check::wording::{called, people};
use crate::derived::{competence_need, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How old facts may be when an assessment is approved.
const FACT_DAYS: i64 = 120;

/// 6.1.4-P2
pub(super) fn facts_were_fresh(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(approved_in(view, year), |assessment| {
        Judgement::needing(assessment, &["facts", "covers_to"], || {
            let content = ImpactAssessment(assessment.content());
            let Some(approved) = impact_assessment::approved_at(assessment) else {
                return Judgement::Skip("not approved".to_owned());
            };
            let lapse = |record: String, date: String, defect: String| {
                Lapse::of(assessment).value("record", record).value("date", date).value("defect", defect)
            };
            let mut lapses: Vec<Lapse> = content
                .facts()
                .filter_map(|row| unread(view, &row, approved))
                .map(|(record, date, defect)| lapse(record, date, defect))
                .collect();
            let age = content.covers_to().get().map(|to| (to, days_between(to, view.day(approved))));
            if let Some((to, days)) = age.filter(|(_, days)| *days > FACT_DAYS) {
                lapses.push(lapse("facts".to_owned(), to.to_string(), format!("was {days} days before the approval")));
            }
            Judgement::of(lapses)
        })
    })
}

/// Why a row shows no revision that was there when the assessment was approved. A row that names a gap instead of a record says so.
fn unread(view: &View, row: &ImpactAssessmentFactRow<'_>, approved: Timestamp) -> Option<(String, String, String)> {
    let Some(link) = row.record() else {
        return row.gap().is_none().then(|| ("no record".to_owned(), "no day".to_owned(), "shows nothing".to_owned()));
    };
    let record = called(view, Some(link.id));
    let number = row.revision().or(link.revision.map(i64::from));
    let made = view.find(link.id).and_then(|entry| entry.revisions().find(|leaf| Some(i64::from(leaf.revision)) == number));
    match made {
        None => Some((record, "no known revision".to_owned(), "cannot be read again".to_owned())),
        Some(leaf) if leaf.time >= approved => {
            Some((record, view.day(leaf.time).to_string(), "did not exist when it was approved".to_owned()))
        }
        Some(_) => None,
    }
}

/// 6.1.4-P3
pub(super) fn made_by_the_competent(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(approved_in(view, year), |assessment| {
        Judgement::needing(assessment, &["assessors", "contributors"], || {
            let content = ImpactAssessment(assessment.content());
            let day = impact_assessment::approved_at(assessment).map_or(view.today(), |at| view.day(at));
            let then = view.on(day);
            let unskilled: Vec<Id> =
                content.assessors().map(|link| link.id).filter(|person| !is_competent(then, *person)).collect();
            let wanted = match content.depth().get() {
                Some(ImpactAssessmentDepth::Full) => 4,
                Some(ImpactAssessmentDepth::Standard) => 2,
                Some(ImpactAssessmentDepth::Screening) | None => 0,
            };
            let views = impact_assessment::views(assessment).len();
            let mut defects = Vec::new();
            if !unskilled.is_empty() {
                defects.push(format!(
                    "by {} without a training record for impact assessment that held on {day}",
                    people(view, unskilled)
                ));
            }
            if views < wanted {
                defects.push(format!("with {views} of {wanted} views"));
            }
            Judgement::when(defects.is_empty(), || Lapse::of(assessment).value("defect", defects.join(" and ")))
        })
    })
}

/// Whether a person had shown a competence of group impact on the day of the view.
fn is_competent(then: &View, person: Id) -> bool {
    let mut needs =
        then.live(CompetenceNeed::KIND).filter(|need| CompetenceNeed(need.content()).group().is(CompetenceNeedGroup::Impact));
    needs.any(|need: Entry<'_>| !competence_need::proofs(need, person).is_empty())
}
