//! What the monitoring plan of a live system says.

use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory as Category};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::monitored::{Metric, metrics_of, plan_of};
use crate::check::touched::{TOUCHES, touches_people};
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What each system from tier moderate on is watched for.
const ALWAYS: [Category; 5] = [Category::Performance, Category::Drift, Category::Safety, Category::Abuse, Category::Oversight];

/// A.6.2.6-D1
pub(super) fn live_systems_are_watched(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let lapse = |defect: String| Lapse::of(system).value("defect", defect);
        let Some(plan) = plan_of(system) else { return Judgement::Fail(lapse("no monitoring plan is in force".to_owned())) };
        Judgement::needing(plan, &["metrics"], || {
            let metrics = metrics_of(system);
            if metrics.is_empty() {
                return Judgement::Fail(lapse("its plan names no metric".to_owned()));
            }
            let open =
                metrics.iter().filter_map(|metric| missing(metric).map(|what| lapse(format!("{} has no {what}", metric.label()))));
            let lapses: Vec<Lapse> = open.collect();
            if lapses.is_empty() { Judgement::Shown(vec![system.subject(), plan.subject()]) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// The first thing that a metric lacks. A limit of its measure is its limit too.
fn missing(metric: &Metric<'_>) -> Option<&'static str> {
    let row = metric.row;
    let of_measure = || {
        let measure = row.measure().and_then(|link| metric.plan.view().get(link.id));
        measure.is_some_and(|measure| Measure(measure.content()).alarm().is_filled())
    };
    [
        ("limit", row.alarm().is_some() || of_measure()),
        ("cadence", row.cadence().is_some()),
        ("responder", row.responder().is_some()),
        ("answer_within", row.answer_within().is_some()),
    ]
    .into_iter()
    .find_map(|(what, there)| (!there).then_some(what))
}

/// A.6.2.6-D2
pub(super) fn categories_are_watched(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let fields: Vec<&str> = TOUCHES.into_iter().chain(["risk_tier"]).collect();
        Judgement::needing(system, &fields, || {
            if ai_system::tier(system) < Some(RiskTier::Moderate) {
                return Judgement::Skip("tier low".to_owned());
            }
            let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
            Judgement::needing(plan, &["metrics"], || {
                let metrics = metrics_of(system);
                let wanted = ALWAYS.into_iter().chain(touches_people(system).then_some(Category::Fairness));
                let open = wanted.filter(|category| !metrics.iter().any(|metric| metric.is_about(&[*category])));
                Judgement::of(open.map(|category| Lapse::of(system).value("category", words(category.id()))).collect())
            })
        })
    })
}

/// A.6.2.6-D3
pub(super) fn it_can_be_followed(view: &View) -> Verdicts {
    let plans = view.live_systems().filter_map(plan_of);
    each(plans, |plan| {
        Judgement::needing(plan, &["update_plan", "support", "stop_authority"], || {
            let content = MonitoringPlan(plan.content());
            let lapse = |defect: String| Lapse::of(plan).value("defect", defect);
            let filled = [
                ("how it is repaired and updated", content.update_plan().is_filled()),
                ("where users get help", content.support().next().is_some()),
                ("who may stop it", content.stop_authority().next().is_some()),
            ];
            let mut lapses: Vec<Lapse> =
                filled.into_iter().filter(|(_, there)| !there).map(|(what, _)| lapse(format!("does not say {what}"))).collect();
            let people =
                content.stop_authority().filter_map(|link| view.find(link.id)).filter(|person| !view.is_active(person.id()));
            lapses.extend(people.map(|person| lapse(gone(person))));
            Judgement::of(lapses)
        })
    })
}

/// Why a person who is named cannot act.
fn gone(person: Entry<'_>) -> String {
    let state = person.state();
    let on = person.entered(state).map_or_else(String::new, |on| format!(" on {on}"));
    let how = if state == "left" { "left".to_owned() } else { format!("became {}", words(state)) };
    format!("names {}, who {how}{on}", person.label())
}
