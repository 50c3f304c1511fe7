//! Slope of a series and signals of a control chart.
//!
//! The slope is that of least squares with the interval of Student's distribution at 95 of 100. The chart is one of single values:
//! centre at the mean, one sigma from the mean moving range over 1.128. Signals are the first three tests of L. S. Nelson, *The
//! Shewhart control chart – tests for special causes*, Journal of Quality Technology 16 (1984), pages 237–239.

use rust_decimal::Decimal;

use crate::derived::proportion::rounded;

/// Days over which the slope is stated.
const PER_DAYS: f64 = 30.0;

/// 0.975 quantiles of Student's distribution for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods,
/// 1.3.6.7.2).
const T_975: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
    2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/// What a series of values does.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// change per thirty days
    pub slope: Decimal,
    /// lower end of its interval; needs three values
    pub low: Option<Decimal>,
    /// upper end
    pub high: Option<Decimal>,
    /// tests of the chart that speak
    pub signals: Vec<&'static str>,
}

impl Trend {
    /// The trend of points (day, value), in any order; nothing for fewer than two or all on one day.
    pub(super) fn of(mut points: Vec<(f64, f64)>) -> Option<Self> {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let n = count(points.len());
        let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / n;
        let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / n;
        let spread: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        if points.len() < 2 || spread <= 0.0 {
            return None;
        }
        let slope = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
        let free = points.len() - 2;
        let ends = (free > 0).then(|| {
            let rest: f64 = points.iter().map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)).sum();
            let t = T_975.get(free - 1).copied().unwrap_or(1.96);
            let half = t * (rest / count(free) / spread).sqrt();
            (rounded((slope - half) * PER_DAYS), rounded((slope + half) * PER_DAYS))
        });
        let values: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
        Some(Self {
            slope: rounded(slope * PER_DAYS),
            low: ends.map(|ends| ends.0),
            high: ends.map(|ends| ends.1),
            signals: signals(&values, mean_y),
        })
    }

    /// The signals in one text; empty when the chart is quiet.
    #[must_use]
    pub fn signal(&self) -> String {
        self.signals.join(", ")
    }
}

/// A count as a number; counts stay far below 2^53.
#[allow(clippy::cast_precision_loss)]
const fn count(n: usize) -> f64 {
    n as f64
}

fn signals(values: &[f64], mean: f64) -> Vec<&'static str> {
    let moves: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let sigma = moves.iter().sum::<f64>() / count(moves.len()) / 1.128;
    let mut found = Vec::new();
    if values.iter().any(|value| (value - mean).abs() > 3.0 * sigma) {
        found.push("beyond three sigma");
    }
    let one_side = |run: &[f64]| run.iter().all(|value| *value > mean) || run.iter().all(|value| *value < mean);
    if values.windows(9).any(one_side) {
        found.push("nine on one side");
    }
    let steady = |run: &[f64]| run.windows(2).all(|pair| pair[1] > pair[0]) || run.windows(2).all(|pair| pair[1] < pair[0]);
    if values.windows(6).any(steady) {
        found.push("six in one direction");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], slope: &str, signals: &[&str]) {
        let points = values.iter().enumerate().map(|(day, value)| (count(day), *value)).collect();
        let trend = Trend::of(points).unwrap();
        assert_eq!(trend.slope.to_string(), slope, "{values:?}");
        assert_eq!(trend.signals, signals, "{values:?}");
        let (low, high) = (trend.low.unwrap(), trend.high.unwrap());
        assert!(low <= trend.slope && trend.slope <= high, "{values:?}");
    }

    #[test]
    fn a_straight_line_has_its_slope_and_six_steps_are_a_signal() {
        check(&[1.0, 2.0, 3.0, 4.0, 5.0], "30", &[]);
        check(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0], "-30", &["six in one direction"]);
    }

    #[test]
    fn the_chart_speaks_of_outliers_and_long_runs() {
        check(&[5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 9.0, 5.0, 5.1, 4.9, 5.0, 5.0, 5.1, 4.9, 5.0], "-0.4714", &["beyond three sigma"]);
        let shifted = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0, 8.0];
        check(&shifted, "17.5542", &["beyond three sigma", "nine on one side"]);
    }

    #[test]
    fn the_interval_is_that_of_a_known_example() {
        // Slope 0.6 with standard error √(2.4 / 3 / 10) = 0.282843, three degrees of freedom.
        let trend = Trend::of(vec![(1.0, 2.0), (2.0, 4.0), (3.0, 5.0), (4.0, 4.0), (5.0, 5.0)]).unwrap();
        assert_eq!(trend.slope, rounded(18.0));
        assert_eq!(trend.low, Some(rounded((0.6 - 3.182 * 0.08_f64.sqrt()) * 30.0)));
    }

    #[test]
    fn one_point_or_one_day_has_no_trend() {
        assert_eq!(Trend::of(vec![(1.0, 2.0)]), None);
        assert_eq!(Trend::of(vec![(1.0, 2.0), (1.0, 3.0)]), None);
        assert_eq!(Trend::of(Vec::new()), None);
    }
}
