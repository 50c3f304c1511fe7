//! Mutants of the rules: each rule's verdict is turned round, one at a time, and a case or the clean organisation must notice.
//!
//! `cargo xtask mutants conform` runs them and names each rule whose change nobody notices. The predicates stay as they are; what they answer is changed in the view
//! before anything asks for it.

#![allow(clippy::print_stderr, reason = "a long run says how far it came")]

use std::cell::OnceCell;
use std::sync::Arc;

use super::case::{Case, Expect};
use super::compare::differences;
use super::log::{Built, Fixed, build};
use super::patch::Lives;
use super::walk::cases;
use crate::check::{CHECKS, Check, Rule};
use crate::readiness::{explain, plant};
use crate::shape::{Lapse, Verdicts};
use crate::view::View;

/// How a verdict is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// what passes fails, and what fails passes
    Round,
    /// nothing ever fails
    Blind,
}

/// Answers of a rule, changed.
fn turned(verdicts: Verdicts, turn: Turn) -> Verdicts {
    let Verdicts { passed, failed, .. } = verdicts.clone();
    match turn {
        Turn::Round => {
            let lapse = |subject| Lapse { subject: Some(subject), ..Lapse::of_organisation() };
            let passing = failed.iter().filter_map(|lapse| lapse.subject).collect();
            let failing: Vec<Lapse> = if passed.is_empty() && failed.is_empty() {
                vec![Lapse::of_organisation()]
            } else {
                passed.into_iter().map(lapse).collect()
            };
            Verdicts { passed: passing, failed: failing, ..verdicts }
        }
        Turn::Blind => Verdicts { failed: Vec::new(), ..verdicts },
    }
}

/// What differs from what is expected when a rule answers otherwise.
fn noticed(fixed: &Fixed, built: &Built, check: &Check, rule: &'static Rule, turn: Turn, expect: &Expect) -> bool {
    let view = built.view(fixed, built.today);
    let seed = |view: &View| {
        plant(view, rule, Arc::new(turned((rule.judge)(view), turn)));
    };
    seed(&view);
    let proven = view.proven();
    if !std::ptr::eq(proven, &raw const view) {
        seed(proven);
    }
    explain(&view, check.requirement, None).is_none_or(|found| !differences(expect, &found, built).is_empty())
}

/// Ids of rules whose change nobody notices. The cases of a rule's own heading are asked first: they are the likeliest to notice, and one is enough.
fn survivors(turn: Turn) -> Vec<&'static str> {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let clean = build(&base, &fixed.kinds).unwrap();
    let mut survivors = Vec::new();
    for check in CHECKS {
        let cases: Vec<(Case, OnceCell<Built>)> = cases(check).unwrap().into_iter().map(|case| (case, OnceCell::new())).collect();
        let told = |case: &Case| build(&base.clone().patched(&case.patch).unwrap(), &fixed.kinds).unwrap();
        for rule in check.rules {
            let (own, others): (Vec<_>, Vec<_>) = cases.iter().partition(|(case, _)| case.rule == rule.id);
            let in_case = |(case, built): &(Case, OnceCell<Built>)| {
                noticed(fixed, built.get_or_init(|| told(case)), check, rule, turn, &case.expect)
            };
            let seen = noticed(fixed, &clean, check, rule, turn, &Expect::default())
                || own.into_iter().any(in_case)
                || others.into_iter().any(in_case);
            if !seen {
                survivors.push(rule.id);
            }
        }
        eprintln!("{turn:?}: {} looked at, survivors so far: {survivors:?}", check.requirement);
    }
    survivors
}

#[test]
fn a_rule_that_answers_the_opposite_is_noticed() {
    assert_eq!(survivors(Turn::Round), [""; 0]);
}

#[test]
fn a_rule_that_never_fails_is_noticed() {
    assert_eq!(survivors(Turn::Blind), [""; 0]);
}
