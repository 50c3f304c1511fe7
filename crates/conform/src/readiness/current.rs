//! Readiness that follows an organisation from write to write.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::Id;

use super::Readiness;
use super::explain::{Explanation, explain};
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
        Readiness::gathered(self.view(basis, today, now).get(), CHECKS)
    }

    /// Why a requirement is met or not, or what its rules say about one record, on a day that is not over: see [`explain()`]. The
    /// verdicts are those that the answer rests on, and are not found again.
    pub fn explain(
        &mut self,
        (basis, today, now): (Basis, Date, Timestamp),
        requirement: &str,
        record: Option<Id>,
    ) -> Option<Explanation> {
        explain(self.view(basis, today, now).get(), requirement, record)
    }

    /// A view on which every rule is judged.
    fn view(&mut self, basis: Basis, today: Date, now: Timestamp) -> Judged<'_> {
        let basis = Arc::new(basis);
        let beside = self.beside.as_ref();
        let kept = self.pair.take().filter(|pair| pair.here.today() == today);
        if let Some(pair) = kept.and_then(|pair| pair.renewed(&basis, now, beside)) {
            return Judged::Kept(&self.pair.insert(pair).here);
        }
        let here = View::following(basis.clone(), today, now);
        match in_two(&here, || View::following(basis, today, now), CHECKS, beside) {
            Some(there) => Judged::Kept(&self.pair.insert(Pair { here, there }).here),
            None => Judged::Once(Box::new(here)),
        }
    }
}

/// A view on which every rule is judged.
enum Judged<'c> {
    /// one that the next answer begins with
    Kept(&'c View),
    /// one that nothing follows
    Once(Box<View>),
}

impl Judged<'_> {
    fn get(&self) -> &View {
        match self {
            Self::Kept(view) => view,
            Self::Once(view) => view,
        }
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
