//! What happens on which day. An event may put later events on the agenda.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::scene::Scene;
use crate::error::Result;

/// Something that happens.
pub(super) type Event = Box<dyn FnOnce(&mut Scene<'_, '_>) -> Result<()> + Send>;

/// Events by day, those of one day in the order in which they were put down.
#[derive(Default)]
pub(super) struct Agenda(BTreeMap<(Date, u64), Event>, u64);

impl Agenda {
    /// Puts an event down.
    pub(super) fn put(&mut self, day: Date, event: Event) {
        self.0.insert((day, self.1), event);
        self.1 += 1;
    }

    /// The day of the next event.
    pub(super) fn next_day(&self) -> Option<Date> {
        self.0.keys().next().map(|(day, _)| *day)
    }

    /// The next event, if it lies on or before this day.
    pub(super) fn take_until(&mut self, last: Date) -> Option<(Date, Event)> {
        let first = self.0.first_entry().filter(|entry| entry.key().0 <= last)?;
        let ((day, _), event) = first.remove_entry();
        Some((day, event))
    }
}
