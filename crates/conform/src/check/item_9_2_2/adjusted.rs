//! Whether the programme reacts to what happens.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};

use crate::check::audited::{counts, programme};
use crate::check::occasion::change_days;
use crate::check::serious;
use crate::derived::change::{aims_change, significant};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View, Window};

/// How long the programme may take to react.
const REACT_DAYS: i64 = 30;

/// 9.2.2-O4
pub(super) fn programme_reacts(view: &View) -> Verdicts {
    let (Some(year), Some(programme)) = (view.last_days(365), programme(view)) else { return Verdicts::holds() };
    let looked = last_looked_at(programme);
    let content = AuditProgramme(programme.content());
    let named = |event: Entry<'_>| content.adjustments().any(|row| row.because().any(|link| link.id == event.id()));
    let mut verdicts = Verdicts::default();
    for (on, event) in events(view).filter(|(on, _)| year.has(*on)) {
        let judgement = if programme.value("adjustments").is_erased() {
            Judgement::Undecided(format!("`adjustments` of {} was erased", programme.id()))
        } else if named(event) || looked.is_some_and(|looked| looked >= on) {
            Judgement::Pass
        } else if on.saturating_add(REACT_DAYS.days()) >= view.today() {
            Judgement::Skip(format!("the programme has {REACT_DAYS} days to react"))
        } else {
            let days = Window { from: on, to: view.today() };
            Judgement::Fail(Lapse::of(event).value("event", event.label()).over(days))
        };
        verdicts.note(event, judgement);
    }
    verdicts
}

/// The day of the last approval of the programme, to be valid or after a review.
fn last_looked_at(programme: Entry<'_>) -> Option<Date> {
    let looks = programme.given().into_iter().filter(|given| {
        let purpose = given.approval.purpose().get();
        given.approval.decision().is(ApprovalDecision::Approved)
            && matches!(purpose, Some(ApprovalPurpose::Approve | ApprovalPurpose::Review))
    });
    looks.map(|given| given.on()).max()
}

/// Major findings, serious and critical incidents, and significant changes of the management system, each with its day.
fn events(view: &View) -> impl Iterator<Item = (Date, Entry<'_>)> {
    let findings = view.live(Finding::KIND).filter_map(|entry| {
        let finding = Finding(entry.content());
        let major = finding.grade().is(FindingGrade::Major) && entry.linked("audit").is_some_and(counts);
        Some((finding.raised_at().get()?, entry)).filter(|_| major)
    });
    let changes = view.live(Change::KIND).filter_map(|entry| {
        let (on, _) = change_days(entry)?;
        Some((on, entry)).filter(|(_, entry)| significant(*entry) && aims_change(*entry))
    });
    findings.chain(serious::incidents(view)).chain(changes)
}
