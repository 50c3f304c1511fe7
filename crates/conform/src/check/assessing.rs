//! Impact assessments of a system: which name it, when they were submitted and approved, and how deep they must go.

use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::Leaf;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAffectedRow};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentContributorRow, ImpactAssessmentDepth, ImpactAssessmentGroupRow,
};
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::time::end_of_day;

use super::specified::same;
use crate::derived::{ai_system, change, impact_assessment, release};
use crate::view::{Entry, Given, View, Window};

/// The assessments that judge a system or cover it too.
pub(super) fn of_system(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system.incoming(ImpactAssessment::KIND, "ai_system").chain(system.incoming(ImpactAssessment::KIND, "also_covers"))
}

/// The systems that an assessment judges or covers too.
pub(super) fn systems_of(assessment: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    assessment.linked("ai_system").into_iter().chain(assessment.links("also_covers"))
}

/// The assessments approved in a period.
pub(super) fn approved_in(view: &View, period: Window) -> impl Iterator<Item = Entry<'_>> {
    let within = move |one: &Entry<'_>| impact_assessment::approved_at(*one).is_some_and(|at| period.has(view.day(at)));
    view.all(ImpactAssessment::KIND).filter(within)
}

/// Each time the record entered a state.
pub(super) fn entries(entry: Entry<'_>, state: &str) -> Vec<Timestamp> {
    let leaves = entry.leaves();
    let entered = |at: usize, leaf: &Leaf| leaf.state.as_ref() == state && (at == 0 || leaves[at - 1].state.as_ref() != state);
    leaves.iter().enumerate().filter(|(at, leaf)| entered(*at, leaf)).map(|(_, leaf)| leaf.time).collect()
}

/// Each time a revision was submitted, with that revision.
pub(super) fn submissions(assessment: Entry<'_>) -> Vec<(Timestamp, &Leaf)> {
    let handed = assessment.transitions().filter(|leaf| leaf.state.as_ref() == "submitted");
    handed.filter_map(|leaf| Some((leaf.time, assessment.revisions().find(|made| made.revision == leaf.revision)?))).collect()
}

/// How deep an assessment of the system must go: as its own screening asks, and as the tier of this system does.
pub(super) fn depth_due(system: Entry<'_>, assessment: Entry<'_>) -> ImpactAssessmentDepth {
    impact_assessment::depth_due(assessment).max(depth_of_tier(system))
}

/// How deep the tier of a system asks to go.
pub(super) fn depth_of_tier(system: Entry<'_>) -> ImpactAssessmentDepth {
    match ai_system::tier(system) {
        Some(RiskTier::High | RiskTier::Critical) => ImpactAssessmentDepth::Full,
        Some(RiskTier::Moderate) => ImpactAssessmentDepth::Standard,
        Some(RiskTier::Low) | None => ImpactAssessmentDepth::Screening,
    }
}

/// Whether an assessment goes as deep as the system asks.
pub(super) fn deep_enough(system: Entry<'_>, assessment: Entry<'_>) -> bool {
    ImpactAssessment(assessment.content()).depth().get() >= Some(depth_due(system, assessment))
}

/// Until when a rule must be met that wants something before a release is deployed: until `deployed_at`; for a late release until
/// the end of its acceptance, at most ten days later (`terms.yaml`, late release).
pub(super) fn needed_by(entry: Entry<'_>) -> Option<Timestamp> {
    let deployed = Release(entry.content()).deployed_at().get()?;
    let until = entry.linked("acceptance").filter(|_| release::late(entry)).and_then(|one| Acceptance(one.content()).until().get());
    let view = entry.view();
    let last = view.day(deployed).saturating_add(10.days());
    Some(until.map_or(deployed, |until| end_of_day(until.min(last), view.zone()).max(deployed)))
}

/// The releases of a system that were deployed, the earliest first, each with when.
pub(super) fn deployed(system: Entry<'_>) -> Vec<(Timestamp, Entry<'_>)> {
    let releases = system.incoming(Release::KIND, "ai_system").filter(|one| one.is_any(&["deployed", "ended"]));
    let mut dated: Vec<_> = releases.filter_map(|one| Some((Release(one.content()).deployed_at().get()?, one))).collect();
    dated.sort_by_key(|(at, one)| (*at, one.id()));
    dated
}

