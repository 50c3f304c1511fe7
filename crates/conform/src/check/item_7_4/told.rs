//! Whether what had to be told was told in time, and whether answers were heard.

use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::communication::{Communication, CommunicationForm};
use vouch_record::kind::generated::incident::Incident;

use super::ruled::sent_on;
use crate::check::wording::{called, words};
use crate::derived::communication::{Owed, late, owed};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};
use vouch_record::time::after;

/// How long a reaction to an answer may take.
const ANSWER_DAYS: i64 = 30;

/// 7.4-O1
pub(super) fn what_is_owed_was_told(view: &View) -> Verdicts {
    if view.window().is_none() {
        return Verdicts::holds();
    }
    let rules = view.all(Communication::KIND).filter(|one| Communication(one.content()).form().is(CommunicationForm::Rule));
    each(rules, |rule| {
        Judgement::needing(rule, &["within", "every", "event", "trigger"], || {
            let rows = owed(rule);
            if rows.is_empty() {
                return Judgement::Skip("nothing happened that it names".to_owned());
            }
            Judgement::of(rows.iter().filter_map(|row| untold(rule, row)).collect())
        })
    })
}

fn untold(rule: Entry<'_>, row: &Owed) -> Option<Lapse> {
    let view = rule.view();
    let message = row.message.and_then(|id| view.get(id));
    let defect = match message {
        None => "nobody told them".to_owned(),
        Some(message) if late(message) => {
            format!("they were told on {}", sent_on(message).map_or_else(String::new, |on| on.to_string()))
        }
        Some(_) => return None,
    };
    let within = Communication(rule.content()).within().get().unwrap_or_default();
    let audience: Vec<String> = rule.links("audience").chain(rule.links("roles")).map(|one| one.label()).collect();
    let event = row
        .record
        .map_or_else(|| "What is told at a date".to_owned(), |id| format!("{} {}", words(row.event), called(view, Some(id))));
    let lapse = Lapse::of(rule).value("event", event).value("date", row.on).value("audience", audience.join(", "));
    Some(lapse.value("due", after(row.on, &within)).value("defect", defect))
}

/// 7.4-O2
pub(super) fn incidents_were_told_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Incident::KIND), |incident| {
        if Incident(incident.content()).exercise().is(true) || incident.is("dismissed") {
            return Judgement::Skip("an exercise, or dismissed".to_owned());
        }
        Judgement::needing(incident, &["notifications"], || {
            let rows = Incident(incident.content()).notifications();
            let due = rows.filter_map(|row| Some((row.due_at()?, row)));
            let due = due.filter(|(at, row)| window.has(view.day(*at)) && view.is_past(*at) && row.not_needed_because().is_none());
            let due: Vec<_> = due.collect();
            if due.is_empty() {
                return Judgement::Skip("nobody had to be told in the window".to_owned());
            }
            let lapses = due.iter().filter_map(|(at, row)| {
                let recipient = row.recipient().map(|link| link.id);
                let message = row.communication().and_then(|link| view.get(link.id));
                let defect = untold_recipient(message, recipient, *at)?;
                let lapse = Lapse::of(incident).value("recipient", called(view, recipient)).value("incident", incident.label());
                Some(lapse.value("due", view.day(*at)).value("defect", defect))
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// Why a message does not show that a party was told in time.
fn untold_recipient(message: Option<Entry<'_>>, recipient: Option<vouch_record::Id>, due: Timestamp) -> Option<String> {
    let Some(message) = message else { return Some("no message shows it".to_owned()) };
    let content = Communication(message.content());
    match content.sent_at().get() {
        None => Some(format!("{} was not sent", message.label())),
        Some(at) if at > due => Some(format!("{} was sent on {}", message.label(), message.view().day(at))),
        Some(_) if !content.audience().any(|link| Some(link.id) == recipient) => {
            Some(format!("{} went to others", message.label()))
        }
        Some(_) => None,
    }
}

/// 7.4-O4
pub(super) fn answers_were_heard(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let sent = view.all(Communication::KIND).filter(|one| sent_on(*one).is_some_and(|on| window.has(on)));
    each(sent, |message| {
        Judgement::needing(message, &["answers"], || {
            let old = Communication(message.content()).answers().filter_map(|row| Some((row.at()?, row)));
            let old: Vec<_> = old.filter(|(at, _)| view.day(*at).saturating_add(ANSWER_DAYS.days()) < view.today()).collect();
            if old.is_empty() {
                return Judgement::Skip("no answer is older than thirty days".to_owned());
            }
            let heard = |at: Timestamp| {
                let later = message.incoming(Communication::KIND, "");
                later.into_iter().any(|next| Communication(next.content()).sent_at().get().is_some_and(|sent| sent >= at))
            };
            let unheard = old.iter().filter(|(at, row)| row.led_to().next().is_none() && !heard(*at)).map(|(at, row)| {
                let lapse = Lapse::of(message).value("from", row.from().unwrap_or("somebody"));
                lapse.value("message", message.label()).value("date", view.day(*at))
            });
            Judgement::of(unheard.collect())
        })
    })
}
