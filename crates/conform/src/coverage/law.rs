//! Duties of a law by role and tier: from which day they bind which AI systems.
//!
//! The roles and tiers of a system are decided by people and stand in its record; nothing is concluded here about what a system is.

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;

use super::{Coverage, Reach};
use crate::as_text;
use crate::framework::{FrameworkError, Node};
use crate::view::{Entry, View};

/// Key of the law whose roles and tiers an AI system's record holds.
const EU_AI_ACT: &str = "eu_ai_act";
/// The tier that every system has.
const ALL: &str = "all";

/// A duty that binds at least one AI system in scope.
#[derive(Debug, Serialize)]
pub struct Duty<'f> {
    /// its id in the law
    pub id: &'f str,
    /// its title
    pub title: &'f str,
    /// the first day it binds one of the systems
    #[serde(serialize_with = "as_text::one")]
    pub from: Date,
    /// roles for which it binds
    pub roles: Vec<&'f str>,
    /// tiers for which it binds from that day
    pub tiers: Vec<&'f str>,
    /// systems in scope that have one of the roles and one of the tiers
    #[serde(serialize_with = "as_text::each")]
    pub ai_systems: Vec<Id>,
    /// how far evidence for ISO/IEC 42001 reaches it
    pub reach: Reach,
}

/// The duties that begin on one day.
#[derive(Debug, Serialize)]
pub struct Milestone<'f> {
    /// the day
    #[serde(serialize_with = "as_text::one")]
    pub on: Date,
    /// whether it has passed
    pub binds: bool,
    /// duties that begin then for systems in scope
    pub duties: Vec<&'f str>,
    /// systems concerned
    #[serde(serialize_with = "as_text::each")]
    pub ai_systems: Vec<Id>,
}

/// The duties of a law that bind systems in scope on the view's day or will, by day and in the order of the law; none for a framework
/// without dates, and none for a law whose roles and tiers no record holds.
///
/// # Errors
/// A defect of the law's file.
pub fn duties<'f>(view: &'f View, coverage: &Coverage<'f>) -> Result<Vec<Duty<'f>>, FrameworkError> {
    if coverage.framework != EU_AI_ACT {
        return Ok(Vec::new());
    }
    let Some(law) = view.frameworks().framework(EU_AI_ACT)? else { return Ok(Vec::new()) };
    let systems: Vec<Placed> = view.systems().map(Placed::of).filter(|system| !system.roles.is_empty()).collect();
    let reach =
        |id: &str| coverage.requirements.iter().find(|reached| reached.id == id).map_or(Reach::Not, |reached| reached.reach);
    let mut duties: Vec<Duty<'f>> = law.targets().filter_map(|node| duty(node, &systems, reach(&node.id))).collect();
    duties.sort_by_key(|duty| duty.from);
    Ok(duties)
}

fn duty<'f>(node: &'f Node, systems: &[Placed], reach: Reach) -> Option<Duty<'f>> {
    let mut first: Option<Date> = None;
    let (mut tiers, mut bound): (Vec<&str>, Vec<Id>) = (Vec::new(), Vec::new());
    for (tier, day) in &node.applies_from {
        let concerned = systems.iter().filter(|system| system.has(node, tier));
        let before = bound.len();
        bound.extend(concerned.map(|system| system.id));
        if bound.len() > before {
            tiers.push(tier);
            first = Some(first.map_or(*day, |first| first.min(*day)));
        }
    }
    bound.sort_unstable();
    bound.dedup();
    let roles = node.roles.iter().map(String::as_str);
    let roles =
        roles.filter(|role| systems.iter().any(|system| bound.contains(&system.id) && system.roles.contains(role))).collect();
    Some(Duty { id: &node.id, title: &node.title, from: first?, roles, tiers, ai_systems: bound, reach })
}

/// The days on which duties begin, in order.
#[must_use]
pub fn milestones<'f>(duties: &[Duty<'f>], today: Date) -> Vec<Milestone<'f>> {
    let mut milestones: Vec<Milestone<'f>> = Vec::new();
    for duty in duties {
        let at = milestones.iter().position(|milestone| milestone.on == duty.from);
        let at = at.unwrap_or_else(|| {
            milestones.push(Milestone { on: duty.from, binds: duty.from <= today, duties: Vec::new(), ai_systems: Vec::new() });
            milestones.len() - 1
        });
        milestones[at].duties.push(duty.id);
        milestones[at].ai_systems.extend(&duty.ai_systems);
    }
    for milestone in &mut milestones {
        milestone.ai_systems.sort_unstable();
        milestone.ai_systems.dedup();
    }
    milestones
}

/// A system with the roles and tiers that were decided.
struct Placed {
    id: Id,
    roles: Vec<&'static str>,
    tiers: Vec<&'static str>,
}

impl Placed {
    fn of(system: Entry<'_>) -> Self {
        let content = AiSystem(system.content());
        let outside = |tier: &str| tier == "outside";
        let tiers: Vec<&str> = content.eu_tiers().map(|tier| tier.id()).collect();
        let roles = if tiers.iter().any(|tier| outside(tier)) {
            Vec::new()
        } else {
            content.eu_roles().map(|role| role.id()).filter(|role| *role != "none").collect()
        };
        Self { id: system.id(), roles, tiers }
    }

    fn has(&self, node: &Node, tier: &str) -> bool {
        (tier == ALL || self.tiers.contains(&tier)) && node.roles.iter().any(|role| self.roles.contains(&role.as_str()))
    }
}
