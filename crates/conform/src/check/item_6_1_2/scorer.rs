//! Who scored, and whether two people come to the same.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::scoring::{SCORED, Year, needing_scores, scored_in};
use crate::check::wording::{people, words};
use crate::derived::risk;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// Second scores that are enough to compare, where there are as many risks.
const ENOUGH_SECOND: usize = 5;

/// 6.1.2-O3
pub(super) fn scores_are_comparable(view: &View) -> Verdicts {
    let (Some(year), Some(entry)) = (view.last_days(365), view.risk_method()) else { return Verdicts::holds() };
    let method = RiskMethod(entry.content());
    let Year { risks, twice, undecided } = scored_in(view, year);
    let share = method.second_score_share().get().unwrap_or(Decimal::ONE);
    let asked = (share * Decimal::from(risks.len())).ceil().to_usize().unwrap_or(risks.len());
    let wanted = asked.max(risks.len().min(ENOUGH_SECOND));
    let tolerance = method.second_score_tolerance().get().unwrap_or(0);
    let agreeing = twice.iter().filter(|(_, pair)| pair.agrees(tolerance)).count();
    let enough = twice.len() >= wanted && agreeing * 10 >= twice.len() * 8;
    let lapse = || Lapse::of(entry).value("n", twice.len()).value("total", risks.len()).value("agree", agreeing);
    let passed = if enough { twice.iter().map(|(risk, _)| risk.subject()).collect() } else { Vec::new() };
    Verdicts { passed, failed: (!enough).then(lapse).into_iter().collect(), undecided, ..Verdicts::default() }
}

/// 6.1.2-P1
pub(super) fn heavy_risks_scored_by_two(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.all(Risk::KIND), |entry| {
        needing_scores(entry, &["assessed_by"], || {
            let methods = entry.linked("method").into_iter();
            let days = breakpoints(year, [entry].into_iter().chain(methods).chain(entry.links("ai_systems")), []);
            let heavy = |day: Date| entry.on(day).filter(|then| is_heavy(*then));
            if !days.iter().any(|day| heavy(*day).is_some()) {
                return Judgement::Skip("below high in the period".to_owned());
            }
            let alone = on_every_day(year, &days, |day| heavy(day).is_none_or(by_two));
            Judgement::of(alone.into_iter().map(|days| lapse(entry, days)).collect())
        })
    })
}

fn is_heavy(risk: Entry<'_>) -> bool {
    risk.is_any(&SCORED) && risk::residual_level(risk) >= Some(RiskTier::High)
}

/// At least two persons scored, one of whom owns none of the systems it names.
fn by_two(entry: Entry<'_>) -> bool {
    let owners: Vec<Id> =
        entry.links("ai_systems").filter_map(|system| AiSystem(system.content()).owner().get()).map(|link| link.id).collect();
    let scorers: Vec<Id> = Risk(entry.content()).assessed_by().map(|link| link.id).collect();
    scorers.len() >= 2 && scorers.iter().any(|person| !owners.contains(person))
}

fn lapse(entry: Entry<'_>, days: Window) -> Lapse {
    let then = entry.on(days.from).unwrap_or(entry);
    let level = risk::residual_level(then).map_or_else(String::new, |level| words(level.id()));
    let scorers = Risk(then.content()).assessed_by().map(|link| link.id);
    Lapse::of(entry).value("level", level).value("persons", people(entry.view(), scorers)).over(days)
}
