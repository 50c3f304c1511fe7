//! What must be there before a system enters a stage (model `gates`): the needs of each gate as data, and for each a predicate over the
//! organisation as of a day.
//!
//! A need that rests on what a person judges at the review, or on a comparison that records do not hold, is undecided and says why.

mod build;
mod deploy;
mod judge;
mod release;
mod run;
#[cfg(test)]
mod tests;
mod verification;

pub use judge::{Case, Held, judge};
pub use release::{Condition, conditions_on_the_day};

use std::sync::LazyLock;

use serde::Deserialize;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired};
use vouch_record::kind::generated::shared::RiskTier;

use crate::view::Entry;

/// Whether a system is built here or taken over (`terms.yaml`, path).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Path {
    /// developed or substantially adapted here
    Build,
    /// bought, subscribed to or taken over
    Adopt,
}

impl Path {
    /// The path of a system; nothing while it is not said how it was acquired.
    #[must_use]
    pub fn of(system: Entry<'_>) -> Option<Self> {
        AiSystem(system.content()).acquired().get().map(|acquired| match acquired {
            AiSystemAcquired::InHouse | AiSystemAcquired::Contracted | AiSystemAcquired::Mixed => Self::Build,
            AiSystemAcquired::Product | AiSystemAcquired::Embedded | AiSystemAcquired::FreeService => Self::Adopt,
        })
    }
}

/// A gate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// value of `stage-review.gate`
    pub gate: String,
    /// name shown
    pub title: String,
    /// stage it lets a system enter
    pub opens: String,
    /// from where to where it leads, and how often it is held
    pub help: String,
    /// what it asks for
    pub needs: Vec<Need>,
}

/// What a gate asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// id, never changed
    pub id: String,
    /// name shown
    pub title: String,
    /// when it is fulfilled, in words
    pub rule: String,
    /// kinds it reads
    pub reads: Vec<String>,
    /// tiers it is asked for
    tiers: Vec<String>,
    /// paths it is asked on
    path: Vec<Path>,
    /// role key of who may let it pass, or `nobody`
    pub who_may_waive: String,
}

impl Need {
    /// Whether it is asked of a system of this tier and path. Where the path is not known, it is asked if it is on either.
    #[must_use]
    pub fn is_asked(&self, tier: RiskTier, path: Option<Path>) -> bool {
        self.tiers.iter().any(|asked| asked == tier.id()) && path.is_none_or(|path| self.path.contains(&path))
    }

    /// The role key of who may waive it; nothing when nobody may.
    #[must_use]
    pub fn waived_by(&self) -> Option<&str> {
        (self.who_may_waive != "nobody").then_some(self.who_may_waive.as_str())
    }
}

static GATES: LazyLock<Vec<Gate>> = LazyLock::new(|| {
    serde_saphyr::from_slice(include_bytes!("gate/gates.yaml")).expect("the file is part of the program and read by a test")
});

/// All gates in the order of the life cycle.
#[must_use]
pub fn gates() -> &'static [Gate] {
    &GATES
}

/// The gate of this name.
#[must_use]
pub fn gate(name: &str) -> Option<&'static Gate> {
    GATES.iter().find(|gate| gate.gate == name)
}

/// The need of this id.
#[must_use]
pub fn need(id: &str) -> Option<&'static Need> {
    GATES.iter().flat_map(|gate| &gate.needs).find(|need| need.id == id)
}
