//! What such an agency has not done: drawn per seed, so that no two samples lack the same.

use jiff::civil::Date;

use super::agenda::{About, Title};
use super::chance::Chance;
use super::course::Turn;
use super::world::World;

/// Systems that an inventory may hold, and more.
const MOST: usize = 200;

/// What is left out or late for some systems: event, by how many days it is late, between how many systems.
const PER_SYSTEM: [(&str, Option<i64>, i64, i64); 6] = [
    ("assess impact", None, 1, 4),
    ("assess impact", Some(164), 2, 6),
    ("plan a test", None, 1, 4),
    ("assess data", None, 0, 4),
    ("observe parts", None, 1, 11),
    ("inform", Some(120), 0, 3),
];

/// Lets the course of a seed depart from the clean one.
pub(super) fn plant(world: &mut World) {
    let seed = world.story.seed;
    for (at, (event, late, least, most)) in PER_SYSTEM.into_iter().enumerate() {
        let places = Places::drawn(seed, &format!("{event} {at}"), (least, most));
        world.departures.bend(move |world, title, _| match late {
            _ if title.name != event || !places.hold(world, title) => Turn::AsPlanned,
            None => Turn::Never,
            Some(days) => Turn::PutOff(days),
        });
    }
    forget_to_confirm(world);
}

/// Some owners stop confirming their systems five months before the end.
fn forget_to_confirm(world: &mut World) {
    let places = Places::drawn(world.story.seed, "confirm a system", (1, 5));
    world.departures.drop("confirm a system", move |world, title, day: Date| day > world.days_before(150) && places.hold(world, title));
}

/// Systems drawn by their place.
struct Places {
    order: Vec<usize>,
    count: usize,
}

impl Places {
    fn drawn(seed: u64, subject: &str, (least, most): (i64, i64)) -> Self {
        let mut chance = Chance::of(seed, subject);
        let mut order: Vec<usize> = (0..MOST).collect();
        chance.shuffle(&mut order);
        Self { order, count: usize::try_from(chance.between(least, most)).unwrap_or(0) }
    }

    /// Whether an event is about one of them.
    fn hold(&self, world: &World, title: &Title) -> bool {
        let About::System(place) = title.about else { return false };
        self.order.iter().filter(|at| **at < world.systems.len()).take(self.count).any(|at| *at == place)
    }
}
