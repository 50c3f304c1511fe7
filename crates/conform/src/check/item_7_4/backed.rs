//! Whether what went outside was approved, true, and received.

use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::communication::{Communication, CommunicationClaimRow, CommunicationTopic};
use vouch_record::kind::generated::evidence::Evidence;

use super::ruled::{sent_on, sent_outside};
use crate::check::independence::{authors_then, defect};
use crate::check::specified::holds;
use crate::check::wording::called;
use crate::derived::proof::in_date;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Words by which a claim is about certification.
const CERTIFIED: [&str; 4] = ["certified", "certificate", "certification", "42001"];

/// 7.4-P1
pub(super) fn approved_before_sending(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(sent_outside(view, year), |message| {
        Judgement::needing(message, &["sent_at", "sent_by"], || {
            let content = Communication(message.content());
            let sent = content.sent_at().get();
            let sender: Vec<Id> = content.sent_by().get().map(|link| link.id).into_iter().collect();
            let mut why = "without an approval".to_owned();
            for given in message.given() {
                let approves = given.approval.purpose().is(ApprovalPurpose::Approve)
                    && given.approval.decision().is(ApprovalDecision::Approved);
                if !approves || !message.covers(given.revision(), message.revision()) {
                    continue;
                }
                if sent.is_some_and(|sent| given.at() > sent) {
                    why = format!("before it was approved on {}", given.on());
                    continue;
                }
                let authors = authors_then(message, &given);
                match defect(&given, &[(&authors, "wrote it"), (&sender, "sent it")]) {
                    None => return Judgement::Shown(vec![message.subject(), given.entry.subject()]),
                    Some(wrong) => why = format!("with the approval of {}, who {wrong}", called(view, given.by())),
                }
            }
            Judgement::Fail(Lapse::of(message).value("message", message.label()).value("defect", why))
        })
    })
}

/// 7.4-P2
pub(super) fn claims_are_backed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(sent_outside(view, year), |message| {
        Judgement::needing(message, &["claims"], || {
            let rows: Vec<CommunicationClaimRow<'_>> = Communication(message.content()).claims().collect();
            if rows.is_empty() {
                return Judgement::Skip("it claims nothing".to_owned());
            }
            let lapses = rows.into_iter().filter_map(|row| {
                let wrong = unbacked(message, row)?;
                let claim = format!("`{}`", row.claim().unwrap_or("something"));
                Some(Lapse::of(message).value("message", message.label()).value("claim", claim).value("defect", wrong))
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// Why a claim was not backed on the day it was made.
fn unbacked(message: Entry<'_>, row: CommunicationClaimRow<'_>) -> Option<String> {
    let view = message.view();
    let on = sent_on(message)?;
    let then = view.on(on);
    let backed = row.shown_by().any(|link| then.get(link.id).is_some_and(|record| in_date(record)));
    if !backed {
        return Some(format!("no record that was in date on {on} shows"));
    }
    let claim = row.claim().unwrap_or_default();
    let about_certificate = Communication(message.content()).topic().is(CommunicationTopic::Certificate)
        || CERTIFIED.iter().any(|word| holds(claim, word));
    let agrees = |certificate: Entry<'_>| {
        let text = Certificate(certificate.content()).scope_text().get().unwrap_or_default();
        certificate.is("issued")
            && (holds(claim, text) || holds(text, claim) || row.shown_by().any(|link| link.id == certificate.id()))
    };
    (about_certificate && !then.all(Certificate::KIND).any(agrees))
        .then(|| format!("no certificate that was issued on {on} covers"))
}

/// 7.4-P3
pub(super) fn receipt_is_shown(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let owed = |message: &Entry<'_>| Communication(message.content()).obligations().next().is_some();
    each(sent_outside(view, year).filter(owed), |message| {
        Judgement::needing(message, &["reached", "audience", "due_at"], || {
            let content = Communication(message.content());
            let due = content.due_at().get().map(|at| view.day(at));
            let in_time = |proof: Entry<'_>| {
                let to = Evidence(proof.content()).covers_to().get();
                proof.is("reviewed") && to.is_some_and(|to| due.is_none_or(|due| to <= due))
            };
            let received = |party: Id| {
                let row = content.reached().find(|row| row.party().is_some_and(|link| link.id == party));
                row.is_some_and(|row| row.proof().filter_map(|link| view.get(link.id)).any(in_time))
            };
            let unshown = content
                .audience()
                .filter(|link| !received(link.id))
                .map(|link| Lapse::of(message).value("recipient", called(view, Some(link.id))).value("message", message.label()));
            Judgement::of(unshown.collect())
        })
    })
}
