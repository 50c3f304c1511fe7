//! What such an agency has not done: drawn per seed, so that no two samples lack the same.

use jiff::civil::Date;

use super::agenda::{About, Title};
use super::chance::Chance;
use super::course::Turn;
use super::defect::Defect;
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

/// Areas that such an agency may not have begun: the events that do not happen, by area.
const AREAS: [&[&str]; 6] = [
    &["rules of communication"],
    &["management review"],
    &["internal audit"],
    &["answer needs"],
    &["set objectives"],
    &["try the channel"],
];

/// Areas on which much else rests. Who had begun neither would be no agency that asks for an audit.
const BEARING: [&str; 2] = ["management review", "set objectives"];

/// How many areas were not begun, least and most.
const NOT_BEGUN: (i64, i64) = (2, 3);

/// How many of the defects an agency has, in a hundred, least and most.
const DEFECTS: (i64, i64) = (60, 80);

/// What nobody notices until somebody asks for proof: things are done, and nobody else looks at them.
const HABITS: [&str; 14] = [
    "issue-judged-by-its-owner",
    "minutes-signed-late",
    "change-of-work-never-looked-at",
    "proof-unread",
    "ledger-not-verified-again",
    "input-without-conclusion",
    "recovery-never-tried",
    "overseer-not-planned-for",
    "hearings-on-trust",
    "right-never-read",
    "quality-without-count",
    "judged-by-nobody",
    "supplier-never-agreed",
    "overseer-judges-own-overrides",
];

/// How many of these habits an agency has, least and most.
const WITH_HABITS: (i64, i64) = (9, 13);

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
    let mut areas = drawn(seed, "areas not begun", AREAS.to_vec(), NOT_BEGUN);
    // Only the first of those that others rest on.
    let mut bears_one = false;
    areas.retain(|area| !area.iter().any(|event| BEARING.contains(event)) || !std::mem::replace(&mut bears_one, true));
    for area in areas {
        for event in area {
            world.departures.drop(event, |_, _, _| true);
        }
    }
    let all: Vec<&Defect> = Defect::usual().collect();
    let share = |percent: i64| i64::try_from(all.len()).unwrap_or_default() * percent / 100;
    let count = (share(DEFECTS.0), share(DEFECTS.1));
    for defect in drawn(seed, "defects", all, count) {
        (defect.plant)(world);
    }
    for habit in drawn(seed, "habits", HABITS.to_vec(), WITH_HABITS) {
        if let Some(defect) = Defect::named(habit) {
            (defect.plant)(world);
        }
    }
}

/// Some of all, by chance.
fn drawn<T>(seed: u64, subject: &str, mut all: Vec<T>, (least, most): (i64, i64)) -> Vec<T> {
    let mut chance = Chance::of(seed, subject);
    chance.shuffle(&mut all);
    all.truncate(usize::try_from(chance.between(least, most)).unwrap_or(0));
    all
}

/// Some owners stop confirming their systems five months before the end.
fn forget_to_confirm(world: &mut World) {
    let places = Places::drawn(world.story.seed, "confirm a system", (1, 5));
    world
        .departures
        .drop("confirm a system", move |world, title, day: Date| day > world.days_before(150) && places.hold(world, title));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_habit_is_a_defect() {
        assert!(HABITS.iter().all(|habit| Defect::named(habit).is_some()));
    }
}
