//! What became of findings.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};
use vouch_record::time::days_between;

use crate::check::audited::{counts, findings, internal, programme};
use crate::check::specified::holds;
use crate::check::taken_up::{TakenUp, taken_up};
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Days in which a finding without a day of its own is to be verified.
const PROOF_DAYS: i64 = 180;

/// Whether a finding weighs as a nonconformity.
fn asks_for_cure(finding: Entry<'_>) -> bool {
    matches!(Finding(finding.content()).grade().get(), Some(FindingGrade::Major | FindingGrade::Minor))
}

/// The first day of the last twelve months or of the cycle of the programme, whichever is earlier, not before the first scope.
fn since(view: &View) -> Option<Date> {
    let year = view.last_days(365)?.from;
    let cycle = programme(view).and_then(|programme| AuditProgramme(programme.content()).cycle_from().get());
    Some(cycle.map_or(year, |from| from.min(year)).max(view.first_scope_on()?))
}

/// 9.2.1-O2
pub(super) fn findings_became_nonconformities(view: &View) -> Verdicts {
    let Some(since) = since(view) else { return Verdicts::holds() };
    let reported = |audit: &Entry<'_>| Audit(audit.content()).reported_at().get().is_some_and(|on| on >= since);
    each(internal(view).filter(reported).flat_map(findings).filter(|finding| asks_for_cure(*finding)), |finding| {
        let content = Finding(finding.content());
        let Some(raised) = content.raised_at().get() else { return Judgement::Undecided("it has no day".to_owned()) };
        let named: Vec<Id> = content.nonconformity().get().map(|link| link.id).into_iter().collect();
        let lapse = |defect: String| Judgement::Fail(Lapse::of(finding).value("finding", finding.label()).value("defect", defect));
        match taken_up(finding, raised, &named, "findings") {
            TakenUp::InTime(by) => Judgement::Shown(vec![finding.subject(), by]),
            TakenUp::Late(on) => lapse(format!("of {raised} was taken up only on {on}")),
            TakenUp::Not => lapse("was never taken up".to_owned()),
            TakenUp::Pending(due) => Judgement::Skip(format!("it can be taken up until {due}")),
        }
    })
}

/// 9.2.1-P2
pub(super) fn findings_are_verified(view: &View) -> Verdicts {
    let (Some(since), today) = (since(view), view.today()) else { return Verdicts::holds() };
    let weighty = view
        .all(Finding::KIND)
        .filter(|finding| asks_for_cure(*finding) && !finding.is("withdrawn") && finding.linked("audit").is_some_and(counts));
    each(weighty, |finding| {
        Judgement::needing(finding, &["proof_due", "verified_by"], || {
            let content = Finding(finding.content());
            let raised = content.raised_at().get();
            let Some(due) = content.proof_due().get().or(raised.map(|on| on.saturating_add(PROOF_DAYS.days()))) else {
                return Judgement::Undecided("it has no day".to_owned());
            };
            if due >= today {
                return Judgement::Skip(format!("it has until {due}"));
            }
            let lapse =
                |defect: String| Judgement::Fail(Lapse::of(finding).value("finding", finding.label()).value("defect", defect));
            if !finding.is("verified") {
                return lapse(format!("is {} days past its proof and not verified", days_between(due, today)));
            }
            if finding.entered("verified").is_some_and(|on| on < since) {
                return Judgement::Skip("it was verified before the cycle".to_owned());
            }
            match doers(finding).into_iter().find(|doer| verified_by(finding, *doer)) {
                Some(doer) => lapse(format!("was verified by {}, who carried out the cure", called(view, Some(doer)))),
                None => Judgement::Pass,
            }
        })
    })
}

/// Who carried out the corrective actions of its nonconformity.
fn doers(finding: Entry<'_>) -> Vec<Id> {
    let cures = finding.linked("nonconformity").into_iter().flat_map(|one| one.incoming(CorrectiveAction::KIND, "nonconformity"));
    cures.filter_map(|action| CorrectiveAction(action.content()).doer().get()).map(|link| link.id).collect()
}

/// Whether a person verified it: by the words of `verified_by`, or, where those are empty, by the step itself. A step for an auditor from
/// outside is entered by somebody here.
fn verified_by(finding: Entry<'_>, person: Id) -> bool {
    match Finding(finding.content()).verified_by().get() {
        Some(said) => finding.view().find(person).and_then(|entry| entry.text("name")).is_some_and(|name| holds(said, name)),
        None => finding.entry_into("verified").and_then(|leaf| leaf.actor.person()) == Some(person),
    }
}
