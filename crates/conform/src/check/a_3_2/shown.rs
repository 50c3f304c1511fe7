//! Whether stopping was tried, owners do not approve alone, and auditors asked them.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::{Test, TestType};

use crate::check::audited::in_last_year;
use crate::check::monitored::plan_of;
use crate::check::touched::used_for_a_year;
use crate::check::wording::called;
use crate::derived::ai_system::tier;
use crate::derived::test::passed;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// So many systems are asked about.
const ASKED: usize = 3;

/// A.3.2-P1
pub(super) fn stop_was_tried(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.live_systems().filter(|system| tier(*system) >= Some(RiskTier::Moderate)), |system| {
        let may: Vec<Id> = plan_of(system)
            .map_or_else(Vec::new, |plan| MonitoringPlan(plan.content()).stop_authority().map(|link| link.id).collect());
        let tried = system.incoming(Test::KIND, "ai_system").find(|test| {
            let content = Test(test.content());
            let of_year = content.run_at().get().is_some_and(|at| year.has(view.day(at)));
            let by = content.performed_by().get().map(|link| link.id).into_iter().chain(test.authors());
            content.type_().is(TestType::StopControl)
                && test.is("reviewed")
                && of_year
                && passed(*test)
                && by.into_iter().any(|by| may.contains(&by))
        });
        let stopped = system.transitions().any(|leaf| {
            leaf.state.as_ref() == "suspended"
                && year.has(view.day(leaf.time))
                && leaf.actor.person().is_some_and(|by| may.contains(&by))
        });
        match tried {
            Some(test) => Judgement::Shown(vec![system.subject(), test.subject()]),
            None if stopped => Judgement::Pass,
            None if !used_for_a_year(system) => Judgement::Skip("in use for less than a year".to_owned()),
            None => Judgement::Fail(Lapse::of(system).value("system", system.label())),
        }
    })
}

/// A.3.2-P2
pub(super) fn owners_do_not_approve_alone(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems().filter(|system| tier(*system) >= Some(RiskTier::High)), |system| {
        Judgement::needing(system, &["owner", "risk_owner"], || {
            let content = AiSystem(system.content());
            let (owner, risk) = (content.owner().get().map(|link| link.id), content.risk_owner().get().map(|link| link.id));
            let lapse = |person: Option<Id>, record: String| {
                let lapse = Lapse::of(system).value("person", called(view, person)).value("system", system.label());
                lapse.value("record", record)
            };
            let mut lapses: Vec<Lapse> = Vec::new();
            if owner.is_some() && owner == risk {
                lapses.push(lapse(owner, "what it risks".to_owned()));
            }
            let people: Vec<Id> = owner.into_iter().chain(risk).collect();
            let records = system.incoming(ImpactAssessment::KIND, "ai_system").chain(system.incoming(Release::KIND, "ai_system"));
            for record in records {
                let alone = only_approver(record, window).filter(|by| people.contains(by));
                lapses.extend(alone.map(|by| lapse(Some(by), record.label())));
            }
            Judgement::of(lapses)
        })
    })
}

/// Who approved a record in the window that nobody else approved or reviewed: only the owner can let a release go, so that a second person
/// looks at it by a review.
fn only_approver(record: Entry<'_>, window: Window) -> Option<Id> {
    use ApprovalPurpose::{Approve, Review, Sign, Verify};
    let given = |purposes: &'static [ApprovalPurpose]| {
        let counts = move |given: &crate::view::Given<'_>| {
            let purpose = given.approval.purpose().get().is_some_and(|purpose| purposes.contains(&purpose));
            purpose && given.approval.decision().is(ApprovalDecision::Approved) && window.has(given.on())
        };
        record.given().into_iter().filter(counts).filter_map(|given| given.by()).collect::<BTreeSet<Id>>()
    };
    let approvers = given(&[Approve, Sign]);
    let looked = given(&[Approve, Sign, Review, Verify]);
    if approvers.len() == 1 && looked.len() == 1 { approvers.into_iter().next() } else { None }
}

/// A.3.2-P3
pub(super) fn owners_were_asked(view: &View) -> Verdicts {
    let mut asked: BTreeSet<Id> = BTreeSet::new();
    let mut audits = Vec::new();
    for audit in in_last_year(view) {
        let content = Audit(audit.content());
        if content.requirements().any(|named| named.framework == ISO42001 && named.item == "A.3.2") {
            audits.push(audit.subject());
            asked.extend(content.interviews().filter_map(|row| row.person()).map(|link| link.id));
        }
    }
    let live: Vec<Entry<'_>> = view.live_systems().collect();
    let answers = |system: &&Entry<'_>| {
        let plans = system.incoming(OversightPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
        let overseers = plans.flat_map(|plan| OversightPlan(plan.content()).overseers()).filter_map(|row| row.person());
        let owner = AiSystem(system.content()).owner().get();
        owner.into_iter().chain(overseers).any(|link| asked.contains(&link.id))
    };
    let n = live.iter().filter(answers).count();
    if n >= ASKED.min(live.len()) && (n > 0 || live.is_empty()) {
        return Verdicts { passed: audits, ..Verdicts::default() };
    }
    Verdicts::failed(Lapse::of_organisation())
}
