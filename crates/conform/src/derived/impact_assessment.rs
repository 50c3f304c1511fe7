//! Derived values of an impact assessment.

mod complete;
mod effects;
mod harms;

pub use complete::{facts_missing, loose_codes, missing, society_open, unasked, unconsulted, views};
pub use effects::{EffectSeen, dimension_of_concern, dimension_of_incident, effects_seen};
pub use harms::{measures_overdue, unanswered_harms};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConclusion, ImpactAssessmentDepth, ImpactAssessmentFactAbout,
    ImpactAssessmentScreeningQuestion, ImpactAssessmentSocietyField, ImpactAssessmentState,
};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::{Answer, RiskTier};

use super::answer::{choice, choices, instant, table, texts};
use super::event::{Event, Trigger, events};
use super::{Derived, acceptance, ai_system, change};
use crate::view::Entry;

pub use super::approved::approved_at;

/// The derived values of an impact assessment.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["conclusion", "review_by"]),
    Derived::new("depth_due", |entry| choice(depth_due(entry).id())).reading(&["screening"]),
    Derived::new("too_shallow", |entry| Val::Bool(too_shallow(entry))).reading(&["depth", "screening"]),
    Derived::new("missing", |entry| texts(missing(entry))),
    Derived::new("stale", |entry| Val::Bool(stale(entry))).reading(&["review_by", "again_when", "system_version"]),
    Derived::new("unanswered_harms", |entry| texts(unanswered_harms(entry))).reading(&["impacts", "measures", "left_because"]),
    Derived::new("measures_overdue", |entry| texts(measures_overdue(entry))).reading(&["measures"]),
    Derived::new("effects_seen", |entry| {
        table(entry, "impact-assessment.effects_seen", || {
            effects_seen(entry)
                .into_iter()
                .map(|row| row! { dimension: row.dimension, seen: row.seen, foreseen: row.foreseen })
                .collect()
        })
    })
    .reading(&["impacts"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
    Derived::new("owner_alone", |entry| Val::Bool(owner_alone(entry))).reading(&["assessors"]),
    Derived::new("unasked", |entry| choices(unasked(entry).into_iter().map(ImpactAssessmentScreeningQuestion::id)))
        .reading(&["screening"]),
    Derived::new("facts_missing", |entry| choices(facts_missing(entry).into_iter().map(ImpactAssessmentFactAbout::id)))
        .reading(&["facts"]),
    Derived::new("society_open", |entry| choices(society_open(entry).into_iter().map(ImpactAssessmentSocietyField::id)))
        .reading(&["society"]),
    Derived::new("views", |entry| choices(views(entry).into_iter().map(|view| view.id()))).reading(&["contributors"]),
    Derived::new("unconsulted", |entry| texts(unconsulted(entry))).reading(&["groups", "consultations"]),
    Derived::new("loose_codes", |entry| texts(loose_codes(entry))).reading(&["groups", "impacts", "measures", "left_because"]),
];

/// The system that is judged.
#[must_use]
pub fn system(entry: Entry<'_>) -> Option<Entry<'_>> {
    entry.linked("ai_system")
}

/// It is the approved assessment of its system with the latest approval, lets the use go on, and its review is not late by more than
/// ninety days. An assessment that stops the use ends the one before it.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "impact-assessment.in_force", || {
        let assessment = ImpactAssessment(entry.content());
        let goes_on = matches!(
            assessment.conclusion().get(),
            Some(
                ImpactAssessmentConclusion::Go | ImpactAssessmentConclusion::GoWithConditions | ImpactAssessmentConclusion::NoMore
            )
        ) || assessment.conclusion().is_erased();
        let late = assessment.review_by().get().is_some_and(|by| by.saturating_add(90.days()) < entry.view().today());
        entry.is(ImpactAssessmentState::Approved.id()) && goes_on && !late && is_latest(entry)
    })
}

fn is_latest(entry: Entry<'_>) -> bool {
    let rank = |one: Entry<'_>| (approved_at(one), one.id());
    let of_system = system(entry).into_iter().flat_map(|system| system.incoming(ImpactAssessment::KIND, "ai_system"));
    of_system.filter(|one| one.is(ImpactAssessmentState::Approved.id())).all(|one| rank(one) <= rank(entry))
}

