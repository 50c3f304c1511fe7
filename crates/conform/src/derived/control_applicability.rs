//! Derived values of the applicability of a control.

mod contradiction;
mod implementation;

pub(crate) use contradiction::holds;
pub use contradiction::{contradicted, contradicting};
pub use implementation::{Implementation, implementation, reaches};

use std::collections::BTreeMap;

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::ControlDecision;

use super::answer::{choice, records};
use super::{Derived, evened};
use crate::view::Entry;

/// The derived values of the applicability of a control.
pub const TABLE: &[Derived] = &[
    Derived::new("implementation", |entry| match implementation(entry) {
        Some(implementation) => choice(implementation.id()),
        None => Val::Undecided("the rules of the control are being judged".to_owned()),
    }),
    Derived::new("contradicted", |entry| Val::Bool(contradicted(entry))).reading(&["decision", "exclusion_ground"]),
    Derived::new("reasonless", |entry| Val::Bool(reasonless(entry))).reading(&["decision", "reasons"]),
    Derived::new("systems_uncovered", |entry| records(systems_uncovered(entry))).reading(&["ai_systems", "not_for"]),
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["due"]),
    Derived::new("boilerplate", |entry| Val::Bool(boilerplate(entry))).reading(&["exclusion_reason"]),
    Derived::new("decided_after_open", |entry| records(decided_after_open(entry))).reading(&["decided_after"]),
];

/// Applied, and no row of reasons names a live record.
#[must_use]
pub fn reasonless(entry: Entry<'_>) -> bool {
    let (applicability, view) = (ControlApplicability(entry.content()), entry.view());
    let live = |id: Id| view.get(id).is_some_and(|record| record.is_live());
    applicability.decision().is(ControlDecision::Applied)
        && !applicability.reasons().filter_map(|row| row.record()).any(|link| live(link.id))
}

/// Live systems that are neither in `ai_systems` nor in `not_for`, where `ai_systems` is filled.
#[must_use]
pub fn systems_uncovered(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let applicability = ControlApplicability(entry.content());
    let named: Vec<Id> = applicability.ai_systems().map(|link| link.id).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let left_out: Vec<Id> = applicability.not_for().filter_map(|row| row.ai_system()).map(|link| link.id).collect();
    entry.view().live_systems().filter(|system| !named.contains(&system.id()) && !left_out.contains(&system.id())).collect()
}

/// Its day has passed, and it does not operate.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let due = ControlApplicability(entry.content()).due().get();
    let passed = due.is_some_and(|due| due < entry.view().today());
    passed && implementation(entry).is_some_and(|implementation| implementation < Implementation::Operating)
}

/// Excluded with a reason of fewer than eighty characters, or with that of another control.
#[must_use]
pub fn boilerplate(entry: Entry<'_>) -> bool {
    let applicability = ControlApplicability(entry.content());
    let Some(reason) = applicability.exclusion_reason().get().filter(|_| applicability.decision().is(ControlDecision::Excluded))
    else {
        return false;
    };
    let counts: &BTreeMap<String, usize> = entry.view().keep(None, "control-applicability.boilerplate", || {
        let mut counts = BTreeMap::new();
        for other in entry.view().all(ControlApplicability::KIND).filter(|other| !super::is_over(*other)) {
            let other = ControlApplicability(other.content());
            if let (true, Some(reason)) = (other.decision().is(ControlDecision::Excluded), other.exclusion_reason().get()) {
                *counts.entry(evened(reason)).or_default() += 1;
            }
        }
        counts
    });
    reason.chars().count() < 80 || counts.get(&evened(reason)).is_some_and(|n| *n > 1)
}

/// Records of `decided_after` that no approval before today covers: risks never decided, impact assessments never approved, others in no
/// settled state.
#[must_use]
pub fn decided_after_open(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let today = entry.view().today();
    let before_today = |record: Entry<'_>, state: &str| {
        record.leaves().iter().any(|leaf| leaf.state.as_ref() == state && record.view().day(leaf.time) < today)
    };
    let open = |record: &Entry<'_>| match record.kind().name.as_str() {
        Risk::KIND => !before_today(*record, "decided"),
        ImpactAssessment::KIND => !before_today(*record, "approved"),
        _ => !record.is_settled(),
    };
    entry.links("decided_after").filter(open).collect()
}
