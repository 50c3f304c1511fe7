//! Whether values come without holes.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;

use crate::check::measured::{days, in_force, is_of_the_system, values};
use crate::check::presence::asked_from;
use crate::check::wording::in_days;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// How many consecutive months of results there are to be.
const MONTHS: i64 = 3;
/// The same in days.
pub(super) const MONTHS_IN_DAYS: i64 = 92;
/// How old the last day of them may be.
const FRESH_DAYS: i64 = 45;

/// 9.1-O1
pub(super) fn values_come_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(in_force(view), |measure| {
        Judgement::needing(measure, &["max_gap", "valid_from"], || {
            let content = Measure(measure.content());
            let Some(longest) = content.max_gap().get() else {
                return Judgement::Undecided("it says no longest time between two values".to_owned());
            };
            let days = in_days(&longest);
            let since = content.valid_from().get().map_or(window.from, |from| from.max(window.from));
            let mut lapses = Vec::new();
            for (system, taken) in series(measure) {
                let asked = system.map_or(Some(since), |system| asked_from(system).map(|from| from.max(since)));
                let Some(asked) = asked.and_then(|from| window.from_day(from)) else { continue };
                for hole in asked.holes(taken, days) {
                    let lapse = Lapse::of(measure).value("measure", measure.label()).value("from", hole.from).value("to", hole.to);
                    let lapse = lapse.value("max_gap", format!("{days} days")).over(Window { from: hole.from, to: hole.to });
                    lapses.push(system.map_or(lapse.clone(), |system| lapse.in_system(system)));
                }
            }
            Judgement::of(lapses)
        })
    })
}

/// The days on which values of a measure end, for each live system that it is taken from; for the organisation where it names none.
fn series(measure: Entry<'_>) -> Vec<(Option<Entry<'_>>, Vec<Date>)> {
    let view = measure.view();
    let mut taken: BTreeMap<Option<Id>, Vec<Date>> = BTreeMap::new();
    for value in values(measure) {
        let content = Measurement(value.content());
        if let Some(to) = content.covers_to().get() {
            taken.entry(content.ai_system().get().map(|link| link.id)).or_default().push(view.day(to));
        }
    }
    let mut systems = measure.links("ai_systems").peekable();
    if systems.peek().is_none() {
        return vec![(None, taken.into_values().flatten().collect())];
    }
    let whole = taken.get(&None).cloned().unwrap_or_default();
    let live = systems.filter(|system| crate::derived::ai_system::live(*system));
    live.map(|system| {
        let own = taken.get(&Some(system.id())).into_iter().flatten().chain(&whole).copied().collect();
        (Some(system), own)
    })
    .collect()
}

/// 9.1-P3
pub(super) fn months_of_results_exist(view: &View) -> Verdicts {
    let judged = view.live(Measure::KIND).filter(|measure| is_of_the_system(*measure)).flat_map(values);
    let mut covered: Vec<(Window, Subject)> =
        judged.filter(|value| value.is("analysed")).filter_map(|value| Some((days(value)?, value.subject()))).collect();
    covered.sort_by_key(|(days, _)| (days.from, days.to));
    let mut run: Option<(Window, Vec<Subject>)> = None;
    for (days, subject) in covered {
        run = match run.take() {
            Some((whole, mut shown)) if days.from <= whole.to.saturating_add(1.day()) => {
                shown.push(subject);
                Some((Window { from: whole.from, to: whole.to.max(days.to) }, shown))
            }
            _ => Some((days, vec![subject])),
        };
    }
    let fresh = run.filter(|(whole, _)| whole.to.saturating_add(FRESH_DAYS.days()) >= view.today());
    let months = fresh.as_ref().map_or(0, |(whole, _)| {
        (1..=MONTHS).rev().find(|n| whole.from <= whole.to.saturating_add(1.day()).saturating_sub(n.months())).unwrap_or(0)
    });
    match fresh {
        Some((_, passed)) if months >= MONTHS => Verdicts { passed, ..Verdicts::default() },
        _ => Verdicts::failed(Lapse::of_organisation().value("n", months)),
    }
}
