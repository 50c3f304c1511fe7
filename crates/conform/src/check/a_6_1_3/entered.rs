//! Whether stages are entered through their gates, in order, and going on is decided again and again.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStageBasis};
use vouch_record::kind::generated::shared::{ReassessmentTrigger, RiskTier, Stage};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewGate};
use vouch_record::time::after;

use crate::check::presence::{in_scope_since, was_there_before};
use crate::check::reviewed::{decided_at, held, is_at, passed_of};
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::derived::event::{Trigger, events};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The gates that lead to a release, in order.
const ORDER: [StageReviewGate; 4] =
    [StageReviewGate::Requirements, StageReviewGate::Design, StageReviewGate::VerificationValidation, StageReviewGate::Deployment];
/// The gates at which it is decided that a system goes on.
const GOING_ON: [StageReviewGate; 3] = [StageReviewGate::Deployment, StageReviewGate::Operation, StageReviewGate::Change];
/// How long a review may take after a serious incident.
const INCIDENT_DAYS: i64 = 30;

/// The gate that opens a stage.
const fn gate_of(stage: Stage) -> Option<StageReviewGate> {
    match stage {
        Stage::Concept => None,
        Stage::DesignDevelopment => Some(StageReviewGate::Requirements),
        Stage::VerificationValidation => Some(StageReviewGate::Design),
        Stage::Deployment => Some(StageReviewGate::VerificationValidation),
        Stage::Operation => Some(StageReviewGate::Deployment),
        Stage::Retired => Some(StageReviewGate::Retirement),
    }
}

/// A.6.1.3-O1
pub(super) fn stages_entered_by_review(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    // A system that retired in the window has left the scope since.
    let asked = view.all(AiSystem::KIND).filter(|system| ai_system::in_scope(*system) || system.is("retired"));
    each(asked, |system| {
        Judgement::needing(system, &["stages"], || {
            let rows = AiSystem(system.content())
                .stages()
                .filter(|row| !matches!(row.basis(), Some(AiSystemStageBasis::Before | AiSystemStageBasis::Imported)));
            let steps: Vec<(Stage, StageReviewGate, Date)> = rows
                .filter_map(|row| Some((row.stage()?, gate_of(row.stage()?)?, row.entered_on().filter(|on| window.has(*on))?)))
                .collect();
            if steps.is_empty() {
                return Judgement::Skip("entered no stage in the window".to_owned());
            }
            let reviewed = |gate: StageReviewGate, on: Date| {
                passed_of(system).any(|one| is_at(one, &[gate]) && decided_at(one).is_some_and(|at| view.day(at) <= on))
            };
            let lapses = steps.into_iter().filter(|(_, gate, on)| !reviewed(*gate, *on)).map(|(stage, gate, on)| {
                let lapse = Lapse::of(system).value("system", system.label()).value("stage", words(stage.id()));
                lapse.value("date", on).value("gate", words(gate.id()))
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// A.6.1.3-O2
pub(super) fn gates_in_order(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        let first = |gate: StageReviewGate| -> Option<Timestamp> {
            passed_of(system).filter(|review| is_at(*review, &[gate])).filter_map(decided_at).min()
        };
        let passed: Vec<(StageReviewGate, Timestamp)> = ORDER.into_iter().filter_map(|gate| Some((gate, first(gate)?))).collect();
        if passed.len() < 2 {
            return Judgement::Skip("fewer than two of these gates passed".to_owned());
        }
        let wrong = passed.windows(2).filter(|pair| pair[1].1 < pair[0].1);
        let lapses = wrong.map(|pair| {
            let lapse = Lapse::of(system).value("system", system.label()).value("gate", words(pair[1].0.id()));
            lapse.value("earlier_gate", words(pair[0].0.id()))
        });
        Judgement::of(lapses.collect())
    })
}

/// How long a decision that a system may go on holds.
fn holds_for(tier: Option<RiskTier>) -> Span {
    match tier {
        Some(RiskTier::Critical) => 3.months(),
        Some(RiskTier::High) => 6.months(),
        Some(RiskTier::Moderate | RiskTier::Low) | None => 12.months(),
    }
}

/// A.6.1.3-O5
pub(super) fn going_on_was_decided(view: &View) -> Verdicts {
    let Some(first) = view.first_scope_on() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["risk_tier"], || {
            let days: Vec<Date> = passed_of(system).filter(|review| is_at(*review, &GOING_ON)).filter_map(held).collect();
            let last = days.iter().copied().filter(|day| *day <= view.today()).max();
            let lapse = || Lapse::of(system).value("system", system.label()).maybe("date", last);
            let mut lapses = Vec::new();
            let period = holds_for(ai_system::tier(system));
            // What was there before is given one period from when it came into scope.
            let since = if was_there_before(system) { in_scope_since(system).unwrap_or(first) } else { first };
            let due = last.map_or_else(|| after(since, &period), |last| after(last, &period).max(after(first, &period)));
            if due < view.today() {
                lapses.push(lapse());
            }
            lapses.extend(unanswered(system, &days).then(lapse));
            Judgement::of(lapses)
        })
    })
}

/// Whether a serious incident of the window was not followed by such a review in time.
fn unanswered(system: Entry<'_>, days: &[Date]) -> bool {
    let view = system.view();
    let Some(window) = view.window() else { return false };
    let serious = Trigger::Reassess(ReassessmentTrigger::SeriousIncident);
    let touched = events(view)
        .iter()
        .filter(|event| event.trigger == serious && window.has(event.on) && event.systems.contains(&system.id()));
    touched.map(|event| event.on).any(|on| {
        let last = on.saturating_add(INCIDENT_DAYS.days());
        last < view.today() && !days.iter().any(|day| on <= *day && *day <= last)
    })
}

/// The gate of a review in words.
pub(super) fn gate_called(review: Entry<'_>) -> String {
    StageReview(review.content()).gate().get().map_or_else(|| "no gate".to_owned(), |gate| words(gate.id()))
}
