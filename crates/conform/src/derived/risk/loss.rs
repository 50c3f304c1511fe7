//! Yearly loss of a risk by simulation.
//!
//! 20,000 years are drawn: how often it happens is Poisson with a rate from the triangular frequency range, each loss comes from
//! the triangular loss range. The same record gives the same numbers, since the generator is seeded from id and revision.
//!
//! Sources: SplitMix64 is that of G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014;
//! the seed is FNV-1a with 64 bits (G. Fowler, L. C. Noll, K.-P. Vo, draft-eastlake-fnv); Poisson counts follow D. E. Knuth, *The
//! Art of Computer Programming*, volume 2, 3.4.1, algorithm Q; percentiles are by nearest rank.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use vouch_record::kind::generated::risk::{Risk, RiskFrequencyRow, RiskLossRow};

use crate::derived::proportion::float;
use crate::view::Entry;

/// Years drawn.
const RUNS: usize = 20_000;

/// Percentiles shown.
const PERCENTILES: [usize; 3] = [50, 90, 99];

/// Above this many events the sum of their losses is drawn as a normal deviate, which it then is to within what two decimals show.
const MANY: f64 = 500.0;

/// One percentile of the yearly loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedLoss {
    /// 50, 90 or 99
    pub percentile: usize,
    /// loss in a year, two decimals
    pub amount: Decimal,
    /// ISO 4217 code of the ranges
    pub currency: String,
}

/// Low, likely, high.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Triangle {
    low: f64,
    likely: f64,
    high: f64,
}

/// Yearly loss as 50th, 90th and 99th percentile. Where several rows give ranges, each run takes one of them at random, so that
/// estimates that differ widen the result. Nothing without both ranges, with ranges out of order, or with two currencies.
#[must_use]
pub fn expected_loss(entry: Entry<'_>) -> Vec<ExpectedLoss> {
    let risk = Risk(entry.content());
    let rates: Option<Vec<Triangle>> = risk.frequency().map(Triangle::of_frequency).collect();
    let losses: Option<Vec<Triangle>> = risk.loss().map(Triangle::of_loss).collect();
    let mut currencies = risk.loss().flat_map(|row| [row.low(), row.likely(), row.high()]).flatten().map(|money| money.currency);
    let Some(currency) = currencies.next().filter(|first| currencies.all(|other| other == *first)) else { return Vec::new() };
    let (Some(rates), Some(losses)) = (rates, losses) else { return Vec::new() };
    if rates.is_empty() || losses.is_empty() {
        return Vec::new();
    }
    let years = simulate(Generator::seeded(&format!("{}@{}", entry.id(), entry.revision())), &rates, &losses);
    PERCENTILES
        .into_iter()
        .map(|percentile| {
            let rank = (RUNS * percentile).div_ceil(100).clamp(1, RUNS);
            let amount = Decimal::from_f64(years[rank - 1]).unwrap_or(Decimal::MAX).round_dp(2).normalize();
            ExpectedLoss { percentile, amount, currency: currency.to_owned() }
        })
        .collect()
}

/// The loss of each year, ascending.
fn simulate(mut random: Generator, rates: &[Triangle], losses: &[Triangle]) -> Vec<f64> {
    let mut years: Vec<f64> = (0..RUNS)
        .map(|_| {
            let rate = random.one_of(rates).draw(random.share());
            let loss = random.one_of(losses);
            let events = random.poisson(rate);
            if events > MANY {
                return (events * loss.mean() + events.sqrt() * loss.deviation() * random.normal()).max(events * loss.low);
            }
            let mut sum = 0.0;
            let mut left = events;
            while left >= 1.0 {
                sum += loss.draw(random.share());
                left -= 1.0;
            }
            sum
        })
        .collect();
    years.sort_unstable_by(f64::total_cmp);
    years
}

impl Triangle {
    fn new(low: Option<Decimal>, likely: Option<Decimal>, high: Option<Decimal>) -> Option<Self> {
        let (low, likely, high) = (low?, likely?, high?);
        let in_order = Decimal::ZERO <= low && low <= likely && likely <= high;
        in_order.then(|| Self { low: float(low), likely: float(likely), high: float(high) })
    }

    fn of_frequency(row: RiskFrequencyRow<'_>) -> Option<Self> {
        Self::new(row.low(), row.likely(), row.high())
    }

