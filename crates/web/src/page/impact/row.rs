//! One row per system: its assessment, what it found for persons, groups and society, and why a new one is due.

use jiff::civil::Date;
use vouch_conform::derived::{ai_system, impact_assessment};
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentDepth, ImpactAssessmentImpactReach, ImpactAssessmentImpactSide, ImpactAssessmentSocietyEffect,
};
use vouch_record::kind::generated::shared::{RiskTier, Stage};

use crate::format::{date, words};
use crate::page::systems::row::{Assessed, assessed, stage_word};
use crate::part::badge::Tone;
use crate::part::value;

/// Effects of one reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effects {
    pub(crate) harms: usize,
    pub(crate) benefits: usize,
    /// highest severity of a harm, as a level of the method
    pub(crate) worst: Option<i64>,
}

/// One system.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) system: Id,
    pub(crate) name: String,
    pub(crate) tier: Option<RiskTier>,
    pub(crate) stage: Stage,
    pub(crate) assessed: Assessed,
    pub(crate) is_in_force: bool,
    /// depth of the assessment, and the depth that tier and screening ask for
    pub(crate) depth: Option<ImpactAssessmentDepth>,
    pub(crate) depth_due: ImpactAssessmentDepth,
    pub(crate) persons: Effects,
    pub(crate) groups: Effects,
    pub(crate) society: Effects,
    /// fields of society with a large or unknown effect
    pub(crate) society_large: usize,
    pub(crate) conclusion: Option<String>,
    pub(crate) due: Option<Date>,
    /// why a new one is needed; empty where none is
    pub(crate) reasons: Vec<String>,
}

/// Every system of a day.
pub(crate) struct Rows {
    pub(crate) all: Vec<Row>,
}

impl Rows {
    /// The rows of a view: systems that are neither only discovered, dismissed nor retired.
    pub(crate) fn of(view: &View) -> Self {
        let listed = |entry: &Entry<'_>| !entry.is_any(&["discovered", "dismissed", "retired"]);
        Self { all: view.all(AiSystem::KIND).filter(listed).map(row).collect() }
    }

    /// Systems that need an assessment now: those in use first, then the heaviest tier.
    pub(crate) fn wanted(&self) -> Vec<&Row> {
        let mut wanted: Vec<&Row> = self.all.iter().filter(|row| !row.reasons.is_empty()).collect();
        let missing = |row: &Row| row.assessed.tone == Tone::Bad;
        wanted
            .sort_by_key(|row| (std::cmp::Reverse((row.stage >= Stage::Deployment, missing(row), row.tier)), row.due, row.system));
        wanted
    }
}

fn row(entry: Entry<'_>) -> Row {
    let assessed = assessed(entry);
    let found = assessed.record.and_then(|id| entry.view().get(id));
    let depth_due = found.map_or_else(|| least_depth(entry), impact_assessment::depth_due);
    let reach = |reach| found.map_or_else(Effects::default, |one| effects(one, reach));
    Row {
        system: entry.id(),
        name: value::name(entry),
        tier: ai_system::tier(entry),
        stage: ai_system::stage(entry),
        is_in_force: found.is_some_and(impact_assessment::in_force),
        depth: found.and_then(|one| ImpactAssessment(one.content()).depth().get()),
        depth_due,
        persons: reach(ImpactAssessmentImpactReach::Individual),
        groups: reach(ImpactAssessmentImpactReach::Group),
        society: reach(ImpactAssessmentImpactReach::Society),
        society_large: found.map_or(0, society_large),
        conclusion: found.and_then(|one| {
            let conclusion = one.text("conclusion")?;
            Some(value::choice(one.view(), ImpactAssessment::KIND, "conclusion", conclusion))
        }),
        due: found.and_then(|one| ImpactAssessment(one.content()).review_by().get()),
        reasons: reasons(entry, found, &assessed, depth_due),
        assessed,
    }
}

/// The depth that the tier asks for while nothing was screened.
pub(crate) fn least_depth(entry: Entry<'_>) -> ImpactAssessmentDepth {
    match ai_system::tier(entry) {
        Some(RiskTier::High | RiskTier::Critical) => ImpactAssessmentDepth::Full,
        Some(RiskTier::Moderate) => ImpactAssessmentDepth::Standard,
        _ => ImpactAssessmentDepth::Screening,
    }
}

/// The depth that a new assessment of a system needs: what the last one found counts, else its tier.
pub(crate) fn depth_due(system: Entry<'_>) -> ImpactAssessmentDepth {
    ai_system::assessment_in_force(system).map_or_else(|| least_depth(system), impact_assessment::depth_due)
}

/// Effects of an assessment with a reach.
pub(crate) fn effects(entry: Entry<'_>, reach: ImpactAssessmentImpactReach) -> Effects {
    let mut found = Effects::default();
    for row in ImpactAssessment(entry.content()).impacts().filter(|row| row.reach() == Some(reach)) {
        match row.side() {
            Some(ImpactAssessmentImpactSide::Harm) => {
                found.harms += 1;
                found.worst = found.worst.max(row.severity());
            }
            _ => found.benefits += 1,
        }
    }
    found
}

fn society_large(entry: Entry<'_>) -> usize {
    use ImpactAssessmentSocietyEffect::{Large, Unknown};
    ImpactAssessment(entry.content()).society().filter(|row| matches!(row.effect(), Some(Large | Unknown))).count()
}

/// Why a new assessment is needed, in sentences without their full stop.
fn reasons(entry: Entry<'_>, found: Option<Entry<'_>>, assessed: &Assessed, due: ImpactAssessmentDepth) -> Vec<String> {
    let stage = ai_system::stage(entry);
    let asked = ai_system::tier(entry).map(|tier| format!("{} tier asks for depth {}", words(tier.id()), due.id()));
    let since =
        ai_system::past_since(entry, Stage::Concept).map(|day| format!("past concept since {}", date(day))).unwrap_or_default();
    match (assessed.tone, found) {
        (Tone::Bad, None) => {
            [Some(format!("{}, {since}, and never assessed", stage_word(stage))), asked].into_iter().flatten().collect()
        }
        (Tone::Bad, Some(one)) => vec![format!("{} no longer holds", one.id()), asked.unwrap_or_default()],
        (Tone::Attention, Some(one)) => stale(one),
        (Tone::Good, Some(one)) if impact_assessment::too_shallow(one) => asked.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Why an assessment in force no longer fits.
pub(crate) fn stale(entry: Entry<'_>) -> Vec<String> {
    let today = entry.view().today();
    let mut why = Vec::new();
    if let Some(by) = ImpactAssessment(entry.content()).review_by().get().filter(|by| *by < today) {
        why.push(format!("Its review was due on {}", date(by)));
    }
    if let Some(event) = impact_assessment::first_touched(entry) {
        why.push(format!("{} of {} came after it was signed", event.record, date(event.on)));
    }
    if impact_assessment::describes_another_version(entry) {
        why.push("It speaks about another version than the one that runs".to_owned());
    }
    why
}
