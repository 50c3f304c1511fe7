//! Derived values of an obligation.

mod deadline;

pub use deadline::{Deadline, Started, due, started};

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};

use super::answer::{ids, instant, table};
use super::{Derived, ai_system};
use crate::view::Entry;

/// The derived values of an obligation.
pub const TABLE: &[Derived] = &[
    Derived::new("holds_for", |entry| ids(holds_for(entry).iter().copied())).reading(&["ai_systems", "applies"]),
    Derived::new("last_checked", |entry| instant(last_checked(entry))),
    Derived::new("unmet", |entry| Val::Bool(unmet(entry))).reading(&["met_by", "applies"]),
    Derived::new("due", |entry| {
        table(entry, "obligation.due", || due(entry).into_iter().map(|row| row! { trigger: row.trigger, due: row.due }).collect())
    })
    .reading(&["due_on", "triggers", "answer_within"]),
];

/// Applies is yes or unclear, and today lies between `in_force_from` and `in_force_to`.
#[must_use]
pub fn binds(entry: Entry<'_>) -> bool {
    let duty = Obligation(entry.content());
    let today = entry.view().today();
    let applies = matches!(duty.applies().get(), Some(ObligationApplies::Yes | ObligationApplies::Unclear));
    applies && duty.in_force_from().get().is_none_or(|from| from <= today) && duty.in_force_to().get().is_none_or(|to| to >= today)
}

/// Systems in `ai_systems`, or all systems in scope that match `ai_roles` and `risk_tiers`, while it binds. An empty set matches all.
#[must_use]
pub fn holds_for(entry: Entry<'_>) -> &[Id] {
    entry.view().keep(Some(entry.id()), "obligation.holds_for", || {
        let duty = Obligation(entry.content());
        if !binds(entry) {
            return Vec::new();
        }
        let named: Vec<Id> = duty.ai_systems().map(|link| link.id).collect();
        if !named.is_empty() {
            return named;
        }
        let matches = |system: &Entry<'_>| {
            let content = AiSystem(system.content());
            let role = duty.ai_roles().next().is_none() || content.ai_roles().any(|role| duty.ai_roles().has(role));
            let tier =
                duty.risk_tiers().next().is_none() || ai_system::tier(*system).is_some_and(|tier| duty.risk_tiers().has(tier));
            role && tier
        };
        entry.view().systems().filter(matches).map(|system| system.id()).collect()
    })
}

/// Latest time of evidence in state reviewed, or of an approval with purpose verify, about it.
#[must_use]
pub fn last_checked(entry: Entry<'_>) -> Option<Timestamp> {
    let evidence = entry.incoming(Evidence::KIND, "about").filter(|found| found.is("reviewed"));
    let reviewed = evidence.filter_map(|found| {
        Evidence(found.content()).reviewed_at().get().or_else(|| found.entry_into("reviewed").map(|leaf| leaf.time))
    });
    let verified = entry.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Verify) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    reviewed.chain(verified.map(|given| given.at())).max()
}

/// It binds, and `met_by` names no live record.
#[must_use]
pub fn unmet(entry: Entry<'_>) -> bool {
    binds(entry) && !entry.links("met_by").any(|found| found.is_live())
}
