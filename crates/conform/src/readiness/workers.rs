//! Judging the rules in two threads, and again after a write.
//!
//! A view keeps what it computes to itself, so each thread has its own and hands over what its rules found. Controls are judged
//! first: rules of clauses ask how far controls are carried out, and would judge them again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::ItemRun;
use super::run::{judged, plant};
use crate::check::{Check, Rule};
use crate::framework::Item;
use crate::shape::Verdicts;
use crate::view::{Seed, View};

/// From how many leaves on a second thread is worth its start.
const MANY_LEAVES: u64 = 2_000;
/// Items whose rules judge other items on past days: they take longest and are begun first.
const LONGEST: [&str; 2] = ["6.1.3", "9.2.2"];

/// Judges every rule on the view, so that what follows finds the verdicts there.
pub(super) fn judge(view: &View, checks: &'static [Check]) {
    if let Some(seed) = view.seed().filter(Seed::is_large) {
        in_two(view, || seed.view(), checks);
    }
}

impl Seed {
    fn is_large(&self) -> bool {
        self.leaves() >= MANY_LEAVES
    }
}

/// Judges every rule on a view and a second one, made in its own thread; the second comes back.
pub(super) fn in_two(view: &View, second: impl FnOnce() -> View + Send, checks: &'static [Check]) -> View {
    let items = view.frameworks().items().iter().collect();
    share_out(view, second, checks, items)
}

/// Judges the items again of which a rule is stale, on two views; the second comes back.
pub(super) fn again(view: &View, second: View, checks: &'static [Check], stale: &BTreeSet<&'static str>) -> View {
    let touched = |item: &&Item| {
        let check = checks.iter().find(|check| check.requirement == item.id);
        check.is_some_and(|check| check.rules.iter().any(|rule| stale.contains(rule.id)))
    };
    let items = view.frameworks().items().iter().filter(touched).collect();
    share_out(view, || second, checks, items)
}

fn share_out<'i>(view: &'i View, second: impl FnOnce() -> View + Send, checks: &'static [Check], items: Vec<&'i Item>) -> View {
    let mut items = items;
    items.sort_by_key(|item| !LONGEST.contains(&item.id.as_str()));
    let (controls, clauses): (Vec<&Item>, Vec<&Item>) = items.into_iter().partition(|item| item.is_control());
    let work = [controls, clauses].map(|items| Share { items, next: AtomicUsize::new(0) });
    let claimed = |share: usize| {
        let share: &Share<'_> = &work[share];
        move || share.items.get(share.next.fetch_add(1, Ordering::Relaxed)).copied()
    };
    in_threads(view, second, checks, &claimed)
}

/// One part of the work; each item is claimed by one thread.
struct Share<'i> {
    items: Vec<&'i Item>,
    next: AtomicUsize,
}

/// Runs two views side by side; `of_share` gives each the items that it judges.
fn in_threads<'i, N: FnMut() -> Option<&'i Item>>(
    view: &View,
    second: impl FnOnce() -> View + Send,
    checks: &'static [Check],
    of_share: &(impl Fn(usize) -> N + Sync),
) -> View {
    let ((here, from_there), (there, from_here)) = (channel(), channel());
    std::thread::scope(|scope| {
        let other = scope.spawn(move || {
            let view = second();
            run(&view, checks, of_share, &Exchange { gives: here, takes: from_here });
            view
        });
        run(view, checks, of_share, &Exchange { gives: there, takes: from_there });
        other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What a rule found on the view, and on the one of what is bound if that is another.
struct Found {
    rule: &'static Rule,
    verdicts: Option<Arc<Verdicts>>,
    proven: Option<Arc<Verdicts>>,
}

/// What two threads tell each other after each part. When the other one panics nothing comes, and joining it passes the panic on.
struct Exchange {
    gives: Sender<Vec<Found>>,
    takes: Receiver<Vec<Found>>,
}

/// How many parts the work has: controls, clauses.
const SHARES: usize = 2;

fn run<'i, N: FnMut() -> Option<&'i Item>>(
    view: &View,
    checks: &'static [Check],
    of_share: &impl Fn(usize) -> N,
    exchange: &Exchange,
) {
    for share in 0..SHARES {
        let mut found = Vec::new();
        for item in std::iter::from_fn(of_share(share)) {
            found.extend(judge_item(view, item, checks));
        }
        // The other thread may be done with everything and gone.
        let _ = exchange.gives.send(found);
        exchange.takes.recv().unwrap_or_default().iter().for_each(|found| found.put(view));
    }
}

fn judge_item(view: &View, item: &Item, checks: &'static [Check]) -> Vec<Found> {
    let Some(check) = checks.iter().find(|check| check.requirement == item.id) else { return Vec::new() };
    let _ = ItemRun::of(view, item, Some(check));
    check.rules.iter().map(|rule| Found::of(view, rule)).collect()
}

impl Found {
    fn of(view: &View, rule: &'static Rule) -> Self {
        let proven = view.proven();
        let apart = !std::ptr::eq(proven, view);
        Self { rule, verdicts: judged(view, rule), proven: apart.then(|| judged(proven, rule)).flatten() }
    }

    fn put(&self, view: &View) {
        let proven = view.proven();
        self.verdicts.iter().for_each(|verdicts| plant(view, self.rule, verdicts.clone()));
        self.proven.iter().for_each(|verdicts| plant(proven, self.rule, verdicts.clone()));
    }
}
