//! Who is told of an incident, and whether in time.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::kind::generated::incident::{Incident, IncidentNotificationRow};
use vouch_record::view::Row;
use vouch_record::{Id, Value};

use super::population::triaged;
use crate::check::wording::{called, hours_after};
use crate::check::written::first_written;
use crate::derived::incident::{clocks, recipients_without_row};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.8.4-O1
pub(super) fn everybody_has_a_row(view: &View) -> Verdicts {
    each(triaged(view), |incident| {
        Judgement::needing(incident, &["notifications", "types", "severity"], || {
            let judged = incident.entered("triaged");
            let mut open = recipients_without_row(incident);
            open.retain(|one| began(view, one.basis).zip(judged).is_none_or(|(began, judged)| began <= judged));
            open.dedup_by_key(|one| one.party);
            let lapse = |party: Id, basis: Id| {
                Lapse::of(incident).value("recipient", called(view, Some(party))).value("basis", called(view, Some(basis)))
            };
            Judgement::of(open.into_iter().map(|one| lapse(one.party, one.basis)).collect())
        })
    })
}

/// The first day on which a rule, duty or promise held.
fn began(view: &View, basis: Id) -> Option<Date> {
    let basis = view.get(basis)?;
    let settled = basis.leaves().iter().find(|leaf| basis.kind().is_settled(&leaf.state)).map(|leaf| view.day(leaf.time));
    let from = ["in_force_from", "from"].into_iter().find_map(|field| basis.text(field)?.parse::<Date>().ok());
    settled.into_iter().chain(from).max()
}

/// A.8.4-O2
pub(super) fn everybody_is_told_in_time(view: &View) -> Verdicts {
    each(triaged(view), |incident| {
        Judgement::needing(incident, &["notifications", "aware_at", "detected_at", "occurred_from"], || {
            let rows: Vec<_> = Incident(incident.content()).notifications().zip(clocks(incident)).collect();
            if rows.is_empty() {
                return Judgement::Skip("nobody had to be told".to_owned());
            }
            let open = |row: IncidentNotificationRow<'_>, due: Option<Timestamp>| {
                let lapse = Lapse::of(incident).value("recipient", called(view, row.recipient().map(|link| link.id)));
                defect(incident, row, due).map(|defect| lapse.value("defect", defect))
            };
            Judgement::of(rows.into_iter().filter_map(|(row, clock)| open(row, clock.due_at)).collect())
        })
    })
}

/// What is wrong with a row, as a predicate about its recipient; nothing while its time runs.
fn defect(incident: Entry<'_>, row: IncidentNotificationRow<'_>, due: Option<Timestamp>) -> Option<String> {
    let view = incident.view();
    if let Some(sent) = row.sent_at() {
        return due.filter(|due| sent > *due).map(|due| format!("was told {} late", hours_after(due, sent)));
    }
    if row.not_needed_because().is_some() {
        if row.decided_by().is_none() {
            return Some("was left out, and nobody is named who decided that".to_owned());
        }
        let decided = decided_at(incident, row.recipient().map(|link| link.id))?;
        return due
            .filter(|due| decided > *due)
            .map(|due| format!("was left out by a decision made {} late", hours_after(due, decided)));
    }
    due.filter(|due| view.is_past(*due)).map(|due| format!("has not been told, {} past the time", hours_after(due, view.now())))
}

/// Ledger time at which it first stood written that, and by whose decision, a party need not be told.
fn decided_at(incident: Entry<'_>, party: Option<Id>) -> Option<Timestamp> {
    let decided = |rows: &Value| {
        rows.items().iter().map(|row| IncidentNotificationRow::from(Row(row))).any(|row| {
            let same = row.recipient().map(|link| link.id) == party;
            same && row.not_needed_because().is_some() && row.decided_by().is_some()
        })
    };
    first_written(incident, "notifications", decided).map(|leaf| leaf.time)
}