/// Full for tier critical and high; standard for tier moderate, or when a screening question is answered yes or unclear; else screening.
#[must_use]
pub fn depth_due(entry: Entry<'_>) -> ImpactAssessmentDepth {
    let asks = ImpactAssessment(entry.content()).screening().any(|row| matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)));
    match system(entry).and_then(ai_system::tier) {
        Some(RiskTier::High | RiskTier::Critical) => ImpactAssessmentDepth::Full,
        Some(RiskTier::Moderate) => ImpactAssessmentDepth::Standard,
        _ if asks => ImpactAssessmentDepth::Standard,
        _ => ImpactAssessmentDepth::Screening,
    }
}

/// Its depth ranks below the depth due.
#[must_use]
pub fn too_shallow(entry: Entry<'_>) -> bool {
    ImpactAssessment(entry.content()).depth().get().is_some_and(|depth| depth < depth_due(entry))
}

/// `review_by` has passed; an event of `again_when` touched the system later than the approval and the latest confirmation; or it speaks
/// about another version than the one that runs, and the running release carries a significant change.
#[must_use]
pub fn stale(entry: Entry<'_>) -> bool {
    let (assessment, view) = (ImpactAssessment(entry.content()), entry.view());
    if assessment.review_by().get().is_some_and(|by| by < view.today()) {
        return true;
    }
    first_touched(entry).is_some() || describes_another_version(entry)
}

/// The day of the approval or of the latest confirmation, whichever is later.
#[must_use]
pub fn last_looked_at(entry: Entry<'_>) -> Option<Date> {
    let view = entry.view();
    let confirmed =
        ImpactAssessment(entry.content()).confirmations().filter_map(|row| row.on()).filter(|on| *on <= view.today()).max();
    approved_at(entry).map(|at| view.day(at)).max(confirmed)
}

/// The first event of `again_when` that touched one of its systems later than it was looked at. What it was made or confirmed because of
/// is answered: an assessment comes before the change that it is about.
#[must_use]
pub fn first_touched(entry: Entry<'_>) -> Option<&Event> {
    let (assessment, looked) = (ImpactAssessment(entry.content()), last_looked_at(entry)?);
    let triggers: Vec<Trigger> = assessment.again_when().map(Trigger::from).collect();
    let systems: Vec<Id> = assessment.ai_system().get().into_iter().chain(assessment.also_covers()).map(|link| link.id).collect();
    let because = assessment.confirmations().filter_map(|row| row.because()).chain(assessment.occasion_record().get());
    let answered: Vec<Id> = because.map(|link| link.id).collect();
    let calls = |event: &&Event| event.on > looked && triggers.contains(&event.trigger) && !answered.contains(&event.record);
    let mut later = events(entry.view()).iter().filter(calls);
    later.find(|event| systems.iter().any(|system| event.touches(*system)))
}

/// It speaks about another version than the one that runs, and the running release carries a significant change.
#[must_use]
pub fn describes_another_version(entry: Entry<'_>) -> bool {
    let Some(running) = system(entry).and_then(ai_system::running_release) else { return false };
    let release = Release(running.content());
    let version = ImpactAssessment(entry.content()).system_version().get();
    let differs = version.is_some() && release.version().get() != version;
    differs && running.links("changes").any(change::significant)
}

/// Nobody but the owner of the system judged, and no acceptance of type own work for the assessment, its system or the organisation is in
/// force.
#[must_use]
pub fn owner_alone(entry: Entry<'_>) -> bool {
    let owner = system(entry).and_then(|system| AiSystem(system.content()).owner().get()).map(|link| link.id);
    let mut assessors = ImpactAssessment(entry.content()).assessors();
    if assessors.clone().next().is_none() || assessors.any(|link| Some(link.id) != owner) {
        return false;
    }
    let subjects = [Some(entry), system(entry), entry.view().organisation()];
    !subjects.into_iter().flatten().any(accepts_own_work)
}

/// Whether an acceptance of type own work about this record is in force.
fn accepts_own_work(subject: Entry<'_>) -> bool {
    let accepted =
        subject.incoming(Acceptance::KIND, "subject").filter(|one| Acceptance(one.content()).type_().is(AcceptanceType::OwnWork));
    accepted.into_iter().any(acceptance::in_force)
}
