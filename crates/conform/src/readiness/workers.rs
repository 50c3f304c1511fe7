//! Judging the rules in two threads, and again after a write.
//!
//! A view keeps what it computes to itself, so each thread has its own and hands over what its rules found. Controls are judged
//! first: rules of clauses ask how far controls are carried out, and would judge them again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::ItemRun;
use super::run::{judged, plant};
use crate::check::{CHECKS, Check, Rule};
use crate::framework::Item;
use crate::shape::Verdicts;
use crate::view::View;

/// From how many leaves on a second thread is worth its start.
const MANY_LEAVES: u64 = 2_000;
/// Below so many items one thread judges alone.
const FEW_ITEMS: usize = 3;
/// Items whose rules judge other items on past days: they take longest and are begun first.
const LONGEST: [&str; 2] = ["6.1.3", "9.2.2"];

/// Two pieces of work at the same time. This crate starts no threads; whoever has some hands them in.
pub trait Beside: Send + Sync {
    /// Runs both and returns when both have ended. Where they run one after the other, `there` comes first.
    fn both(&self, here: &mut dyn FnMut(), there: &mut (dyn FnMut() + Send));
}

/// One after the other, in the thread that asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct InTurn;

impl Beside for InTurn {
    fn both(&self, here: &mut dyn FnMut(), there: &mut (dyn FnMut() + Send)) {
        there();
        here();
    }
}

/// Judges every rule on the view, so that what follows finds the verdicts there.
pub(super) fn judge(view: &View, checks: &'static [Check], beside: &dyn Beside) {
    if let Some(seed) = view.seed().filter(|seed| seed.leaves() >= MANY_LEAVES) {
        in_two(view, || seed.view(), checks, beside);
    }
}

/// Judges every rule on a view and a second one, made where it works; the second comes back.
pub(super) fn in_two(
    view: &View,
    second: impl FnOnce() -> View + Send,
    checks: &'static [Check],
    beside: &dyn Beside,
) -> Option<View> {
    let items = view.frameworks().items().iter().collect();
    share_out(view, second, (checks, items), beside)
}

/// Judges the items again of which a rule is stale, on two views; the second comes back.
pub(super) fn again(view: &View, second: View, stale: &BTreeSet<&'static str>, beside: &dyn Beside) -> Option<View> {
    let touched = |item: &&Item| {
        let check = CHECKS.iter().find(|check| check.requirement == item.id);
        check.is_some_and(|check| check.rules.iter().any(|rule| stale.contains(rule.id)))
    };
    let items: Vec<&Item> = view.frameworks().items().iter().filter(touched).collect();
    // A handful is judged before a second thread has begun.
    if items.len() < FEW_ITEMS {
        items.into_iter().for_each(|item| drop(judge_item(view, item, CHECKS)));
        return Some(second);
    }
    share_out(view, || second, (CHECKS, items), beside)
}

/// Judges these items by these checks on two views, each item on one of them.
fn share_out(
    view: &View,
    second: impl FnOnce() -> View + Send,
    (checks, mut items): (&'static [Check], Vec<&Item>),
    beside: &dyn Beside,
) -> Option<View> {
    items.sort_by_key(|item| !LONGEST.contains(&item.id.as_str()));
    let (controls, clauses): (Vec<&Item>, Vec<&Item>) = items.into_iter().partition(|item| item.is_control());
    let work = &[controls, clauses].map(|items| Share { items, next: AtomicUsize::new(0) });
    let (began_here, began_there) = (AtomicBool::new(false), AtomicBool::new(false));
    let ((to_here, from_there), (to_there, from_here)) = (channel(), channel());
    let mut ours = Some(Exchange { gives: to_there, takes: from_there, began: &began_here, other: &began_there });
    let mut theirs = Some((second, Exchange { gives: to_here, takes: from_here, began: &began_there, other: &began_here }));
    let mut made = None;
    beside.both(
        &mut || {
            let Some(exchange) = ours.take() else { return };
            run(view, checks, work, &exchange);
            // Until the other one is done; what it found last counts here too.
            let Exchange { gives, takes, .. } = exchange;
            drop(gives);
            takes.iter().flatten().for_each(|found: Found| found.put(view));
        },
        &mut || {
            let Some((second, exchange)) = theirs.take() else { return };
            let view = second();
            run(&view, checks, work, &exchange);
            made = Some(view);
        },
    );
    made
}

/// One part of the work; each item is claimed by one thread.
struct Share<'i> {
    items: Vec<&'i Item>,
    next: AtomicUsize,
}

/// What a rule found on the view, and on the one of what is bound if that is another.
struct Found {
    rule: &'static Rule,
    verdicts: Option<Arc<Verdicts>>,
    proven: Option<Arc<Verdicts>>,
}

/// What two threads tell each other after each part. When the other one panics nothing comes any more.
struct Exchange<'x> {
    gives: Sender<Vec<Found>>,
    takes: Receiver<Vec<Found>>,
    began: &'x AtomicBool,
    other: &'x AtomicBool,
}

fn run(view: &View, checks: &'static [Check], work: &[Share<'_>], exchange: &Exchange<'_>) {
    exchange.began.store(true, Ordering::Release);
    for share in work {
        let mut found = Vec::new();
        while let Some(item) = share.items.get(share.next.fetch_add(1, Ordering::Relaxed)) {
            found.extend(judge_item(view, item, checks));
        }
        // The other one may be done with everything and gone, or not have begun; then it is not waited for.
        let _ = exchange.gives.send(found);
        let began = exchange.other.load(Ordering::Acquire);
        let told = if began { exchange.takes.recv().ok() } else { exchange.takes.try_recv().ok() };
        told.unwrap_or_default().iter().for_each(|found| found.put(view));
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
