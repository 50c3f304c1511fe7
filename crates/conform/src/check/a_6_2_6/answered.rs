//! Whether alarms are answered in time, and what follows when somebody else notices first.

use jiff::Timestamp;
use vouch_record::Leaf;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;

use crate::check::monitored::{Metric, metrics_of};
use crate::check::wording::words;
use crate::derived::incident::monitoring_missed;
use crate::derived::measurement::first_action;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// A.6.2.6-O2
pub(super) fn alarms_are_answered_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for metric in view.live_systems().flat_map(metrics_of) {
        for (taken, value) in metric.alarms(window) {
            let fields = ["actions", "conclusion", "analysis", "analysed_by", "analysed_at"];
            verdicts.note(value, Judgement::needing(value, &fields, || in_time(&metric, taken, value)));
        }
    }
    verdicts
}

/// Within the time the metric promises an action was made, or a responder concluded with a reason.
fn in_time(metric: &Metric<'_>, taken: Timestamp, value: Entry<'_>) -> Judgement {
    let view = value.view();
    let Some(within) = metric.row.answer_within() else { return Judgement::Skip("no time is promised; see A.6.2.6-D1".to_owned()) };
    let until = taken.as_second() + SpanValue(within).seconds();
    let answer = first_action(value).into_iter().chain(concluded(metric, value)).min();
    let hours = |at: Timestamp| (at.as_second() - taken.as_second()).max(0) / 3_600;
    let lapse = |answered: String| {
        let values = Lapse::of(value).in_system(metric.system).value("metric", metric.label()).value("date", view.day(taken));
        Judgement::Fail(values.value("answered", answered).value("answer_within", within))
    };
    match answer {
        Some(at) if at.as_second() <= until => Judgement::Pass,
        Some(at) => lapse(format!("was answered after {} hours", hours(at))),
        None if !view.is_past_second(until) => Judgement::Skip("the time to answer has not passed".to_owned()),
        None => lapse(format!("has waited {} hours for an answer", hours(view.now()))),
    }
}

/// When a responder of the metric concluded something and said why.
fn concluded(metric: &Metric<'_>, value: Entry<'_>) -> Option<Timestamp> {
    let content = Measurement(value.content());
    let reasoned = content.conclusion().is_filled() && (content.analysis().is_filled() || content.no_action_because().is_filled());
    let by = content.analysed_by().get().is_some_and(|link| metric.responders().contains(&link.id));
    content.analysed_at().get().filter(|_| reasoned && by && value.is("analysed"))
}

/// A.6.2.6-O3
pub(super) fn missed_incidents_change_the_plan(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let within = |at: Timestamp, window: Window| window.has(view.day(at));
    let found = view
        .live(Incident::KIND)
        .filter(|entry| Incident(entry.content()).detected_at().get().is_some_and(|at| within(at, window)));
    each(found, |incident| {
        Judgement::needing(incident, &["types", "detected_by"], || {
            let content = Incident(incident.content());
            let (Some(noticed), true) = (content.detected_at().get(), monitoring_missed(incident)) else {
                return Judgement::Skip("an exercise, or noticed by monitoring, or of a type that no metric covers".to_owned());
            };
            let closed = incident.entry_into("closed").filter(|_| incident.is("closed")).map(|leaf| leaf.time);
            match (looked_at(incident, noticed, closed), closed) {
                (true, _) => Judgement::Pass,
                (false, None) => Judgement::Skip("not closed yet".to_owned()),
                (false, Some(_)) => {
                    let source = content.detected_by().get().map_or_else(|| "somebody".to_owned(), |by| words(by.id()));
                    Judgement::Fail(Lapse::of(incident).value("source", source))
                }
            }
        })
    })
}

/// Whether a monitoring plan of one of its systems was written, revised or decided about between the two.
fn looked_at(incident: Entry<'_>, from: Timestamp, to: Option<Timestamp>) -> bool {
    let within = |at: Timestamp| at >= from && to.is_none_or(|to| at <= to);
    let plans =
        incident.links("ai_systems").flat_map(|system| system.incoming(MonitoringPlan::KIND, "ai_system").collect::<Vec<_>>());
    plans.into_iter().any(|plan| {
        let wrote = |leaf: &&Leaf| leaf.action.is_revision() && within(leaf.time);
        plan.leaves().iter().any(|leaf| wrote(&leaf)) || plan.given_ever().any(|given| within(given.at()))
    })
}
