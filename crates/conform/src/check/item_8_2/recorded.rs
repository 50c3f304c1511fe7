//! Whether scores are what was thought then, by more than one head, and fit what happened.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::time::days_between;

use crate::check::scoring::{Year, first_written, scored, scored_in};
use crate::check::wording::people;
use crate::derived::{risk, risk_method, treatment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How much later than they were made scores may be written down.
const LATE_DAYS: i64 = 7;

/// 8.2-P1. Looks also at records that are not bound, since it asks whether they are.
pub(super) fn scored_by_an_other_person(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let all = view.ever(Risk::KIND).filter(|entry| !entry.is_set_aside());
    each(all.filter(|entry| entry.entered("decided").is_some_and(|on| year.has(on))), |entry| {
        Judgement::needing(entry, &["assessed_by", "owner"], || {
            let mut defects = Vec::new();
            if risk::owner_alone(entry) {
                let scorers = Risk(entry.content()).assessed_by().map(|link| link.id);
                defects.push(format!("was assessed and decided by {} alone", people(view, scorers)));
            }
            if !entry.is_bound() {
                defects.push("does not lie under a checkpoint that verified".to_owned());
            }
            Judgement::when(defects.is_empty(), || Lapse::of(entry).value("defect", defects.join(" and ")))
        })
    })
}

/// 8.2-P2
pub(super) fn written_down_when_made(view: &View) -> Verdicts {
    each(scored(view), |entry| {
        Judgement::needing(entry, &["assessed_on"], || {
            let Some(on) = Risk(entry.content()).assessed_on().get() else {
                return Judgement::Skip("no day of assessment".to_owned());
            };
            let made = view.day(first_written(entry).time);
            if days_between(on, made) <= LATE_DAYS {
                return Judgement::Pass;
            }
            match witnesses(entry).find(|witness| speaks_of(*witness, on)) {
                Some(witness) => Judgement::Shown(vec![entry.subject(), witness.subject()]),
                None => Judgement::Fail(Lapse::of(entry).value("date", on).value("made_at", made)),
            }
        })
    })
}

/// What may show that a risk was scored on a day: what its scores rest on, and evidence about it.
fn witnesses(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    entry.links("score_basis").chain(entry.incoming(Evidence::KIND, "about"))
}

/// Whether it speaks of that day; evidence only once it was reviewed.
fn speaks_of(witness: Entry<'_>, day: Date) -> bool {
    if witness.kind().name != Evidence::KIND {
        return treatment::own_date(witness) == day;
    }
    let content = Evidence(witness.content());
    let from = content.covers_from().get().or_else(|| content.covers_to().get());
    let covered = from.zip(content.covers_to().get()).is_some_and(|(from, to)| Window { from, to }.has(day));
    witness.is("reviewed") && covered
}

/// 8.2-P3
pub(super) fn likelihood_fits_experience(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    each(scored(view), |entry| {
        Judgement::needing(entry, &["assessed_on", "residual_likelihood", "method"], || {
            let days: Vec<Date> = incidents(entry).into_iter().filter(|day| year.has(*day)).collect();
            let Some(last) = days.iter().max() else { return Judgement::Skip("it did not happen in the period".to_owned()) };
            if Risk(entry.content()).assessed_on().get().is_some_and(|on| on > *last) {
                return Judgement::Pass;
            }
            let range = risk::happened(entry).last().map(|row| (row.low, row.high));
            let Some((Some(low), Some(high))) = range else {
                return Judgement::Undecided("its likelihood level has no range per year".to_owned());
            };
            let n = Decimal::from(days.len());
            Judgement::when(low <= n && n <= high, || Lapse::of(entry).value("n", days.len()))
        })
    })
}

/// Days of the incidents that name a risk, exercises and dismissed ones left out.
fn incidents(entry: Entry<'_>) -> Vec<Date> {
    let named =
        entry.incoming(Incident::KIND, "risks").filter(|one| !one.is("dismissed") && !Incident(one.content()).exercise().is(true));
    let at = named
        .filter_map(|one| Incident(one.content()).occurred_from().get().or_else(|| Incident(one.content()).detected_at().get()));
    at.map(|at| entry.view().day(at)).collect()
}

/// 8.2-P4
pub(super) fn second_persons_scored(view: &View) -> Verdicts {
    let (Some(year), Some(entry)) = (view.back(&12.months()), view.risk_method()) else { return Verdicts::holds() };
    let Year { risks, twice, undecided } = scored_in(view, year);
    let share = RiskMethod(entry.content()).second_score_share().get().unwrap_or(Decimal::ONE);
    let wanted = (share * Decimal::from(risks.len())).ceil().to_usize().unwrap_or(risks.len());
    let with_this_method = twice.iter().any(|(risk, _)| risk.names(entry.id(), "method"));
    let enough = twice.len() >= wanted && (!with_this_method || !risk_method::agreement(entry).is_empty());
    let percent = (share * Decimal::ONE_HUNDRED).normalize();
    let lapse = || Lapse::of(entry).value("n", twice.len()).value("total", risks.len()).value("share", format!("{percent}%"));
    let passed = if enough { twice.iter().map(|(risk, _)| risk.subject()).collect() } else { Vec::new() };
    Verdicts { passed, failed: (!enough).then(lapse).into_iter().collect(), undecided, ..Verdicts::default() }
}
