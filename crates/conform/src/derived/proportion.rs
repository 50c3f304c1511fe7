//! Intervals for shares.
//!
//! The score interval of Wilson (E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, Journal of
//! the American Statistical Association 22, 1927, pages 209–212): the true shares p for which the observed one lies within
//! z·√(p(1−p)/n) of p. It holds its level where counts are small and shares near 0 or 1, where the textbook interval fails.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

/// Two-sided 95 of 100: the 0.975 quantile of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A share with its interval at 95 of 100, all between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// the observed share
    pub share: f64,
    /// lower end
    pub low: f64,
    /// upper end
    pub high: f64,
}

impl Proportion {
    /// The Wilson interval around a share observed in `n` cases; nothing without cases or for a share outside 0 to 1.
    #[must_use]
    pub fn of_share(share: f64, n: i64) -> Option<Self> {
        if n <= 0 || !(0.0..=1.0).contains(&share) {
            return None;
        }
        // Counts stay far below 2^53, so the conversion is exact.
        #[allow(clippy::cast_precision_loss)]
        let n = n as f64;
        let z2 = Z_95 * Z_95;
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z_95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        // At 0 and 1 the ends are exact; rounding must not push them off.
        let low = if share == 0.0 { 0.0 } else { (middle - half).max(0.0) };
        let high = if share == 1.0 { 1.0 } else { (middle + half).min(1.0) };
        Some(Self { share, low, high })
    }

    /// The Wilson interval for `hits` of `n` cases.
    #[must_use]
    pub fn of(hits: i64, n: i64) -> Option<Self> {
        if n <= 0 || hits < 0 || hits > n {
            return None;
        }
        #[allow(clippy::cast_precision_loss)]
        Self::of_share(hits as f64 / n as f64, n)
    }

    /// Whether a share could well be the true one.
    #[must_use]
    pub fn holds(&self, share: f64) -> bool {
        self.low <= share && share <= self.high
    }
}

/// A computed number as a decimal of four places, as it is shown.
#[must_use]
pub fn rounded(number: f64) -> Decimal {
    Decimal::from_f64(number).map_or(Decimal::ZERO, |number| number.round_dp(4).normalize())
}

/// `part` of `whole` as a decimal of four places; nothing of nothing.
#[must_use]
pub fn share_of(part: usize, whole: usize) -> Option<Decimal> {
    (whole > 0).then(|| (Decimal::from(part) / Decimal::from(whole)).round_dp(4).normalize())
}

/// A stored decimal for computation.
#[must_use]
pub fn float(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hits: i64, n: i64, low: f64, high: f64) {
        let found = Proportion::of(hits, n).unwrap();
        assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{hits} of {n}: {found:?}");
    }

    #[test]
    fn the_interval_is_that_of_published_examples() {
        // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
        check(20, 20, 0.8389, 1.0);
    }

    #[test]
    fn a_share_lies_inside_exactly_when_the_found_one_is_within_its_own_spread() {
        for n in [10, 100, 1_000] {
            for expected in [0.05, 0.2, 0.5, 0.9] {
                for hits in 0..=n {
                    let found = hits as f64 / n as f64;
                    let distance = (found - expected).abs();
                    let spread = Z_95 * (expected * (1.0 - expected) / n as f64).sqrt();
                    let inside = Proportion::of(hits, n).unwrap().holds(expected);
                    assert!(inside == (distance <= spread) || (distance - spread).abs() < 1e-9, "{hits} of {n}, {expected}");
                }
            }
        }
    }

    #[test]
    fn without_cases_there_is_no_interval() {
        assert_eq!(Proportion::of(0, 0), None);
        assert_eq!(Proportion::of(3, 2), None);
        assert_eq!(Proportion::of_share(1.2, 10), None);
    }
}
