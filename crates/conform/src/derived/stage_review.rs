//! Derived values of a stage review.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty};
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision, StageReviewItemResult};
use vouch_record::kind::generated::test::Test;
use vouch_record::time::end_of_day;

use super::answer::{ids, table, texts};
use super::{Derived, acceptance, ai_system, release};
use crate::gate::{self, Need, Path};
use crate::view::{Entry, View};

/// The derived values of a stage review.
pub const TABLE: &[Derived] = &[
    Derived::new("gate_needs", |entry| {
        table(entry, "stage-review.gate_needs", || {
            gate_needs(entry).into_iter().map(|need| row! { need: need.id.as_str(), title: need.title.as_str() }).collect()
        })
    }),
    Derived::new("stage_entered_without_review", |entry| Val::Bool(stage_entered_without_review(entry))),
    Derived::new("conditions_overdue", |entry| texts(conditions_overdue(entry))).reading(&["conditions"]),
    Derived::new("passed", |entry| Val::Bool(passed(entry))).reading(&["decision", "conditions"]),
    Derived::new("needs_without_item", |entry| texts(needs_without_item(entry))).reading(&["items"]),
    Derived::new("unwaived", |entry| texts(unwaived(entry))).reading(&["items", "deviations", "decision"]),
    Derived::new("involved", |entry| ids(involved(entry))),
    Derived::new("reviewed_authors", |entry| ids(reviewed_authors(entry))).reading(&["items"]),
];

