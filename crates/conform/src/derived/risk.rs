//! Derived values of a risk.

pub mod answered;
mod loss;
pub mod score;

pub use answered::{answered, stood_above};
pub use loss::{ExpectedLoss, expected_loss};

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentImpactSide};
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodQuantifyFrom};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::after;
use vouch_record::view::Money;

use self::score::Score;
use super::answer::{choice, records, table, whole};
use super::event::{self, Trigger};
use super::{Derived, acceptance, proof};
use crate::view::Entry;

const INHERENT: &[&str] = &["method", "inherent_likelihood", "inherent_organisation", "inherent_individuals", "inherent_society"];
const RESIDUAL: &[&str] = &["method", "residual_likelihood", "residual_organisation", "residual_individuals", "residual_society"];

/// The derived values of a risk.
pub const TABLE: &[Derived] = &[
    Derived::new("inherent_level", |entry| tier(inherent_level(entry))).reading(INHERENT),
    Derived::new("residual_level", |entry| tier(residual_level(entry))).reading(RESIDUAL),
    Derived::new("control_credit", |entry| whole(control_credit(entry))).reading(&["controls_now", "residual_likelihood", "inherent_likelihood"]),
    Derived::new("treatments", |entry| records(treatments(entry))),
    Derived::new("impact_assessments", |entry| records(impact_assessments(entry))),
    Derived::new("floor_from_impact", |entry| floor_from_impact(entry).map_or(Val::Empty, whole)),
    Derived::new("acceptance", |entry| {
        table(entry, "risk.acceptance", || {
            let same = |accepted| same_scores(entry, accepted);
            acceptance(entry).map(|accepted| row! { acceptance: accepted, same_scores: same(accepted) }).into_iter().collect()
        })
    }),
    Derived::new("answered", |entry| Val::Bool(answered(entry))).reading(RESIDUAL),
    Derived::new("overdue", |entry| Val::Bool(overdue(entry))).reading(&["review_by", "assessed_on"]),
    Derived::new("happened", |entry| {
        table(entry, "risk.happened", || {
            happened(entry).into_iter().map(|row| row! { year: i64::from(row.year), n: row.n, low: row.low, high: row.high }).collect()
        })
    }),
    Derived::new("expected_loss", |entry| {
        table(entry, "risk.expected_loss", || {
            let money = |row: &ExpectedLoss| row! { percentile: row.percentile, loss: Money { amount: row.amount, currency: &row.currency } };
            expected_loss(entry).iter().map(money).collect()
        })
    })
    .reading(&["frequency", "loss"]),
    Derived::new("people_hidden", |entry| Val::Bool(people_hidden(entry))).reading(RESIDUAL),
    Derived::new("owner_alone", |entry| Val::Bool(owner_alone(entry))).reading(&["assessed_by", "owner"]),
    Derived::new("ranges_needed", |entry| Val::Bool(ranges_needed(entry))).reading(RESIDUAL),
];

fn tier<'v>(level: Option<RiskTier>) -> Val<'v> {
    level.map_or(Val::Empty, |level| choice(level.id()))
}

