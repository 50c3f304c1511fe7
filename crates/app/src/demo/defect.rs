//! Defects, each planted alone in the clean course, with everything that must then be found and nothing else.
//!
//! A defect is made by what people do or leave undone: an event left out or late, an act omitted, somebody who judges own work, words
//! that are not written. No record says that it is one, and no rule knows of them.

mod assurance;
mod events;
mod lifecycle;
mod modes;
mod parts;
mod planning;
mod policy;
mod support;
mod systems;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::agenda::{About, Title};
use super::profile::{System, Tier};
use super::world::World;

/// A way in which the agency falls short.
pub struct Defect {
    /// how it is called
    pub name: &'static str,
    /// what happens, in one sentence
    pub tells: &'static str,
    /// every check and failure mode above opportunity that fires because of it, in the order of the standard
    pub fires: &'static [&'static str],
    /// makes the course depart from the clean one
    pub(super) plant: fn(&mut World),
}

/// Tables of defects, by subject.
const TABLES: [&[Defect]; 9] = [
    planning::DEFECTS,
    support::DEFECTS,
    assurance::DEFECTS,
    policy::DEFECTS,
    lifecycle::DEFECTS,
    systems::DEFECTS,
    parts::DEFECTS,
    events::DEFECTS,
    modes::DEFECTS,
];

impl Defect {
    /// All of them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLES.into_iter().flatten()
    }

    /// Those that such an agency really has: gaps in what is done for systems, not in how the management system itself is led.
    pub(super) fn usual() -> impl Iterator<Item = &'static Self> {
        [planning::DEFECTS, systems::DEFECTS, parts::DEFECTS, events::DEFECTS].into_iter().flatten()
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|defect| defect.name == name)
    }
}

impl std::fmt::Debug for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Defect").field("name", &self.name).field("fires", &self.fires).finish_non_exhaustive()
    }
}

/// Scores by which a risk is high before and after what is there.
const HIGH: [(&str, i64); 4] =
    [("inherent_likelihood", 4), ("residual_likelihood", 4), ("inherent_individuals", 4), ("residual_individuals", 4)];

/// The rows of a list that somebody writes; none where the field is left alone.
fn rows<'f>(fields: &'f mut Map<String, Json>, name: &str) -> impl Iterator<Item = &'f mut Json> {
    fields.get_mut(name).and_then(Json::as_array_mut).into_iter().flatten()
}

/// Leaves rows of such a list out.
fn keep(fields: &mut Map<String, Json>, name: &str, wanted: impl FnMut(&Json) -> bool) {
    if let Some(rows) = fields.get_mut(name).and_then(Json::as_array_mut) {
        rows.retain(wanted);
    }
}

/// Whether an event is about the system that a defect is planted in: the first one in use that was built here and depends on much.
fn in_one(world: &World, title: &Title) -> bool {
    one(world).is_some_and(|system| title.about == About::System(system.place))
}

/// Whether what is done belongs to that system.
fn is_of_one(world: &World, title: &Title) -> bool {
    in_one(world, title)
}

/// Whether a day is one of so many before the last.
fn late_in(world: &World, day: Date, days: i64) -> bool {
    day > world.days_before(days)
}

/// The system that a defect of one system is planted in.
fn one(world: &World) -> Option<&System> {
    candidates(world).next()
}

/// Whether an event is about the first of those systems of which the inventory does not claim that its impact was assessed: a claim
/// that nothing bears out is a defect of its own. Where it claims that of all of them, one that was bought is taken.
fn in_one_without_claim(world: &World, title: &Title) -> bool {
    let bought = world.systems.iter().filter(|system| system.tier == Tier::High && system.is_used() && !system.is_built());
    let unclaimed = candidates(world).chain(bought).find(|system| system.left("IMP").is_none());
    unclaimed.is_some_and(|system| title.is_of(system))
}

/// Systems of the high tier that were built here and are in use with the version they began with, in the order of the inventory.
fn candidates(world: &World) -> impl Iterator<Item = &System> {
    let seed = world.story.seed;
    let stays = move |system: &&System| !system.is_renewed(seed);
    world.systems.iter().filter(|system| system.tier == Tier::High && system.is_built() && system.is_used()).filter(stays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_defect_has_a_name_of_its_own_a_sentence_and_something_that_fires() {
        let mut names = std::collections::BTreeSet::new();
        for defect in Defect::all() {
            assert!(names.insert(defect.name), "{} is there twice", defect.name);
            assert!(defect.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", defect.name);
            assert!(defect.tells.ends_with('.') && defect.tells.contains(' '), "{}", defect.name);
            assert!(!defect.fires.is_empty(), "{}", defect.name);
        }
    }
}
