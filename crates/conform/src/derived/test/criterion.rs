//! Whether a value meets a criterion.

use rust_decimal::Decimal;
use vouch_record::kind::generated::shared::CriterionComparator;

/// What a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// how it is compared
    pub comparator: CriterionComparator,
    /// the limit; the lower one of a band
    pub threshold: Decimal,
    /// the upper limit of a band
    pub upper: Option<Decimal>,
}

impl Criterion {
    /// A criterion from what a row holds; nothing where comparator or threshold is missing (a yes-or-no criterion needs none).
    #[must_use]
    pub fn new(comparator: Option<CriterionComparator>, threshold: Option<Decimal>, upper: Option<Decimal>) -> Option<Self> {
        let comparator = comparator?;
        let threshold = if comparator == CriterionComparator::IsTrue { threshold.unwrap_or(Decimal::ONE) } else { threshold? };
        Some(Self { comparator, threshold, upper })
    }

    /// Whether the value meets it. A yes is any value but zero; a band without an upper end has none.
    #[must_use]
    pub fn met(&self, value: Decimal) -> bool {
        match self.comparator {
            CriterionComparator::AtLeast => value >= self.threshold,
            CriterionComparator::AtMost => value <= self.threshold,
            CriterionComparator::Between => value >= self.threshold && self.upper.is_none_or(|upper| value <= upper),
            CriterionComparator::IsTrue => !value.is_zero(),
        }
    }

    /// Whether an interval holds values on both sides of a limit, so that it decides nothing.
    #[must_use]
    pub fn straddled(&self, low: Option<Decimal>, high: Option<Decimal>) -> bool {
        let (Some(low), Some(high)) = (low, high) else { return false };
        let around = |limit: Decimal| low < limit && limit < high;
        match self.comparator {
            CriterionComparator::IsTrue => false,
            CriterionComparator::Between => around(self.threshold) || self.upper.is_some_and(around),
            _ => around(self.threshold),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(criterion: (CriterionComparator, &str, Option<&str>), value: &str, interval: (&str, &str), expected: (bool, bool)) {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let criterion = Criterion { comparator: criterion.0, threshold: number(criterion.1), upper: criterion.2.map(number) };
        let found = (criterion.met(number(value)), criterion.straddled(Some(number(interval.0)), Some(number(interval.1))));
        assert_eq!(found, expected, "{criterion:?} {value} {interval:?}");
    }

    #[test]
    fn a_limit_itself_is_inside_and_an_interval_that_touches_it_decides() {
        use CriterionComparator::{AtLeast, AtMost, Between};
        check((AtLeast, "0.9", None), "0.9", ("0.9", "0.95"), (true, false));
        check((AtLeast, "0.9", None), "0.91", ("0.89", "0.95"), (true, true));
        check((AtLeast, "0.9", None), "0.89", ("0.8", "0.9"), (false, false));
        check((AtMost, "0.05", None), "0.05", ("0.01", "0.05"), (true, false));
        check((AtMost, "0.05", None), "0.051", ("0.04", "0.06"), (false, true));
        check((Between, "0.8", Some("1.25")), "1", ("0.9", "1.3"), (true, true));
        check((Between, "0.8", Some("1.25")), "0.7", ("0.6", "0.75"), (false, false));
        check((Between, "0.8", Some("1.25")), "1.26", ("1.25", "1.3"), (false, false));
    }

    #[test]
    fn a_yes_is_any_value_but_zero() {
        check((CriterionComparator::IsTrue, "1", None), "1", ("0", "2"), (true, false));
        check((CriterionComparator::IsTrue, "1", None), "0", ("0", "0"), (false, false));
    }
}
