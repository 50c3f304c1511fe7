//! One lapse: what fails a rule, with the values its finding names.

use std::fmt::Display;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::shared::RiskTier;

use crate::derived;
use crate::view::{Entry, Subject, Window};

/// What a rule says about one record.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// it meets the rule
    Pass,
    /// it meets the rule, shown by these records
    Shown(Vec<Subject>),
    /// it does not
    Fail(Lapse),
    /// it does not, in several ways or for several things
    FailAll(Vec<Lapse>),
    /// it cannot be judged
    Undecided(String),
    /// the rule does not speak about it
    Skip(String),
}

impl Judgement {
    /// Pass if `holds`, else the lapse.
    #[must_use]
    pub fn when(holds: bool, lapse: impl FnOnce() -> Lapse) -> Self {
        if holds { Self::Pass } else { Self::Fail(lapse()) }
    }

    /// What `judge` says, unless one of these fields was erased: then nobody can judge it.
    #[must_use]
    pub fn needing(entry: Entry<'_>, fields: &[&str], judge: impl FnOnce() -> Self) -> Self {
        match fields.iter().find(|field| entry.value(field).is_erased()) {
            Some(field) => Self::Undecided(format!("`{field}` was erased")),
            None => judge(),
        }
    }

    /// Pass if there is no lapse.
    #[must_use]
    pub fn of(lapses: Vec<Lapse>) -> Self {
        if lapses.is_empty() { Self::Pass } else { Self::FailAll(lapses) }
    }
}

/// What fails a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Lapse {
    /// the record it is about, if it is about one
    pub subject: Option<Subject>,
    /// the AI system it concerns
    pub system: Option<Id>,
    /// tier of that system; heavier lapses are named first
    pub tier: Option<RiskTier>,
    /// values for the placeholders of the finding's sentence
    pub values: Vec<(&'static str, String)>,
    /// days on which it stood; only today if absent
    pub days: Option<Window>,
    /// record of the population that it hits
    pub member: Option<Id>,
}

impl Lapse {
    /// A lapse of the organisation, about no single record.
    #[must_use]
    pub const fn of_organisation() -> Self {
        Self { subject: None, system: None, tier: None, values: Vec::new(), days: None, member: None }
    }

    /// A lapse of a record; its AI system is taken from it where it names one.
    #[must_use]
    pub fn of(entry: Entry<'_>) -> Self {
        let system = if entry.kind().name == AiSystem::KIND {
            Some(entry)
        } else {
            entry.linked("ai_system").or_else(|| entry.links("ai_systems").next())
        };
        let tier = system.and_then(derived::ai_system::tier);
        Self {
            subject: Some(entry.subject()),
            system: system.map(|system| system.id()),
            tier,
            values: Vec::new(),
            days: None,
            member: None,
        }
    }

    /// The same, concerning this AI system.
    #[must_use]
    pub fn in_system(mut self, system: Entry<'_>) -> Self {
        self.system = Some(system.id());
        self.tier = derived::ai_system::tier(system);
        self
    }

    /// The same with a value for a placeholder.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The same with a value for a placeholder where there is one; `[with {it}|without]` in a sentence reads accordingly.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// The same, having stood on these days: an acceptance covers it only if it was in force on each of them.
    #[must_use]
    pub const fn over(mut self, days: Window) -> Self {
        self.days = Some(days);
        self
    }

    /// The same, hitting this record of the population, unless it is known to hit another.
    #[must_use]
    pub(super) fn member(mut self, id: Id) -> Self {
        self.member.get_or_insert(id);
        self
    }

    /// Whether it is about this record or AI system.
    #[must_use]
    pub fn concerns(&self, id: Id) -> bool {
        self.subject.is_some_and(|subject| subject.id == id) || self.system == Some(id)
    }
}
