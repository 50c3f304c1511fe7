//! Decisions taken in a role by somebody who did not hold it, or beyond what it may decide.

use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::role::{Role, RoleAuthorityDecision};
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::StageReview;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::kind::generated::supplier::Supplier;
use vouch_record::kind::generated::treatment::Treatment;

use super::{covers, holding};
use crate::derived::ai_system;
use crate::view::Entry;

/// Approvals of the window given in the capacity of this role by a person who did not hold it that day for the systems concerned,
/// or beyond `up_to_tier` of the decision. Where the role has no row for such a decision, only holding it is asked.
#[must_use]
pub fn decisions_without_power(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let window = entry.view().period();
    let given = entry.incoming(Approval::KIND, "capacity").filter(|given| given.is("given") && window.has(given.created_on()));
    given.filter(|given| !had_power(entry, *given)).collect()
}

fn had_power(role: Entry<'_>, given: Entry<'_>) -> bool {
    let Some(then) = role.on(given.created_on()) else { return false };
    let approval = Approval(given.content());
    let subject = approval.subject().get().and_then(|link| given.view().find(link.id));
    let systems = subject.map_or_else(Vec::new, systems_of);
    let by = approval.by().get().map(|link| link.id);
    let held = holding(then).any(|row| row.person().map(|link| link.id) == by && systems.iter().all(|system| covers(row, *system)));
    let tier = systems.iter().filter_map(|system| ai_system::tier(*system)).max();
    held && subject.and_then(|subject| decision_about(&subject.kind().name)).is_none_or(|decision| reaches(then, decision, tier))
}

fn systems_of(subject: Entry<'_>) -> Vec<Entry<'_>> {
    match subject.kind().name.as_str() {
        AiSystem::KIND => vec![subject],
        // A scope names all systems and is about none of them.
        Scope::KIND => Vec::new(),
        _ => subject.linked("ai_system").into_iter().chain(subject.links("ai_systems")).collect(),
    }
}

/// The decision that an approval of a record of this kind is.
fn decision_about(kind: &str) -> Option<RoleAuthorityDecision> {
    Some(match kind {
        Risk::KIND | Treatment::KIND | Acceptance::KIND => RoleAuthorityDecision::AcceptRisk,
        ImpactAssessment::KIND => RoleAuthorityDecision::SignImpact,
        Release::KIND | StageReview::KIND => RoleAuthorityDecision::Release,
        Supplier::KIND => RoleAuthorityDecision::ApproveSupplier,
        DataAssessment::KIND | Dataset::KIND => RoleAuthorityDecision::ApproveData,
        Document::KIND | Scope::KIND | StatementOfApplicability::KIND => RoleAuthorityDecision::ApprovePolicy,
        Nonconformity::KIND | CorrectiveAction::KIND => RoleAuthorityDecision::CloseFinding,
        _ => return None,
    })
}

fn reaches(role: Entry<'_>, decision: RoleAuthorityDecision, tier: Option<RiskTier>) -> bool {
    let mut rows = Role(role.content()).authority().filter(|row| row.decision() == Some(decision)).peekable();
    rows.peek().is_none() || rows.any(|row| row.up_to_tier().is_none_or(|up_to| tier.is_none_or(|tier| tier <= up_to)))
}
