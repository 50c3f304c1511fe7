//! Whether the people whom a duty names are told in time.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::obligation::{Obligation, ObligationRhythm, ObligationTrigger};
use vouch_record::kind::generated::user_information::UserInformation;
use vouch_record::time::{before, end_of_day};

use super::duty::duties;
use crate::check::wording::called;
use crate::derived::obligation::{holds_for, started};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// A deadline of a duty that fell in the window and has passed.
struct Due {
    /// from when on telling somebody counts
    from: Date,
    /// last instant
    until: Timestamp,
    /// what started it, where something did
    trigger: Option<Id>,
}

/// A.8.5-O1
pub(super) fn deadlines_are_kept(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(duties(view), |duty| {
        Judgement::needing(duty, &["recipients", "due_on", "every", "triggers", "answer_within"], || {
            let systems = holds_for(duty);
            let deadlines = deadlines(duty, window);
            if systems.is_empty() || deadlines.is_empty() {
                return Judgement::Skip("no system, or nothing fell due".to_owned());
            }
            let recipients: Vec<Id> = Obligation(duty.content()).recipients().map(|link| link.id).collect();
            let mut lapses = Vec::new();
            for due in &deadlines {
                let concerned = |id: &Id| due.trigger.is_none_or(|trigger| trigger == *id || names(view, trigger, *id));
                let system = systems.iter().find(|id| concerned(id)).or(systems.first()).and_then(|id| view.get(*id));
                for party in recipients.iter().filter(|party| !told(duty, **party, due)) {
                    let lapse = Lapse::of(duty).value("recipient", called(view, Some(*party))).value("information", duty.label());
                    let lapse = lapse.value("due", last_day(view, due.until));
                    lapses.push(system.map_or(lapse.clone(), |system| lapse.in_system(system)));
                }
            }
            Judgement::of(lapses)
        })
    })
}

fn names(view: &View, record: Id, system: Id) -> bool {
    view.get(record).is_some_and(|record| record.names(system, ""))
}

/// The day of a last instant; what ends with a day belongs to that day.
fn last_day(view: &View, until: Timestamp) -> Date {
    view.day(until.checked_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(until))
}

/// The deadlines of a duty that fell in the window: a day, each day of a series that ends with the next one, the end of the time after
/// each event.
fn deadlines(duty: Entry<'_>, window: Window) -> Vec<Due> {
    let (content, view) = (Obligation(duty.content()), duty.view());
    let passed = |until: Timestamp| view.has_come(until) && window.has(last_day(view, until));
    let of_day = |on: Date, from: Date| Due { from, until: end_of_day(on, view.zone()), trigger: None };
    let mut found: Vec<Due> = Vec::new();
    match (content.rhythm().get(), content.due_on().get()) {
        (Some(ObligationRhythm::Once), Some(on)) => found.push(of_day(on, Date::MIN)),
        (Some(ObligationRhythm::Periodic), Some(next)) => {
            let Some(every) = content.every().get() else { return Vec::new() };
            let begun = content.in_force_from().get().unwrap_or(Date::MIN);
            let mut on = next;
            while on >= window.from && on > begun {
                let earlier = before(on, &every);
                if earlier >= on {
                    break;
                }
                found.push(of_day(on, earlier));
                on = earlier;
            }
        }
        (Some(ObligationRhythm::Event), _) => {
            let events = started(duty).into_iter();
            found.extend(events.map(|one| Due { from: view.day(one.at), until: one.due, trigger: Some(one.record) }));
        }
        _ => {}
    }
    found.retain(|due| passed(due.until));
    found
}

/// Whether the row of an incident for a duty says that the party was told in time, or why it need not be.
fn has_row(duty: Entry<'_>, party: Id, due: &Due) -> bool {
    let incident = due.trigger.and_then(|id| duty.view().get(id)).filter(|record| record.kind().name == Incident::KIND);
    incident.is_some_and(|incident| {
        Incident(incident.content()).notifications().any(|row| {
            let of_duty = row.obligation().is_some_and(|link| link.id == duty.id());
            let to_party = row.recipient().is_some_and(|link| link.id == party);
            of_duty && to_party && (row.not_needed_because().is_some() || row.sent_at().is_some_and(|sent| sent <= due.until))
        })
    })
}

/// Whether a party was told under a duty: a text that names it was delivered, or a message about it was sent, in time.
fn told(duty: Entry<'_>, party: Id, due: &Due) -> bool {
    let view = duty.view();
    let last = last_day(view, due.until);
    let delivered = duty.incoming(UserInformation::KIND, "obligations").any(|text| {
        let rows = UserInformation(text.content()).delivered();
        rows.filter(|row| row.to().is_some_and(|link| link.id == party))
            .filter_map(|row| row.at())
            .any(|at| due.from <= at && at <= last)
    });
    let linked = duty.links("met_by").filter(|record| record.kind().name == Communication::KIND);
    let mut messages = linked.chain(duty.incoming(Communication::KIND, "obligations"));
    let sent = |message: Entry<'_>| {
        let at = Communication(message.content()).sent_at().get();
        message.names(party, "audience") && at.is_some_and(|at| view.day(at) >= due.from && at <= due.until)
    };
    delivered || messages.any(sent) || has_row(duty, party, due)
}

/// A.8.5-O2
pub(super) fn requests_are_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = view.all(UserInformation::KIND).filter_map(|text| {
        let due = UserInformation(text.content()).due_on().get().filter(|due| window.has(*due))?;
        Some((text, due, allowed(text)?))
    });
    let mut verdicts = Verdicts::default();
    for (text, due, within) in asked {
        let judgement = Judgement::needing(text, &["delivered", "due_on"], || {
            let content = UserInformation(text.content());
            let first = content.delivered().filter_map(|row| Some((row.at()?, row.to()))).min_by_key(|(at, _)| *at);
            let approved = text.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| view.day(leaf.time));
            let defect = match first {
                None if due >= view.today() => return Judgement::Skip("its time runs".to_owned()),
                None => "not answered",
                Some((at, _)) if at > due => "answered too late",
                Some((at, _)) if approved.is_none_or(|on| on > at) => "answered with a text that was not approved",
                Some(_) => return Judgement::Pass,
            };
            let party = first.and_then(|(_, to)| to).map(|link| link.id).or_else(|| recipient(text));
            let lapse = Lapse::of(text).value("requester", called(view, party)).value("date", before(due, &within));
            Judgement::Fail(lapse.value("late_or_unapproved", defect))
        });
        verdicts.note(text, judgement);
    }
    verdicts
}

/// Who is to have it by the duty it answers.
fn recipient(text: Entry<'_>) -> Option<Id> {
    text.links("obligations").flat_map(|duty| Obligation(duty.content()).recipients()).map(|link| link.id).next()
}

/// How long an answer may take: of a duty to answer requests, or of a promise to a customer who is told with the text.
fn allowed(text: Entry<'_>) -> Option<jiff::Span> {
    let by_duty = text.links("obligations").find_map(|duty| {
        let content = Obligation(duty.content());
        content.triggers().has(ObligationTrigger::Request).then(|| content.answer_within().get()).flatten()
    });
    by_duty.or_else(|| {
        let promises = text.incoming("customer-commitment", "told");
        let within = |one: Entry<'_>| {
            vouch_record::kind::generated::customer_commitment::CustomerCommitment(one.content()).notice_within().get()
        };
        promises.filter_map(within).next()
    })
}
