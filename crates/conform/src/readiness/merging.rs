//! Findings of all items, with lapses that two rules see shown once (`terms.yaml`, one finding; `same_as` in the texts).
//!
//! A rule with `same_as` gives each lapse that one of the rules named there sees in the same record to the finding of that rule.
//! Rules that are not judged, or whose lapses are open work, are passed over. Whether an item is met looks at its own rules and
//! so is not touched by it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use vouch_record::Id;

use crate::check::{Check, RuleText};
use crate::shape::Lapse;
use crate::view::View;

use super::run::Open;
use super::{Finding, ItemRun, RuleRun, grading};

/// Findings of one item by the rule under which they stand.
#[derive(Default)]
pub(super) struct Merged {
    /// findings to be taken by the item
    pub(super) findings: HashMap<&'static str, Finding>,
    /// for a rule, the rules under which its lapses are shown
    pub(super) shown_under: HashMap<&'static str, Vec<&'static str>>,
}

/// The findings of an item.
pub(super) fn merge<'v>(view: &'v View, checks: &'static [Check], run: &ItemRun<'v>) -> Merged {
    let beside = Besides::new(view, checks);
    let mut merged = Merged::default();
    for rule in run.rules.iter().filter(|rule| !run.preview && !rule.open.is_empty()) {
        let homes = beside.homes(rule);
        let here = |home: &str| home == rule.rule.id;
        let own: Vec<Open<'_>> = rule.open.iter().zip(homes.iter()).filter(|(_, home)| here(home)).map(|(open, _)| *open).collect();
        if !own.is_empty() {
            let grade = grading::grade(view, run, rule);
            merged.findings.insert(rule.rule.id, beside.with_others(Finding::of(view, run, rule, &own, grade), rule.rule.id));
        }
        let mut others: Vec<&'static str> = homes.iter().copied().filter(|home| *home != rule.rule.id).collect();
        others.dedup();
        merged.shown_under.insert(rule.rule.id, others);
    }
    merged
}

/// For each open lapse of a rule, the rule under which it is shown; kept with the view.
type Homes = Arc<Vec<&'static str>>;
/// For each record a rule fails, the first lapse about it.
type ByRecord<'v> = HashMap<Option<Id>, &'v Lapse>;
/// Rules whose lapses may be shown under a rule, in the order of the items.
type Under = HashMap<Box<str>, Vec<Box<str>>>;

/// What the rules of other items see.
struct Besides<'v> {
    view: &'v View,
    checks: &'static [Check],
    runs: RefCell<HashMap<Box<str>, Option<Rc<ItemRun<'v>>>>>,
    seen: RefCell<HashMap<&'static str, Rc<ByRecord<'v>>>>,
}

impl<'v> Besides<'v> {
    fn new(view: &'v View, checks: &'static [Check]) -> Self {
        Self { view, checks, runs: RefCell::default(), seen: RefCell::default() }
    }

    /// The item of a rule and the place of the rule in it, if it fails and its lapses are no open work.
    fn failing(&self, rule: &str) -> Option<(Rc<ItemRun<'v>>, usize)> {
        let (item, _) = rule.rsplit_once('-')?;
        let known = self.runs.borrow().get(item).cloned();
        let run = known.unwrap_or_else(|| {
            let check = self.checks.iter().find(|check| check.requirement == item);
            let run =
                self.view.frameworks().item(item).zip(check).map(|(of, check)| Rc::new(ItemRun::of(self.view, of, Some(check))));
            self.runs.borrow_mut().insert(item.into(), run.clone());
            run
        })?;
        let at = run.rules.iter().position(|of| of.rule.id == rule && !run.preview && !of.open.is_empty())?;
        Some((run, at))
    }

    fn homes(&self, rule: &RuleRun<'v>) -> Homes {
        if rule.text.same_as.is_empty() {
            return Arc::new(vec![rule.rule.id; rule.open.len()]);
        }
        // What is kept looks at the others itself, so that it is known to rest on them.
        let homes = || {
            let beside = Self::new(self.view, self.checks);
            Arc::new(rule.open.iter().map(|open| beside.home(rule, open.lapse, 0)).collect())
        };
        self.view.keep::<Homes>(None, rule.rule.id, homes).clone()
    }

    /// The rule under which a lapse is shown: the first of the rules named by `same_as` that sees it too, or where that one shows it.
    fn home(&self, from: &RuleRun<'v>, lapse: &Lapse, depth: usize) -> &'static str {
        /// No chain is so long; texts that name each other in a ring end here.
        const LONGEST: usize = 64;
        if depth > LONGEST {
            return from.rule.id;
        }
        for name in &from.text.same_as {
            let Some((run, at)) = self.failing(name) else { continue };
            let other = &run.rules[at];
            let record = lapse.subject.map(|subject| subject.id);
            if let Some(lapse) = self.by_record(other).get(&record) {
                return self.home(other, lapse, depth + 1);
            }
        }
        from.rule.id
    }

    fn by_record(&self, rule: &RuleRun<'v>) -> Rc<ByRecord<'v>> {
        if let Some(known) = self.seen.borrow().get(rule.rule.id) {
            return known.clone();
        }
        let mut seen = ByRecord::default();
        for open in &rule.open {
            seen.entry(open.lapse.subject.map(|subject| subject.id)).or_insert(open.lapse);
        }
        let seen = Rc::new(seen);
        self.seen.borrow_mut().insert(rule.rule.id, seen.clone());
        seen
    }

    /// A finding with what other rules say whose lapses are shown under it.
    fn with_others(&self, mut finding: Finding, rule: &'static str) -> Finding {
        let under: &Under = self.view.keep(None, "readiness.under", || under(self.view));
        for other in under.get(rule).into_iter().flatten() {
            let Some((run, at)) = self.failing(other) else { continue };
            let other = &run.rules[at];
            let homes = self.homes(other);
            if !homes.contains(&rule) {
                continue;
            }
            let wholly = homes.iter().all(|home| *home != other.rule.id);
            let grade = if wholly { grading::grade(self.view, &run, other).0 } else { other.text.grade };
            if grade > finding.grade {
                finding.grade = grade;
                finding.raised_because = Some(format!("{} sees the same lapse and weighs it heavier", other.rule.id));
            }
            finding.also.push((run.item.id.clone(), other.rule.id.to_owned()));
        }
        finding
    }
}

/// For each rule those whose texts name it in `same_as`, also through others.
fn under(view: &View) -> Under {
    let texts = view.frameworks().items().iter().filter_map(|item| view.texts().get(&item.id));
    let rules: Vec<&RuleText> = texts.flat_map(|text| text.rules().map(|(_, rule)| rule)).collect();
    let named: HashMap<&str, &Vec<String>> = rules.iter().map(|rule| (rule.id.as_str(), &rule.same_as)).collect();
    let mut under = Under::new();
    for rule in &rules {
        let mut found: Vec<&str> = Vec::new();
        let mut next: Vec<&str> = rule.same_as.iter().map(String::as_str).collect();
        while let Some(name) = next.pop() {
            if name != rule.id && !found.contains(&name) {
                found.push(name);
                next.extend(named.get(name).into_iter().flat_map(|names| names.iter().map(String::as_str)));
            }
        }
        found.into_iter().for_each(|name| under.entry(name.into()).or_default().push(rule.id.as_str().into()));
    }
    under
}
