//! Whether the scope, the certificate and the audits belong together.

use jiff::ToSpan;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::scope::Scope;

use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after its first day a scope may be approved at the latest.
const LATE_DAYS: i64 = 14;
/// How long before an audit the certification body has agreed.
const AGREED_DAYS: i64 = 60;

/// 4.3-P1
pub(in super::super) fn as_on_the_certificate(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    each(view.all(Certificate::KIND).filter(|certificate| certificate.is("issued")), |certificate| {
        if scope.value("statement").is_erased() {
            return Judgement::Undecided(format!("`statement` of {} was erased", scope.id()));
        }
        Judgement::needing(certificate, &["scope_text"], || match certificate_defect(certificate, scope) {
            None => Judgement::Pass,
            Some(defect) => {
                Judgement::Fail(Lapse::of(certificate).value("certificate", certificate.label()).value("defect", defect))
            }
        })
    })
}

fn certificate_defect(certificate: Entry<'_>, scope: Entry<'_>) -> Option<String> {
    let content = Certificate(certificate.content());
    if content.scope().get().is_none_or(|link| link.id != scope.id()) {
        return Some(format!("it names another version than {}", scope.id()));
    }
    if derived::scope::differs_from_certificate(scope) {
        return Some(format!("it says `{}`", content.scope_text().get().unwrap_or_default()));
    }
    let Some(by) = content.scope_compared_by().get().map(|link| link.id) else { return Some("nobody compared the two".to_owned()) };
    let wrote = scope.authors().contains(&by);
    let approved = scope.approvals(ApprovalPurpose::Approve).iter().any(|given| given.by() == Some(by));
    (wrote || approved).then(|| "whoever compared the two wrote or approved the scope".to_owned())
}

/// 4.3-P3
pub(in super::super) fn approved_before_it_was_audited(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    let content = Scope(scope.content());
    let approved = derived::approved::approved_at(scope).map(|at| view.day(at));
    let late = content.valid_from().get().zip(approved).filter(|(from, on)| *on >= from.saturating_add(LATE_DAYS.days()));
    let itself = each([scope], |scope| match late {
        None => Judgement::Pass,
        Some((from, on)) => {
            Judgement::Fail(Lapse::of(scope).value("date", on).value("event", format!("it was to hold from {from}")))
        }
    });
    let audits = each(view.all(Audit::KIND), |audit| {
        let content = Audit(audit.content());
        let by_body = content.type_().get().is_some_and(|sort| {
            matches!(sort, AuditType::Stage1 | AuditType::Stage2 | AuditType::Surveillance | AuditType::Recertification)
        });
        let inside = content
            .ai_systems()
            .filter_map(|link| view.find(link.id))
            .any(|system| derived::ai_system::placed_inside(system, scope));
        let Some(started) = content.started_on().get().filter(|_| by_body && inside) else {
            return Judgement::Skip("no audit by a body of a system inside that has begun".to_owned());
        };
        let first = view.first_scope_on().filter(|first| *first >= started);
        match first {
            None => Judgement::Pass,
            Some(first) => Judgement::Fail(
                Lapse::of(audit).value("date", first).value("event", format!("{} began on {started}", audit.label())),
            ),
        }
    });
    itself.and(audits)
}

/// 4.3-P4
pub(in super::super) fn body_agreed_before_the_audit(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    let content = Scope(scope.content());
    let agreed = content.body_agreed_on().is_filled() && scope.links("body_agreed_proof").any(|proof| proof.is_live());
    each(view.all(Audit::KIND), |audit| {
        let content = Audit(audit.content());
        let soon = content
            .planned_from()
            .get()
            .filter(|from| view.today() <= *from && *from <= view.today().saturating_add(AGREED_DAYS.days()));
        let of_stage = content.type_().get().is_some_and(|sort| matches!(sort, AuditType::Stage1 | AuditType::Stage2));
        match soon.filter(|_| of_stage && audit.is_any(&["planned", "prepared"])) {
            None => Judgement::Skip("no audit of stage 1 or 2 in the next 60 days".to_owned()),
            Some(from) => Judgement::when(agreed, || Lapse::of(audit).value("date", from)),
        }
    })
}
