//! What rules want told.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use vouch_record::Id;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::communication::{Communication, CommunicationForm, CommunicationTrigger};
use vouch_record::time::after;

use super::occasion::{Occasion, occasions};
use crate::view::{Entry, Window};

/// An event or date that a rule names, with the message that followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// the event by its id in the rule, or `date`
    pub event: &'static str,
    /// record that shows it; nothing for a date
    pub record: Option<Id>,
    /// its day
    pub on: Date,
    /// the message under the rule about it, if one was sent
    pub message: Option<Id>,
}

/// Events of the window and dates that a rule names, on days on which it was in force, each with its message or none. What still has time
/// is left out.
#[must_use]
pub fn owed(entry: Entry<'_>) -> Vec<Owed> {
    let (rule, view) = (Communication(entry.content()), entry.view());
    let (Some(window), true) = (view.window(), rule.form().is(CommunicationForm::Rule)) else { return Vec::new() };
    let messages: Vec<Entry<'_>> = entry.incoming(Communication::KIND, "rule").filter(|one| sent(*one).is_some()).collect();
    match rule.trigger().get() {
        Some(CommunicationTrigger::Event) => by_event(entry, window, &messages),
        Some(CommunicationTrigger::Date) => by_date(entry, window, &messages),
        Some(CommunicationTrigger::Request) | None => Vec::new(),
    }
}

fn sent(message: Entry<'_>) -> Option<Timestamp> {
    Communication(message.content()).sent_at().get()
}

fn was_in_force(rule: Entry<'_>, on: Date) -> bool {
    rule.on(on).is_some_and(super::in_force)
}

fn by_event(entry: Entry<'_>, window: Window, messages: &[Entry<'_>]) -> Vec<Owed> {
    let (rule, view) = (Communication(entry.content()), entry.view());
    let Some(event) = rule.event().get() else { return Vec::new() };
    let within = SignedDuration::from_secs(rule.within().get().map_or(0, |within| SpanValue(within).seconds()));
    let systems: Vec<Id> = rule.ai_systems().map(|link| link.id).collect();
    let concerned = |record: Id| systems.is_empty() || view.find(record).is_some_and(|record| speaks_of(record, &systems));
    let mut found = Vec::new();
    for Occasion { at, record } in occasions(view, event) {
        let on = view.day(at);
        if !window.has(on) || !concerned(record) || !was_in_force(entry, on) {
            continue;
        }
        let about = messages
            .iter()
            .filter(|message| message.names(record, "about") && sent(**message).is_some_and(|sent| view.day(sent) >= on));
        let message = about.min_by_key(|message| sent(**message)).map(|message| message.id());
        let waits = at.checked_add(within).is_ok_and(|last| !view.is_past(last));
        if message.is_some() || !waits {
            found.push(Owed { event: event.id(), record: Some(record), on, message });
        }
    }
    found.sort_by_key(|owed| (owed.on, owed.record));
    found
}

fn speaks_of(record: Entry<'_>, systems: &[Id]) -> bool {
    systems.contains(&record.id()) || systems.iter().any(|system| record.names(*system, ""))
}

/// Dates that follow each other at the rhythm of the rule since it was first approved; the message of a date is the latest sent since
/// the date before it.
fn by_date(entry: Entry<'_>, window: Window, messages: &[Entry<'_>]) -> Vec<Owed> {
    let (rule, view) = (Communication(entry.content()), entry.view());
    let begun = entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| view.day(leaf.time));
    let (Some(mut last), Some(every)) = (begun, rule.every().get()) else { return Vec::new() };
    let mut found = Vec::new();
    loop {
        let date = after(last, &every);
        // A rhythm of no length would never reach today.
        if date > window.to || date <= last {
            return found;
        }
        if window.has(date) && was_in_force(entry, date) {
            let between =
                messages.iter().filter(|message| sent(**message).is_some_and(|at| last < view.day(at) && view.day(at) <= date));
            let message = between.max_by_key(|message| sent(**message)).map(|message| message.id());
            found.push(Owed { event: "date", record: None, on: date, message });
        }
        last = date;
    }
}
