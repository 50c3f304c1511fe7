//! Derived values of an acceptance.

mod power;

pub use power::with_power;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceState, AcceptanceType};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::time::{after, before, days_between};
use vouch_record::{Id, Link};

use super::answer::{choice, day, table};
use super::{Derived, ai_system, choice_of};
use crate::view::{Entry, View};

/// The derived values of an acceptance.
pub const TABLE: &[Derived] = &[
    Derived::new("worse", |entry| Val::Bool(worse(entry))).reading(&["accepted_scores"]),
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["from", "until"]),
    Derived::new("with_power", |entry| Val::Bool(with_power(entry))).reading(&["accepted_by", "level"]),
    Derived::new("ran_out", |entry| Val::Bool(ran_out(entry))).reading(&["until"]),
    Derived::new("renewals", |entry| {
        table(entry, "acceptance.renewals", || {
            let Renewals { length, days } = renewals(entry);
            vec![row! { links: length, days: days }]
        })
    }),
    Derived::new("uncompensated", |entry| {
        table(entry, "acceptance.uncompensated", || {
            uncompensated(entry).into_iter().map(|row| row! { measure: row.measure, owner: row.owner, due: row.due }).collect()
        })
    })
    .reading(&["compensation"]),
    Derived::new("share", |entry| {
        table(entry, "acceptance.share", || {
            share(entry.view()).iter().map(|point| row! { on: point.on, per_ten_systems: point.per_ten_systems }).collect()
        })
    }),
    Derived::new("longest_until", |entry| day(longest_until(entry))).reading(&["from", "level"]),
    Derived::new("renewed_on", |entry| day(renewed_on(entry))),
    Derived::new("subject_level", |entry| subject_level(entry).map_or(Val::Empty, |level| choice(level.id()))),
    Derived::new("subject_scores", |entry| {
        table(entry, "acceptance.subject_scores", || {
            let rows = subject_scores(entry).into_iter();
            rows.map(|s| {
                row! { likelihood: s.likelihood, organisation: s.organisation, individuals: s.individuals, society: s.society, method: s.method }
            })
            .collect()
        })
    }),
];

/// The record it is about, also when that was set aside.
fn subject(entry: Entry<'_>) -> Option<Entry<'_>> {
    Acceptance(entry.content()).subject().get().and_then(|link| entry.view().find(link.id))
}

/// The day on which it was accepted.
#[must_use]
pub fn accepted_on(entry: Entry<'_>) -> Option<Date> {
    entry.entered(AcceptanceState::Accepted.id())
}

/// For a residual risk a present residual score is above the accepted one; for a tier the computed floor rose since it was
/// accepted.
#[must_use]
pub fn worse(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "acceptance.worse", || {
        let Some(subject) = subject(entry) else { return false };
        match Acceptance(entry.content()).type_().get() {
            Some(AcceptanceType::ResidualRisk) if subject.kind().name == Risk::KIND => scores_rose(entry, subject),
            Some(AcceptanceType::Tier) => floor_rose(entry, subject),
            _ => false,
        }
    })
}

fn scores_rose(entry: Entry<'_>, risk: Entry<'_>) -> bool {
    let risk = Risk(risk.content());
    let present = [risk.residual_likelihood(), risk.residual_organisation(), risk.residual_individuals(), risk.residual_society()];
    Acceptance(entry.content()).accepted_scores().any(|row| {
        let accepted = [row.likelihood(), row.organisation(), row.individuals(), row.society()];
        // A side that had no score when it was accepted has one now: that was not accepted.
        present.iter().zip(accepted).any(|(now, then)| now.get() > then)
    })
}

fn floor_rose(entry: Entry<'_>, system: Entry<'_>) -> bool {
    if system.kind().name != AiSystem::KIND {
        return false;
    }
    let then = accepted_on(entry).and_then(|on| system.on(on));
    then.is_some_and(|then| ai_system::tier_floor(system) > ai_system::tier_floor(then))
}

/// State accepted, today between from and until, not worse, and the subject neither retired nor set aside.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "acceptance.in_force", || {
        let (acceptance, today) = (Acceptance(entry.content()), entry.view().today());
        let begun = acceptance.from().get().is_none_or(|from| from <= today);
        let lasts = acceptance.until().get().is_none_or(|until| until >= today);
        let subject_stays = subject(entry).is_some_and(|subject| !subject.is_set_aside() && !subject.is("retired"));
        !entry.is_set_aside() && entry.is(AcceptanceState::Accepted.id()) && begun && lasts && subject_stays && !worse(entry)
    })
}

/// It was left to run out: until has passed while nobody had ended it, no accepted one renews it, and its subject is neither
/// retired nor closed and, for a risk, still above the acceptance limit.
#[must_use]
pub fn ran_out(entry: Entry<'_>) -> bool {
    let passed = Acceptance(entry.content()).until().get().is_some_and(|until| until < entry.view().today());
    let stood = entry.standing().shown_state(entry.record()) == AcceptanceState::Accepted.id();
    let renewed = || entry.incoming(Acceptance::KIND, "renews").any(|later| accepted_on(later).is_some());
    passed && stood && !renewed() && subject(entry).is_some_and(still_asks)
}

fn still_asks(subject: Entry<'_>) -> bool {
    if subject.is_set_aside() || subject.is_any(&["retired", "closed"]) {
        return false;
    }
    subject.kind().name != Risk::KIND || above_limit(subject)
}