/// The system as it stood when the review was held; as it stands while it is only prepared.
fn system_then(entry: Entry<'_>) -> Option<Entry<'_>> {
    let view = entry.view();
    let system = StageReview(entry.content()).ai_system().get()?;
    let held = StageReview(entry.content()).held_on().get().map(|at| view.day(at)).filter(|day| *day <= view.today());
    held.and_then(|day| view.on(day).get(system.id)).or_else(|| view.get(system.id))
}

/// The needs of the gate for tier and path of the system, as of `held_on`. A system without a tier is asked what critical ones are.
#[must_use]
pub fn gate_needs(entry: Entry<'_>) -> Vec<&'static Need> {
    let Some(name) = StageReview(entry.content()).gate().get() else { return Vec::new() };
    let Some(found) = gate::gate(name.id()) else { return Vec::new() };
    let system = system_then(entry);
    let tier = system.and_then(ai_system::tier).unwrap_or(RiskTier::Critical);
    let path = system.and_then(Path::of);
    found.needs.iter().filter(|need| need.is_asked(tier, path)).collect()
}

/// Stage date of the system for `to_stage` is earlier than the decision; today's, while it is not decided.
#[must_use]
pub fn stage_entered_without_review(entry: Entry<'_>) -> bool {
    let Some(to) = StageReview(entry.content()).to_stage().get() else { return false };
    let decided = entry.entered("decided");
    let Some(system) = entry.linked("ai_system") else { return false };
    let rows = AiSystem(system.content()).stages().filter(|row| row.stage().is_some_and(|stage| stage.id() == to.id()));
    let today = entry.view().today();
    rows.filter_map(|row| row.entered_on()).any(|on| decided.map_or(on <= today, |decided| on < decided)) && !entry.is("void")
}

/// Conditions past due without `met_by`.
#[must_use]
pub fn conditions_overdue(entry: Entry<'_>) -> Vec<String> {
    let today = entry.view().today();
    let late = StageReview(entry.content())
        .conditions()
        .filter(|row| row.due().is_some_and(|due| due < today) && row.met_by().next().is_none());
    late.map(|row| row.condition().unwrap_or_default().to_owned()).collect()
}

/// Decided, decision pass or pass_with_conditions, and no condition overdue.
#[must_use]
pub fn passed(entry: Entry<'_>) -> bool {
    entry.is("decided") && lets_pass(entry) && conditions_overdue(entry).is_empty()
}

fn lets_pass(entry: Entry<'_>) -> bool {
    matches!(
        StageReview(entry.content()).decision().get(),
        Some(StageReviewDecision::Pass | StageReviewDecision::PassWithConditions)
    )
}

/// Ids of the gate's needs without an items row.
#[must_use]
pub fn needs_without_item(entry: Entry<'_>) -> Vec<String> {
    let rows: BTreeSet<&str> = StageReview(entry.content()).items().filter_map(|row| row.need()).collect();
    gate_needs(entry).into_iter().map(|need| need.id.clone()).filter(|id| !rows.contains(id.as_str())).collect()
}

/// Where decision is pass or pass_with_conditions: needs in `items` that are not fulfilled and that no deviation lets pass.
#[must_use]
pub fn unwaived(entry: Entry<'_>) -> Vec<String> {
    if !lets_pass(entry) {
        return Vec::new();
    }
    let open = StageReview(entry.content()).items().filter(|row| row.result() != Some(StageReviewItemResult::Fulfilled));
    let needs: BTreeSet<&str> = open.filter_map(|row| row.need()).collect();
    needs.into_iter().filter(|id| !is_waived(entry, id)).map(str::to_owned).collect()
}

/// Whether a deviations row for the need names an acceptance of type gate in force, given by a holder of the role in `who_may_waive`, for tier
/// critical approved by top management too. What nobody may waive is not waived, nor is an id that is no need.
#[must_use]
pub fn is_waived(entry: Entry<'_>, need: &str) -> bool {
    let view = entry.view();
    let Some(key) = gate::need(need).and_then(Need::waived_by) else { return false };
    let system = entry.linked("ai_system");
    let critical = system_then(entry).and_then(ai_system::tier).unwrap_or(RiskTier::Critical) == RiskTier::Critical;
    let may = waivers(view, system, key);
    let top = view.top_management();
    let named = StageReview(entry.content()).deviations().filter(|row| row.need() == Some(need)).filter_map(|row| row.acceptance());
    named.filter_map(|link| view.get(link.id)).any(|accepted| {
        let content = Acceptance(accepted.content());
        let by = content.accepted_by().get().map(|link| link.id);
        let approvers = accepted
            .given()
            .into_iter()
            .filter(|given| given.approval.decision().is(ApprovalDecision::Approved))
            .filter_map(|given| given.by());
        let by_top = by.into_iter().chain(approvers).any(|person| top.contains(&person));
        let given = content.type_().is(AcceptanceType::Gate)
            && acceptance::in_force(accepted)
            && by.is_some_and(|person| may.contains(&person));
        given && (!critical || by_top)
    })
}

/// Who may waive a need: holders of the role, which for the owner of the system and of its risks are the persons in those fields; the AIMS lead
/// for a key that nobody holds (FORMATS §2).
fn waivers(view: &View, system: Option<Entry<'_>>, key: &str) -> Vec<Id> {
    let content = system.map(|system| AiSystem(system.content()));
    let named = match key {
        "system_owner" => content.and_then(|content| content.owner().get()),
        "risk_owner" => content.and_then(|content| content.risk_owner().get()),
        _ => None,
    };
    if let Some(link) = named {
        return vec![link.id];
    }
    let holders = if key == "top_management" { view.top_management() } else { view.holders(key) };
    if holders.is_empty() { view.holders("aims_lead") } else { holders }
}

/// People in staffing of the system with duty build, data or test, its technical owner, and whoever performed its tests.
#[must_use]
pub fn involved(entry: Entry<'_>) -> BTreeSet<Id> {
    let Some(system) = entry.linked("ai_system") else { return BTreeSet::new() };
    let duties = [AiSystemStaffingDuty::Build, AiSystemStaffingDuty::Data, AiSystemStaffingDuty::Test];
    let testers = system.incoming(Test::KIND, "ai_system").filter_map(|test| Test(test.content()).performed_by().get());
    release::staff(system, &duties).into_iter().chain(testers.map(|link| link.id)).collect()
}

/// Authors of the revisions that `items` name; of the revision read on the day of the review, where a row names none.
#[must_use]
pub fn reviewed_authors(entry: Entry<'_>) -> BTreeSet<Id> {
    let view = entry.view();
    let held = StageReview(entry.content()).held_on().get();
    let mut found = BTreeSet::new();
    for row in StageReview(entry.content()).items() {
        let Some(subject) = row.subject().and_then(|link| view.find(link.id)) else { continue };
        let end = held.map_or_else(|| view.now(), |at| end_of_day(view.day(at), view.zone()));
        let named = row.subject_revision().and_then(|number| subject.revisions().find(|leaf| i64::from(leaf.revision) == number));
        let read = named.or_else(|| subject.revisions().rfind(|leaf| leaf.time < end));
        found.extend(read.into_iter().flat_map(|leaf| subject.authors_of(leaf)));
    }
    found
}