/// The approvals by which an assessment was signed.
pub(super) fn signatures(assessment: Entry<'_>) -> Vec<Given<'_>> {
    assessment.approvals(ApprovalPurpose::Sign)
}

/// Why a signature does not count as that of an independent person; nothing when it does.
pub(super) fn not_independent(assessment: Entry<'_>, given: &Given<'_>) -> Option<String> {
    let Some(by) = given.by() else { return Some("is not known".to_owned()) };
    let wrote = assessment.revisions().any(|leaf| leaf.revision <= given.revision() && leaf.actor.person() == Some(by));
    if let Some(rule) = given.overrides() {
        return Some(format!("set a rule aside with the override {}", super::wording::words(rule.id())));
    }
    if ImpactAssessment(assessment.content()).assessors().any(|link| link.id == by) {
        return Some("is among the assessors".to_owned());
    }
    if wrote {
        return Some("wrote a revision of it".to_owned());
    }
    if owner_on(assessment, given) == Some(by) {
        return Some("owns the system".to_owned());
    }
    (!given.counts_as_proof()).then(|| "signed elsewhere without a proof that was reviewed".to_owned())
}

/// Who owned the system on the day of a signature.
fn owner_on(assessment: Entry<'_>, given: &Given<'_>) -> Option<Id> {
    let system = assessment.linked("ai_system")?.on(given.on())?;
    AiSystem(system.content()).owner().get().map(|link| link.id)
}

/// The assessments in force that go deeper than a screening.
pub(super) fn deep_in_force(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(ImpactAssessment::KIND).filter(|one| impact_assessment::in_force(*one) && is_deep(*one))
}

/// Whether an assessment goes deeper than a screening.
pub(super) fn is_deep(assessment: Entry<'_>) -> bool {
    ImpactAssessment(assessment.content()).depth().get() >= Some(ImpactAssessmentDepth::Standard)
}

/// The heaviest tier of its systems.
pub(super) fn tier_of(assessment: Entry<'_>) -> Option<RiskTier> {
    systems_of(assessment).filter_map(ai_system::tier).max()
}

/// The group that a row of an assessment names by code or by name, as people call it.
pub(super) fn group_called<'v>(assessment: Entry<'v>, code: &'v str) -> &'v str {
    let named = ImpactAssessment(assessment.content()).groups().find(|row| row.code() == Some(code));
    named.and_then(|row| row.group()).unwrap_or(code)
}

/// The row of an assessment that looks at a group of people whom a system affects: the same party, or the same name.
pub(super) fn group_of<'v>(assessment: Entry<'v>, affected: AiSystemAffectedRow<'_>) -> Option<ImpactAssessmentGroupRow<'v>> {
    let party = affected.party().map(|link| link.id);
    let name = affected.group();
    ImpactAssessment(assessment.content()).groups().find(|row| {
        let same_party = party.is_some() && row.party().map(|link| link.id) == party;
        same_party || name.zip(row.group()).is_some_and(|(name, group)| same(name, group))
    })
}

/// Whether a contributor is among the assessors, or nobody can be named.
pub(super) fn is_assessor(assessment: Entry<'_>, row: ImpactAssessmentContributorRow<'_>) -> bool {
    let mut assessors = assessment.links("assessors");
    match (row.person(), row.name()) {
        (Some(person), _) => assessors.any(|one| one.id() == person.id),
        (None, Some(name)) => assessors.any(|one| Person(one.content()).name().get().is_some_and(|known| same(known, name))),
        (None, None) => true,
    }
}

/// The first release of a change, if it was deployed in the window.
pub(super) fn first_deployed(entry: Entry<'_>, window: Window) -> Option<(Timestamp, Entry<'_>)> {
    let releases = change::releases(entry).into_iter().filter(|release| release.is_any(&["deployed", "ended"]));
    let dated = releases.filter_map(|release| Some((Release(release.content()).deployed_at().get()?, release)));
    dated.min_by_key(|(at, release)| (*at, release.id())).filter(|(at, _)| window.has(entry.view().day(*at)))
}
