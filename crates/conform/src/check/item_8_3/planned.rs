//! Whether each risk above the limit is answered, and plans say what is to be shown.

use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::treatment::Treatment;

use crate::check::above_limit::{is_asked_in, threats_ever_above, unanswered};
use crate::check::scoring::SCORED;
use crate::check::treating::of_systems;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// States of a treatment from its approval on.
const APPROVED: [&str; 4] = ["approved", "doing", "done", "judged"];

/// 8.3-D1
pub(super) fn risks_above_the_limit_answered(view: &View) -> Verdicts {
    let today = Window { from: view.today(), to: view.today() };
    let asked = threats_ever_above(view).filter(|risk| risk.is_any(&SCORED) && is_asked_in(*risk, today));
    each(asked, |risk| Judgement::when(unanswered(risk, today).is_empty(), || Lapse::of(risk)))
}

/// 8.3-D2
pub(super) fn plans_say_what_is_to_be_shown(view: &View) -> Verdicts {
    const READ: &[&str] = &["controls", "own_measure", "expected_result", "judge", "judge_after"];
    each(of_systems(view).filter(|treatment| treatment.is_any(&APPROVED)), |treatment| {
        Judgement::needing(treatment, READ, || {
            let missing = missing(treatment);
            Judgement::when(missing.is_empty(), || Lapse::of(treatment).value("missing", missing.join(", ")))
        })
    })
}

fn missing(treatment: Entry<'_>) -> Vec<String> {
    let content = Treatment(treatment.content());
    let asked = [
        ("a control or a measure of its own", content.controls().next().is_some() || content.own_measure().is_filled()),
        ("an expected result", content.expected_result().is_filled()),
        ("somebody who judges its effect", content.judge().is_filled()),
        ("the time after which its effect is judged", content.judge_after().is_filled()),
    ];
    let mut missing: Vec<String> = asked.into_iter().filter(|(_, there)| !there).map(|(what, _)| what.to_owned()).collect();
    let excluded = |control: &Entry<'_>| {
        control.is("approved") && ControlApplicability(control.content()).decision().is(ControlDecision::Excluded)
    };
    let out = treatment.links("controls").filter(excluded);
    missing.extend(out.map(|control| format!("a control in place of {}, which is excluded", control.label())));
    missing
}
