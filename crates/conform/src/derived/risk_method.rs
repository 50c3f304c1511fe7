//! Derived values of a risk method.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodConsequenceScaleSide, RiskMethodMatrixRow};
use vouch_record::time::{after, days_between};

use super::answer::{instant, table};
use super::approved::approved_at;
use super::proportion::share_of;
use super::risk::score::Score;
use super::{Derived, latest_valid};
use crate::view::{Entry, View};

/// The derived values of a risk method.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["valid_from"]),
    Derived::new("complete", |entry| Val::Bool(complete(entry))).reading(&["likelihood_scale", "consequence_scale", "matrix"]),
    Derived::new("monotone", |entry| Val::Bool(monotone(entry))).reading(&["matrix"]),
    Derived::new("agreement", |entry| {
        table(entry, "risk-method.agreement", || {
            agreement(entry).into_iter().map(|row| row! { side: row.side, share: row.share, n: row.n }).collect()
        })
    })
    .reading(&["second_score_tolerance"]),
    Derived::new("scored_with_old", |entry| {
        table(entry, "risk-method.scored_with_old", || {
            scored_with_old(entry).into_iter().map(|row| row! { risk: row.risk, days: row.days, due: row.due }).collect()
        })
    }),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
];

/// The risk method in force on the view's day.
#[must_use]
pub fn in_force_one(view: &View) -> Option<Entry<'_>> {
    let id = view.keep(None, "risk_method_in_force", || latest_valid(view, RiskMethod::KIND).map(|entry| entry.id()));
    id.and_then(|id| view.get(id))
}

/// The approved version with the latest valid_from not after today.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    in_force_one(entry.view()).is_some_and(|one| one.id() == entry.id())
}

/// Each side has every consequence level, and the matrix has exactly one row per pair of levels. The levels are those from 1 to the
/// highest that any side names.
#[must_use]
pub fn complete(entry: Entry<'_>) -> bool {
    let method = RiskMethod(entry.content());
    let mut likelihoods: Vec<i64> = method.likelihood_scale().filter_map(|row| row.level()).collect();
    likelihoods.sort_unstable();
    let highest = method.consequence_scale().filter_map(|row| row.level()).max().unwrap_or(0);
    let side_whole = |side: RiskMethodConsequenceScaleSide| {
        let mut levels: Vec<i64> =
            method.consequence_scale().filter(|row| row.side() == Some(side)).filter_map(|row| row.level()).collect();
        levels.sort_unstable();
        levels.into_iter().eq(1..=highest)
    };
    let count = i64::try_from(likelihoods.len()).unwrap_or(i64::MAX);
    let scales = highest > 0 && count > 0 && likelihoods.into_iter().eq(1..=count);
    let mut pairs: Vec<(i64, i64)> = method.matrix().filter_map(|row| Some((row.likelihood()?, row.consequence()?))).collect();
    pairs.sort_unstable();
    let wanted = (1..=count).flat_map(|likelihood| (1..=highest).map(move |consequence| (likelihood, consequence)));
    let levelled = method.matrix().all(|row| row.level().is_some() && row.likelihood().is_some() && row.consequence().is_some());
    scales && levelled && RiskMethodConsequenceScaleSide::ALL.into_iter().all(side_whole) && pairs.into_iter().eq(wanted)
}

/// No matrix row has a lower level than a row with smaller or equal likelihood and consequence.
#[must_use]
pub fn monotone(entry: Entry<'_>) -> bool {
    let rows: Vec<RiskMethodMatrixRow<'_>> = RiskMethod(entry.content()).matrix().collect();
    let below = |a: &RiskMethodMatrixRow<'_>, b: &RiskMethodMatrixRow<'_>| {
        a.likelihood() <= b.likelihood() && a.consequence() <= b.consequence() && a.level() > b.level()
    };
    !rows.iter().any(|a| rows.iter().any(|b| below(a, b)))
}

/// How far second scores agree on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// `likelihood`, `organisation`, `individuals` or `society`
    pub side: &'static str,
    /// share that differs by at most the tolerance
    pub share: Decimal,
    /// second scores compared
    pub n: usize,
}

/// Share of second scores of the last twelve months that differ from the residual score by at most `second_score_tolerance`, per
/// side, over risks scored with this method.
#[must_use]
pub fn agreement(entry: Entry<'_>) -> Vec<Agreement> {
    let tolerance = RiskMethod(entry.content()).second_score_tolerance().get().unwrap_or(0);
    let year = entry.view().past(&12.months());
    let mut pairs: Vec<(Score, Score)> = Vec::new();
    for risk in entry.incoming(Risk::KIND, "method") {
        let Some(first) = Score::residual(risk.content()) else { continue };
        let rows = Risk(risk.content()).second_scores().filter(|row| row.on().is_some_and(|on| year.has(on)));
        pairs.extend(rows.filter_map(Score::second).map(|second| (first, second)));
    }
    let side = |side: &'static str, of: fn(&Score) -> i64| {
        let agreed = pairs.iter().filter(|(first, second)| (of(first) - of(second)).abs() <= tolerance).count();
        Some(Agreement { side, share: share_of(agreed, pairs.len())?, n: pairs.len() })
    };
    [
        side("likelihood", |score| score.likelihood),
        side("organisation", |score| score.organisation),
        side("individuals", |score| score.individuals),
        side("society", |score| score.society),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A risk whose score was made with an older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldScore {
    /// the risk
    pub risk: Id,
    /// days since the old version was superseded
    pub days: i64,
    /// day by which it must be scored again
    pub due: Option<Date>,
}

/// Risks not closed whose method is a version older than this one that is superseded, with the days since; due within the interval
/// of this version.
#[must_use]
pub fn scored_with_old(entry: Entry<'_>) -> Vec<OldScore> {
    let view = entry.view();
    let method = RiskMethod(entry.content());
    let Some(from) = method.valid_from().get().filter(|from| *from <= view.today()) else { return Vec::new() };
    let older = view.all(RiskMethod::KIND).filter(|other| {
        other.id() != entry.id()
            && other.is("superseded")
            && RiskMethod(other.content()).valid_from().get().is_some_and(|old| old <= from)
    });
    let mut found = Vec::new();
    for old in older {
        let since = superseded_on(view, old).unwrap_or(from);
        let due = method.interval().get().map(|interval| after(from, &interval));
        let open = old.incoming(Risk::KIND, "method").filter(|risk| !risk.is_any(&["closed", "rejected"]));
        found.extend(open.map(|risk| OldScore { risk: risk.id(), days: days_between(since, view.today()), due }));
    }
    found.sort_unstable_by_key(|row| row.risk);
    found
}

/// The first day on which a later version was valid.
fn superseded_on(view: &View, old: Entry<'_>) -> Option<Date> {
    let valid_from = |entry: Entry<'_>| RiskMethod(entry.content()).valid_from().get();
    let mine = valid_from(old)?;
    let approved = |entry: &Entry<'_>| entry.is_any(&["approved", "superseded"]) && entry.id() != old.id();
    let days: BTreeSet<Date> =
        view.all(RiskMethod::KIND).filter(approved).filter_map(valid_from).filter(|from| *from >= mine).collect();
    days.first().copied()
}
