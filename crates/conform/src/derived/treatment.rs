//! Derived values of a treatment.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::Comparator;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::{after, days_between, parse_date, parse_instant};

use super::answer::{ids, records, table};
use super::{Derived, risk, role};
use crate::view::Entry;

/// The derived values of a treatment.
pub const TABLE: &[Derived] = &[
    Derived::new("overdue", |entry| Val::Bool(overdue(entry))).reading(&["due", "done_at", "judge_after", "effect_judged_on"]),
    Derived::new("postponed", |entry| {
        table(entry, "treatment.postponed", || {
            let postponed = postponed(entry);
            vec![row! { times: postponed.times, days: postponed.days }]
        })
    })
    .reading(&["delays", "due"]),
    Derived::new("demanded_by", |entry| records(demanded_by(entry))),
    Derived::new("still_works", |entry| Val::Bool(still_works(entry))).reading(&["measure", "effect_comparator", "effect_limit"]),
    Derived::new("score_updated", |entry| Val::Bool(score_updated(entry))).reading(&["risks", "effect_judged_on"]),
    Derived::new("level_acceptors", |entry| ids(level_acceptors(entry))).reading(&["risks"]),
    Derived::new("effect_records_early", |entry| ids(effect_records_early(entry))).reading(&["effect_records", "done_at"]),
];

/// The day it must be done: the latest that a delay moved it to, else `due`.
#[must_use]
pub fn present_due(treatment: Treatment<'_>) -> Option<Date> {
    treatment.due().get().max(treatment.delays().filter_map(|row| row.to()).max())
}

/// `due` passed without `done_at`, or thirty days after `done_at` plus `judge_after` without judgement. Cancelled and not yet decided
/// ones are not overdue.
#[must_use]
pub fn overdue(entry: Entry<'_>) -> bool {
    if !entry.is_settled() {
        return false;
    }
    let treatment = Treatment(entry.content());
    let today = entry.view().today();
    let Some(done) = treatment.done_at().get() else { return present_due(treatment).is_some_and(|due| due < today) };
    let wait = treatment.judge_after().get().unwrap_or_else(|| 0.days());
    !treatment.effect_judged_on().is_filled() && after(done, &wait).saturating_add(30.days()) < today
}

/// How often and how far it was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Postponed {
    /// delays rows
    pub times: usize,
    /// days between the first and the present due
    pub days: i64,
}

/// Number of delays rows, and days between the first and the present due.
#[must_use]
pub fn postponed(entry: Entry<'_>) -> Postponed {
    let treatment = Treatment(entry.content());
    let first = treatment.delays().filter_map(|row| row.from()).min().into_iter().chain(treatment.due().get()).min();
    let days = first.zip(present_due(treatment)).map_or(0, |(first, present)| days_between(first, present));
    Postponed { times: treatment.delays().len(), days }
}

/// Impact assessments with a measures row whose treatment it is.
pub fn demanded_by(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let demands = move |assessment: &Entry<'_>| {
        ImpactAssessment(assessment.content()).measures().any(|row| row.treatment().is_some_and(|link| link.id == entry.id()))
    };
    entry.incoming(ImpactAssessment::KIND, "measures").filter(demands)
}

/// For a judged one: the latest measurement of its measure keeps `effect_limit`. Without measure, limit or value nothing shows that it
/// stopped working.
#[must_use]
pub fn still_works(entry: Entry<'_>) -> bool {
    entry.is("judged") && past_limit_since(entry).is_none()
}

/// The last day of the first of those measurements of its measure that, up to the latest, all miss `effect_limit`.
#[must_use]
pub fn past_limit_since(entry: Entry<'_>) -> Option<Date> {
    let treatment = Treatment(entry.content());
    let (measure, limit) = (entry.linked("measure")?, treatment.effect_limit().get()?);
    let misses = |value: Decimal| match treatment.effect_comparator().get() {
        Some(Comparator::AtMost) => value > limit,
        _ => value < limit,
    };
    let values = measure.incoming(Measurement::KIND, "measure").filter(|one| !one.is("void")).filter_map(|one| {
        let content = Measurement(one.content());
        Some((content.covers_to().get()?, one.id(), content.value().get()?))
    });
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    values.into_iter().take_while(|(_, _, value)| misses(*value)).last().map(|(to, _, _)| entry.view().day(to))
}

/// Every named risk was scored with an `assessed_on` not before `effect_judged_on`.
#[must_use]
pub fn score_updated(entry: Entry<'_>) -> bool {
    let Some(judged) = Treatment(entry.content()).effect_judged_on().get() else { return false };
    entry.links("risks").all(|risk| Risk(risk.content()).assessed_on().get().is_some_and(|on| on >= judged))
}

/// Holders of the roles that levels of the method name in `accepted_by` for the highest residual level of its risks; top management
/// where it names none.
#[must_use]
pub fn level_acceptors(entry: Entry<'_>) -> Vec<Id> {
    let view = entry.view();
    let highest = entry.links("risks").filter_map(|risk| Some((risk::residual_level(risk)?, risk.id()))).max();
    let method = highest.and_then(|(level, id)| Some((level, risk::method(view.get(id)?)?)));
    let named = method.map_or_else(Vec::new, |(level, method)| {
        method.levels().filter(|row| row.level() == Some(level)).filter_map(|row| row.accepted_by()).map(|link| link.id).collect()
    });
    let roles = named.into_iter().filter_map(|id| view.get(id)).filter(|found| found.is("approved"));
    let mut people: Vec<Id> = roles.flat_map(role::holders_on).collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() { view.top_management() } else { people }
}

/// Records in `effect_records` whose own date (`run_at`, `covers_to`, `held_on`, else the day they were made) is not after `done_at`.
#[must_use]
pub fn effect_records_early(entry: Entry<'_>) -> Vec<Id> {
    let Some(done) = Treatment(entry.content()).done_at().get() else { return Vec::new() };
    entry.links("effect_records").filter(|found| own_date(*found) <= done).map(|found| found.id()).collect()
}

/// The day of the event a record speaks about, else the day it was made.
#[must_use]
pub fn own_date(entry: Entry<'_>) -> Date {
    let day = |text: &str| parse_instant(text).map(|at| entry.view().day(at)).or_else(|| parse_date(text));
    let held = (entry.kind().name == Meeting::KIND).then_some("held_from");
    let fields = ["run_at", "covers_to", "held_on"].into_iter().chain(held);
    fields.filter_map(|field| entry.text(field)).find_map(day).unwrap_or_else(|| entry.created_on())
}
