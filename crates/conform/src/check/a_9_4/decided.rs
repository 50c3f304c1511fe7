//! What follows when a system was used outside its purpose.

use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::concern::{Concern, ConcernCategory};
use vouch_record::kind::generated::incident::{Incident, IncidentContainment, IncidentType};
use vouch_record::kind::generated::measurement::Measurement;

use super::allowed::new_uses;
use super::compared::USE;
use crate::check::assessing::of_system;
use crate::check::monitored::metrics_of;
use crate::derived::impact_assessment;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// How long a decision about use outside the purpose may take, in days.
const DECIDE_DAYS: i64 = 30;

/// A.9.4-O2
pub(super) fn misuse_ends_in_a_decision(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for metric in view.live_systems().flat_map(metrics_of).filter(|metric| metric.is_about(&USE)) {
        for (at, alarm) in metric.alarms(window) {
            let content = Measurement(alarm.content());
            let ended = content.actions().next().is_some() || content.no_action_because().is_filled();
            verdicts.note(alarm, decided(alarm, metric.system, at, ended));
        }
    }
    for system in view.live_systems() {
        for incident in system.incoming(Incident::KIND, "ai_systems") {
            let content = Incident(incident.content());
            let counts = content.types().has(IncidentType::Misuse) && !content.exercise().is(true);
            if let Some(at) = content.detected_at().get().filter(|at| counts && window.has(view.day(*at))) {
                verdicts.note(incident, decided(incident, system, at, was_ended(incident, system, at)));
            }
        }
        for concern in system.incoming(Concern::KIND, "ai_systems") {
            let content = Concern(concern.content());
            let counts = content.category().is(ConcernCategory::Misuse) && !content.test().is(true) && !concern.is("void");
            if let Some(at) = content.received_at().get().filter(|at| counts && window.has(view.day(*at))) {
                // What was answered has an outcome with its reason.
                verdicts.note(concern, decided(concern, system, at, concern.is_any(&["answered", "closed"])));
            }
        }
    }
    verdicts
}

fn decided(event: Entry<'_>, system: Entry<'_>, at: Timestamp, ended: bool) -> Judgement {
    let view = system.view();
    if ended {
        return Judgement::Pass;
    }
    if view.day(at).saturating_add(DECIDE_DAYS.days()) >= view.today() {
        return Judgement::Skip("the time to decide has not passed".to_owned());
    }
    Judgement::Fail(Lapse::of(event).in_system(system).value("event", event.label()))
}

/// Whether an incident of misuse ended in a block, a new assessment, an approved new use or a reason.
fn was_ended(incident: Entry<'_>, system: Entry<'_>, at: Timestamp) -> bool {
    let content = Incident(incident.content());
    let blocked = content.containment().any(|how| how != IncidentContainment::NoneNeeded);
    let assessed = content.impact_assessments().next().is_some()
        || of_system(system).any(|one| impact_assessment::approved_at(one) > Some(at));
    let reason = content.no_nonconformity_because().is_filled() || incident.is("dismissed");
    blocked || assessed || reason || new_uses(system).any(|(approved, _)| approved > at)
}
