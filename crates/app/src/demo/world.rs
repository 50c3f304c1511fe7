//! What the story remembers: who is who, what is called how, and what is still to come.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::ToSpan;
use serde_json::Value as Json;
use vouch_record::Id;

use super::Story;
use super::agenda::{Agenda, Event};
use super::chance::Chance;
use super::gaps::Gaps;
use super::inventory::Staged;
use super::people::Person;
use super::profile::System;
use crate::error::{Error, Kind, Result};

/// The state of the story between two scenes.
pub(super) struct World {
    pub(super) story: Story,
    pub(super) zone: TimeZone,
    /// of everything that has no stream of its own
    pub(super) chance: Chance,
    pub(super) agenda: Agenda,
    /// people in the order in which they came
    pub(super) people: Vec<Person>,
    /// records by the name the story gives them, such as `document:T-AUP`
    names: BTreeMap<String, Id>,
    /// systems registered by a person, in the order of the inventory
    pub(super) systems: Vec<System>,
    pub(super) gaps: Gaps,
    /// files taken in beforehand, until the import names them
    pub(super) staged: Staged,
    /// drawings of the architecture, as records name files
    pub(super) drawings: Vec<Json>,
    /// systems of the inventory whose use had ended
    pub(super) retired: Vec<Id>,
}

/// Days between the founding and the last day.
pub(super) const LENGTH: i64 = Story::DAYS;

impl World {
    /// The world before the first day, with everything that is known to come.
    pub(super) fn begin(story: Story, zone: TimeZone, staged: Staged) -> Self {
        let mut world = Self {
            story,
            zone,
            chance: Chance::of(story.seed, "story"),
            agenda: Agenda::default(),
            people: super::people::cast(story.seed),
            names: BTreeMap::new(),
            systems: Vec::new(),
            gaps: Gaps::default(),
            staged,
            drawings: Vec::new(),
            retired: Vec::new(),
        };
        world.plan(LENGTH, super::organisation::found);
        world.plan(343, super::people::join);
        world.plan(341, super::roles::appoint);
        world.plan(338, super::organisation::activate);
        world.plan(336, super::organisation::committee);
        world.plan(330, super::roles::confirm);
        world.plan(326, super::context::parties);
        world.plan(322, super::context::obligations);
        world.plan(318, super::context::issues);
        world.plan(314, super::documents::founding);
        world.plan(300, super::method::write);
        world.plan(296, super::documents::procedures);
        world.plan(285, super::inventory::import);
        world.plan(280, super::measuring::measures);
        world.plan(277, super::suppliers::enter);
        world.plan(274, super::parts::shared);
        world.plan(270, super::inventory::register);
        world.plan(240, super::training::begin);
        world.plan(226, super::scope::draw);
        world.plan(150, super::controls::decide);
        world.plan(138, super::controls::state);
        for days in [190, 121, 66, 31] {
            world.plan(days, super::events::concern);
        }
        for days in [172, 88, 44] {
            world.plan(days, super::events::incident);
        }
        world.plan(96, super::audits::internal);
        world.plan(40, super::audits::review);
        world
    }

    fn plan(&mut self, days_before: i64, event: fn(&mut super::scene::Scene<'_, '_>) -> Result<()>) {
        let day = self.story.until.saturating_sub(days_before.days());
        self.schedule(day, Box::new(event));
    }

    /// Puts an event on a working day of the agenda; what would lie on the last day or later does not happen in this story.
    pub(super) fn schedule(&mut self, day: Date, event: Event) {
        let day = match day.weekday() {
            jiff::civil::Weekday::Saturday => day.saturating_add(2.days()),
            jiff::civil::Weekday::Sunday => day.saturating_add(1.day()),
            _ => day,
        };
        if day < self.story.until {
            self.agenda.put(day, event);
        }
    }

    /// The day so many days before the last.
    pub(super) fn days_before(&self, days: i64) -> Date {
        self.story.until.saturating_sub(days.days())
    }

    /// Gives a record a name in the story.
    pub(super) fn call(&mut self, name: impl Into<String>, id: Id) {
        self.names.insert(name.into(), id);
    }

    /// The record of a name.
    pub(super) fn named(&self, name: &str) -> Result<Id> {
        self.names.get(name).copied().ok_or_else(|| Error::new(Kind::Corrupt, format!("the story speaks of `{name}` before it is there")))
    }

    /// The record of a name, if it came to be in this story.
    pub(super) fn maybe(&self, name: &str) -> Option<Id> {
        self.names.get(name).copied()
    }

    /// The records whose name begins so, in the order of names.
    pub(super) fn all_named(&self, prefix: &str) -> Vec<Id> {
        self.names.range(prefix.to_owned()..).take_while(|(name, _)| name.starts_with(prefix)).map(|(_, id)| *id).collect()
    }

    /// The person of a function.
    pub(super) fn person(&self, function: &str) -> Result<Id> {
        self.named(&format!("person:{function}"))
    }
}
