//! Readiness that follows an organisation from write to write.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Readiness;
use super::workers::{Beside, again, in_two};
use crate::check::CHECKS;
use crate::shape::Verdicts;
use crate::view::{Basis, View};

/// Readiness in a running process: after a write only what rests on something that was written is judged again. The answer is the
/// one that [`Readiness::of`] gives from nothing.
pub struct Current {
    beside: Box<dyn Beside>,
    pair: Option<Pair>,
}

/// Two views of one state, each with what was judged in its thread.
struct Pair {
    here: View,
    there: View,
}

impl Current {
    /// Nothing is judged yet; `beside` runs two pieces of work at the same time.
    #[must_use]
    pub fn new(beside: impl Beside + 'static) -> Self {
        Self { beside: Box::new(beside), pair: None }
    }

    /// The answer for a day that is not over.
    pub fn readiness(&mut self, basis: Basis, today: Date, now: Timestamp) -> Readiness {
        let basis = Arc::new(basis);
        let beside = self.beside.as_ref();
        let kept = self.pair.take().filter(|pair| pair.here.today() == today);
        if let Some(pair) = kept.and_then(|pair| pair.renewed(&basis, now, beside)) {
            return Readiness::gathered(&self.pair.insert(pair).here, CHECKS);
        }
        let here = View::over(basis.clone(), today, now);
        let there = in_two(&here, || View::over(basis, today, now), CHECKS, beside);
        let readiness = Readiness::gathered(&here, CHECKS);
        self.pair = there.map(|there| Pair { here, there });
        readiness
    }
}

impl Pair {
    fn renewed(mut self, basis: &Arc<Basis>, now: Timestamp, beside: &dyn Beside) -> Option<Self> {
        let mut here: BTreeSet<&'static str> = self.here.renew(basis, now)?.into_iter().collect();
        let mut there: BTreeSet<&'static str> = self.there.renew(basis, now)?.into_iter().collect();
        // What one thread judged the other was only told: what rests on it there is as stale.
        loop {
            let (told_there, told_here) = (names(&here), names(&there));
            let more_there = self.there.forget::<Arc<Verdicts>>(&told_there);
            let more_here = self.here.forget::<Arc<Verdicts>>(&told_here);
            let known = (here.len(), there.len());
            here.extend(more_here);
            there.extend(more_there);
            if known == (here.len(), there.len()) {
                break;
            }
        }
        let stale: BTreeSet<&'static str> = here.union(&there).copied().collect();
        let there = again(&self.here, self.there, &stale, beside)?;
        Some(Self { here: self.here, there })
    }
}

fn names(set: &BTreeSet<&'static str>) -> Vec<&'static str> {
    set.iter().copied().collect()
}
