//! What shows that the leadership leads: its words to staff, its minutes, what it told auditors.

use jiff::ToSpan;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::communication::{Communication, CommunicationForm, CommunicationSide};
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::time::days_between;

use super::meetings::{Held, held_in_last_year};
use crate::check::audited::in_last_year;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one};
use crate::view::{Entry, View};

/// How long minutes may take to be signed.
const SIGN_DAYS: i64 = 30;

/// 5.1-O3
pub(super) fn spoke_to_staff(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let by_top = |message: &Entry<'_>| {
        let content = Communication(message.content());
        let speaker = message.linked("speaker").is_some_and(|role| Role(role.content()).key().is(RoleKey::TopManagement));
        message.is("sent")
            && content.form().is(CommunicationForm::Message)
            && content.side().is(CommunicationSide::Internal)
            && content.sent_at().get().is_some_and(|at| year.has(view.day(at)))
            && speaker
    };
    at_least_one(view.all(Communication::KIND).filter(by_top), Lapse::of_organisation)
}

/// 5.1-P1
pub(super) fn minutes_are_signed(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for held in held_in_last_year(view) {
        let due = held.on.saturating_add(SIGN_DAYS.days());
        let judgement = match unsigned(held) {
            None => Judgement::Pass,
            Some(_) if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            Some(defect) => {
                let lapse = Lapse::of(held.meeting).value("meeting", held.meeting.label());
                Judgement::Fail(lapse.value("defect", defect))
            }
        };
        verdicts.note(held.meeting, judgement);
    }
    verdicts
}

/// What is wrong with the minutes of a meeting.
fn unsigned(held: Held<'_>) -> Option<String> {
    let content = held.content();
    let chair = content.chair().get().map(|link| link.id);
    let signs = held.meeting.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Sign)
            && given.approval.decision().is(ApprovalDecision::Approved)
            && given.counts_as_proof()
            && given.by() == chair
    });
    let on = content.held_to().get().map_or(held.on, |at| held.meeting.view().day(at));
    let signed = signs.map(|given| given.on()).min().filter(|_| held.meeting.is("signed"));
    match signed.map(|signed| (signed, days_between(on, signed))) {
        None => Some("are not signed by its chair".to_owned()),
        Some((signed, days)) if days > SIGN_DAYS => Some(format!("were signed on {signed}, {days} days later")),
        Some(_) if content.minute_taker().get().map(|link| link.id) == chair => {
            Some("were taken by the chair who signed them".to_owned())
        }
        Some(_) => None,
    }
}

/// 5.1-P2
pub(super) fn auditors_spoke_with_them(view: &View) -> Verdicts {
    let spoke = |audit: &Entry<'_>| {
        Audit(audit.content()).interviews().any(|row| {
            let on = row.at().map_or(view.today(), |at| view.day(at).min(view.today()));
            row.person().is_some_and(|link| view.directed_on(link.id, on))
        })
    };
    at_least_one(in_last_year(view).filter(spoke), Lapse::of_organisation)
}
