//! What values led to.

use jiff::ToSpan;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewInputInput as Input};
use vouch_record::kind::generated::measurement::{Measurement, MeasurementConclusion};

use crate::check::management_review::{is_about, linked, of_the_year, period};
use crate::check::measured::{called, taken_in};
use crate::derived::management_review::is_done;
use crate::derived::measurement::{Breach, breach, first_action};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long it may take to act on an alarm.
const ACT_DAYS: i64 = 30;

/// 9.1-O2
pub(super) fn alarms_led_to_something(view: &View) -> Verdicts {
    each(taken_in(view, view.window()).filter(|value| breach(*value) == Breach::Alarm), |value| {
        Judgement::needing(value, &["actions", "conclusion", "analysis"], || {
            let content = Measurement(value.content());
            let Some(on) = content.taken_at().get().map(|at| view.day(at)) else {
                return Judgement::Undecided("it has no day".to_owned());
            };
            let due = on.saturating_add(ACT_DAYS.days());
            let acted = first_action(value).is_some_and(|at| view.day(at) <= due);
            let reasoned = content.conclusion().get().is_some_and(|one| one != MeasurementConclusion::Act)
                && (content.no_action_because().is_filled() || content.analysis().is_filled())
                && content.analysed_by().is_filled()
                && content.analysed_at().get().is_some_and(|at| view.day(at) <= due);
            if acted || reasoned {
                return Judgement::Pass;
            }
            if due >= view.today() {
                return Judgement::Skip(format!("somebody can act until {due}"));
            }
            Judgement::Fail(Lapse::of(value).value("measure", called(value)).value("date", on))
        })
    })
}

/// 9.1-O4
pub(super) fn reviews_saw_results(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "covers_from", "covers_to"], || {
            let Some(period) = period(review) else { return Judgement::Undecided("its period is not known".to_owned()) };
            let saw = linked(review, Input::Measurements)
                .any(|record| record.kind().name == Measurement::KIND && is_about(record, period));
            Judgement::when(saw, || {
                let held = ManagementReview(review.content()).held_on().get();
                Lapse::of(review).value("date", held.map_or_else(|| "no day".to_owned(), |on| on.to_string()))
            })
        })
    })
}

/// 9.1-O5
pub(super) fn something_was_finished(view: &View) -> Verdicts {
    let taken: Vec<Entry<'_>> = taken_in(view, view.window()).collect();
    let followed = |value: &&Entry<'_>| {
        let acts = Measurement(value.content()).conclusion().is(MeasurementConclusion::Act);
        acts && value.links("actions").any(|action| is_done(action, None))
    };
    let finished: Vec<_> = taken.iter().filter(followed).map(|value| value.subject()).collect();
    if !finished.is_empty() {
        return Verdicts { passed: finished, ..Verdicts::default() };
    }
    let crossed = taken.iter().filter(|value| matches!(breach(**value), Breach::Warn | Breach::Alarm)).count();
    if crossed == 0 {
        return Verdicts { passed: taken.iter().map(|value| value.subject()).collect(), ..Verdicts::default() };
    }
    Verdicts::failed(Lapse::of_organisation().value("n", crossed))
}
