//! Whether records and files come back after a loss.

use vouch_record::kind::generated::resource::{Resource, ResourceCategory};
use vouch_record::kind::generated::test::{Test, TestType};

use crate::derived::test::{Verdict, verdict};
use crate::shape::{Judgement, Lapse, Verdicts, one_of};
use crate::view::{Entry, View};

/// How often a restore is tried.
const TRY_DAYS: i64 = 365;

/// 7.5.3-O5
pub(super) fn a_restore_was_tried(view: &View) -> Verdicts {
    let Some(year) = view.last_days(TRY_DAYS) else { return Verdicts::holds() };
    let stores = || view.all(Resource::KIND).filter(|entry| Resource(entry.content()).category().is(ResourceCategory::Storage));
    let mut tests: Vec<Entry<'_>> =
        stores().flat_map(|store| store.links("recovery_tests")).filter(|test| is_restore(*test)).collect();
    tests.sort_by_key(Entry::id);
    tests.dedup_by_key(|test| test.id());
    let run_on = |test: &Entry<'_>| Test(test.content()).run_at().get().map(|at| view.day(at));
    let last = tests.iter().filter_map(run_on).max().or(view.first_scope_on()).unwrap_or(view.today());
    let recent: Vec<Entry<'_>> = tests.into_iter().filter(|test| run_on(test).is_some_and(|on| year.has(on))).collect();
    let mut verdicts = one_of(
        recent,
        |test| Judgement::needing(test, &["results", "criteria"], || Judgement::when(succeeded(test), || Lapse::of(test))),
        || Lapse::of_organisation().value("date", last),
    );
    // What was erased may have shown it.
    if !verdicts.undecided.is_empty() {
        verdicts.failed.clear();
    }
    verdicts
}

fn is_restore(test: Entry<'_>) -> bool {
    Test(test.content()).type_().is(TestType::Recovery) && test.is_any(&["run", "reviewed"])
}

/// Whether every blocking criterion was met, and there was one.
fn succeeded(test: Entry<'_>) -> bool {
    let mut blocking = verdict(test).into_iter().filter(|row| row.blocking).peekable();
    blocking.peek().is_some() && blocking.all(|row| row.result == Verdict::Met)
}
