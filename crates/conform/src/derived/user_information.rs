//! Derived values of a user information.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::kind::generated::user_information::{
    UserInformation, UserInformationAudience as Audience, UserInformationCover as Topic, UserInformationPurpose as Purpose,
};

use super::answer::{choices, ids};
use super::{Derived, ai_system, dataset};
use crate::view::Entry;

/// The derived values of a user information.
pub const TABLE: &[Derived] = &[
    Derived::new("version_gap", |entry| Val::Bool(version_gap(entry))).reading(&["system_version"]),
    Derived::new("missing_topics", |entry| choices(missing_topics(entry).into_iter().map(Topic::id)))
        .reading(&["covers", "audience"]),
    Derived::new("limits_not_told", |entry| ids(limits_not_told(entry))),
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["due_on", "delivered"]),
];

/// `system_version` differs from the running release; without one nothing differs.
#[must_use]
pub fn version_gap(entry: Entry<'_>) -> bool {
    let running = entry.linked("ai_system").and_then(ai_system::running_release);
    running.is_some_and(|release| {
        UserInformation(entry.content()).system_version().get() != Release(release.content()).version().get()
    })
}

/// What a reader must learn, from which tier on. Texts for users and people affected follow A.8.2, technical ones A.6.2.7.
const NEEDED: &[(Audience, RiskTier, &[Topic])] = &[
    (
        Audience::User,
        RiskTier::Low,
        &[Topic::AiInvolved, Topic::Purpose, Topic::NotFor, Topic::HowToUse, Topic::Limits, Topic::Contact, Topic::ReportHarm],
    ),
    (Audience::User, RiskTier::Moderate, &[Topic::HowToOverride, Topic::Performance, Topic::Oversight]),
    (Audience::User, RiskTier::High, &[Topic::PerformanceByGroup, Topic::Updates]),
    (Audience::AffectedPerson, RiskTier::Low, &[Topic::AiInvolved, Topic::Purpose, Topic::Contact, Topic::ReportHarm]),
    (Audience::AffectedPerson, RiskTier::Moderate, &[Topic::Limits, Topic::Oversight, Topic::Data]),
    (Audience::AffectedPerson, RiskTier::High, &[Topic::Appeal]),
    (
        Audience::Overseer,
        RiskTier::Low,
        &[Topic::Purpose, Topic::Limits, Topic::HowToOverride, Topic::Oversight, Topic::ReportHarm],
    ),
    (Audience::Overseer, RiskTier::Moderate, &[Topic::NotFor, Topic::Performance]),
    (Audience::Overseer, RiskTier::High, &[Topic::PerformanceByGroup, Topic::Logging]),
    (Audience::Customer, RiskTier::Low, TECHNICAL),
    (Audience::Customer, RiskTier::High, &[Topic::PerformanceByGroup, Topic::Oversight, Topic::ReportHarm]),
    (Audience::Partner, RiskTier::Low, TECHNICAL),
    (Audience::Authority, RiskTier::Low, TECHNICAL),
    (Audience::Authority, RiskTier::High, &[Topic::PerformanceByGroup, Topic::Oversight, Topic::Logging]),
    (Audience::InternalReviewer, RiskTier::Low, &[Topic::Purpose, Topic::Limits]),
    (Audience::Public, RiskTier::Low, &[Topic::AiInvolved, Topic::Purpose, Topic::Contact]),
];

/// What every technical text covers (A.6.2.7).
const TECHNICAL: &[Topic] =
    &[Topic::Purpose, Topic::Limits, Topic::Performance, Topic::Data, Topic::Resources, Topic::Updates, Topic::Contact];

/// Topics the audience needs for the tier that `covers` does not hold. A system without a tier counts as low; a system card or technical
/// file covers what technical texts cover, whoever reads it.
#[must_use]
pub fn missing_topics(entry: Entry<'_>) -> Vec<Topic> {
    let content = UserInformation(entry.content());
    let tier = entry.linked("ai_system").and_then(ai_system::tier).unwrap_or(RiskTier::Low);
    let audience = content.audience().get();
    let of_audience = NEEDED.iter().filter(|(reader, from, _)| Some(*reader) == audience && *from <= tier);
    let mut needed: BTreeSet<Topic> = of_audience.flat_map(|(_, _, topics)| topics.iter().copied()).collect();
    if matches!(content.purpose().get(), Some(Purpose::SystemCard | Purpose::TechnicalFile)) {
        needed.extend(TECHNICAL);
    }
    needed.into_iter().filter(|topic| !content.covers().has(*topic)).collect()
}

/// Tests that try a control and not the system.
const TRIALS: [TestType; 6] = [
    TestType::StopControl,
    TestType::Rollback,
    TestType::Recovery,
    TestType::LogReconstruction,
    TestType::IncidentExercise,
    TestType::ChannelCheck,
];

/// Tests of the running version and assessments of data in use that state limits and were settled after this text was last written. Trials
/// of controls (stop, way back, logs, exercises) say what overseers must know, and are left out.
#[must_use]
pub fn limits_not_told(entry: Entry<'_>) -> Vec<Id> {
    let Some(system) = entry.linked("ai_system") else { return Vec::new() };
    let written = entry.made_at();
    let newer = |found: &Entry<'_>, state: &str| found.entry_into(state).is_some_and(|leaf| leaf.time > written);
    let running = ai_system::running_release(system);
    let version = running.and_then(|release| Release(release.content()).version().get());
    let of_version = |test: &Entry<'_>| {
        let named = running.is_some_and(|release| release.names(test.id(), "tests"));
        named || (version.is_some() && Test(test.content()).system_version().get() == version)
    };
    let tests = system.incoming(Test::KIND, "ai_system").filter(|test| test.is("reviewed") && newer(test, "reviewed"));
    let of_system = |test: &Entry<'_>| !Test(test.content()).type_().get().is_some_and(|sort| TRIALS.contains(&sort));
    let tests = tests.filter(|test| of_version(test) && of_system(test) && Test(test.content()).limits().is_filled());
    let assessed = system.incoming(DataAssessment::KIND, "ai_systems").filter(|one| one.is("approved") && newer(one, "approved"));
    let in_use = |one: &Entry<'_>| one.linked("dataset").is_some_and(|dataset| !dataset::uses(dataset).is_empty());
    let assessed = assessed.filter(|one| in_use(one) && DataAssessment(one.content()).fit_limits().is_filled());
    tests.chain(assessed).map(|found| found.id()).collect()
}

/// `due_on` passed without a delivery to each recipient of the obligations it answers; where they name none, without any delivery or
/// publication.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let content = UserInformation(entry.content());
    if content.due_on().get().is_none_or(|due| due >= entry.view().today()) {
        return false;
    }
    let delivered: BTreeSet<Id> = content
        .delivered()
        .filter(|row| row.at().is_some_and(|at| at <= entry.view().today()))
        .filter_map(|row| row.to())
        .map(|link| link.id)
        .collect();
    let recipients: BTreeSet<Id> =
        entry.links("obligations").flat_map(|duty| Obligation(duty.content()).recipients()).map(|link| link.id).collect();
    if recipients.is_empty() {
        return delivered.is_empty() && !content.published_at().is_filled();
    }
    !recipients.is_subset(&delivered)
}
