//! How the course of a story departs from the clean one: events are left out or put off, acts are omitted, and people write down something
//! else. Everything else is what people of the story do anyway.

use jiff::civil::Date;
use serde_json::{Map, Value as Json};
use vouch_record::Id;

use super::agenda::Title;
use super::world::World;

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// it happens
    AsPlanned,
    /// it does not happen
    Never,
    /// it happens so many days later
    PutOff(i64),
}

/// Something that a person is about to do in an event.
pub(super) struct Act<'a> {
    /// the event in which it is done
    pub(super) event: &'a Title,
    pub(super) day: Date,
    /// kind of the record
    pub(super) kind: &'a str,
    /// `create`, `revise`, the purpose of an approval, or the state a record would be moved to
    pub(super) what: &'a str,
    /// the record, unless it is about to be created
    pub(super) record: Option<Id>,
    /// who would do it
    pub(super) by: Option<Id>,
}

impl Act<'_> {
    /// Whether it is done in an event of this name to a record of this kind.
    pub(super) fn is(&self, event: &str, kind: &str, what: &str) -> bool {
        self.event.name == event && self.kind == kind && self.what == what
    }
}

type Bend = Box<dyn Fn(&World, &Title, Date) -> Turn + Send>;
type Omission = Box<dyn Fn(&World, &Act<'_>) -> bool + Send>;
type Hand = Box<dyn Fn(&World, &Act<'_>) -> Option<Id> + Send>;
type Pen = Box<dyn Fn(&World, &Act<'_>, &mut Map<String, Json>) + Send>;

/// Departures from the clean course.
#[derive(Default)]
pub(super) struct Departures {
    bends: Vec<Bend>,
    omissions: Vec<Omission>,
    hands: Vec<Hand>,
    pens: Vec<Pen>,
}

impl Departures {
    /// Decides about events before they happen.
    pub(super) fn bend(&mut self, bend: impl Fn(&World, &Title, Date) -> Turn + Send + 'static) {
        self.bends.push(Box::new(bend));
    }

    /// Leaves events of a name out where `when` holds.
    pub(super) fn drop(&mut self, name: &'static str, when: impl Fn(&World, &Title, Date) -> bool + Send + 'static) {
        self.bend(
            move |world, title, day| if title.name == name && when(world, title, day) { Turn::Never } else { Turn::AsPlanned },
        );
    }

    /// Leaves acts out where `when` holds; the event goes on.
    pub(super) fn omit(&mut self, when: impl Fn(&World, &Act<'_>) -> bool + Send + 'static) {
        self.omissions.push(Box::new(when));
    }

    /// Lets the person of a function act where `when` holds.
    pub(super) fn hand(&mut self, function: &'static str, when: impl Fn(&World, &Act<'_>) -> bool + Send + 'static) {
        self.hand_to(move |world, act| world.person(function).ok().filter(|_| when(world, act)));
    }

    /// Lets another person act.
    pub(super) fn hand_to(&mut self, hand: impl Fn(&World, &Act<'_>) -> Option<Id> + Send + 'static) {
        self.hands.push(Box::new(hand));
    }

    /// Changes what people write.
    pub(super) fn write(&mut self, pen: impl Fn(&World, &Act<'_>, &mut Map<String, Json>) + Send + 'static) {
        self.pens.push(Box::new(pen));
    }

    /// What becomes of an event: the first departure that speaks of it counts.
    pub(super) fn turn(&self, world: &World, title: &Title, day: Date) -> Turn {
        self.bends.iter().map(|bend| bend(world, title, day)).find(|turn| *turn != Turn::AsPlanned).unwrap_or(Turn::AsPlanned)
    }

    /// Whether an act is left out.
    pub(super) fn is_omitted(&self, world: &World, act: &Act<'_>) -> bool {
        self.omissions.iter().any(|omitted| omitted(world, act))
    }

    /// Who acts in the place of who would.
    pub(super) fn handed(&self, world: &World, act: &Act<'_>) -> Option<Id> {
        self.hands.iter().find_map(|hand| hand(world, act))
    }

    /// What people write in the end.
    pub(super) fn written(&self, world: &World, act: &Act<'_>, fields: &mut Map<String, Json>) {
        self.pens.iter().for_each(|pen| pen(world, act, fields));
    }
}
