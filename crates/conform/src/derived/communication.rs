//! Derived values of a communication: rules that say what is told to whom and when, and the messages that follow them.

mod occasion;
mod owed;

pub use occasion::Occasion;
pub use owed::{Owed, owed};

use jiff::{SignedDuration, Timestamp};
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::generated::communication::{Communication, CommunicationForm, CommunicationState};

use super::Derived;
use super::answer::{instant, table, texts};
use crate::view::Entry;

/// The derived values of a communication.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["review_by"]),
    Derived::new("owed", |entry| {
        table(entry, "communication.owed", || {
            owed(entry)
                .into_iter()
                .map(|row| row! { event: row.event, record: row.record, on: row.on, message: row.message })
                .collect()
        })
    }),
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["due_at", "sent_at"]),
    Derived::new("outside_rules", |entry| Val::Bool(outside_rules(entry))).reading(&["rule"]),
    Derived::new("unbacked_claims", |entry| texts(unbacked_claims(entry))).reading(&["claims"]),
    Derived::new("points_missing", |entry| texts(points_missing(entry))).reading(&["content_points"]),
    Derived::new("latest_time", |entry| instant(latest_time(entry))).reading(&["about", "rule"]),
];

/// A rule in state approved whose review has not passed.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    let rule = Communication(entry.content());
    let reviewed = rule.review_by().get().is_none_or(|by| by >= entry.view().today());
    rule.form().is(CommunicationForm::Rule) && entry.is(CommunicationState::Approved.id()) && reviewed
}

/// The rule a message follows.
#[must_use]
pub fn rule(entry: Entry<'_>) -> Option<Entry<'_>> {
    Communication(entry.content()).rule().get().and_then(|link| entry.view().find(link.id))
}

/// A message sent after its latest time, or not sent although that has passed. One that was withdrawn before it was sent is not late.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let message = Communication(entry.content());
    let Some(due) = message.due_at().get().or_else(|| latest_time(entry)) else { return false };
    match message.sent_at().get() {
        Some(sent) => sent > due,
        None => message.form().is(CommunicationForm::Message) && entry.is_any(&["draft", "approved"]) && entry.view().is_past(due),
    }
}

/// A message without rule, or whose speaker or channel differs from its rule.
#[must_use]
pub fn outside_rules(entry: Entry<'_>) -> bool {
    let message = Communication(entry.content());
    if !message.form().is(CommunicationForm::Message) {
        return false;
    }
    let Some(rule) = rule(entry).map(|rule| Communication(rule.content())) else { return true };
    let speaker = |one: Communication<'_>| one.speaker().get().map(|link| link.id);
    speaker(message) != speaker(rule) || message.channel().get() != rule.channel().get()
}

/// Claims without a live record behind them.
#[must_use]
pub fn unbacked_claims(entry: Entry<'_>) -> Vec<String> {
    let live = |id| entry.view().get(id).is_some_and(|record: Entry<'_>| record.is_live());
    let claims = Communication(entry.content()).claims().filter(|row| !row.shown_by().any(|link| live(link.id)));
    claims.filter_map(|row| row.claim()).map(str::to_owned).collect()
}

/// Content points of its rule that the message does not list among its own: whoever writes it confirms each point by listing its code.
#[must_use]
pub fn points_missing(entry: Entry<'_>) -> Vec<String> {
    let Some(rule) = rule(entry).filter(|_| Communication(entry.content()).form().is(CommunicationForm::Message)) else {
        return Vec::new();
    };
    let held: Vec<_> = Communication(entry.content()).content_points().filter_map(|row| row.code()).collect();
    let points = Communication(rule.content()).content_points();
    points
        .filter(|row| row.code().is_none_or(|code| !held.contains(&code)))
        .filter_map(|row| row.code().or(row.point()))
        .map(str::to_owned)
        .collect()
}

/// The earliest of the time of an event it is about plus the time its rule allows, and of the open deadlines that its obligations have
/// because of such an event; nothing when neither sets one.
#[must_use]
pub fn latest_time(entry: Entry<'_>) -> Option<Timestamp> {
    let about: Vec<Entry<'_>> = entry.links("about").collect();
    let within = rule(entry).and_then(|rule| Communication(rule.content()).within().get());
    let allowed = within.map(|within| SignedDuration::from_secs(SpanValue(within).seconds()));
    let by_rule = about.iter().filter_map(|record| occasion::time_of(*record)?.checked_add(allowed?).ok());
    let by_duty = entry.links("obligations").flat_map(|obligation| deadlines(obligation, &about));
    by_rule.chain(by_duty).min()
}

/// Open deadlines of an obligation that one of these records started; all where it names no trigger.
fn deadlines(obligation: Entry<'_>, about: &[Entry<'_>]) -> Vec<Timestamp> {
    let Some(Val::List(rows)) = super::value(obligation, "due") else { return Vec::new() };
    let deadline = |row: Val<'_>| {
        let Val::Row(row, _) = row else { return None };
        let trigger = row.get("trigger").and_then(vouch_record::Value::as_text);
        let ours = trigger.is_none_or(|trigger| about.iter().any(|record| record.id().to_string() == trigger));
        ours.then(|| vouch_record::time::parse_instant(row.get("due")?.as_text()?)).flatten()
    };
    rows.into_iter().filter_map(deadline).collect()
}
