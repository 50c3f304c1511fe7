//! Running systems: watched without limits, assessed too late, and never refused.

use std::collections::BTreeSet;

use jiff::ToSpan;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::approval::{Approval, ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentConclusion, ImpactAssessmentOccasion};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::{RiskTier, Stage};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};
use vouch_record::{Id, Leaf};

use super::Limits;
use super::stretch::longer_than;
use crate::derived::{ai_system, measurement, monitoring_plan};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

fn plan_in_force(system: Entry<'_>) -> Option<Entry<'_>> {
    system.incoming(MonitoringPlan::KIND, "ai_system").find(|plan| plan.is("in_force"))
}

/// Whether a live system has no plan in force, or one with a metric without limit or without anybody who answers.
fn without_limits(system: Entry<'_>) -> bool {
    ai_system::live(system)
        && plan_in_force(system).is_none_or(|plan| {
            MonitoringPlan(plan.content()).metrics().any(|row| {
                (row.alarm().is_none() && row.alarm_low().is_none() && !measure_has_limit(plan, row.measure()))
                    || row.responder().is_none()
            })
        })
}

/// A metric without limits of its own takes those of its measure.
fn measure_has_limit(plan: Entry<'_>, measure: Option<vouch_record::Link>) -> bool {
    let measure = measure.and_then(|link| plan.view().get(link.id));
    measure.is_some_and(|measure| ["alarm", "alarm_low"].iter().any(|field| measure.value(field).get().is_some()))
}

/// FM-20
pub(super) fn unanswered_monitoring(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let mut lapses = Vec::new();
    let (mut alarms, mut open): (usize, Vec<(Entry<'_>, Entry<'_>)>) = (0, Vec::new());
    for system in view.live_systems() {
        let lapse = |defect: String| Lapse::of(system).value("system", system.label()).value("defect", defect);
        let plans = || system.incoming(MonitoringPlan::KIND, "ai_system");
        let measures = |plan: Entry<'_>| {
            let named = MonitoringPlan(plan.content()).metrics().filter_map(|row| view.get(row.measure()?.id));
            named.collect::<Vec<_>>()
        };
        let touched = || plans().flat_map(measures).chain(plans()).chain([system]);
        let days = limits.number("without_days");
        if longer_than(view, days, touched(), |on| on.get(system.id()).is_some_and(without_limits)) {
            lapses.push(lapse(format!("for more than {days} days no plan in force has set limits and who answers")));
        }
        let Some(plan) = plan_in_force(system) else { continue };
        for value in system.incoming(Measurement::KIND, "ai_system").filter(|value| is_alarm(*value, window)) {
            alarms += 1;
            let heavy = ai_system::tier(system) >= Some(RiskTier::High);
            if heavy && silent(value, plan, limits.number("times_answer")) {
                let on = Measurement(value.content()).covers_to().get().map_or(window.to, |at| view.day(at));
                lapses.push(lapse(format!("nobody acted in time on the alarm of {on} ({})", value.id())));
            }
        }
        open.extend(
            monitoring_plan::open_alarms(plan).into_iter().filter(|value| is_alarm(*value, window)).map(|value| (system, value)),
        );
        // Before its first plan was in force the stretch without one is what is found.
        let begun = plan.leaves().iter().find(|leaf| leaf.state.as_ref() == "in_force").map(|leaf| view.day(leaf.time));
        let live = ai_system::past_since(system, Stage::Deployment).map(|on| on.saturating_add(days.days()));
        let from = begun.max(live).unwrap_or(window.from);
        let Some(stretch) = window.from_day(from) else { continue };
        let whole = usize::try_from(stretch.days()).unwrap_or(0);
        let covered = usize::try_from(monitoring_plan::covered_days(plan, stretch)).unwrap_or(0);
        if limits.falls_short("share_covered", covered, whole) {
            lapses.push(lapse(format!("only {covered} of {whole} days have values")));
        }
    }
    let many = alarms >= limits.count("alarms_at_least") && limits.exceeds("share_open", open.len(), alarms);
    if let Some((system, _)) = open.first().filter(|_| many) {
        let defect = format!("{} of {alarms} alarms wait for an answer", open.len());
        lapses.push(Lapse::of(*system).value("system", system.label()).value("defect", defect));
    }
    lapses
}

fn is_alarm(value: Entry<'_>, window: Window) -> bool {
    let to = Measurement(value.content()).covers_to().get().map(|at| value.view().day(at));
    to.is_some_and(|to| window.has(to)) && measurement::breach(value) == measurement::Breach::Alarm && !value.is("void")
}

/// Whether an alarm stayed without a first action for so many times the agreed time.
fn silent(value: Entry<'_>, plan: Entry<'_>, times: i64) -> bool {
    let content = Measurement(value.content());
    let measure = content.measure().get().map(|link| link.id);
    let row = MonitoringPlan(plan.content()).metrics().find(|row| row.measure().map(|link| link.id) == measure);
    let (Some(within), Some(taken)) = (row.and_then(|row| row.answer_within()), content.taken_at().get()) else { return false };
    let until = measurement::first_action(value).unwrap_or(value.view().now());
    let answered = content.no_action_because().is_filled() && measurement::first_action(value).is_none();
    !answered && until.as_second() - taken.as_second() > SpanValue(within).seconds().saturating_mul(times)
}

