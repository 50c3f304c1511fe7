//! What improvements brought.

use jiff::ToSpan;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::kind::generated::measure::{Measure, MeasureDirection, MeasureLevel};
use vouch_record::kind::generated::measurement::Measurement;

use super::rhythm::YEAR;
use crate::check::wording::called;
use crate::derived::improvement::gain;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, Subject, View, Window};

/// The improvements that were evaluated in the last twelve months.
fn evaluated(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.last_days(YEAR);
    let within = move |entry: &Entry<'_>| entry.entered("evaluated").zip(year).is_some_and(|(on, year)| year.has(on));
    view.all(Improvement::KIND).filter(|entry| entry.is("evaluated")).filter(within)
}

/// 10.1-O1
pub(super) fn one_was_measured(view: &View) -> Verdicts {
    let measured = |entry: &Entry<'_>| {
        let content = Improvement(entry.content());
        content.baseline().is_filled() && content.target().is_filled() && content.after().is_filled()
    };
    at_least_one(evaluated(view).filter(measured), Lapse::of_organisation)
}

/// 10.1-P1
pub(super) fn effects_can_be_recomputed(view: &View) -> Verdicts {
    each(evaluated(view), |entry| {
        Judgement::needing(entry, &["baseline", "after", "done_at"], || match shown_by(entry) {
            Some([before, after]) => Judgement::Shown(vec![entry.subject(), before, after]),
            None => Judgement::Fail(Lapse::of(entry).value("improvement", entry.label())),
        })
    })
}

/// The measurements of its measure with its value before it was done, and with its value after.
fn shown_by(entry: Entry<'_>) -> Option<[Subject; 2]> {
    let content = Improvement(entry.content());
    let (measure, done) = (entry.linked("measure")?, content.done_at().get()?);
    gain(entry)?;
    let view = entry.view();
    let find = |value: Decimal, after: bool| {
        let values = measure.incoming(Measurement::KIND, "measure").filter(|one| !one.is("void"));
        let fits = |one: &Entry<'_>| {
            let taken = Measurement(one.content());
            let side = match (taken.covers_from().get(), taken.covers_to().get()) {
                (_, Some(to)) if after => view.day(to) > done,
                (Some(from), _) if !after => view.day(from) <= done,
                _ => false,
            };
            side && taken.value().is(value)
        };
        values.into_iter().find(fits).map(|one| one.subject())
    };
    Some([find(content.baseline().get()?, false)?, find(content.after().get()?, true)?])
}

/// 10.1-P2
pub(super) fn judged_by_an_other_person(view: &View) -> Verdicts {
    each(evaluated(view), |entry| {
        let owner = Improvement(entry.content()).owner().get().map(|link| link.id);
        let judge: Option<Id> = entry.entry_into("evaluated").and_then(|leaf| leaf.actor.person());
        Judgement::when(judge.is_some() && judge != owner, || {
            let person = called(view, judge);
            Lapse::of(entry).value("improvement", entry.label()).value("owner", person)
        })
    })
}

/// 10.1-P3
pub(super) fn more_got_better(view: &View) -> Verdicts {
    let Some(both) = view.last_days(2 * YEAR) else { return Verdicts::holds() };
    let turn = view.today().saturating_sub(YEAR.days());
    let years = [Window { from: both.from, to: turn }, Window { from: turn.saturating_add(1.day()), to: both.to }];
    let mut verdicts = Verdicts::default();
    let (mut worse, mut total) = (0_usize, 0_usize);
    for measure in view.live(Measure::KIND).filter(|measure| Measure(measure.content()).level().is(MeasureLevel::Aims)) {
        let [Some(before), Some(after)] = years.map(|year| mean(measure, year)) else { continue };
        let better = match Measure(measure.content()).direction().get() {
            Some(MeasureDirection::Higher) => after - before,
            Some(MeasureDirection::Lower) => before - after,
            Some(MeasureDirection::Band | MeasureDirection::Watch) | None => continue,
        };
        total += 1;
        if better > Decimal::ZERO {
            verdicts.passed.push(measure.subject());
        } else if better < Decimal::ZERO {
            worse += 1;
        }
    }
    if worse > 0 && worse >= verdicts.passed.len() {
        verdicts.passed.clear();
        verdicts.failed.push(Lapse::of_organisation().value("n", worse).value("total", total));
    }
    verdicts
}

/// The mean of the values of a measure whose periods ended in a year; nothing where there is none.
fn mean(measure: Entry<'_>, year: Window) -> Option<Decimal> {
    let values = measure.incoming(Measurement::KIND, "measure").filter(|value| !value.is("void"));
    let of_year = values.filter_map(|value| {
        let content = Measurement(value.content());
        let on = measure.view().day(content.covers_to().get()?);
        content.value().get().filter(|_| year.has(on))
    });
    let (sum, n) = of_year.fold((Decimal::ZERO, 0_i64), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / Decimal::from(n))
}
