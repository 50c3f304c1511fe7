//! What happens on which day. Every event has a name and may be about something, so that the course of a story can leave it out or put
//! it off; an event may put later events on the agenda.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use vouch_record::Id;

use super::profile::System;
use super::scene::Scene;
use crate::error::Result;

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// the agency as a whole
    Agency,
    /// a system, by its place
    System(usize),
    /// a record
    Record(Id),
    /// something by the word the story has for it, such as a template or a supplier
    Word(String),
}

/// Name of an event and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) name: &'static str,
    pub(super) about: About,
}

impl Title {
    /// Whether it is about a record.
    pub(super) fn is_about(&self, record: Option<Id>) -> bool {
        record.is_some_and(|record| self.about == About::Record(record))
    }

    /// Whether it is about a system.
    pub(super) fn is_of(&self, system: &System) -> bool {
        self.about == About::System(system.place)
    }
}

impl From<&'static str> for Title {
    fn from(name: &'static str) -> Self {
        Self { name, about: About::Agency }
    }
}

impl From<(&'static str, &System)> for Title {
    fn from((name, system): (&'static str, &System)) -> Self {
        Self { name, about: About::System(system.place) }
    }
}

impl From<(&'static str, Id)> for Title {
    fn from((name, record): (&'static str, Id)) -> Self {
        Self { name, about: About::Record(record) }
    }
}

impl From<(&'static str, &str)> for Title {
    fn from((name, word): (&'static str, &str)) -> Self {
        Self { name, about: About::Word(word.to_owned()) }
    }
}

/// What people do on one day.
type Once = Box<dyn FnOnce(&mut Scene<'_, '_>) -> Result<()> + Send>;
/// What they do again and again.
type Again = Arc<dyn Fn(&mut Scene<'_, '_>) -> Result<()> + Send + Sync>;

/// Something that happens.
pub(super) enum Event {
    /// on one day
    Once(Once),
    /// so many days apart, also after a day on which it was left out
    Each(i64, Again),
}

/// An entry of the agenda.
pub(super) struct Planned {
    pub(super) title: Title,
    pub(super) event: Event,
    /// already put off; that happens once
    pub(super) put_off: bool,
}

/// Events by day, those of one day in the order in which they were put down.
#[derive(Default)]
pub(super) struct Agenda(BTreeMap<(Date, u64), Planned>, u64);

impl Agenda {
    /// Puts an event down.
    pub(super) fn put(&mut self, day: Date, planned: Planned) {
        self.0.insert((day, self.1), planned);
        self.1 += 1;
    }

    /// The day of the next event.
    pub(super) fn next_day(&self) -> Option<Date> {
        self.0.keys().next().map(|(day, _)| *day)
    }

    /// The next event, if it lies on or before this day.
    pub(super) fn take_until(&mut self, last: Date) -> Option<(Date, Planned)> {
        let first = self.0.first_entry().filter(|entry| entry.key().0 <= last)?;
        let ((day, _), planned) = first.remove_entry();
        Some((day, planned))
    }
}