/// The method its scores were made with.
#[must_use]
pub fn method(entry: Entry<'_>) -> Option<RiskMethod<'_>> {
    entry.linked("method").map(|method| RiskMethod(method.content()))
}

/// Level of the matrix of its method for inherent likelihood and the combined inherent consequence.
#[must_use]
pub fn inherent_level(entry: Entry<'_>) -> Option<RiskTier> {
    Score::inherent(entry.content())?.level(method(entry)?)
}

/// The same for the residual scores.
#[must_use]
pub fn residual_level(entry: Entry<'_>) -> Option<RiskTier> {
    Score::residual(entry.content())?.level(method(entry)?)
}

/// Whether its residual level is above the acceptance limit of its method; not while either is missing.
#[must_use]
pub fn above_limit(entry: Entry<'_>) -> bool {
    let limit = method(entry).and_then(|method| method.acceptance_limit().get());
    limit.is_some() && residual_level(entry) > limit
}

/// Inherent minus residual level in ranks; zero where no controls_now row has proof in date, or a level is missing.
#[must_use]
pub fn control_credit(entry: Entry<'_>) -> i64 {
    let view = entry.view();
    let shown =
        Risk(entry.content()).controls_now().any(|row| row.shown_by().filter_map(|link| view.get(link.id)).any(proof::in_date));
    let rank = |level: RiskTier| level as i64;
    match (inherent_level(entry), residual_level(entry)) {
        (Some(inherent), Some(residual)) if shown => rank(inherent) - rank(residual),
        _ => 0,
    }
}

/// Treatments not cancelled whose `risks` name it.
pub fn treatments(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    entry.incoming(Treatment::KIND, "risks").filter(|treatment| !treatment.is("cancelled"))
}

/// Impact assessments with an `impacts` row whose risk it is.
pub fn impact_assessments(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let names = move |assessment: &Entry<'_>| {
        ImpactAssessment(assessment.content()).impacts().any(|row| row.risk().is_some_and(|risk| risk.id == entry.id()))
    };
    entry.incoming(ImpactAssessment::KIND, "impacts").filter(names)
}

/// Highest consequence that `people_scale_from_impact` of its method gives for the harm rows of approved assessments whose risk it
/// is. A severity between two rows of the scale takes the lower of them.
#[must_use]
pub fn floor_from_impact(entry: Entry<'_>) -> Option<i64> {
    let method = method(entry)?;
    let consequence = |severity: i64| {
        method
            .people_scale_from_impact()
            .filter(|row| row.severity().is_some_and(|from| from <= severity))
            .filter_map(|row| row.consequence())
            .max()
    };
    let mut floor = None;
    for assessment in impact_assessments(entry).filter(Entry::is_live) {
        let harms = ImpactAssessment(assessment.content()).impacts().filter(|row| {
            row.side() == Some(ImpactAssessmentImpactSide::Harm) && row.risk().is_some_and(|risk| risk.id == entry.id())
        });
        floor = floor.max(harms.filter_map(|row| consequence(row.severity()?)).max());
    }
    floor
}

/// The acceptance in force of type residual_risk whose subject it is; the latest where there are several.
#[must_use]
pub fn acceptance(entry: Entry<'_>) -> Option<Entry<'_>> {
    let residual = |accepted: &Entry<'_>| {
        Acceptance(accepted.content()).type_().is(AcceptanceType::ResidualRisk) && acceptance::in_force(*accepted)
    };
    entry.incoming(Acceptance::KIND, "subject").filter(residual).max_by_key(|accepted| accepted.made().seq)
}

/// Whether an accepted score equals the present residual scores, by the same method.
#[must_use]
pub fn same_scores(entry: Entry<'_>, accepted: Entry<'_>) -> bool {
    let Some(now) = Score::residual(entry.content()) else { return false };
    let method = Risk(entry.content()).method().get().map(|link| link.id);
    Acceptance(accepted.content()).accepted_scores().any(|row| {
        let score = [row.likelihood(), row.organisation(), row.individuals(), row.society()];
        score == [now.likelihood, now.organisation, now.individuals, now.society].map(Some)
            && row.method().map(|link| link.id) == method
    })
}

/// `review_by` passed, or a trigger of its method touched one of its systems more than `assess_within` ago, and neither
/// `assessed_on` nor an approval with purpose review on it is as late. A risk of the management system is touched by what touches
/// the organisation as a whole.
#[must_use]
pub fn overdue(entry: Entry<'_>) -> bool {
    if !entry.is_live() {
        return false;
    }
    let risk = Risk(entry.content());
    let today = entry.view().today();
    let reviewed = entry.approvals(ApprovalPurpose::Review).into_iter().map(|given| given.on()).max();
    let seen: Option<Date> = risk.assessed_on().get().max(reviewed);
    let missed = |day: Date| seen.is_none_or(|seen| seen < day);
    if risk.review_by().get().is_some_and(|by| by < today && missed(by)) {
        return true;
    }
    let Some(method) = method(entry) else { return false };
    let Some(within) = method.assess_within().get() else { return false };
    // An event that counts lies after the last look and longer ago than that; without room for one none need be sought.
    if seen.is_some_and(|seen| after(seen, &within) >= today) {
        return false;
    }
    let triggers: Vec<Trigger> = method.triggers().map(Trigger::from).collect();
    let systems: Vec<_> = risk.ai_systems().map(|link| link.id).collect();
    event::events(entry.view()).iter().any(|event| {
        let touched = event.systems.is_empty() || systems.iter().any(|system| event.touches(*system));
        touched && triggers.contains(&event.trigger) && after(event.on, &within) < today && missed(event.on)
    })
}

