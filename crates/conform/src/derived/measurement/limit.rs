//! Limits of a measure or of a metric, and on which side of them a value lies.

use rust_decimal::Decimal;
use vouch_record::kind::generated::measure::{Measure, MeasureDirection};
use vouch_record::kind::generated::monitoring_plan::MonitoringPlanMetricRow;
use vouch_record::kind::generated::shared::RangeComparator;

/// On which side of its limits a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    /// inside
    None,
    /// asks for a look
    Warn,
    /// asks for action
    Alarm,
    /// too few cases, or no value
    Undecided,
}

impl Breach {
    /// The word shown.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Warn => "warn",
            Self::Alarm => "alarm",
            Self::Undecided => "undecided",
        }
    }
}

/// What a value is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// which way is better
    pub direction: MeasureDirection,
    /// value that asks for a look; the upper one of a band
    pub warn: Option<Decimal>,
    /// value that asks for action; the upper one of a band
    pub alarm: Option<Decimal>,
    /// lower limit of a band
    pub alarm_low: Option<Decimal>,
    /// cases below which a value decides nothing
    pub min_n: Option<i64>,
}

impl Limits {
    /// The limits of a measure.
    #[must_use]
    pub fn of_measure(measure: Measure<'_>) -> Self {
        Self {
            direction: measure.direction().get().unwrap_or(MeasureDirection::Watch),
            warn: measure.warn().get(),
            alarm: measure.alarm().get(),
            alarm_low: measure.alarm_low().get(),
            min_n: measure.min_n().get(),
        }
    }

    /// The limits of a metric, which prevail; what it leaves open is the measure's. Nothing when it has no limit of its own.
    #[must_use]
    pub fn of_metric(row: MonitoringPlanMetricRow<'_>, measure: &Self) -> Option<Self> {
        if row.warn().is_none() && row.alarm().is_none() && row.alarm_low().is_none() {
            return None;
        }
        let direction = match row.comparator() {
            Some(RangeComparator::AtLeast) => MeasureDirection::Higher,
            Some(RangeComparator::AtMost) => MeasureDirection::Lower,
            Some(RangeComparator::Between) => MeasureDirection::Band,
            None => measure.direction,
        };
        Some(Self {
            direction,
            warn: row.warn(),
            alarm: row.alarm(),
            alarm_low: row.alarm_low(),
            min_n: row.min_n().or(measure.min_n),
        })
    }

    /// Which limit a value crosses. A value on a limit has not crossed it.
    #[must_use]
    pub fn judge(&self, value: Decimal) -> Breach {
        let beyond = |limit: Option<Decimal>| {
            limit.is_some_and(|limit| if self.direction == MeasureDirection::Higher { value < limit } else { value > limit })
        };
        let below_band = self.direction == MeasureDirection::Band && self.alarm_low.is_some_and(|low| value < low);
        if beyond(self.alarm) || below_band {
            Breach::Alarm
        } else if beyond(self.warn) {
            Breach::Warn
        } else {
            Breach::None
        }
    }

    /// The same for a measure without a better side: `change` is the distance to the value before. A change of the limit's size is
    /// one.
    #[must_use]
    pub fn judge_change(&self, change: Option<Decimal>) -> Breach {
        let reaches = |limit: Option<Decimal>| change.zip(limit).is_some_and(|(change, limit)| change >= limit);
        match (reaches(self.alarm), reaches(self.warn)) {
            (true, _) => Breach::Alarm,
            (_, true) => Breach::Warn,
            _ => Breach::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(direction: MeasureDirection, value: &str, expected: Breach) {
        let number = |text: &str| text.parse::<Decimal>().ok();
        let (warn, alarm) = if direction == MeasureDirection::Higher { ("0.9", "0.8") } else { ("0.2", "0.3") };
        let limits = Limits { direction, warn: number(warn), alarm: number(alarm), alarm_low: number("0.1"), min_n: None };
        assert_eq!(limits.judge(number(value).unwrap()), expected, "{direction:?} {value}");
    }

    #[test]
    fn a_value_on_a_limit_has_not_crossed_it() {
        use MeasureDirection::{Band, Higher, Lower};
        for (value, expected) in [("0.9", Breach::None), ("0.89", Breach::Warn), ("0.8", Breach::Warn), ("0.79", Breach::Alarm)] {
            check(Higher, value, expected);
        }
        for (value, expected) in [("0.05", Breach::None), ("0.2", Breach::None), ("0.25", Breach::Warn), ("0.31", Breach::Alarm)] {
            check(Lower, value, expected);
        }
        for (value, expected) in [("0.09", Breach::Alarm), ("0.1", Breach::None), ("0.21", Breach::Warn), ("0.31", Breach::Alarm)] {
            check(Band, value, expected);
        }
    }

    #[test]
    fn without_a_better_side_the_size_of_the_change_counts() {
        let number = |text: &str| text.parse::<Decimal>().ok();
        let limits =
            Limits { direction: MeasureDirection::Watch, warn: number("5"), alarm: number("10"), alarm_low: None, min_n: None };
        assert_eq!(limits.judge_change(None), Breach::None);
        assert_eq!(limits.judge_change(number("4.9")), Breach::None);
        assert_eq!(limits.judge_change(number("5")), Breach::Warn);
        assert_eq!(limits.judge_change(number("10")), Breach::Alarm);
    }
}
