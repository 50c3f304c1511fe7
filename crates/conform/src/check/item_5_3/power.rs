//! Decisions that need power, and who had it.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::committee::{Committee, CommitteeDecideDecision};
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::role::{Role, RoleAuthorityDecision, RoleHolderRow};
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::kind::generated::supplier::Supplier;

use crate::derived::ai_system::tier;
use crate::derived::role::{covers, holding};
use crate::view::{Entry, Given, View, Window};

/// A decision that was taken by an approval.
#[derive(Clone, Copy)]
pub(super) struct Decision<'v> {
    /// the record decided about
    pub(super) subject: Entry<'v>,
    /// the approval
    pub(super) given: Given<'v>,
    /// what it decided
    pub(super) what: RoleAuthorityDecision,
}

/// Kinds whose decisions need power, and the state they lead to.
const DECIDED: [(&str, &str); 7] = [
    (Release::KIND, "approved"),
    (StageReview::KIND, "decided"),
    (ImpactAssessment::KIND, "approved"),
    (Supplier::KIND, "approved"),
    (Document::KIND, "approved"),
    (Scope::KIND, "approved"),
    (StatementOfApplicability::KIND, "approved"),
];

/// The approvals of a period that made the transition to a decided state.
pub(super) fn decisions(view: &View, period: Window) -> Vec<Decision<'_>> {
    let mut found = Vec::new();
    for (kind, state) in DECIDED {
        for subject in view.all(kind) {
            let Some(what) = decision_about(subject) else { continue };
            let into = subject.transitions().filter(|leaf| leaf.state.as_ref() == state && period.has(view.day(leaf.time)));
            let causes: Vec<Id> = into.flat_map(|leaf| leaf.causes()).collect();
            if causes.is_empty() {
                continue;
            }
            let given = subject.given().into_iter().filter(|given| causes.contains(&given.entry.id()));
            found.extend(given.map(|given| Decision { subject, given, what }));
        }
    }
    found
}

/// What an approval of a record decides.
fn decision_about(subject: Entry<'_>) -> Option<RoleAuthorityDecision> {
    Some(match subject.kind().name.as_str() {
        StageReview::KIND if StageReview(subject.content()).decision().is(StageReviewDecision::Stop) => RoleAuthorityDecision::Stop,
        Release::KIND | StageReview::KIND => RoleAuthorityDecision::Release,
        ImpactAssessment::KIND => RoleAuthorityDecision::SignImpact,
        Supplier::KIND => RoleAuthorityDecision::ApproveSupplier,
        Document::KIND if !Document(subject.content()).type_().is(DocumentType::Policy) => return None,
        _ => RoleAuthorityDecision::ApprovePolicy,
    })
}

/// The systems that a decision is about; a scope or statement is about none of them.
pub(super) fn systems_of(subject: Entry<'_>) -> Vec<Entry<'_>> {
    if [Scope::KIND, StatementOfApplicability::KIND, Document::KIND].contains(&subject.kind().name.as_str()) {
        return Vec::new();
    }
    let named = subject.linked("ai_system").into_iter().chain(subject.links("ai_systems"));
    named.chain(subject.links("also_covers")).collect()
}

/// A row of a role that gives power.
type Power<'v> = (Entry<'v>, RoleHolderRow<'v>);

/// The rows of roles, as they stood on the day of a view, by which a person may take a decision.
pub(super) fn powers<'v>(day: &'v View, person: Id, what: RoleAuthorityDecision, systems: &[Entry<'_>]) -> Vec<Power<'v>> {
    given_by(day, what, systems, |role| holding(role).collect()).filter(|(_, row)| names(*row, person)).collect()
}

/// The same by the dates of rows as they are written today, whenever that was.
pub(super) fn powers_by_date<'v>(
    decision: (&'v View, Date),
    person: Id,
    what: RoleAuthorityDecision,
    systems: &[Entry<'_>],
) -> Vec<Power<'v>> {
    let (view, day) = decision;
    let then = move |row: &RoleHolderRow<'_>| row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day);
    let rows = given_by(view, what, systems, |role| Role(role.content()).holders().filter(then).collect());
    rows.filter(|(_, row)| names(*row, person)).collect()
}

fn names(row: RoleHolderRow<'_>, person: Id) -> bool {
    row.person().is_some_and(|link| link.id == person)
}

/// The rows that reach each of the systems, of roles that may take the decision.
fn given_by<'v>(
    view: &'v View,
    what: RoleAuthorityDecision,
    systems: &[Entry<'_>],
    rows: impl Fn(Entry<'v>) -> Vec<RoleHolderRow<'v>>,
) -> impl Iterator<Item = Power<'v>> {
    let heaviest = systems.iter().filter_map(|system| tier(*system)).max();
    let roles = view.live(Role::KIND).filter(move |role| reaches(*role, what, heaviest));
    roles
        .flat_map(move |role| rows(role).into_iter().map(move |row| (role, row)).collect::<Vec<_>>())
        .filter(|(_, row)| systems.iter().all(|system| covers(*row, *system)))
}

/// Whether a role may take a decision up to a tier; a row without a tier goes up to any.
fn reaches(role: Entry<'_>, what: RoleAuthorityDecision, tier: Option<RiskTier>) -> bool {
    let rows = Role(role.content()).authority().filter(|row| row.decision() == Some(what));
    rows.into_iter().any(|row| row.up_to_tier().is_none_or(|up_to| tier.is_none_or(|tier| tier <= up_to)))
}

/// Whether the committee for which somebody spoke decides about that.
pub(super) fn committee_decides(day: &View, committee: Option<Id>, what: RoleAuthorityDecision) -> bool {
    use CommitteeDecideDecision as Of;
    let wanted: &[Of] = match what {
        RoleAuthorityDecision::Release => &[Of::Release, Of::UseCase],
        RoleAuthorityDecision::SignImpact => &[Of::SignImpact],
        RoleAuthorityDecision::ApproveSupplier => &[Of::Supplier],
        RoleAuthorityDecision::ApprovePolicy => &[Of::Policy, Of::Scope],
        RoleAuthorityDecision::Stop => &[Of::Stop],
        RoleAuthorityDecision::Exception => &[Of::Exception],
        RoleAuthorityDecision::AcceptRisk => &[Of::AcceptRisk],
        _ => &[],
    };
    let committee = committee.and_then(|id| day.get(id)).filter(|committee| committee.is("approved"));
    committee.is_some_and(|committee| {
        Committee(committee.content()).decides().any(|row| row.decision().is_some_and(|decision| wanted.contains(&decision)))
    })
}
