//! Whether the plan is used or practised, and learns from it.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::test::Test;

use super::population::{exercises, looked_at, plans, sent};
use crate::derived::document::{effective_since, in_force_on};
use crate::derived::oversight_plan::seconds_in;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View, Window};

/// How far back a use or an exercise counts, in days.
const YEAR: i64 = 365;
/// How long the plan may wait for a look after it was used.
const LEARN_DAYS: i64 = 60;
/// How many steps a record of times has at least.
const STEPS: usize = 2;

/// The real notifications and the exercises of a period, each with its day; of an incident the day of its last message.
fn uses(view: &View, period: Window) -> Vec<(Date, Entry<'_>)> {
    let real = view.live(Incident::KIND).filter(|incident| !Incident(incident.content()).exercise().is(true));
    let told = real.filter_map(|incident| Some((view.day(sent(incident).map(|(at, _)| at).max()?), incident)));
    told.filter(|(on, _)| period.has(*on)).chain(exercises(view, period)).collect()
}

/// A.8.4-O3
pub(super) fn the_plan_was_used(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let plans: Vec<Entry<'_>> = plans(view).collect();
    let used = uses(view, year).into_iter().filter(|(on, _)| plans.iter().any(|plan| in_force_on(*plan, *on).is_some()));
    at_least_one(used.map(|(_, entry)| entry), || {
        let before = Window { from: Date::MIN, to: year.from };
        let last = uses(view, before).into_iter().map(|(on, _)| on).max();
        let since = last.or_else(|| plans.iter().filter_map(|plan| effective_since(*plan)).min());
        let lapse = plans.first().map_or_else(Lapse::of_organisation, |plan| Lapse::of(*plan));
        lapse.value("date", since.unwrap_or(year.from))
    })
}

/// A.8.4-O5
pub(super) fn the_plan_learns(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let looks: Vec<Date> = plans(view)
        .flat_map(|plan| plan.revisions().map(|leaf| view.day(leaf.time)).chain(looked_at(plan)).collect::<Vec<_>>())
        .collect();
    let mut verdicts = Verdicts::default();
    for (on, entry) in uses(view, year) {
        let due = on.saturating_add(LEARN_DAYS.days());
        let judgement = if looks.iter().any(|look| on <= *look && *look <= due) {
            Judgement::Pass
        } else if due >= view.today() {
            Judgement::Skip(format!("there is time until {due}"))
        } else {
            Judgement::Fail(Lapse::of(entry).value("event", format!("{} of {on}", entry.label())))
        };
        verdicts.note(entry, judgement);
    }
    verdicts
}

/// A.8.4-P3
pub(super) fn exercises_were_watched(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let held = exercises(view, year);
    let Some((_, latest)) = held.last() else { return Verdicts::holds() };
    let (latest, all) = (
        *latest,
        each(held.iter().map(|(_, entry)| *entry), |one| match watched(one) {
            Ok(()) => Judgement::Pass,
            Err(defect) => Judgement::Skip(defect),
        }),
    );
    if !all.passed.is_empty() {
        return all;
    }
    let defect = watched(latest).err().unwrap_or_default();
    let lapse = Lapse::of(latest).value("test", latest.label()).value("defect", defect);
    Verdicts { skipped: all.skipped.into_iter().filter(|(one, _)| one.id != latest.id()).collect(), ..Verdicts::failed(lapse) }
}

/// A person who took no part looked at an exercise, and its times were noted step by step.
fn watched(exercise: Entry<'_>) -> Result<(), String> {
    let (part, steps) = if exercise.kind().name == Test::KIND {
        let content = Test(exercise.content());
        let timed = content.results().filter(|result| {
            let unit = content.criteria().find(|row| row.code() == result.code()).and_then(|row| row.unit());
            result.value().is_some() && unit.and_then(seconds_in).is_some()
        });
        (content.performed_by().get(), timed.count())
    } else {
        let content = Incident(exercise.content());
        (content.lead().get(), content.timeline().filter(|row| row.at().is_some()).count())
    };
    let part = part.map(|link| link.id);
    let looks = [ApprovalPurpose::Review, ApprovalPurpose::Verify, ApprovalPurpose::Close];
    let outside = exercise.given().into_iter().any(|given| {
        let of = given.approval.purpose().get().is_some_and(|of| looks.contains(&of));
        of && given.overrides().is_none() && given.counts_as_proof() && given.by().is_some() && given.by() != part
    });
    match (outside, steps >= STEPS) {
        (true, true) => Ok(()),
        (false, _) => Err("nobody who took no part looked at it".to_owned()),
        (true, false) => Err("its times were not noted step by step".to_owned()),
    }
}