    fn of_loss(row: RiskLossRow<'_>) -> Option<Self> {
        Self::new(row.low().map(|money| money.amount), row.likely().map(|money| money.amount), row.high().map(|money| money.amount))
    }

    /// The value below which the share lies: the inverse of the distribution function.
    fn draw(&self, share: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.low;
        }
        let turn = (self.likely - self.low) / width;
        if share < turn {
            self.low + (share * width * (self.likely - self.low)).sqrt()
        } else {
            self.high - ((1.0 - share) * width * (self.high - self.likely)).sqrt()
        }
    }

    fn mean(&self) -> f64 {
        (self.low + self.likely + self.high) / 3.0
    }

    fn deviation(&self) -> f64 {
        let Self { low, likely, high } = *self;
        ((low * low + likely * likely + high * high - low * likely - low * high - likely * high) / 18.0).max(0.0).sqrt()
    }
}

/// SplitMix64.
struct Generator(u64);

impl Generator {
    fn seeded(text: &str) -> Self {
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, 1: the 53 high bits.
    fn share(&mut self) -> f64 {
        // 53 bits fit the mantissa exactly.
        #[allow(clippy::cast_precision_loss)]
        let bits = (self.next() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    fn one_of<'t>(&mut self, triangles: &'t [Triangle]) -> &'t Triangle {
        let many = triangles.len() as u64;
        &triangles[usize::try_from(self.next() % many).unwrap_or(0)]
    }

    /// A standard normal deviate as the sum of twelve uniform ones less six, which needs no function that platforms round apart.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// A Poisson count. Beyond [`MANY`] a normal deviate of the same mean and variance, rounded.
    fn poisson(&mut self, rate: f64) -> f64 {
        if rate > MANY {
            return (rate + rate.sqrt() * self.normal()).round().max(0.0);
        }
        let floor = (-rate).exp();
        let mut count = 0.0;
        let mut product = self.share();
        while product > floor {
            count += 1.0;
            product *= self.share();
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONCE: Triangle = Triangle { low: 0.5, likely: 1.0, high: 1.5 };
    const THOUSAND: Triangle = Triangle { low: 500.0, likely: 1_000.0, high: 1_500.0 };

    fn mean(years: &[f64]) -> f64 {
        years.iter().sum::<f64>() / years.len() as f64
    }

    #[test]
    fn the_generator_is_that_of_the_published_sequence() {
        let mut random = Generator(1_234_567);
        let found: Vec<u64> = (0..5).map(|_| random.next()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(found, published);
    }

    #[test]
    fn the_seed_is_that_of_published_vectors() {
        assert_eq!(Generator::seeded("").0, 0xcbf2_9ce4_8422_2325);
        assert_eq!(Generator::seeded("a").0, 0xaf63_dc4c_8601_ec8c);
        assert_eq!(Generator::seeded("foobar").0, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_same_record_gives_the_same_years_and_another_revision_others() {
        let years = |seed: &str| simulate(Generator::seeded(seed), &[ONCE], &[THOUSAND]);
        assert_eq!(years("RSK-1@1"), years("RSK-1@1"));
        assert_ne!(years("RSK-1@1"), years("RSK-1@2"));
    }

    #[test]
    fn the_mean_year_is_rate_times_loss() {
        for (rates, losses, expected) in [
            (ONCE, THOUSAND, 1_000.0),
            (Triangle { low: 0.0, likely: 0.0, high: 0.3 }, THOUSAND, 100.0),
            (Triangle { low: 40.0, likely: 50.0, high: 60.0 }, Triangle { low: 10.0, likely: 10.0, high: 10.0 }, 500.0),
            (Triangle { low: 1e6, likely: 1e6, high: 1e6 }, Triangle { low: 0.0, likely: 1.0, high: 2.0 }, 1e6),
        ] {
            let found = mean(&simulate(Generator::seeded("RSK-7@2"), &[rates], &[losses]));
            assert!((found - expected).abs() < expected * 0.03, "{rates:?} of {losses:?}: {found}");
        }
    }

    #[test]
    fn a_rare_risk_costs_nothing_in_the_median_year() {
        let years = simulate(Generator::seeded("RSK-7@2"), &[Triangle { low: 0.0, likely: 0.1, high: 0.2 }], &[THOUSAND]);
        assert_eq!(years[RUNS / 2], 0.0);
        assert!(years[RUNS * 99 / 100] > 500.0);
    }
}
