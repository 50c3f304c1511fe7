//! How concerns of people who work here are handled.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::concern::{Concern, ConcernOutcome};

use crate::check::closed::not_closed_by_another;
use crate::check::concerns::{Progress, answers_for, handler, is_inside, led_further, progress, received_in, received_on};
use crate::check::wording::{called, words};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How soon a concern is answered at the latest (`terms.yaml`, numbers).
const ANSWER_DAYS: i64 = 90;

/// The concerns that people who work here raised in the window.
fn inside(view: &View) -> impl Iterator<Item = Entry<'_>> {
    received_in(view, view.window()).filter(|concern| is_inside(*concern))
}

/// A.3.3-O1
pub(super) fn in_time(view: &View) -> Verdicts {
    each(inside(view), |concern| {
        Judgement::needing(concern, &["acknowledged_at", "answer_due", "answered_at"], || {
            let last = received_on(concern).map(|on: Date| on.saturating_add(ANSWER_DAYS.days()));
            match progress(concern, last) {
                Some(Progress::Answered) => Judgement::Pass,
                Some(Progress::Late(wait)) => Judgement::Fail(Lapse::of(concern).value("step", wait.step).value("days", wait.days)),
                Some(Progress::Running) | None => Judgement::Skip("its time runs".to_owned()),
            }
        })
    })
}

/// A.3.3-O3
pub(super) fn without_a_stake(view: &View) -> Verdicts {
    each(inside(view), |concern| {
        Judgement::needing(concern, &["handler", "ai_systems", "conflict_checked"], || {
            let Some(person) = handler(concern) else { return Judgement::Skip("nobody handles it yet".to_owned()) };
            let on = concern.entered("acknowledged").unwrap_or_else(|| view.today());
            let lapse = |defect: String| Lapse::of(concern).value("defect", defect);
            let staked = concern.links("ai_systems").filter(|system| answers_for(*system, person, on)).map(|system| {
                lapse(format!("about {} is handled by {}, who answers for that system", system.label(), called(view, Some(person))))
                    .in_system(system)
            });
            let unchecked = (!Concern(concern.content()).conflict_checked().is(true))
                .then(|| lapse("was taken on without comparing handler and subject".to_owned()));
            Judgement::of(staked.chain(unchecked).collect())
        })
    })
}

/// A.3.3-O4
pub(super) fn outcomes_are_shown(view: &View) -> Verdicts {
    use ConcernOutcome::{Changed, Incident, Nonconformity, Risk};
    each(inside(view), |concern| {
        Judgement::needing(concern, &["outcome", "led_to"], || {
            let outcome = Concern(concern.content()).outcome().get();
            match outcome.filter(|outcome| [Incident, Nonconformity, Risk, Changed].contains(outcome)) {
                None => Judgement::Skip("no outcome that leads to a record".to_owned()),
                Some(outcome) => Judgement::when(led_further(concern), || Lapse::of(concern).value("outcome", words(outcome.id()))),
            }
        })
    })
}

/// A.3.3-P1
pub(super) fn closed_by_another(view: &View) -> Verdicts {
    each(inside(view).filter(|concern| concern.is("closed")), |concern| {
        Judgement::needing(concern, &["handler"], || {
            let defect = not_closed_by_another(concern, handler(concern), "handled it");
            Judgement::of(defect.map(|defect| Lapse::of(concern).value("defect", defect)).into_iter().collect())
        })
    })
}