/// Whether the residual level of a risk is above what its method lets stand; a risk without a level is not known to be below.
fn above_limit(risk: Entry<'_>) -> bool {
    let method = risk.linked("method").or_else(|| risk.view().risk_method());
    let limit = method.and_then(|method| RiskMethod(method.content()).acceptance_limit().get());
    let level = choice_of(risk, "residual_level").and_then(|id| RiskTier::from_id(&id));
    match (level, limit) {
        (Some(level), Some(limit)) => level > limit,
        _ => true,
    }
}

/// How often something was let stand again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewals {
    /// acceptances before this one in the chain of renews
    pub length: usize,
    /// days since the first day of the first of them
    pub days: Option<i64>,
}

/// Length of the chain of renews and days since the first day of its first acceptance.
#[must_use]
pub fn renewals(entry: Entry<'_>) -> Renewals {
    let mut seen: Vec<Id> = vec![entry.id()];
    let mut first = entry;
    // A chain that people closed to a ring ends where it began.
    while let Some(earlier) = first.linked("renews").filter(|earlier| !seen.contains(&earlier.id())) {
        seen.push(earlier.id());
        first = earlier;
    }
    let from = Acceptance(first.content()).from().get();
    Renewals { length: seen.len() - 1, days: from.map(|from| days_between(from, entry.view().today())) }
}

/// A compensation that is late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncompensated {
    /// what was to make it bearable
    pub measure: String,
    /// who was to do it
    pub owner: Option<Id>,
    /// by when
    pub due: Date,
}

/// Compensation rows past due without met_by.
#[must_use]
pub fn uncompensated(entry: Entry<'_>) -> Vec<Uncompensated> {
    let today = entry.view().today();
    let rows = Acceptance(entry.content()).compensation();
    rows.filter(|row| row.met_by().next().is_none())
        .filter_map(|row| {
            let due = row.due().filter(|due| *due < today)?;
            Some(Uncompensated {
                measure: row.measure().unwrap_or_default().to_owned(),
                owner: row.owner().map(|link| link.id),
                due,
            })
        })
        .collect()
}

/// How much is let stand on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharePoint {
    /// the day
    pub on: Date,
    /// acceptances in force per ten systems in scope
    pub per_ten_systems: Decimal,
}

/// Acceptances in force per ten systems in scope: a year ago, each quarter since, and today; days without a system in scope are left
/// out. A value of the organisation: each acceptance gives the same.
#[must_use]
pub fn share(view: &View) -> &[SharePoint] {
    view.keep(None, "acceptance.share", || {
        let days = [12, 9, 6, 3, 0].map(|months| before(view.today(), &months.months()));
        days.into_iter().filter_map(|on| Some(SharePoint { on, per_ten_systems: per_ten(view.on(on))? })).collect::<Vec<_>>()
    })
}

fn per_ten(view: &View) -> Option<Decimal> {
    let systems = view.systems().count();
    let accepted = view.all(Acceptance::KIND).filter(|entry| in_force(*entry)).count();
    (systems > 0).then(|| (Decimal::from(accepted * 10) / Decimal::from(systems)).round_dp(2).normalize())
}

/// The latest day it may hold: from, or today while it is empty, plus the longest time that the risk method in force on that day gives
/// for its level; twelve months where it gives none.
#[must_use]
pub fn longest_until(entry: Entry<'_>) -> Option<Date> {
    let acceptance = Acceptance(entry.content());
    let from = acceptance.from().get().unwrap_or_else(|| entry.view().today());
    let level = acceptance.level().get();
    let method = entry.view().on(from.min(entry.view().today())).risk_method();
    let rows = method.map(|method| RiskMethod(method.content()).levels());
    let longest = rows.and_then(|mut rows| rows.find(|row| row.level().is_some() && row.level() == level)?.acceptance_max());
    Some(after(from, &longest.unwrap_or_else(|| 12.months())))
}

/// The day on which the acceptance that renews it was accepted; the first where several do.
#[must_use]
pub fn renewed_on(entry: Entry<'_>) -> Option<Date> {
    entry.incoming(Acceptance::KIND, "renews").filter_map(accepted_on).min()
}

/// The residual level of the subject when that is a risk.
#[must_use]
pub fn subject_level(entry: Entry<'_>) -> Option<RiskTier> {
    let risk = subject(entry).filter(|subject| subject.kind().name == Risk::KIND)?;
    choice_of(risk, "residual_level").and_then(|id| RiskTier::from_id(&id))
}

/// Residual scores of a risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// level of likelihood
    pub likelihood: Option<i64>,
    /// consequence for the organisation
    pub organisation: Option<i64>,
    /// consequence for individuals and groups
    pub individuals: Option<i64>,
    /// consequence for society
    pub society: Option<i64>,
    /// version of the method
    pub method: Option<Link>,
}

/// Residual scores and method of the subject when that is a risk.
#[must_use]
pub fn subject_scores(entry: Entry<'_>) -> Option<Scores> {
    let risk = Risk(subject(entry).filter(|subject| subject.kind().name == Risk::KIND)?.content());
    Some(Scores {
        likelihood: risk.residual_likelihood().get(),
        organisation: risk.residual_organisation().get(),
        individuals: risk.residual_individuals().get(),
        society: risk.residual_society().get(),
        method: risk.method().get(),
    })
}
