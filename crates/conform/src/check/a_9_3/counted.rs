//! Whether oversight is counted, and what follows from the counts.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::concern::{Concern, ConcernCategory};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use super::plan::is_in_or_on_the_loop;
use crate::check::concerns::{received_in, received_on};
use crate::check::monitored::Seen;
use crate::check::presence::asked_from;
use crate::check::touched::used_since;
use crate::derived::ai_system::oversight_in_force;
use crate::derived::oversight_plan::{OverrideRate, override_rate};
use crate::derived::sealed_batch::is_real;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long after the end of a month its counts may still come, in days.
const COUNT_DAYS: i64 = 30;
/// From so many reviewed results on a rate says something.
const REVIEWED: i64 = 100;
/// Fewer than one override in so many reviewed results is strange.
const SELDOM: i64 = 200;
/// More than one override in so many reviewed results is strange.
const OFTEN: i64 = 2;

/// The whole months of the window in which a system was in use, once their counts are due.
fn months(system: Entry<'_>, window: Window) -> Vec<Window> {
    let begun = used_since(system).zip(asked_from(system)).map(|(used, asked)| used.max(asked));
    let months = begun.and_then(|begun| window.from_day(begun)).map_or_else(Vec::new, |days| days.whole_months());
    months.into_iter().filter(|month| month.to.saturating_add(COUNT_DAYS.days()) <= window.to).collect()
}

/// The values about a system of the measures that its oversight plan names, with the days they cover.
pub(super) fn values<'v>(plan: Entry<'v>, system: Entry<'v>) -> Vec<Seen<'v>> {
    let view = plan.view();
    let measures: Vec<_> = OversightPlan(plan.content()).measures().map(|link| link.id).collect();
    let taken = system.incoming(Measurement::KIND, "ai_system").filter(|value| !value.is("void"));
    let of_plan =
        taken.filter(|value| Measurement(value.content()).measure().get().is_some_and(|measure| measures.contains(&measure.id)));
    let dated = of_plan.filter_map(|record| {
        let content = Measurement(record.content());
        let days = Window { from: view.day(content.covers_from().get()?), to: view.day(content.covers_to().get()?) };
        Some(Seen { record, days })
    });
    dated.collect()
}

/// The batches of a system that count how people stepped in.
fn counting(system: Entry<'_>) -> Vec<Seen<'_>> {
    let view = system.view();
    let batches = system.incoming(SealedBatch::KIND, "ai_system").filter_map(|record| {
        let content = SealedBatch(record.content());
        let days = Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) };
        (content.overrides().next().is_some() && is_real(record)).then_some(Seen { record, days })
    });
    batches.collect()
}

/// A month as people write it, `2026-05`.
pub(crate) fn name_of(month: Window) -> String {
    format!("{:04}-{:02}", month.from.year(), month.from.month())
}

/// The months of a stretch in which nothing of the plan's measures and no batch counts how people stepped into a system, once the
/// counts are due; nothing while no whole month is.
pub(crate) fn uncounted_months(plan: Entry<'_>, system: Entry<'_>, stretch: Window) -> Option<Vec<Window>> {
    let asked = months(system, stretch);
    let seen: Vec<Seen<'_>> = values(plan, system).into_iter().chain(counting(system)).collect();
    let open = |month: &Window| !seen.iter().any(|one| one.falls_in(*month));
    (!asked.is_empty()).then(|| asked.into_iter().filter(open).collect())
}

/// A.9.3-O1
pub(super) fn overrides_are_counted(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = oversight_in_force(system).filter(|plan| is_in_or_on_the_loop(*plan)) else {
            return Judgement::Skip("no plan in force has people in or on the loop".to_owned());
        };
        let Some(open) = uncounted_months(plan, system, window) else {
            return Judgement::Skip("no whole month to look at yet".to_owned());
        };
        let lapse = |month: Window| Lapse::of(system).value("month", name_of(month)).over(month);
        Judgement::of(open.into_iter().map(lapse).collect())
    })
}

/// A.9.3-O4
pub(super) fn strange_rates_are_looked_into(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = oversight_in_force(system) else { return Judgement::Skip("no oversight plan is in force".to_owned()) };
        let whole = months(system, window);
        let rates = override_rate(plan, window).into_iter();
        let enough: Vec<OverrideRate> =
            rates.filter(|rate| rate.reviewed >= REVIEWED && whole.iter().any(|month| month.from == rate.from)).collect();
        if enough.is_empty() {
            return Judgement::Skip("no month with a hundred reviewed results".to_owned());
        }
        let values = values(plan, system);
        let strange = |rate: &OverrideRate| {
            rate.overrides.saturating_mul(SELDOM) < rate.reviewed || rate.overrides.saturating_mul(OFTEN) > rate.reviewed
        };
        let asked = |rate: &OverrideRate| {
            let month = Window { from: rate.from, to: rate.to };
            values.iter().any(|seen| seen.record.is("analysed") && seen.falls_in(month))
        };
        let lapses = enough.iter().filter(|rate| strange(rate) && !asked(rate)).map(|rate| {
            let lapse = Lapse::of(system).value("rate", rate.overrides).value("n", rate.reviewed);
            lapse.over(Window { from: rate.from, to: rate.to })
        });
        Judgement::of(lapses.collect())
    })
}

/// A.9.3-O5
pub(super) fn appeals_are_answered(view: &View) -> Verdicts {
    let appeals = received_in(view, view.window()).filter(|one| Concern(one.content()).category().is(ConcernCategory::Appeal));
    each(appeals, |concern| {
        Judgement::needing(concern, &["answered_at", "answer_due", "outcome", "ai_systems"], || {
            let content = Concern(concern.content());
            let (Some(received), Some(day)) = (content.received_at().get(), received_on(concern)) else {
                return Judgement::Skip("it does not say when it came".to_owned());
            };
            let system = concern.links("ai_systems").next();
            let allowed = concern
                .links("ai_systems")
                .filter_map(|system| OversightPlan(oversight_in_force(system)?.content()).appeal_answer_within().get());
            let until = allowed.map(|span| received.as_second() + SpanValue(span).seconds()).min();
            let until = until.or_else(|| content.answer_due().get().map(|due| due.as_second()));
            let answered = content.answered_at().get();
            let on: Date = answered.map_or_else(|| view.today(), |at| view.day(at));
            let late = until.is_some_and(|until| answered.map_or_else(|| view.is_past_second(until), |at| at.as_second() > until));
            let lapse = Lapse::of(concern).value("days", vouch_record::time::days_between(day, on));
            let lapse = match system {
                Some(system) => lapse.in_system(system),
                None => lapse.value("system", "no system"),
            };
            match (late, answered, content.outcome().is_filled()) {
                (true, ..) | (false, Some(_), false) => Judgement::Fail(lapse),
                (false, None, _) => Judgement::Skip("its time runs".to_owned()),
                (false, Some(_), true) => Judgement::Pass,
            }
        })
    })
}
