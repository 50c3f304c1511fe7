//! Derived values of an improvement.

use rust_decimal::Decimal;
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::kind::generated::measure::{Measure, MeasureDirection};

use super::Derived;
use super::answer::number;
use crate::view::Entry;

/// The derived values of an improvement.
pub const TABLE: &[Derived] = &[Derived::new("gain", |entry| number(gain(entry))).reading(&["after", "baseline", "target"])];

/// How much better the value became in the direction of its measure: positive is better. For a band, or a value that is only watched,
/// it is how much nearer the value came to the target.
#[must_use]
pub fn gain(entry: Entry<'_>) -> Option<Decimal> {
    let improvement = Improvement(entry.content());
    let (after, baseline) = (improvement.after().get()?, improvement.baseline().get()?);
    let measure = entry.linked("measure")?;
    match Measure(measure.content()).direction().get()? {
        MeasureDirection::Higher => Some(after - baseline),
        MeasureDirection::Lower => Some(baseline - after),
        MeasureDirection::Band | MeasureDirection::Watch => {
            let target = improvement.target().get()?;
            Some((baseline - target).abs() - (after - target).abs())
        }
    }
}
