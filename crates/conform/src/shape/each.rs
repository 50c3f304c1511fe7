//! Each of a population, one of it, a share of it.

use super::{Judgement, Lapse, Verdicts};
use crate::view::Entry;

/// Every record of a population meets the rule; over an empty population it holds.
pub fn each<'v>(population: impl IntoIterator<Item = Entry<'v>>, judge: impl Fn(Entry<'v>) -> Judgement) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for entry in population {
        verdicts.note(entry, judge(entry));
    }
    verdicts
}

/// At least one record is there; those are what passes.
pub fn at_least_one<'v>(found: impl IntoIterator<Item = Entry<'v>>, lapse: impl FnOnce() -> Lapse) -> Verdicts {
    let passed: Vec<_> = found.into_iter().map(|entry| entry.subject()).collect();
    if passed.is_empty() { Verdicts::failed(lapse()) } else { Verdicts { passed, ..Verdicts::default() } }
}

/// At least one record of a population meets the rule; the lapses of the others do not count then.
pub fn one_of<'v>(
    population: impl IntoIterator<Item = Entry<'v>>,
    judge: impl Fn(Entry<'v>) -> Judgement,
    lapse: impl FnOnce() -> Lapse,
) -> Verdicts {
    let mut verdicts = each(population, judge);
    verdicts.failed.clear();
    if verdicts.passed.is_empty() {
        verdicts.failed.push(lapse());
    }
    verdicts
}

/// At least `wanted` in `of` of the judged records meet the rule. When too few do, their lapses stand; else they do not count.
#[must_use]
pub fn share(mut verdicts: Verdicts, wanted: usize, of: usize) -> Verdicts {
    let judged = verdicts.passed.len() + verdicts.failed.len();
    if verdicts.passed.len() * of >= judged * wanted {
        verdicts.failed.clear();
    }
    verdicts
}
