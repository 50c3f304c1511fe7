//! Whether tests were planned before they ran, and look at the groups that are affected.

use vouch_record::Leaf;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::{RiskTier, Stage};
use vouch_record::kind::generated::test::Test;

use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// What a plan holds.
const PLAN: [&str; 4] = ["method", "criteria", "environment", "independence"];

/// The tests of a system, void ones left out.
fn tests(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system.incoming(Test::KIND, "ai_system").filter(|test| !test.is("void"))
}

/// Whether the plan of a test, its own or that of the test it repeats, was approved by somebody other than its author before it ran.
fn is_planned(test: Entry<'_>) -> bool {
    let ran = Test(test.content()).run_at().get();
    let plans = std::iter::once(test).chain(test.linked("plan"));
    plans.into_iter().any(|plan| plan.given().iter().any(|given| approves(plan, given) && ran.is_none_or(|ran| given.at() < ran)))
}

fn approves(plan: Entry<'_>, given: &Given<'_>) -> bool {
    let Some(revision) = plan.revisions().find(|leaf| leaf.revision == given.revision()) else { return false };
    let holds = |leaf: &Leaf| PLAN.iter().all(|field| leaf.body.get(field).is_some_and(|value| !value.is_empty()));
    given.approval.purpose().is(ApprovalPurpose::Approve)
        && given.approval.decision().is(ApprovalDecision::Approved)
        && given.by().is_some_and(|by| !plan.authors_of(revision).contains(&by))
        && holds(revision)
}

/// Judges every system in scope that is being verified or used.
fn each_verified<'v>(view: &'v View, judge: impl Fn(Entry<'v>) -> Judgement) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages"], || match ai_system::stage(system) {
            Stage::Retired => Judgement::Skip("retired; no test of it can be planned".to_owned()),
            stage if stage < Stage::VerificationValidation => Judgement::Skip("not in verification yet".to_owned()),
            _ => judge(system),
        })
    })
}

/// A.6.2.4-D1
pub(super) fn planned_before_it_ran(view: &View) -> Verdicts {
    each_verified(view, |system| {
        let planned: Vec<_> = tests(system).filter(|test| is_planned(*test)).map(|test| test.subject()).collect();
        let erased = || tests(system).find(|test| PLAN.iter().any(|field| test.value(field).is_erased()));
        match erased().filter(|_| planned.is_empty()) {
            Some(test) => Judgement::Undecided(format!("the plan of {} was erased", test.label())),
            None if planned.is_empty() => Judgement::Fail(Lapse::of(system)),
            None => Judgement::Shown(planned),
        }
    })
}

/// A.6.2.4-D2
pub(super) fn groups_are_looked_at(view: &View) -> Verdicts {
    each_verified(view, |system| {
        Judgement::needing(system, &["risk_tier"], || {
            if ai_system::tier(system) < Some(RiskTier::Moderate) {
                return Judgement::Skip("tier low".to_owned());
            }
            let Some(assessment) = ai_system::assessment_in_force(system) else {
                return Judgement::Skip("no impact assessment in force names its groups; see 8.4-D2".to_owned());
            };
            Judgement::needing(assessment, &["groups"], || each_group_tested(system, assessment))
        })
    })
}

/// Every group is one of a criterion, by name or code, or a plan says in `disparity_steps` why groups cannot be told apart.
fn each_group_tested<'v>(system: Entry<'v>, assessment: Entry<'v>) -> Judgement {
    let groups = ImpactAssessment(assessment.content()).groups();
    let named: Vec<_> = groups.filter_map(|row| Some((row.group().or(row.code())?, row.code()))).collect();
    if named.is_empty() {
        return Judgement::Skip(format!("{} names no group", assessment.label()));
    }
    let plans: Vec<Entry<'v>> = tests(system).filter(|test| is_planned(*test)).collect();
    let tested: Vec<&str> = plans.iter().flat_map(|test| Test(test.content()).criteria()).filter_map(|row| row.group()).collect();
    let looks_at =
        |(group, code): (&str, Option<&str>)| tested.iter().any(|one| one.eq_ignore_ascii_case(group) || Some(*one) == code);
    let explained = plans.iter().any(|test| Test(test.content()).disparity_steps().is_filled());
    let open: Vec<Lapse> = named
        .into_iter()
        .filter(|group| !explained && !looks_at(*group))
        .map(|(group, _)| Lapse::of(system).value("group", group))
        .collect();
    match tests(system).find(|test| PLAN.iter().any(|field| test.value(field).is_erased())) {
        Some(test) if !open.is_empty() => Judgement::Undecided(format!("the plan of {} was erased", test.label())),
        _ if open.is_empty() => Judgement::Shown(plans.iter().map(Entry::subject).collect()),
        _ => Judgement::FailAll(open),
    }
}
