//! The sample organisation: a fictional agency with a real, public inventory of AI systems (FORMATS §13).
//!
//! The story goes through the same use cases as everybody: different persons create, revise, approve and move records, and what the
//! rules refuse does not happen. Names, dates and operations are generated from the seed; the inventory is that of the US Department
//! of Homeland Security for 2024, a work of the US government in the public domain (`demo/README.md`).
//!
//! Never contains a way around a use case, a clock or randomness of the system: seed, last day and program version decide everything
//! but the signing key.

mod agenda;
mod assessments;
mod audits;
mod awareness;
mod chance;
mod changes;
mod clock;
mod commitments;
mod communications;
mod context;
mod controls;
mod course;
mod data;
mod defect;
mod design;
mod documents;
mod events;
mod gates;
mod improvements;
mod inventory;
mod leadership;
mod lived;
mod logs;
mod measuring;
mod method;
mod objectives;
mod organisation;
mod parties;
mod parts;
mod people;
mod plans;
mod platform;
mod profile;
mod releases;
mod reviews;
mod risks;
mod roles;
mod scene;
mod scope;
mod suppliers;
mod training;
mod trials;
mod world;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use vouch_record::state::Actor;

pub use chance::SeededEntropy;
pub use clock::StoryClock;
pub use defect::Defect;

use crate::error::{Error, Result};
use crate::installation::{Acting, Vouch};
use scene::Scene;
use world::World;

/// Zone of the sample organisation.
const ZONE: &str = "America/New_York";

/// What a sample organisation follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// number from which people, dates and operations follow
    pub seed: u64,
    /// its last day
    pub until: Date,
    /// how it goes
    pub course: Course,
}

/// How a story goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// as in such an agency: much is done, something is not
    Lived,
    /// all that is asked for happens in time and by the right persons
    Clean,
    /// as the clean one, but for the defect of this name
    Defect(&'static str),
}

/// How the story ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// leaves written
    pub leaves: u64,
    /// people of the agency
    pub people: usize,
    /// AI systems registered by a person
    pub systems: usize,
}

impl Story {
    /// The origin of its log: so a folder shows which sample lies in it.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}{}", Self::ORIGINS, self.seed)
    }

    /// Days from the founding to the last day.
    pub const DAYS: i64 = 345;

    /// The earliest last day: the inventory was published on 16 December 2024.
    pub const EARLIEST: Date = jiff::civil::date(2025, 12, 1);

    /// How the origin of every sample begins.
    pub const ORIGINS: &str = "vouch.local/demo-";

    /// The day on which it ends by default: today in the agency's zone.
    ///
    /// # Errors
    /// Unavailable when the zone is unknown here.
    pub fn today(now: jiff::Timestamp) -> Result<Date> {
        Ok(vouch_record::time::day_of(now, &zone()?))
    }

    /// Lives through the story, month by month, in an installation in which nothing was begun and that was opened with a
    /// [`StoryClock`] and a [`SeededEntropy`]. The clock stands at the end of the last day when this returns.
    ///
    /// # Errors
    /// What a use case refuses; a test lives through several seeds so that none does.
    pub fn live(&self, vouch: &Vouch, clock: &StoryClock) -> Result<Ended> {
        let zone = zone()?;
        let mut world = World::begin(*self, zone.clone(), inventory::stage(vouch)?);
        match self.course {
            Course::Clean => {}
            Course::Lived => lived::plant(&mut world),
            Course::Defect(name) => {
                let defect = Defect::named(name).ok_or_else(|| Error::invalid(format!("there is no defect `{name}`")))?;
                (defect.plant)(&mut world);
            }
        }
        while let Some(first) = world.agenda.next_day() {
            let last = first.last_of_month();
            let at = scene::morning(first, &zone)?;
            clock.set(at);
            let founder = Acting { actor: Actor::System, sign_in: "local" };
            world = vouch.perform_at(founder, at, move |work| {
                let mut scene = Scene::open(work, world);
                scene.live_until(last)?;
                Ok(scene.close())
            })?;
        }
        clock.set(vouch_record::time::end_of_day(self.until, &zone));
        Ok(Ended { leaves: vouch.state().size(), people: world.people.len(), systems: world.systems.len() })
    }
}

fn zone() -> Result<TimeZone> {
    TimeZone::get(ZONE)
        .map_err(|error| Error::new(crate::ErrorKind::Unavailable, format!("the zone `{ZONE}` is not known here")).because(error))
}
