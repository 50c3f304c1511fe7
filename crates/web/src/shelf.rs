//! Values that a head and a day fix, computed once and shared by requests: the rows of long lists.

use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

/// Values kept; the oldest goes first.
const KEPT: usize = 24;

/// What a value is known by: size of the log, day, type.
type Key = (u64, Date, TypeId);

/// Computed values, the latest first.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: Mutex<Vec<(Key, Arc<dyn Any + Send + Sync>)>>,
}

impl Shelf {
    /// The value of this type for a head and a day. Two requests may compute it at once; they compute the same.
    ///
    /// # Errors
    /// What `compute` says.
    pub(crate) fn get<T, E>(&self, head: u64, day: Date, compute: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
    {
        let key = (head, day, TypeId::of::<T>());
        if let Some(found) = self.find(key) {
            return Ok(found);
        }
        let value = Arc::new(compute()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (key, value.clone()));
        kept.truncate(KEPT);
        Ok(value)
    }

    fn find<T: Send + Sync + 'static>(&self, key: Key) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, value) = kept.iter().find(|(other, _)| *other == key)?;
        value.clone().downcast().ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_is_computed_once_for_a_head_and_a_day() {
        let (shelf, day) = (Shelf::default(), date(2026, 3, 2));
        let ask = |head: u64, value: u32| *shelf.get::<u32, ()>(head, day, || Ok(value)).expect("it computes");
        assert_eq!((ask(1, 10), ask(1, 20), ask(2, 30), ask(1, 40)), (10, 10, 30, 10));
        assert_eq!(shelf.get::<u32, &str>(3, day, || Err("no")), Err("no"));
    }

    #[test]
    fn the_oldest_goes_when_the_shelf_is_full() {
        let (shelf, day) = (Shelf::default(), date(2026, 3, 2));
        for head in 0..=KEPT as u64 {
            shelf.get::<u64, ()>(head, day, || Ok(head)).expect("it computes");
        }
        assert_eq!(*shelf.get::<u64, ()>(0, day, || Ok(99)).expect("it computes"), 99);
        assert_eq!(*shelf.get::<u64, ()>(KEPT as u64, day, || Ok(99)).expect("it computes"), KEPT as u64);
    }
}
