//! What the oversight plan of a live system says, and whether its stop was tried.

use jiff::civil::Date;
use vouch_record::kind::generated::oversight_plan::{OversightPlan, OversightPlanAdverseDecisions, OversightPlanAppeal};
use vouch_record::kind::generated::shared::{Oversight, RiskTier};
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::time::days_between;

use crate::derived;
use crate::derived::ai_system::{oversight_in_force, tier};
use crate::derived::oversight_plan::stop_tested;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How old the last trial of the stop may be, in days, however seldom the plan asks for it.
const TRIED_DAYS: i64 = 365;

/// The live systems of tier moderate and above.
pub(super) fn weighty(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.live_systems().filter(|system| tier(*system) >= Some(RiskTier::Moderate))
}

/// Whether people stand in or over each result.
pub(super) fn is_in_or_on_the_loop(plan: Entry<'_>) -> bool {
    matches!(OversightPlan(plan.content()).mode().get(), Some(Oversight::InTheLoop | Oversight::OnTheLoop))
}

/// A.9.3-D2
pub(super) fn somebody_can_step_in(view: &View) -> Verdicts {
    each(weighty(view), |system| {
        let lapse = |defect: String| Judgement::Fail(Lapse::of(system).value("defect", defect));
        let Some(plan) = oversight_in_force(system) else {
            return lapse("no oversight plan is in force, so nobody is named to step in".to_owned());
        };
        let fields = ["overseers", "override_means", "stop_means", "stop_within", "measures", "adverse_decisions", "appeal"];
        Judgement::needing(plan, &fields, || {
            let missing = missing(plan);
            if missing.is_empty() {
                return Judgement::Shown(vec![system.subject(), plan.subject()]);
            }
            lapse(format!("its oversight plan lacks {}", missing.join(", ")))
        })
    })
}

/// What a plan lacks. Where nobody said whether results weigh against people, they do.
fn missing(plan: Entry<'_>) -> Vec<&'static str> {
    let content = OversightPlan(plan.content());
    let against = !content.adverse_decisions().is(OversightPlanAdverseDecisions::No);
    let waived = plan.linked("waiver").is_some_and(derived::in_force);
    let appeal = match content.appeal().get() {
        None => false,
        Some(OversightPlanAppeal::Waived) => waived,
        Some(_) => true,
    };
    let parts = [
        ("overseers", content.overseers().any(|row| row.person().is_some())),
        ("the means to override", content.override_means().is_filled()),
        ("the means to stop", content.stop_means().is_filled()),
        ("the time a stop may take", content.stop_within().is_filled()),
        ("measures", content.measures().next().is_some()),
        ("an appeal, or its waiver in force", appeal || !against),
    ];
    parts.into_iter().filter(|(_, there)| !there).map(|(part, _)| part).collect()
}

/// A.9.3-D3
pub(super) fn share_and_hours_are_set(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(plan) = oversight_in_force(system).filter(|plan| is_in_or_on_the_loop(*plan)) else {
            return Judgement::Skip("no plan in force has people in or on the loop".to_owned());
        };
        Judgement::needing(plan, &["review_share", "hold_actions", "overseers"], || {
            let content = OversightPlan(plan.content());
            let share = content.review_share().is_filled() || content.hold_actions().next().is_some();
            let hours = content.overseers().all(|row| row.hours_per_week().is_some());
            if share && hours {
                return Judgement::Shown(vec![system.subject(), plan.subject()]);
            }
            Judgement::Fail(Lapse::of(plan).in_system(system))
        })
    })
}

/// The latest reviewed trial of the stop of a system, with its day.
pub(super) fn last_trial(system: Entry<'_>) -> Option<(Date, Entry<'_>)> {
    let view = system.view();
    let tests = system
        .incoming(Test::KIND, "ai_system")
        .filter(|test| test.is("reviewed") && Test(test.content()).type_().is(TestType::StopControl));
    tests.filter_map(|test| Some((view.day(Test(test.content()).run_at().get()?), test))).max_by_key(|(on, test)| (*on, test.id()))
}

/// A.9.3-O2
pub(super) fn the_stop_was_tried(view: &View) -> Verdicts {
    each(weighty(view), |system| {
        let Some(plan) = oversight_in_force(system) else {
            return Judgement::Skip("no oversight plan is in force; see A.9.3-D2".to_owned());
        };
        Judgement::needing(plan, &["stop_within", "stop_test_every"], || {
            let last = last_trial(system);
            let young = last.is_some_and(|(on, _)| days_between(on, view.today()) <= TRIED_DAYS);
            match last {
                Some((_, test)) if young && stop_tested(plan) => Judgement::Shown(vec![system.subject(), test.subject()]),
                _ => Judgement::Fail(Lapse::of(system).maybe("date", last.map(|(on, _)| on))),
            }
        })
    })
}
