//! What persons of the story do, through the use cases.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value as Json, json};
use vouch_record::Id;
use vouch_record::state::Actor;

use super::agenda::{Event, Planned, Title};
use super::chance::Chance;
use super::course::{Act, Turn};
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
    /// the event that happens
    title: Title,
}

/// A look at a record: at what, by whom, what is said, and in how many days it comes next.
pub(super) struct Look {
    pub(super) record: Id,
    pub(super) by: &'static str,
    pub(super) reason: &'static str,
    pub(super) next: i64,
}

/// Half past eight, when the working day begins.
pub(super) fn morning(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    let at = day.at(8, 30, 0, 0).to_zoned(zone.clone());
    at.map(|at| at.timestamp()).map_err(|error| Error::new(Kind::Unavailable, format!("{day} has no morning")).because(error))
}

impl<'s, 'w> Scene<'s, 'w> {
    pub(super) fn open(work: &'s mut Work<'w>, world: World) -> Self {
        let today = world.story.until;
        Self { work, world, today, title: "found".into() }
    }

    pub(super) fn close(self) -> World {
        self.world
    }

    /// Lets every event up to a day happen.
    pub(super) fn live_until(&mut self, last: Date) -> Result<()> {
        while let Some((day, planned)) = self.world.agenda.take_until(last) {
            if day != self.today {
                self.today = day;
                let at = morning(day, &self.world.zone)?;
                self.work.advance(at);
            }
            let name = planned.title.name;
            self.live_one(planned)
                .map_err(|error| Error { message: format!("on {day} of the sample, {name}: {}", error.message), ..error })?;
        }
        Ok(())
    }

    /// Lets an event happen as this course has it.
    fn live_one(&mut self, planned: Planned) -> Result<()> {
        let Planned { title, event, put_off } = planned;
        let turn = self.world.departures.turn(&self.world, &title, self.today);
        if let (Turn::PutOff(days), false) = (turn, put_off) {
            let day = self.in_days(days);
            self.world.schedule(day, Planned { title, event, put_off: true });
            return Ok(());
        }
        if let Event::Each(days, again) = &event {
            let (day, event) = (self.in_days(*days), Event::Each(*days, again.clone()));
            self.world.schedule(day, Planned { title: title.clone(), event, put_off: false });
        }
        if turn == Turn::Never {
            return Ok(());
        }
        self.world.chance = Chance::of(self.world.story.seed, &format!("{title:?} {}", self.today));
        self.title = title;
        match event {
            Event::Once(event) => event(self),
            Event::Each(_, event) => event(self),
        }
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
    pub(super) fn later(
        &mut self,
        days: i64,
        title: impl Into<Title>,
        event: impl FnOnce(&mut Scene<'_, '_>) -> Result<()> + Send + 'static,
    ) {
        let day = self.in_days(days);
        self.world.schedule(day, Planned { title: title.into(), event: Event::Once(Box::new(event)), put_off: false });
    }

    /// Puts an event on the agenda that comes again and again, so many days apart, the first time after so many days.
    pub(super) fn each(
        &mut self,
        days: i64,
        title: impl Into<Title>,
        event: impl Fn(&mut Scene<'_, '_>) -> Result<()> + Send + Sync + 'static,
    ) {
        let day = self.in_days(days);
        self.world.schedule(day, Planned { title: title.into(), event: Event::Each(days, Arc::new(event)), put_off: false });
    }

    /// Somebody looks at a record again and again and sets the next day.
    pub(super) fn look_each(&mut self, days: i64, title: &'static str, look: Look) {
        let Look { record, by, reason, next } = look;
        self.each(days, (title, record), move |scene| {
            let set = scene.review_in(next);
            scene.by(by)?.approve(record, "review", reason, set)
        });
    }

    /// The person of a function acts from here on.
    pub(super) fn by(&mut self, function: &str) -> Result<&mut Self> {
        let person = self.world.person(function)?;
        Ok(self.by_person(person))
    }

    /// A person acts from here on.
    pub(super) fn by_person(&mut self, person: Id) -> &mut Self {
        self.work.act_as(Acting { actor: Actor::Person(person), sign_in: "passkey" });
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

    /// What is about to be done.
    fn act<'a>(&'a self, kind: &'a str, what: &'a str, record: Option<Id>) -> Act<'a> {
        let by = self.work.acting().actor.person();
        Act { event: &self.title, day: self.today, kind, what, record, by }
    }

