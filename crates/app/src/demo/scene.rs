//! What persons of the story do, through the use cases.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value as Json, json};
use vouch_record::Id;
use vouch_record::state::Actor;

use super::agenda::Event;
use super::world::World;
use crate::approval::Decision;
use crate::error::{Error, Kind, Result};
use crate::installation::Acting;
use crate::work::Work;

/// A month of the story: one unit of work, in which days pass.
pub(super) struct Scene<'s, 'w> {
    pub(super) work: &'s mut Work<'w>,
    pub(super) world: World,
    today: Date,
}

/// Half past eight, when the working day begins.
pub(super) fn morning(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    let at = day.at(8, 30, 0, 0).to_zoned(zone.clone());
    at.map(|at| at.timestamp()).map_err(|error| Error::new(Kind::Unavailable, format!("{day} has no morning")).because(error))
}

impl<'s, 'w> Scene<'s, 'w> {
    pub(super) fn open(work: &'s mut Work<'w>, world: World) -> Self {
        let today = world.story.until;
        Self { work, world, today }
    }

    pub(super) fn close(self) -> World {
        self.world
    }

    /// Lets every event up to a day happen.
    pub(super) fn live_until(&mut self, last: Date) -> Result<()> {
        while let Some((day, event)) = self.world.agenda.take_until(last) {
            if day != self.today {
                self.today = day;
                let at = morning(day, &self.world.zone)?;
                self.work.advance(at);
            }
            event(self).map_err(|error| Error { message: format!("on {day} of the sample: {}", error.message), ..error })?;
        }
        Ok(())
    }

    /// The day it is.
    pub(super) const fn today(&self) -> Date {
        self.today
    }

    /// The day after so many days.
    pub(super) fn in_days(&self, days: i64) -> Date {
        self.today.saturating_add(days.days())
    }

    /// What goes with an approval: the next look after so many days.
    pub(super) fn review_in(&self, days: i64) -> Json {
        json!({"review_by": self.in_days(days).to_string()})
    }

    /// Puts an event on the agenda, so many days from today; after the last day it does not happen any more.
    pub(super) fn later(&mut self, days: i64, event: impl FnOnce(&mut Scene<'_, '_>) -> Result<()> + Send + 'static) {
        let day = self.in_days(days);
        self.world.schedule(day, Box::new(event) as Event);
    }

    /// The person of a function acts from here on.
    pub(super) fn by(&mut self, function: &str) -> Result<&mut Self> {
        let person = self.world.person(function)?;
        Ok(self.by_person(person))
    }

    /// A person acts from here on.
    pub(super) fn by_person(&mut self, person: Id) -> &mut Self {
        self.work.act_as(Acting::local(person));
        self
    }

    /// A machine acts from here on.
    pub(super) fn by_machine(&mut self, name: &str) -> &mut Self {
        self.work.act_as(Acting { actor: Actor::Machine(name.into()), sign_in: "local" });
        self
    }

    /// A minute or so passes between two acts.
    fn pass(&mut self) {
        let seconds = self.world.chance.between(7, 50);
        let at = self.work.at() + seconds.seconds();
        self.work.advance(at);
    }

    /// Now, as records hold it.
    pub(super) fn now(&self) -> String {
        vouch_record::time::format_instant(self.work.at())
    }

    /// Creates a record.
    pub(super) fn create(&mut self, kind: &str, fields: Json) -> Result<Id> {
        self.pass();
        self.work.create(kind, &object(fields)).map_err(|error| about(error, kind))
    }

    /// Revises a record, whatever its revision is.
    pub(super) fn revise(&mut self, id: Id, fields: Json) -> Result<()> {
        self.pass();
        let head = self.work.head_revision(id)?;
        self.work.revise(id, head, &object(fields)).map(|_| ()).map_err(|error| about(error, &id.to_string()))
    }

    /// Completes the record that an import left, or creates one.
    pub(super) fn put(&mut self, kind: &str, there: Option<Id>, fields: Json) -> Result<Id> {
        match there {
            Some(id) => self.revise(id, fields).map(|()| id),
            None => self.create(kind, fields),
        }
    }

    /// Attaches one of the papers that were taken in beforehand.
    pub(super) fn attach(&mut self, id: Id, field: &str, name: &str) -> Result<()> {
        self.pass();
        match self.world.staged.take(name) {
            Some(staged) => self.work.attach(id, field, name, staged).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Moves a record.
    pub(super) fn go(&mut self, id: Id, to: &str, reason: &str, set: Json) -> Result<()> {
        self.pass();
        self.work.transition(id, to, &object(set), reason).map_err(|error| about(error, &format!("{id} to {to}")))
    }

    /// Approves the head of a record for a purpose.
    pub(super) fn approve(&mut self, id: Id, purpose: &str, reason: &str, set: Json) -> Result<()> {
        self.decide(id, purpose, reason, set, json!({}))
    }

    /// The same with further fields of the approval.
    pub(super) fn decide(&mut self, id: Id, purpose: &str, reason: &str, set: Json, more: Json) -> Result<()> {
        self.give(id, Decision { more: object(more), ..decision(purpose, reason, set) })
    }

    /// The same where several states could follow.
    pub(super) fn approve_to(&mut self, id: Id, to: &str, reason: &str, set: Json) -> Result<()> {
        self.give(id, Decision { to: Some(to.to_owned()), ..decision("approve", reason, set) })
    }

    fn give(&mut self, id: Id, decision: Decision) -> Result<()> {
        self.pass();
        self.work.approve(id, &decision).map(|_| ()).map_err(|error| about(error, &format!("{id} for {}", decision.purpose)))
    }

    /// A field of a record's head as it is stored.
    pub(super) fn field(&self, id: Id, name: &str) -> Option<Json> {
        let view = self.work.view();
        let value = view.find(id)?.head().value(name).get()?.to_json();
        Some(value)
    }

    /// The same as text.
    pub(super) fn text(&self, id: Id, name: &str) -> Option<String> {
        self.field(id, name).and_then(|value| value.as_str().map(str::to_owned))
    }

    /// A computed value of a record as text.
    pub(super) fn computed(&self, id: Id, name: &str) -> Option<String> {
        let view = self.work.view();
        let value = vouch_conform::derived::value(view.find(id)?, name)?;
        vouch_conform::view::val_to_json(&value).as_str().map(str::to_owned)
    }

    /// The state of a record's head.
    pub(super) fn state(&self, id: Id) -> String {
        self.work.view().find(id).map(|entry| entry.standing().state.to_string()).unwrap_or_default()
    }
}

fn decision(purpose: &str, reason: &str, set: Json) -> Decision {
    Decision { purpose: purpose.to_owned(), decision: "approved".to_owned(), reason: reason.to_owned(), set: object(set), ..Decision::default() }
}

fn object(json: Json) -> Map<String, Json> {
    if let Json::Object(fields) = json { fields } else { Map::new() }
}

fn about(error: Error, what: &str) -> Error {
    Error { message: format!("{what}: {}", error.message), ..error }
}