/// FM-22
pub(super) fn assessed_after(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(first) = view.first_scope_on() else { return Vec::new() };
    let year = Window { from: view.today().saturating_sub(limits.number("days").days()), to: view.today() };
    let mut live = Vec::new();
    for system in view.systems() {
        let deployed = system
            .incoming(Release::KIND, "ai_system")
            .filter(|release| release.is_any(&["deployed", "ended"]))
            .filter_map(|release| Release(release.content()).deployed_at().get())
            .min();
        let Some(at) = deployed.filter(|at| year.has(view.day(*at)) && view.day(*at) >= first) else { continue };
        let in_time =
            |assessment: Entry<'_>| assessment.leaves().iter().any(|leaf| leaf.state.as_ref() == "approved" && leaf.time < at);
        let assessed =
            system.incoming(ImpactAssessment::KIND, "ai_system").chain(system.incoming(ImpactAssessment::KIND, "also_covers"));
        live.push((system, assessed.into_iter().any(in_time)));
    }
    let late: Vec<Entry<'_>> = live.iter().filter(|(_, in_time)| !in_time).map(|(system, _)| *system).collect();
    let lapse = |system: Entry<'_>, n: usize, total: usize| {
        let what = "systems went live before anybody asked what they do to people";
        Lapse::of(system).value("n", n).value("total", total).value("what", what).value("system", system.label())
    };
    let mut lapses: Vec<Lapse> = late
        .iter()
        .filter(|system| ai_system::tier(**system) >= Some(RiskTier::High))
        .map(|system| lapse(*system, late.len(), live.len()))
        .collect();
    if lapses.is_empty() && live.len() >= limits.count("systems_at_least") && limits.exceeds("share_late", late.len(), live.len()) {
        lapses.extend(late.first().map(|system| lapse(*system, late.len(), live.len())));
    }
    if lapses.is_empty() {
        let settled = first.saturating_add(limits.number("settled_days").days());
        let approved: Vec<Entry<'_>> = view
            .all(ImpactAssessment::KIND)
            .filter(|one| one.entered("approved").is_some_and(|on| year.has(on) && on > settled))
            .collect();
        let caught_up: Vec<&Entry<'_>> = approved
            .iter()
            .filter(|one| ImpactAssessment(one.content()).occasion().is(ImpactAssessmentOccasion::CatchUp))
            .collect();
        let many = approved.len() >= limits.count("assessments_at_least")
            && limits.exceeds("share_catch_up", caught_up.len(), approved.len());
        lapses.extend(caught_up.first().filter(|_| many).map(|first| {
            let of = first.linked("ai_system").map_or_else(|| first.label(), |system| format!("that of {}", system.label()));
            let what = "impact assessments of a year caught up with what ran already";
            Lapse::of(**first).value("n", caught_up.len()).value("total", approved.len()).value("what", what).value("system", of)
        }));
    }
    lapses
}

/// FM-23
pub(super) fn never_refused(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let year = Window { from: view.today().saturating_sub(limits.number("days").days()), to: view.today() };
    let (mut decisions, mut refused) = (0_usize, false);
    for review in view.all(StageReview::KIND).filter(|review| review.is("decided")) {
        if review.entered("decided").is_some_and(|on| year.has(on)) {
            decisions += 1;
            refused |= StageReview(review.content()).decision().get().is_some_and(|decision| decision != StageReviewDecision::Pass);
        }
    }
    const KINDS: [&str; 4] = [Acceptance::KIND, ImpactAssessment::KIND, Risk::KIND, Change::KIND];
    // Several approvals of one revision are one decision.
    let mut decided: BTreeSet<(Id, Option<i64>)> = BTreeSet::new();
    for approval in view.all(Approval::KIND).filter(|one| one.is("given") && year.has(one.created_on())) {
        let content = Approval(approval.content());
        let Some(about) = content.subject().get().and_then(|link| view.find(link.id)) else { continue };
        let later =
            matches!(content.purpose().get(), Some(ApprovalPurpose::Review | ApprovalPurpose::Verify | ApprovalPurpose::Close));
        if later || !KINDS.contains(&about.kind().name.as_str()) {
            continue;
        }
        decided.insert((about.id(), content.subject_revision().get()));
        let no = content.decision().get().is_some_and(|decision| decision != ApprovalDecision::Approved);
        refused |= no || content.conditions().is_filled();
    }
    decisions += decided.len();
    // What was sent back or refused by a transition alone is a no as well; what its author took back is none.
    for kind in KINDS {
        refused |= view.all(kind).any(|entry| {
            let no = |leaf: &Leaf| match (leaf.from(), leaf.state.as_ref()) {
                (_, "refused" | "rejected") => true,
                (Some("submitted" | "requested"), "draft") => {
                    let made = entry.revisions().find(|made| made.revision == leaf.revision);
                    made.is_none_or(|made| made.actor.person() != leaf.actor.person())
                }
                _ => false,
            };
            entry.transitions().any(|leaf| year.has(view.day(leaf.time)) && no(leaf))
        });
    }
    refused |= view.all(ImpactAssessment::KIND).any(|one| {
        let decided = one.entered("approved").is_some_and(|on| year.has(on));
        let conclusion = ImpactAssessment(one.content()).conclusion().get();
        decided
            && matches!(
                conclusion,
                Some(
                    ImpactAssessmentConclusion::Stop
                        | ImpactAssessmentConclusion::ChangeFirst
                        | ImpactAssessmentConclusion::GoWithConditions
                )
            )
    });
    if refused || decisions < limits.count("decisions_at_least") {
        return Vec::new();
    }
    vec![Lapse::of_organisation().value("n", decisions)]
}