    /// What people write in this course.
    fn written(&self, (kind, what, record): (&str, &str, Option<Id>), fields: Json) -> Map<String, Json> {
        let mut fields = object(fields);
        self.world.departures.written(&self.world, &self.act(kind, what, record), &mut fields);
        fields
    }

    /// Whether this course leaves an act out.
    pub(super) fn is_omitted(&self, kind: &str, what: &str) -> bool {
        self.leaves_out((kind, what, None))
    }

    fn leaves_out(&self, (kind, what, record): (&str, &str, Option<Id>)) -> bool {
        self.world.departures.is_omitted(&self.world, &self.act(kind, what, record))
    }

    /// Does something as whoever does it in this course.
    fn done<T>(&mut self, act: (&str, &str, Option<Id>), doing: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let handed = self.world.departures.handed(&self.world, &self.act(act.0, act.1, act.2));
        let Some(person) = handed else { return doing(self.work) };
        let would = self.work.acting().clone();
        self.by_person(person);
        let done = doing(self.work);
        self.work.act_as(would);
        done
    }

    /// Creates a record.
    pub(super) fn create(&mut self, kind: &str, fields: Json) -> Result<Id> {
        self.pass();
        let act = (kind, "create", None);
        let fields = self.written(act, fields);
        self.done(act, |work| work.create(kind, &fields)).map_err(|error| about(error, kind))
    }

    /// Revises a record, whatever its revision is.
    pub(super) fn revise(&mut self, id: Id, fields: Json) -> Result<()> {
        self.pass();
        let head = self.work.head_revision(id)?;
        let kind = self.work.kind_of(id)?;
        let act = (kind.name.as_str(), "revise", Some(id));
        let fields = self.written(act, fields);
        self.done(act, |work| work.revise(id, head, &fields)).map(|_| ()).map_err(|error| about(error, &id.to_string()))
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
        let kind = self.work.kind_of(id)?;
        let act = (kind.name.as_str(), to, Some(id));
        if self.leaves_out(act) {
            return Ok(());
        }
        let set = self.written(act, set);
        self.done(act, |work| work.transition(id, to, &set, reason)).map_err(|error| about(error, &format!("{id} to {to}")))
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

    /// Says no to what was put forward; the AIMS lead does.
    pub(super) fn refuse(&mut self, id: Id, reason: &str) -> Result<()> {
        self.by("lead")?;
        self.give(id, Decision { decision: "rejected".to_owned(), ..decision("approve", reason, json!({})) })
    }

    fn give(&mut self, id: Id, mut decision: Decision) -> Result<()> {
        self.pass();
        let kind = self.work.kind_of(id)?;
        let purpose = decision.purpose.clone();
        let act = (kind.name.as_str(), purpose.as_str(), Some(id));
        if self.leaves_out(act) {
            return Ok(());
        }
        decision.set = self.written(act, Json::Object(decision.set));
        self.done(act, |work| work.approve(id, &decision)).map(|_| ()).map_err(|error| about(error, &format!("{id} for {purpose}")))
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
    Decision {
        purpose: purpose.to_owned(),
        decision: "approved".to_owned(),
        reason: reason.to_owned(),
        set: object(set),
        ..Decision::default()
    }
}

fn object(json: Json) -> Map<String, Json> {
    if let Json::Object(fields) = json { fields } else { Map::new() }
}

fn about(error: Error, what: &str) -> Error {
    Error { message: format!("{what}: {}", error.message), ..error }
}
