//! Whether the register shows work of its own rhythm, decided by those who own the risks.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::view::Read;
use vouch_record::{Leaf, Link};

use crate::check::independence::defect;
use crate::check::treating::is_of_management_system;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// How far back approvals are looked at.
const YEAR: i64 = 365;
/// From how many entries on a rhythm can be seen.
const ENOUGH_ENTRIES: usize = 10;
/// Days before an audit in which not most of the entries may have been made.
const BEFORE_AUDIT: i64 = 30;

/// 6.1.1-P1
pub(super) fn decided_by_an_owner_who_did_not_write(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(view.all(Risk::KIND).filter(|risk| is_of_management_system(*risk)), |risk| {
        let approvals: Vec<Given<'_>> = risk.given().into_iter().filter(decides).collect();
        let asked: Vec<usize> = (0..approvals.len()).filter(|at| year.has(approvals[*at].on())).collect();
        if asked.is_empty() {
            return Judgement::Skip("not approved in the last year".to_owned());
        }
        Judgement::of(asked.into_iter().filter_map(|at| lapse(risk, &approvals, at)).collect())
    })
}

fn decides(given: &Given<'_>) -> bool {
    given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
}

fn lapse(risk: Entry<'_>, approvals: &[Given<'_>], at: usize) -> Option<Lapse> {
    let given = &approvals[at];
    let before = at.checked_sub(1).map(|before| approvals[before].entry.made().seq);
    let since = |leaf: &&Leaf| leaf.seq < given.entry.made().seq && before.is_none_or(|before| leaf.seq > before);
    let wrote: Vec<Id> = risk.revisions().filter(since).filter_map(|leaf| leaf.actor.person()).collect();
    let why = match defect(given, &[(&wrote, "wrote it too")]) {
        None if owner_then(risk, given) != given.by() => "does not own it".to_owned(),
        why => why?,
    };
    Some(Lapse::of(risk).value("person", called(risk.view(), given.by())).value("defect", why))
}

/// The owner that the approved revision names.
fn owner_then(risk: Entry<'_>, given: &Given<'_>) -> Option<Id> {
    let leaf = risk.revisions().find(|leaf| leaf.revision == given.revision())?;
    leaf.body.get("owner").and_then(Link::read).map(|link| link.id)
}

/// 6.1.1-P3
pub(super) fn register_not_written_for_the_audit(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let made: Vec<_> = view
        .all(Risk::KIND)
        .flat_map(|risk| risk.revisions())
        .map(|leaf| view.day(leaf.time))
        .filter(|day| window.has(*day))
        .collect();
    each(view.all(Audit::KIND).filter(|audit| is_by_certifier(*audit)), |audit| {
        let Some(planned) = Audit(audit.content()).planned_from().get().filter(|on| window.from < *on) else {
            return Judgement::Skip("planned before the window".to_owned());
        };
        if made.len() < ENOUGH_ENTRIES {
            return Judgement::Skip(format!("fewer than {ENOUGH_ENTRIES} entries in the window"));
        }
        let before = Window { from: planned.saturating_sub(BEFORE_AUDIT.days()), to: planned.saturating_sub(1.day()) };
        let n = made.iter().filter(|day| before.has(**day)).count();
        Judgement::when(n * 2 <= made.len(), || {
            Lapse::of(audit).value("n", n).value("total", made.len()).value("days", BEFORE_AUDIT)
        })
    })
}

fn is_by_certifier(audit: Entry<'_>) -> bool {
    use AuditType::{Recertification, Stage1, Stage2, Surveillance};
    matches!(Audit(audit.content()).type_().get(), Some(Stage1 | Stage2 | Surveillance | Recertification))
}
