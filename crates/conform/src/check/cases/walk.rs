//! Walks all texts, predicates and cases.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Case, read};
use super::compare::differences;
use super::log::{Fixed, build};
use super::patch::Lives;
use crate::check::{CHECKS, Check, InForce};
use crate::readiness::{Asked, Explanation, NOT_STATED, explain};

pub(super) fn cases(check: &Check) -> Result<Vec<Case>, String> {
    let file = format!("{}.md", file_of(check.requirement));
    let path = format!("{}/src/check/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    read(&file, &text)
}

/// `item_4_3` for a clause, `a_9_2` for a control.
fn file_of(requirement: &str) -> String {
    let name = requirement.to_lowercase().replace('.', "_");
    if name.starts_with('a') { name } else { format!("item_{name}") }
}

fn explained(fixed: &Fixed, lives: &Lives, requirement: &str) -> Result<(super::Built, Explanation), String> {
    let built = build(lives, &fixed.kinds)?;
    let view = built.view(fixed, built.today);
    let explanation = explain(&view, requirement, None).ok_or("there is no such item")?;
    drop(view);
    Ok((built, explanation))
}

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn the_base_organisation_passes_every_rule() {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let mut problems = Vec::new();
    let built = build(&base, &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    for check in CHECKS {
        let found = explain(&view, check.requirement, None).unwrap();
        problems.extend(
            differences(&super::case::Expect::default(), &found, &built)
                .into_iter()
                .map(|problem| format!("base, {}: {problem}", check.requirement)),
        );
    }
    assert_none(&problems);
}

#[test]
fn every_case_of_a_clause_finds_what_it_expects_and_each_rule_fires_and_passes() {
    walk(|check| !check.requirement.starts_with('A'));
}

#[test]
fn every_case_of_a_control_of_a_2_to_a_6_finds_what_it_expects_and_each_rule_fires_and_passes() {
    walk(|check| ["A.2", "A.3", "A.4", "A.5", "A.6"].iter().any(|group| check.requirement.starts_with(group)));
}

#[test]
fn every_case_of_a_control_of_a_7_to_a_10_finds_what_it_expects_and_each_rule_fires_and_passes() {
    walk(|check| ["A.7", "A.8", "A.9", "A.10"].iter().any(|group| check.requirement.starts_with(group)));
}

/// Walks the cases of some items, each built once: what it finds is exactly what it expects, each rule fires in a case of its heading
/// without an empty placeholder, and passes a record in the base or in a case.
fn walk(wanted: fn(&Check) -> bool) {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let clean = build(&base, &fixed.kinds).unwrap();
    let view = clean.view(fixed, clean.today);
    let mut problems = Vec::new();
    for check in CHECKS.iter().filter(|check| wanted(check) && is_named(check.requirement)) {
        let mut seen = Witnessed::default();
        seen.note(&explain(&view, check.requirement, None).unwrap(), "");
        let cases = cases(check).unwrap_or_else(|error| {
            problems.push(error);
            Vec::new()
        });
        for case in cases {
            let outcome = base.clone().patched(&case.patch).and_then(|lives| explained(fixed, &lives, check.requirement));
            let differing = match outcome {
                Ok((built, found)) => {
                    seen.note(&found, &case.rule);
                    differences(&case.expect, &found, &built)
                }
                Err(error) => vec![error],
            };
            problems.extend(differing.into_iter().map(|problem| format!("{}\n    {problem}", case.name)));
        }
        problems.extend(seen.missing(check));
    }
    drop(view);
    assert_none(&problems);
}

/// Whether `VOUCH_CASES` names the item, such as `A.6.2.4,8.2`, or nothing is named: whoever writes rules walks those of one item in a second.
#[allow(clippy::disallowed_methods, reason = "a test that narrows itself")]
fn is_named(requirement: &str) -> bool {
    std::env::var("VOUCH_CASES").map_or(true, |named| named.split(',').any(|item| item == requirement))
}

/// What was seen of the rules of an item.
#[derive(Default)]
struct Witnessed {
    fires: BTreeSet<String>,
    shows: BTreeSet<String>,
    unfilled: Vec<String>,
}

impl Witnessed {
    fn note(&mut self, found: &Explanation, heading: &str) {
        for rule in &found.rules {
            if rule.failed.is_empty() && !rule.passed.is_empty() {
                self.shows.insert(rule.id.clone());
            }
            if !rule.failed.is_empty() && rule.id == heading {
                self.fires.insert(rule.id.clone());
                let unfilled = rule.failed.iter().filter_map(|seen| seen.why.as_ref()).find(|why| why.contains(NOT_STATED));
                self.unfilled.extend(unfilled.map(|why| format!("{}: a placeholder has no value: {why}", rule.id)));
            }
        }
    }

    fn missing(self, check: &Check) -> Vec<String> {
        let mut problems = self.unfilled;
        for rule in check.rules {
            if !self.fires.contains(rule.id) {
                problems.push(format!("{}: no case of this heading in which it fires", rule.id));
            }
            if !self.shows.contains(rule.id) {
                problems.push(format!("{}: neither the base nor a case in which it passes a record", rule.id));
            }
        }
        problems
    }
}

#[test]
fn texts_and_predicates_belong_to_each_other() {
    let fixed = Fixed::load();
    let mut problems = Vec::new();
    for check in CHECKS {
        let Some(text) = fixed.texts.get(check.requirement) else {
            problems.push(format!("{}: its texts speak of another requirement", check.requirement));
            continue;
        };
        let texts: Vec<&str> = text.rules().map(|(_, rule)| rule.id.as_str()).collect();
        let predicates: Vec<&str> = check.rules.iter().map(|rule| rule.id).collect();
        if texts != predicates {
            problems
                .push(format!("{}: texts {texts:?}, predicates {predicates:?}; one for each, in this order", check.requirement));
        }
        let letter = |id: &str| id.rsplit('-').next().and_then(|rest| rest.chars().next());
        for (depth, rule) in text.rules() {
            let wanted = depth.word().to_uppercase().chars().next();
            if letter(&rule.id) != wanted {
                problems.push(format!("{} stands at depth {depth}", rule.id));
            }
        }
        if check.not_applicable.is_some() != text.not_applicable_when.as_deref().is_some_and(|when| when != "never") {
            problems.push(format!("{}: `not_applicable_when` and its predicate do not belong together", check.requirement));
        }
    }
    assert_none(&problems);
}

#[test]
fn the_table_is_in_the_order_of_the_standard_and_names_auditable_items() {
    let fixed = Fixed::load();
    let places: Vec<usize> = CHECKS.iter().map(|check| fixed.frameworks.place(check.requirement)).collect();
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    assert!(places.iter().all(|place| *place < fixed.frameworks.items().len()));
}

#[test]
fn texts_name_kinds_rules_and_acts_that_exist() {
    let fixed = Fixed::load();
    let mut problems = Vec::new();
    let item_of = |rule: &str| rule.rsplit_once('-').map_or(rule.to_owned(), |(item, _)| item.to_owned());
    for text in fixed.texts.iter() {
        for (_, rule) in text.rules() {
            let unknown = rule.reads.iter().filter(|kind| fixed.kinds.get(kind).is_none());
            problems.extend(unknown.map(|kind| format!("{} reads `{kind}`, which is no kind", rule.id)));
            let mut choices = rule.finding.split('[').skip(1);
            if choices.any(|rest| rest.split_once(']').is_none_or(|(choice, _)| choice.matches('|').count() != 1)) {
                problems.push(format!("{}: `[with {{it}}|without]` in its finding does not have two parts", rule.id));
            }
            if !rule.act.starts_with("page:") && fixed.kinds.get(&rule.act).is_none() {
                problems.push(format!("{} acts on `{}`, which is no kind and no page", rule.id, rule.act));
            }
            for other in &rule.same_as {
                let item = item_of(other);
                let there = fixed.texts.rule(other).is_some();
                let written = fixed.texts.get(&item).is_some();
                if fixed.frameworks.item(&item).is_none() || (written && !there) {
                    problems.push(format!("{} is the same as `{other}`, which is no rule", rule.id));
                }
            }
        }
    }
    assert_none(&problems);
}

/// Words of a rule that speak of something in force, and what it is.
const SPOKEN: [(&str, &str); 10] = [
    ("scope in force", "scope"),
    ("scope then in force", "scope"),
    ("the AI policy", "AI policy"),
    ("The AI policy", "AI policy"),
    ("policy in force", "AI policy"),
    ("method in force", "risk method"),
    ("statement in force", "statement of applicability"),
    ("statement-of-applicability in force", "statement of applicability"),
    ("the manual", "manual"),
    ("programme in force", "audit programme"),
];

#[test]
fn rules_that_speak_of_something_in_force_are_not_asked_while_there_is_none() {
    let fixed = Fixed::load();
    let mut problems = Vec::new();
    for check in CHECKS {
        for rule in check.rules {
            let Some((_, text)) = fixed.texts.rule(rule.id) else { continue };
            let declared: Vec<&str> = rule.speaks_of.iter().map(|what| what.words()).collect();
            let asks = |what: &str| all_in_force().iter().any(|one| one.words() == what && one.asked_by() == rule.id);
            let spoken = SPOKEN.iter().filter(|(words, what)| text.rule.contains(words) && !asks(what) && !declared.contains(what));
            problems.extend(
                spoken
                    .filter(|_| !UNCONDITIONAL.contains(&rule.id))
                    .map(|(_, what)| format!("{} speaks of the {what} and does not say so", rule.id)),
            );
        }
    }
    assert_none(&problems);
}

/// Rules that name something in force and can be judged without it.
const UNCONDITIONAL: [&str; 1] = [
    // Without a statement no exclusion of a control can contradict it; exclusions of clauses are judged all the same.
    "4.3-D5",
];

fn all_in_force() -> [InForce; 6] {
    [InForce::Scope, InForce::Policy, InForce::RiskMethod, InForce::Statement, InForce::Manual, InForce::AuditProgramme]
}

/// Each rule with its verdict on a day, in labels, so that two organisations compare.
fn verdicts(fixed: &Fixed, built: &super::Built, day: jiff::civil::Date) -> BTreeMap<String, String> {
    let view = built.view(fixed, day);
    let mut all = BTreeMap::new();
    for check in CHECKS {
        let found = explain(&view, check.requirement, None).expect("checks name items");
        for rule in &found.rules {
            let label = |seen: &crate::readiness::Seen| (seen.id.map(|id| built.label(id)), seen.revision);
            let mut lists: Vec<Vec<_>> =
                [&rule.passed, &rule.failed, &rule.undecided].map(|list| list.iter().map(label).collect()).into();
            lists.iter_mut().for_each(|list| list.sort());
            all.insert(rule.id.clone(), format!("{:?} {:?} {lists:?}", rule.holds, rule.not_asked_because));
        }
    }
    all
}

mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::check::cases::log::build_shuffled;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn the_order_of_records_changes_no_verdict(seed in any::<u64>()) {
            let (fixed, base) = (Fixed::load(), Lives::base());
            let plain = build(&base, &fixed.kinds).unwrap();
            let shuffled = build_shuffled(&base, &fixed.kinds, seed).unwrap();
            prop_assert_eq!(verdicts(fixed, &plain, plain.today), verdicts(fixed, &shuffled, plain.today));
        }

        #[test]
        fn a_later_leaf_changes_no_earlier_answer(share in 0.05f64..1.0) {
            let (fixed, base) = (Fixed::load(), Lives::base());
            let whole = build(&base, &fixed.kinds).unwrap();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short log")]
            let seq = (whole.state.size() as f64 * share) as u64;
            let day = vouch_record::time::day_of(whole.state.time_of(seq.min(whole.state.size() - 1)).unwrap(), &jiff::tz::TimeZone::UTC);
            let early = whole.until(day, &fixed.kinds);
            prop_assert_eq!(verdicts(fixed, &whole, day), verdicts(fixed, &early, day));
        }
    }
}

#[test]
fn a_rule_that_is_not_asked_says_why() {
    assert_eq!(Asked::BeforeScope.sentence().as_deref(), Some("not asked before a first scope is approved"));
    let nothing = Asked::NothingInForce(InForce::Procedure { template: "T-AUP", item: "A.9.2" });
    assert_eq!(nothing.sentence().as_deref(), Some("not asked while no procedure is in force; see A.9.2-D1"));
}
