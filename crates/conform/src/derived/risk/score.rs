//! Levels of a risk: what people score, and what the method makes of it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use vouch_record::kind::generated::risk::{Risk, RiskSecondScoreRow};
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodCombine, RiskMethodConsequenceScaleSide};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::view::Content;

/// What people score of a risk: a change of one of these fields makes another scoring.
pub(crate) const SCORES: [&str; 8] = [
    "inherent_likelihood",
    "inherent_organisation",
    "inherent_individuals",
    "inherent_society",
    "residual_likelihood",
    "residual_organisation",
    "residual_individuals",
    "residual_society",
];

/// Likelihood and the consequence for each side, as levels of the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// level of likelihood
    pub likelihood: i64,
    /// consequence for the organisation
    pub organisation: i64,
    /// consequence for individuals and groups
    pub individuals: i64,
    /// consequence for society
    pub society: i64,
}

impl Score {
    /// The score without controls; nothing while a level is missing.
    #[must_use]
    pub fn inherent(content: Content<'_>) -> Option<Self> {
        let risk = Risk(content);
        Some(Self {
            likelihood: risk.inherent_likelihood().get()?,
            organisation: risk.inherent_organisation().get()?,
            individuals: risk.inherent_individuals().get()?,
            society: risk.inherent_society().get()?,
        })
    }

    /// The score as things are; nothing while a level is missing.
    #[must_use]
    pub fn residual(content: Content<'_>) -> Option<Self> {
        let risk = Risk(content);
        Some(Self {
            likelihood: risk.residual_likelihood().get()?,
            organisation: risk.residual_organisation().get()?,
            individuals: risk.residual_individuals().get()?,
            society: risk.residual_society().get()?,
        })
    }

    /// The score of a second person.
    #[must_use]
    pub fn second(row: RiskSecondScoreRow<'_>) -> Option<Self> {
        Some(Self {
            likelihood: row.likelihood()?,
            organisation: row.organisation()?,
            individuals: row.individuals()?,
            society: row.society()?,
        })
    }

    /// The three consequences with their sides.
    #[must_use]
    pub const fn sides(&self) -> [(RiskMethodConsequenceScaleSide, i64); 3] {
        [
            (RiskMethodConsequenceScaleSide::Organisation, self.organisation),
            (RiskMethodConsequenceScaleSide::Individuals, self.individuals),
            (RiskMethodConsequenceScaleSide::Society, self.society),
        ]
    }

    /// One consequence from the three sides by the method's rule. Weighted means are rounded up, the cautious way; a side without
    /// weight does not count.
    #[must_use]
    pub fn consequence(&self, method: RiskMethod<'_>) -> Option<i64> {
        if !method.combine().is(RiskMethodCombine::Weighted) {
            return self.sides().into_iter().map(|(_, level)| level).max();
        }
        let weight =
            |side| method.weights().find(|row| row.side() == Some(side)).and_then(|row| row.weight()).unwrap_or(Decimal::ZERO);
        let total: Decimal = self.sides().into_iter().map(|(side, _)| weight(side)).sum();
        let sum: Option<Decimal> = self
            .sides()
            .into_iter()
            .try_fold(Decimal::ZERO, |sum, (side, level)| sum.checked_add(weight(side).checked_mul(Decimal::from(level))?));
        sum?.checked_div(total).and_then(|mean| mean.ceil().to_i64())
    }

    /// The level of the method's matrix for this likelihood and the combined consequence.
    #[must_use]
    pub fn level(&self, method: RiskMethod<'_>) -> Option<RiskTier> {
        level_of(method, self.likelihood, self.consequence(method)?)
    }

    /// Whether the combined level is lower than the level that individuals or society alone would give.
    #[must_use]
    pub fn hides_people(&self, method: RiskMethod<'_>) -> bool {
        let combined = self.level(method);
        let people = level_of(method, self.likelihood, self.individuals).max(level_of(method, self.likelihood, self.society));
        combined.is_some() && combined < people
    }
}

/// The level of the matrix for a pair of levels.
#[must_use]
pub fn level_of(method: RiskMethod<'_>, likelihood: i64, consequence: i64) -> Option<RiskTier> {
    method.matrix().find(|row| row.likelihood() == Some(likelihood) && row.consequence() == Some(consequence))?.level()
}
