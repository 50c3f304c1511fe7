//! Bias that was found in data: treated in time, and gone once it was called resolved.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::data_assessment::{
    DataAssessment, DataAssessmentBiasFindingRow, DataAssessmentBiasFindingWeight,
};
use vouch_record::view::Row;

use crate::check::data_in_use::{approved_in, assessments_of, data_of, first_approved, was_approved};
use crate::check::specified::same;
use crate::check::written::first_written;
use crate::shape::{Judgement, Lapse, Verdicts, decided_late, each};
use crate::view::{Entry, View, Window};

/// How long bias may stay without a risk or a resolution, and how long after one it is looked for again.
const DAYS: i64 = 90;
/// How far back assessments are compared.
const YEAR: i64 = 365;

/// A.7.2-O4
pub(super) fn bias_is_treated_in_time(view: &View) -> Verdicts {
    each(view.live(DataAssessment::KIND), |assessment| {
        Judgement::needing(assessment, &["bias_findings"], || {
            use DataAssessmentBiasFindingWeight::{High, Medium};
            let rows = DataAssessment(assessment.content()).bias_findings();
            let rows: Vec<_> = rows.filter(|row| matches!(row.weight(), Some(Medium | High))).collect();
            if rows.is_empty() {
                return Judgement::Skip("no bias of weight was found".to_owned());
            }
            Judgement::of(rows.into_iter().filter_map(|row| untreated(assessment, row)).collect())
        })
    })
}

fn untreated(assessment: Entry<'_>, row: DataAssessmentBiasFindingRow<'_>) -> Option<Lapse> {
    let view = assessment.view();
    let since = found_on(assessment, row);
    let days = if row.treatment().is_none() {
        let approved = first_approved(assessment).unwrap_or(since);
        let from = since.max(approved).max(view.window()?.from);
        Some(Window { from, to: view.today() })
    } else if row.risk().is_some() {
        None
    } else {
        decided_late(assessment, "approved", since, DAYS, row.resolved_on())
    }?;
    let lapse = Lapse::of(assessment)
        .value("dataset", data_of(assessment))
        .value("finding", row.finding().unwrap_or("no words").trim_end_matches('.'));
    Some(lapse.value("date", since).over(days))
}

/// The day on which the finding was first written.
fn found_on(assessment: Entry<'_>, row: DataAssessmentBiasFindingRow<'_>) -> Date {
    let is_it = |other: &Value| DataAssessmentBiasFindingRow::from(Row(other)).finding() == row.finding();
    let written = first_written(assessment, "bias_findings", |rows| rows.items().iter().any(is_it));
    written.map_or_else(|| assessment.created_on(), |leaf| assessment.view().day(leaf.time))
}

/// A.7.2-P3
pub(super) fn what_was_resolved_stays_away(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(approved_in(view, year), |next| {
        let Some(on) = first_approved(next) else { return Judgement::Skip("never approved".to_owned()) };
        let Some(before) = previous(next, on) else { return Judgement::Skip("the first of this data".to_owned()) };
        if let Some(one) = [before, next].into_iter().find(|one| one.value("bias_findings").is_erased()) {
            return Judgement::Undecided(format!("`bias_findings` of {} was erased", one.id()));
        }
        let content = DataAssessment(next.content());
        let due = view.today().saturating_sub((DAYS + 1).days()).min(on);
        let resolved: Vec<_> = DataAssessment(before.content())
            .bias_findings()
            .filter_map(|row| Some((row.finding()?, row.resolved_on().filter(|on| *on <= due)?)))
            .collect();
        if resolved.is_empty() {
            return Judgement::Skip("nothing was called resolved before".to_owned());
        }
        // A row that repeats the day of resolution tells what was, not what is.
        let is_back = |finding: &str, day: Date| {
            content
                .bias_findings()
                .any(|row| row.finding().is_some_and(|text| same(text, finding)) && row.resolved_on() != Some(day))
        };
        let lapse = |finding: &str, day: Date| {
            Lapse::of(next).value("finding", finding.trim_end_matches('.')).value("dataset", data_of(next)).value("date", day)
        };
        let back = resolved.into_iter().filter(|(finding, day)| is_back(finding, *day));
        Judgement::of(back.map(|(finding, day)| lapse(finding, day)).collect())
    })
}

/// The assessment of the same data that was approved last before this day.
fn previous(next: Entry<'_>, on: Date) -> Option<Entry<'_>> {
    let dataset = next.linked("dataset")?;
    let earlier = assessments_of(dataset).filter(|one| one.id() != next.id() && was_approved(*one));
    let dated = earlier.filter_map(|one| Some((first_approved(one)?, one)));
    dated.filter(|(day, _)| *day < on).max_by_key(|(day, one)| (*day, one.id())).map(|(_, one)| one)
}
