//! What the story remembers: who is who, what is called how, and what is still to come.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use vouch_record::Id;

use super::Story;
use super::agenda::{Agenda, Event, Planned, Title};
use super::chance::Chance;
use super::course::Departures;
use super::inventory::Staged;
use super::people::Person;
use super::profile::System;
use crate::error::{Error, Kind, Result};

/// The state of the story between two scenes.
pub(super) struct World {
    pub(super) story: Story,
    pub(super) zone: TimeZone,
    /// of the event that happens; each event has a stream of its own, so that leaving one out changes no other
    pub(super) chance: Chance,
    pub(super) agenda: Agenda,
    /// people in the order in which they came
    pub(super) people: Vec<Person>,
    /// records by the name the story gives them, such as `document:T-AUP`
    names: BTreeMap<String, Id>,
    /// systems registered by a person, in the order of the inventory
    pub(super) systems: Vec<System>,
    /// how this course departs from the clean one
    pub(super) departures: Departures,
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
            departures: Departures::default(),
            staged,
            drawings: Vec::new(),
            retired: Vec::new(),
        };
        world.plan(LENGTH, "found", super::organisation::found);
        world.plan(343, "join", super::people::join);
        world.plan(341, "appoint", super::roles::appoint);
        world.plan(338, "activate", super::organisation::activate);
        world.plan(336, "committee", super::organisation::committee);
        world.plan(332, "first board", super::leadership::begin);
        world.plan(330, "confirm roles", super::roles::confirm);
        world.plan(326, "parties", super::parties::enter);
        world.plan(322, "obligations", super::context::obligations);
        world.plan(318, "issues", super::context::issues);
        world.plan(314, "write documents", super::documents::founding);
        world.plan(300, "write the method", super::method::write);
        world.plan(296, "write documents", super::documents::procedures);
        world.plan(286, "relate policies", super::documents::relate);
        world.plan(285, "import", super::inventory::import);
        world.plan(308, "verify the ledger", super::documents::begin_to_verify);
        world.plan(283, "set objectives", super::objectives::set);
        world.plan(280, "measures", super::measuring::measures);
        world.plan(277, "suppliers", super::suppliers::enter);
        world.plan(274, "resources", super::parts::shared);
        world.plan(270, "register", super::inventory::register);
        world.plan(272, "training", super::training::begin);
        world.plan(236, "decide about the rest", super::inventory::decide_about_the_rest);
        world.plan(228, "risks of the agency", super::risks::of_agency);
        world.plan(212, "try the channel", super::events::begin_to_try);
        world.plan(273, "begin to watch the platform", super::platform::begin);
        world.plan(200, "promise results", super::commitments::promise);
        world.plan(264, "begin to read logs", super::logs::begin_to_read);
        world.plan(226, "draw the scope", super::scope::draw);
        world.plan(225, "answer needs", super::parties::begin_to_hear);
        world.plan(222, "rules of communication", super::communications::rules);
        world.plan(199, "management review", super::reviews::first);
        world.plan(150, "decide controls", super::controls::decide);
        world.plan(138, "state applicability", super::controls::state);
        for days in [190, 121, 66, 31] {
            world.plan(days, "concern", super::events::concern);
        }
        world.plan(176, "concern of staff", super::events::concern_of_staff);
        for days in [172, 88, 44] {
            world.plan(days, "incident", super::events::incident);
        }
        world.plan(118, "ask for too much", super::changes::refused);
        world.plan(104, "review the policy", super::leadership::review_policy);
        world.plan(130, "grant an exception", super::commitments::except);
        world.plan(133, "plan audits", super::audits::programme);
        world.plan(96, "internal audit", super::audits::internal);
        world.plan(40, "management review", super::reviews::second);
        world
    }

    /// Plans an event for so many days before the last.
    pub(super) fn plan(
        &mut self,
        days_before: i64,
        title: impl Into<Title>,
        event: fn(&mut super::scene::Scene<'_, '_>) -> Result<()>,
    ) {
        let day = self.story.until.saturating_sub(days_before.days());
        self.schedule(day, Planned { title: title.into(), event: Event::Once(Box::new(event)), put_off: false });
    }

    /// Puts an event on a working day of the agenda; what would lie on the last day or later does not happen in this story.
    pub(super) fn schedule(&mut self, day: Date, planned: Planned) {
        let day = match day.weekday() {
            jiff::civil::Weekday::Saturday => day.saturating_add(2.days()),
            jiff::civil::Weekday::Sunday => day.saturating_add(1.day()),
            _ => day,
        };
        if day < self.story.until {
            self.agenda.put(day, planned);
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
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| Error::new(Kind::Corrupt, format!("the story speaks of `{name}` before it is there")))
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
