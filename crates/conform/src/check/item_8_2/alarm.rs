//! Alarms, and the risks they stand for.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory};
use vouch_record::kind::generated::risk::Risk;

use super::event::last_day;
use crate::check::scoring::because_of;
use crate::derived::measurement::{Breach, breach};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 8.2-O3
pub(super) fn alarms_led_to_a_look(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let in_window =
        view.all(Measurement::KIND).filter(|one| !one.is("void") && last_covered(*one).is_some_and(|day| window.has(day)));
    each(in_window.filter(|one| breach(*one) == Breach::Alarm && stands_for_a_risk(*one)), |alarm| {
        let due = last_day(view, last_covered(alarm).unwrap_or(view.today()));
        if !because_of(alarm).is_empty() || names_a_risk(alarm) {
            return Judgement::Pass;
        }
        if view.today() <= due { Judgement::Skip(format!("in time until {due}")) } else { Judgement::Fail(Lapse::of(alarm)) }
    })
}

fn last_covered(measurement: Entry<'_>) -> Option<Date> {
    Measurement(measurement.content()).covers_to().get().map(|at| measurement.view().day(at))
}

/// Whether the monitoring plan of a system in scope, in force on the last day, watched the measure for drift, safety or fairness.
fn stands_for_a_risk(alarm: Entry<'_>) -> bool {
    use MonitoringPlanMetricCategory as Category;
    let measure = Measurement(alarm.content()).measure().get().map(|link| link.id);
    let Some(system) = alarm.linked("ai_system").filter(|system| crate::derived::ai_system::in_scope(*system)) else {
        return false;
    };
    let then = last_covered(alarm).and_then(|day| system.on(day.min(alarm.view().today())));
    let plans = then
        .into_iter()
        .flat_map(|then| then.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force")).collect::<Vec<_>>());
    plans.flat_map(|plan| MonitoringPlan(plan.content()).metrics()).any(|row| {
        row.measure().map(|link| link.id) == measure
            && matches!(row.category(), Some(Category::Drift | Category::Safety | Category::Fairness))
    })
}

/// Whether its actions name a risk, or its analysis one by its id.
fn names_a_risk(alarm: Entry<'_>) -> bool {
    let (content, view) = (Measurement(alarm.content()), alarm.view());
    let is_risk = |id: Id| view.get(id).is_some_and(|entry| entry.kind().name == Risk::KIND);
    let analysis = content.analysis().get().unwrap_or_default();
    let mut words = analysis.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    content.actions().any(|link| is_risk(link.id)) || words.any(|word| word.parse::<Id>().is_ok_and(is_risk))
}
