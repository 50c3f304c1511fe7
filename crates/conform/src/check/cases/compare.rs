//! What a case expects against what the rules say.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::Id;

use super::case::Expect;
use super::log::Built;
use crate::readiness::{Explanation, Seen};

/// Every difference between what is expected and what was found.
pub(super) fn differences(expect: &Expect, found: &Explanation, built: &Built) -> Vec<String> {
    let mut differences = Vec::new();
    let fails = lists(found, built, |rule| &rule.failed);
    if fails != expect.fails {
        let sentences: Vec<String> = found
            .rules
            .iter()
            .flat_map(|rule| rule.failed.iter().map(|seen| format!("{}: {}", rule.id, sentence(seen, built))))
            .collect();
        differences.push(format!("fails {fails:?}, expected {:?}; {sentences:#?}", expect.fails));
    }
    let undecided = lists(found, built, |rule| &rule.undecided);
    if undecided != expect.undecided {
        differences.push(format!("cannot judge {undecided:?}, expected {:?}", expect.undecided));
    }
    let passed = lists(found, built, |rule| &rule.passed);
    for (rule, labels) in &expect.passes {
        let missing: Vec<&String> =
            labels.iter().filter(|label| !passed.get(rule).is_some_and(|passed| passed.contains(*label))).collect();
        if !missing.is_empty() {
            differences.push(format!("{rule} does not pass {missing:?} but {:?}", passed.get(rule)));
        }
    }
    let not_asked: BTreeSet<String> = found.rules.iter().filter(|rule| !rule.asked).map(|rule| rule.id.clone()).collect();
    if not_asked != expect.not_asked {
        let why: Vec<&String> = found.rules.iter().filter_map(|rule| rule.not_asked_because.as_ref()).collect();
        differences.push(format!("not asked {not_asked:?}, expected {:?}; {why:?}", expect.not_asked));
    }
    for (rule, wanted) in &expect.sentences {
        let said: Vec<String> = found
            .rules
            .iter()
            .filter(|found| found.id == *rule)
            .flat_map(|rule| rule.failed.iter().map(|seen| sentence(seen, built)))
            .collect();
        if !said.contains(wanted) {
            differences.push(format!("{rule} does not say `{wanted}` but {said:#?}"));
        }
    }
    differences
}

fn lists<'f>(
    found: &'f Explanation,
    built: &Built,
    list: impl Fn(&'f crate::readiness::RuleExplained) -> &'f Vec<Seen>,
) -> BTreeMap<String, BTreeSet<String>> {
    let label = |seen: &Seen| seen.id.map_or_else(|| "-".to_owned(), |id| built.label(id));
    let mut lists = BTreeMap::new();
    for rule in &found.rules {
        let labels: BTreeSet<String> = list(rule).iter().map(label).collect();
        if !labels.is_empty() {
            lists.insert(rule.id.clone(), labels);
        }
    }
    lists
}

/// The sentence about a record, with labels for ids.
fn sentence(seen: &Seen, built: &Built) -> String {
    in_labels(seen.why.as_deref().unwrap_or_default(), built)
}

/// A sentence with labels for ids.
pub(super) fn in_labels(sentence: &str, built: &Built) -> String {
    let mut said = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, said: &mut String| {
        let label = word.parse::<Id>().map_or_else(|_| word.clone(), |id| built.label(id));
        said.push_str(&label);
        word.clear();
    };
    for letter in sentence.chars() {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            word.push(letter);
        } else {
            flush(&mut word, &mut said);
            said.push(letter);
        }
    }
    flush(&mut word, &mut said);
    said
}
