//! Whether objectives counted in decisions.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewGate, StageReviewObjectivesWeighedEffect};
use vouch_record::kind::generated::test::Test;
use vouch_record::{Leaf, Value};

use super::linked::{criteria, objectives_of, requirements};
use crate::check::reviewed::{held, is_at};
use crate::check::specified::specification_of;
use crate::check::wording::called;
use crate::derived::test::{Verdict, verdict};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long a decision may take after criteria were missed together.
const DECIDED_DAYS: i64 = 30;

/// The reviews held in a period about systems built here, decided whichever way.
fn reviews(view: &View, period: Window) -> impl Iterator<Item = Entry<'_>> {
    let within = move |review: &Entry<'_>| review.is("decided") && held(*review).is_some_and(|on| period.has(on));
    let built = |review: &Entry<'_>| review.linked("ai_system").is_some_and(|system| system.is_built());
    view.all(StageReview::KIND).filter(within).filter(built)
}

/// A.6.1.2-O2
pub(super) fn reviews_weighed_them(view: &View) -> Verdicts {
    use StageReviewGate::{Change, Deployment, Design, VerificationValidation};
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = reviews(view, window).filter(|review| is_at(*review, &[Design, VerificationValidation, Deployment, Change]));
    each(asked, |review| {
        Judgement::needing(review, &["objectives_weighed"], || {
            let then = held(review).map_or(view, |on| view.on(on));
            let system = review.linked("ai_system").and_then(|system| then.get(system.id()));
            let wanted = system.and_then(specification_of).map(objectives_of).unwrap_or_default();
            if wanted.is_empty() {
                return Judgement::Skip("the specification in force then linked no such objective".to_owned());
            }
            let rows = StageReview(review.content()).objectives_weighed();
            let weighed: Vec<_> =
                rows.filter(|row| row.how().is_some()).filter_map(|row| row.objective()).map(|link| link.id).collect();
            let missing = wanted.into_iter().filter(|id| !weighed.contains(id));
            let lapse = |id| Lapse::of(review).value("review", review.label()).value("objective", called(view, Some(id)));
            Judgement::of(missing.map(lapse).collect())
        })
    })
}

/// The reviewed tests of systems built here that ran in a period, each with its system and when it ran.
fn tests(view: &View, period: Window) -> Vec<(Entry<'_>, Entry<'_>, Timestamp)> {
    let systems = view.systems().filter(|system| system.is_built());
    let all = systems.flat_map(|system| system.incoming(Test::KIND, "ai_system").map(move |test| (system, test)));
    let ran = all.filter(|(_, test)| test.is("reviewed")).filter_map(|(system, test)| {
        let at = Test(test.content()).run_at().get()?;
        Some((system, test, at))
    });
    ran.filter(|(_, _, at)| period.has(view.day(*at))).collect()
}

/// A.6.1.2-O3
pub(super) fn what_was_missed_together_was_decided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::holds();
    for (system, test, at) in tests(view, window) {
        let missed: Vec<&str> =
            verdict(test).into_iter().filter(|row| row.blocking && row.result == Verdict::Missed).map(|row| row.code).collect();
        let on = view.day(at);
        let last = on.saturating_add(DECIDED_DAYS.days());
        let judgement = if missed.len() < 2 {
            Judgement::Skip("not two blocking criteria missed".to_owned())
        } else if traded_off(system, on, last) || met_again(system, test, &missed, (on, last)) {
            Judgement::Pass
        } else if view.today() <= last {
            Judgement::Skip(format!("in time until {last}"))
        } else {
            let goals: Vec<&str> = Test(test.content())
                .criteria()
                .filter(|row| row.code().is_some_and(|code| missed.contains(&code)))
                .filter_map(|row| row.measure())
                .collect();
            Judgement::Fail(Lapse::of(test).in_system(system).value("system", system.label()).value("goals", goals.join(" and ")))
        };
        verdicts.note(test, judgement);
    }
    verdicts
}

/// Whether a trade-off came into the specification in these days.
fn traded_off(system: Entry<'_>, from: Date, to: Date) -> bool {
    let Some(specification) = specification_of(system) else { return false };
    let rows = |leaf: &Leaf| leaf.body.get("trade_offs").map_or(0, |rows| Value::items(rows).len());
    let mut before = 0;
    specification.revisions().any(|leaf| {
        let day = system.view().day(leaf.time);
        let more = rows(leaf) > before && from <= day && day <= to;
        before = rows(leaf);
        more
    })
}

/// Whether a later test in these days met criteria of the same codes.
fn met_again(system: Entry<'_>, test: Entry<'_>, missed: &[&str], (from, to): (Date, Date)) -> bool {
    system.incoming(Test::KIND, "ai_system").filter(|other| other.id() != test.id() && other.is_any(&["run", "reviewed"])).any(
        |other| {
            let day = Test(other.content()).run_at().get().map(|at| system.view().day(at));
            let met =
                || verdict(other).into_iter().filter(|row| row.result == Verdict::Met).map(|row| row.code).collect::<Vec<_>>();
            day.is_some_and(|day| from <= day && day <= to) && missed.iter().all(|code| met().contains(code))
        },
    )
}

/// A.6.1.2-O4
pub(super) fn they_changed_something(view: &View) -> Verdicts {
    use StageReviewObjectivesWeighedEffect::{Blocked, Changed};
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    if !view.systems().any(|system| system.is_built()) {
        return Verdicts::holds();
    }
    let counted = |review: &Entry<'_>| {
        StageReview(review.content()).objectives_weighed().any(|row| matches!(row.effect(), Some(Changed | Blocked)))
    };
    let mut shown: Vec<_> = reviews(view, year).filter(counted).map(|review| review.subject()).collect();
    if shown.is_empty() {
        let linked: Vec<(Entry<'_>, bool)> =
            tests(view, year).into_iter().filter_map(|(system, test, _)| met_at_once(system, test)).collect();
        if linked.iter().all(|(_, met)| *met) {
            shown = linked.iter().map(|(test, _)| test.subject()).collect();
        }
    }
    let failed = if shown.is_empty() { vec![Lapse::of_organisation()] } else { Vec::new() };
    Verdicts { passed: shown, failed, ..Verdicts::default() }
}

/// Whether a test met each criterion that is linked to an objective; nothing when it has none.
fn met_at_once<'v>(system: Entry<'v>, test: Entry<'v>) -> Option<(Entry<'v>, bool)> {
    let wanted = requirements(specification_of(system)?);
    let linked: Vec<&str> = criteria(test, &wanted).into_iter().filter_map(|(row, _)| row.code()).collect();
    let met = verdict(test).into_iter().filter(|row| linked.contains(&row.code)).all(|row| row.result == Verdict::Met);
    (!linked.is_empty()).then_some((test, met))
}
