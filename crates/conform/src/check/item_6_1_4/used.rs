//! Systems in use beside what was said about their impact.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentConclusion};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};

use crate::check::assessing::{deep_enough, deployed, depth_due, depth_of_tier, of_system};
use crate::check::presence::{asked_from, scope_dates, scopes};
use crate::check::wording::words;
use crate::derived::{ai_system, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How late a review may be before an assessment is no longer in force.
const LATE_REVIEW_DAYS: i64 = 90;
/// After so many days of counted events a system in deployment is in use.
const COUNTED_DAYS: i64 = 31;

/// 6.1.4-O1
pub(super) fn assessed_on_every_day(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages", "risk_tier"], || {
            let Some(asked) = asked_from(system).and_then(|from| window.from_day(from)) else {
                return Judgement::Skip("there before it came into scope, and not asked yet".to_owned());
            };
            let days = turning_points(system, asked);
            if !days.iter().any(|day| system.on(*day).is_some_and(ai_system::live)) {
                return Judgement::Skip("not in use in the window".to_owned());
            }
            let open =
                on_every_day(asked, &days, |day| system.on(day).is_none_or(|then| !ai_system::live(then) || is_assessed(then)));
            if !open.is_empty() {
                return Judgement::FailAll(open.into_iter().map(|days| lapse(system, days)).collect());
            }
            let shown = ai_system::assessment_in_force(system).into_iter().chain([system]);
            Judgement::Shown(shown.map(|entry| entry.subject()).collect())
        })
    })
}

fn is_assessed(system: Entry<'_>) -> bool {
    ai_system::assessment_in_force(system).is_some_and(|assessment| deep_enough(system, assessment))
}

fn lapse(system: Entry<'_>, days: Window) -> Lapse {
    let then = system.on(days.from).unwrap_or(system);
    let found = ai_system::assessment_in_force(then);
    let depth = found.map_or_else(|| depth_of_tier(then), |assessment| depth_due(then, assessment));
    let of_depth = |one: Entry<'_>| ImpactAssessment(one.content()).depth().get().map_or("unknown", |depth| depth.id());
    let defect = found.map(|one| format!("{}, of depth {},", one.label(), of_depth(one)));
    Lapse::of(system)
        .value("from", days.from)
        .value("to", days.to)
        .maybe("defect", defect)
        .value("depth", words(depth.id()))
        .over(days)
}

/// Days on which use of the system or what is in force about it can have changed.
pub(in crate::check) fn turning_points(system: Entry<'_>, asked: Window) -> Vec<Date> {
    let view = system.view();
    let assessments: Vec<Entry<'_>> = of_system(system).collect();
    let releases = system.incoming(Release::KIND, "ai_system");
    let mut dates = scope_dates(view);
    dates.extend(AiSystem(system.content()).stages().filter_map(|row| row.entered_on()));
    dates.extend(first_counted(system).map(|on| on.saturating_add(COUNTED_DAYS.days())));
    for assessment in &assessments {
        let written = assessment
            .revisions()
            .filter_map(|leaf| leaf.body.get("review_by")?.as_text())
            .filter_map(vouch_record::time::parse_date);
        dates.extend(written.map(|by| by.saturating_add(LATE_REVIEW_DAYS.days())));
    }
    breakpoints(asked, [system].into_iter().chain(assessments.iter().copied()).chain(scopes(view)).chain(releases), dates)
}

/// The first day on which events other than tests were counted.
fn first_counted(system: Entry<'_>) -> Option<Date> {
    batches(system).filter_map(|batch| SealedBatch(batch.content()).from().get()).min().map(|at| system.view().day(at))
}

/// Sealed batches of a system that counted something other than an evaluation.
fn batches(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| {
        let content = SealedBatch(batch.content());
        content.count().get().is_some_and(|count| count > 0) && !content.source().is(SealedBatchSource::Evaluation)
    })
}

/// 6.1.4-O2
pub(super) fn stopped_when_told(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems(), |system| {
        let mut approved: Vec<(Timestamp, Entry<'_>)> =
            of_system(system).filter_map(|one| Some((impact_assessment::approved_at(one)?, one))).collect();
        approved.sort_by_key(|(at, one)| (*at, one.id()));
        let mut judged = Vec::new();
        let mut lapses = Vec::new();
        for (at, (approved_at, assessment)) in approved.iter().enumerate() {
            let until = approved.get(at + 1).map(|(next, _)| *next);
            let Some(conclusion) = forbids(*assessment) else { continue };
            if until.is_some_and(|until| view.day(until) < window.from) {
                continue;
            }
            judged.push(assessment.subject());
            let calls = answered(system, window, *approved_at, until);
            if calls > 0 {
                lapses.push(Lapse::of(*assessment).in_system(system).value("conclusion", words(conclusion.id())).value("n", calls));
            }
        }
        match (judged.is_empty(), lapses.is_empty()) {
            (true, _) => Judgement::Skip("no assessment stopped it".to_owned()),
            (false, true) => Judgement::Shown(judged),
            (false, false) => Judgement::FailAll(lapses),
        }
    })
}

/// A conclusion under which a system is not used.
fn forbids(assessment: Entry<'_>) -> Option<ImpactAssessmentConclusion> {
    let conclusion = ImpactAssessment(assessment.content()).conclusion().get();
    conclusion.filter(|one| matches!(one, ImpactAssessmentConclusion::Stop | ImpactAssessmentConclusion::ChangeFirst))
}

/// Calls in batches of the window that begin after `from` and before `until`. What ran before the first release was deployed is
/// test traffic; a system that is used without any release has none.
fn answered(system: Entry<'_>, window: Window, from: Timestamp, until: Option<Timestamp>) -> i64 {
    let view = system.view();
    let released = deployed(system).first().map(|(at, _)| *at);
    let counted = batches(system).filter(|batch| {
        let begun = SealedBatch(batch.content()).from().get();
        begun.is_some_and(|begun| {
            window.has(view.day(begun))
                && begun > from
                && until.is_none_or(|until| begun < until)
                && released.is_none_or(|released| begun >= released)
        })
    });
    counted.filter_map(|batch| SealedBatch(batch.content()).count().get()).sum()
}