/// Incidents of a year beside what the likelihood level says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// calendar year
    pub year: i16,
    /// incidents that name the risk
    pub n: usize,
    /// lower end of the range per year
    pub low: Option<Decimal>,
    /// upper end
    pub high: Option<Decimal>,
}

/// Incidents other than exercises that name it, per year, beside the range of its likelihood level (residual, else inherent). From
/// the year it was written down, or of the first incident, to this year; years without an incident count too.
#[must_use]
pub fn happened(entry: Entry<'_>) -> Vec<Happened> {
    let view = entry.view();
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for incident in entry.incoming(Incident::KIND, "risks").filter(|incident| !incident.is("dismissed")) {
        let content = Incident(incident.content());
        let at = content.occurred_from().get().or_else(|| content.detected_at().get());
        if let Some(at) = at.filter(|_| !content.exercise().is(true)) {
            *years.entry(view.day(at).year()).or_default() += 1;
        }
    }
    let first = years.keys().next().copied().unwrap_or(i16::MAX).min(entry.created_on().year());
    let risk = Risk(entry.content());
    let level = risk.residual_likelihood().get().or_else(|| risk.inherent_likelihood().get());
    let scale =
        method(entry).and_then(|method| method.likelihood_scale().find(|row| row.level().is_some() && row.level() == level));
    let row = |year: i16| Happened {
        year,
        n: years.get(&year).copied().unwrap_or(0),
        low: scale.and_then(|row| row.per_year_low()),
        high: scale.and_then(|row| row.per_year_high()),
    };
    (first..=view.today().year()).map(row).collect()
}

/// The combined level, inherent or residual, is lower than the level that individuals or society alone would give.
#[must_use]
pub fn people_hidden(entry: Entry<'_>) -> bool {
    let Some(method) = method(entry) else { return false };
    let scores = [Score::inherent(entry.content()), Score::residual(entry.content())];
    scores.into_iter().flatten().any(|score| score.hides_people(method))
}

/// `assessed_by` holds nobody but the owner, and no acceptance of type own_work whose subject is the risk or the organisation is in
/// force. While nobody is named nobody scored it alone.
#[must_use]
pub fn owner_alone(entry: Entry<'_>) -> bool {
    let risk = Risk(entry.content());
    let Some(owner) = risk.owner().get().map(|link| link.id) else { return false };
    let mut scorers = risk.assessed_by().map(|link| link.id).peekable();
    scorers.peek().is_some() && scorers.all(|person| person == owner) && !own_work_accepted(entry)
}

/// Whether an acceptance of type own_work whose subject is the record or the organisation is in force.
#[must_use]
pub fn own_work_accepted(entry: Entry<'_>) -> bool {
    let accepted = |subject: Entry<'_>| {
        let own = |one: Entry<'_>| Acceptance(one.content()).type_().is(AcceptanceType::OwnWork) && acceptance::in_force(one);
        subject.incoming(Acceptance::KIND, "subject").any(own)
    };
    accepted(entry) || entry.view().organisation().is_some_and(accepted)
}

/// `residual_level` is at or above `quantify_from` of its method, unless that is never.
#[must_use]
pub fn ranges_needed(entry: Entry<'_>) -> bool {
    let from = match method(entry).and_then(|method| method.quantify_from().get()) {
        None | Some(RiskMethodQuantifyFrom::Never) => return false,
        Some(from) => RiskTier::from_id(from.id()),
    };
    from.is_some() && residual_level(entry) >= from
}
