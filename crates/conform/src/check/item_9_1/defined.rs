//! Whether what has to be measured is, by measures that somebody approved and looks at again.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::measure::{Measure, MeasureLevel};
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};
use vouch_record::kind::generated::shared::{ControlDecision, RiskTier};
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::days_between;

use crate::check::measured::{in_force, is_of_the_system};
use crate::check::standing::by_another;
use crate::derived::risk::inherent_level;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// Fields without which a measure leads to nothing.
const COMPLETE: [&str; 6] = ["formula", "cadence", "alarm", "analysed_by", "analyse_every", "reported_to"];
/// How long ago a measure may have been looked at.
const REVIEW_DAYS: i64 = 365;

fn is_complete(measure: &Entry<'_>) -> bool {
    COMPLETE
        .iter()
        .all(|field| measure.value(field).is_erased() || measure.value(field).get().is_some_and(|value| !value.is_empty()))
}

/// 9.1-D1
pub(super) fn system_and_systems_are_measured(view: &View) -> Verdicts {
    let complete: Vec<Entry<'_>> = in_force(view).filter(is_complete).collect();
    let own = complete.iter().copied().filter(|measure| is_of_the_system(*measure));
    let aims = at_least_one(own, || Lapse::of_organisation().value("subject", "the management system"));
    let of_systems = |measure: &&Entry<'_>| Measure(measure.content()).level().is(MeasureLevel::AiSystem);
    let measured: BTreeSet<Id> = complete
        .iter()
        .filter(of_systems)
        .flat_map(|measure| Measure(measure.content()).ai_systems())
        .map(|link| link.id)
        .collect();
    let systems = each(view.live_systems(), |system| {
        Judgement::when(measured.contains(&system.id()), || Lapse::of(system).value("subject", system.label()))
    });
    aims.and(systems)
}

/// 9.1-D2
pub(super) fn goals_and_weighty_controls_are_measured(view: &View) -> Verdicts {
    let measures = |entry: Entry<'_>| entry.is("in_force");
    let goals = view.live(Objective::KIND).filter(|goal| Objective(goal.content()).form().is(ObjectiveForm::Value));
    let lapse = |entry: Entry<'_>| Lapse::of(entry).value("subject", entry.label());
    let of_goals = each(goals, |goal| Judgement::when(goal.linked("measure").is_some_and(measures), || lapse(goal)));
    let of_controls =
        each(weighty_controls(view), |control| Judgement::when(control.links("measures").any(measures), || lapse(control)));
    of_goals.and(of_controls)
}

/// The applied controls that a treatment of a risk names whose inherent level is high or critical, each once.
fn weighty_controls(view: &View) -> Vec<Entry<'_>> {
    let weighs = |risk: Entry<'_>| matches!(inherent_level(risk), Some(RiskTier::High | RiskTier::Critical));
    let treatments = view.live(Treatment::KIND).filter(|treatment| treatment.links("risks").any(weighs));
    let named: BTreeSet<Id> = treatments.flat_map(|treatment| treatment.links("controls")).map(|control| control.id()).collect();
    let applied = |control: &Entry<'_>| ControlApplicability(control.content()).decision().is(ControlDecision::Applied);
    named.into_iter().filter_map(|id| view.get(id)).filter(Entry::is_settled).filter(applied).collect()
}

/// 9.1-D3
pub(super) fn measures_are_approved_and_reviewed(view: &View) -> Verdicts {
    each(in_force(view), |measure| {
        let lapse = |defect: String| Judgement::Fail(Lapse::of(measure).value("measure", measure.label()).value("defect", defect));
        if let Err(why) = by_another(measure, ApprovalPurpose::Approve, &[]) {
            return lapse(format!("was approved by {}, who {}", why.person, why.defect));
        }
        let looked = measure.last_given(&[ApprovalPurpose::Approve, ApprovalPurpose::Review]).map(|given| given.on());
        match looked {
            Some(on) if days_between(on, view.today()) > REVIEW_DAYS => lapse(format!("stands unreviewed since {on}")),
            Some(_) => Judgement::Pass,
            None => lapse("was never reviewed".to_owned()),
        }
    })
}
