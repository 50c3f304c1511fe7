//! Limits of a failure mode: the product's, or those that the organisation set.

use super::LimitInForce;
use super::texts::ModeText;
use crate::view::View;

/// The limits of one failure mode as they are in force on a day.
pub struct Limits<'v> {
    view: &'v View,
    text: &'v ModeText,
}

impl<'v> Limits<'v> {
    pub(crate) const fn of(view: &'v View, text: &'v ModeText) -> Self {
        Self { view, text }
    }

    /// The value in force of a limit.
    ///
    /// # Panics
    /// If the mode has no such limit; a test asks every mode for the limits its predicate names.
    #[must_use]
    pub fn number(&self, name: &str) -> i64 {
        let limit = self.text.limits.iter().find(|limit| limit.name == name).expect("predicates name limits of their texts");
        self.set(name).unwrap_or(limit.value)
    }

    /// The value in force of a limit that counts things.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.number(name)).unwrap_or(0)
    }

    /// Whether `part` of `whole` is more than the share in percent that a limit sets.
    #[must_use]
    pub fn exceeds(&self, name: &str, part: usize, whole: usize) -> bool {
        let share = u128::try_from(self.number(name)).unwrap_or(0);
        part as u128 * 100 > whole as u128 * share
    }

    /// Whether `part` of `whole` is less than the share in percent that a limit sets.
    #[must_use]
    pub fn falls_short(&self, name: &str, part: usize, whole: usize) -> bool {
        let share = u128::try_from(self.number(name)).unwrap_or(0);
        (part as u128 * 100) < whole as u128 * share
    }

    /// What the organisation set.
    fn set(&self, name: &str) -> Option<i64> {
        self.view.limit(&self.text.id, name)
    }

    pub(super) fn in_force(&self) -> Vec<LimitInForce> {
        let limit = |limit: &super::Limit| LimitInForce {
            name: limit.name.clone(),
            value: self.number(&limit.name),
            default: limit.value,
            unit: limit.unit.clone(),
            says: limit.says.clone(),
        };
        self.text.limits.iter().map(limit).collect()
    }
}
