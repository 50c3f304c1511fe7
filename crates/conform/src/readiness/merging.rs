//! Findings of all items, with lapses that two rules see shown once (`terms.yaml`, one finding; `same_as` in the texts).
//!
//! A rule with `same_as` gives each lapse that one of the rules named there sees in the same record to the finding of that rule.
//! Rules that are not judged, or whose lapses are open work, are passed over. Whether an item is met looks at its own rules and
//! so is not touched by it.

use std::collections::HashMap;

use crate::shape::Lapse;
use crate::view::View;

use super::run::Open;
use super::{Finding, Grade, ItemRun, RuleRun, grading};

/// Findings by the rule under which they stand.
#[derive(Default)]
pub(super) struct Merged {
    /// findings to be taken by their items
    pub(super) findings: HashMap<&'static str, Finding>,
    /// for a rule, the rules under which its lapses are shown
    pub(super) shown_under: HashMap<&'static str, Vec<&'static str>>,
}

struct Pending<'r, 'v> {
    run: &'r ItemRun<'v>,
    rule: &'r RuleRun<'v>,
    grade: (Grade, Option<String>),
}

type AllPending<'r, 'v> = HashMap<&'static str, Pending<'r, 'v>>;

/// The findings of all items.
pub(super) fn merge<'v>(view: &View, runs: &[ItemRun<'v>]) -> Merged {
    let rules = || runs.iter().flat_map(|run| run.rules.iter().map(move |rule| (run, rule)));
    let failing = || rules().filter(|(run, rule)| !run.preview && !rule.open.is_empty());
    let pending: AllPending<'_, 'v> =
        failing().map(|(run, rule)| (rule.rule.id, Pending { run, rule, grade: grading::grade(view, run, rule) })).collect();
    let mut merged = Merged::default();
    let mut moved: Vec<(&'static str, &Pending<'_, 'v>, bool)> = Vec::new();
    for (_, rule) in failing() {
        let one = &pending[rule.rule.id];
        let homes: Vec<&'static str> = rule.open.iter().map(|open| home(&pending, one, open.lapse, 0)).collect();
        let own: Vec<Open<'_>> =
            rule.open.iter().zip(&homes).filter(|(_, home)| **home == rule.rule.id).map(|(open, _)| *open).collect();
        if !own.is_empty() {
            merged.findings.insert(rule.rule.id, Finding::of(view, one.run, rule, &own, one.grade.clone()));
        }
        let mut others: Vec<&'static str> = homes.into_iter().filter(|home| *home != rule.rule.id).collect();
        others.dedup();
        moved.extend(others.iter().map(|home| (*home, one, own.is_empty())));
        merged.shown_under.insert(rule.rule.id, others);
    }
    for (home, from, wholly) in moved {
        let Some(finding) = merged.findings.get_mut(home) else { continue };
        let grade = if wholly { from.grade.0 } else { from.rule.text.grade };
        if grade > finding.grade {
            finding.grade = grade;
            finding.raised_because = Some(format!("{} sees the same lapse and weighs it heavier", from.rule.rule.id));
        }
        let also = (from.run.item.id.clone(), from.rule.rule.id.to_owned());
        if !finding.also.contains(&also) {
            finding.also.push(also);
        }
    }
    merged
}

/// The rule under which a lapse is shown: the first of the rules named by `same_as` that sees it too, or where that one shows it.
fn home(pending: &AllPending<'_, '_>, from: &Pending<'_, '_>, lapse: &Lapse, depth: usize) -> &'static str {
    // No chain is longer than there are rules; texts that name each other in a ring end here.
    if depth > pending.len() {
        return from.rule.rule.id;
    }
    for name in &from.rule.text.same_as {
        let Some(other) = pending.get(name.as_str()) else { continue };
        let record = lapse.subject.map(|subject| subject.id);
        let same = other.rule.open.iter().find(|open| open.lapse.subject.map(|subject| subject.id) == record);
        if let Some(open) = same {
            return home(pending, other, open.lapse, depth + 1);
        }
    }
    from.rule.rule.id
}
