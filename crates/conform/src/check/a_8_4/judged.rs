//! How soon somebody judges an incident.

use jiff::Timestamp;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};

use super::population::noticed;
use crate::check::wording::hours_after;
use crate::check::written::first_written;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after it was noticed an incident may lie before it has a severity and a lead.
const JUDGE_HOURS: i64 = 24;
/// How long a serious or critical one may, after the organisation knew.
const JUDGE_SERIOUS_HOURS: i64 = 4;

/// A.8.4-O4
pub(super) fn judged_at_once(view: &View) -> Verdicts {
    each(noticed(view), |incident| {
        Judgement::needing(incident, &["detected_at", "aware_at", "severity", "lead"], || {
            let judged = judged_at(incident);
            let until = judged.unwrap_or_else(|| view.now());
            let late = clocks(incident).into_iter().find(|(from, hours)| until.as_second() > from.as_second() + hours * 3_600);
            match (late, judged) {
                (Some((from, _)), _) => Judgement::Fail(Lapse::of(incident).value("hours", hours_after(from, until))),
                (None, Some(_)) => Judgement::Pass,
                (None, None) => Judgement::Skip("the time to judge it has not passed".to_owned()),
            }
        })
    })
}

/// From when so many hours count.
fn clocks(incident: Entry<'_>) -> Vec<(Timestamp, i64)> {
    let content = Incident(incident.content());
    let serious = content.severity().get() >= Some(IncidentSeverity::Serious);
    let known = content.aware_at().get().filter(|_| serious).map(|at| (at, JUDGE_SERIOUS_HOURS));
    known.into_iter().chain(content.detected_at().get().map(|at| (at, JUDGE_HOURS))).collect()
}

/// Ledger time at which severity and lead were both written, or at which it was found to be none.
fn judged_at(incident: Entry<'_>) -> Option<Timestamp> {
    let written = |field: &str| first_written(incident, field, |value| value.as_text().is_some_and(|text| !text.is_empty()));
    let both = written("severity").zip(written("lead")).map(|(severity, lead)| severity.time.max(lead.time));
    let dismissed = incident.entry_into("dismissed").filter(|_| incident.is("dismissed")).map(|leaf| leaf.time);
    both.into_iter().chain(dismissed).min()
}
