//! Tests of other frameworks through the crosswalk.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::cases::{Fixed, Lives, build};
use crate::framework::Strength;
use crate::readiness::Readiness;
use crate::view::View;

use super::{Coverage, Reach, duties, milestones};

fn organisation(patch: &str) -> View {
    let fixed = Fixed::load();
    let built = build(&Lives::base().with(patch).unwrap(), &fixed.kinds).unwrap();
    built.view(fixed, built.today)
}

/// Answers in which these items are met so deep, and the others not.
fn answers(view: &View, met: &[(&str, usize)]) -> Readiness {
    let mut readiness = Readiness::with(view, &[]);
    for answer in readiness.requirements.iter_mut().map(Arc::make_mut) {
        let depth = met.iter().find(|(item, _)| *item == answer.id).map_or(0, |(_, depth)| *depth);
        (answer.documented, answer.operating, answer.proven) = (depth > 0, depth > 1, depth > 2);
    }
    readiness
}

fn check(key: &str, node: &str, met: &[(&str, usize)], reach: Reach) -> Vec<String> {
    let view = organisation("{}");
    let readiness = answers(&view, met);
    let coverage = Coverage::of(view.frameworks(), &readiness, key).unwrap().unwrap();
    let found = coverage.requirements.iter().find(|found| found.id == node).unwrap();
    assert_eq!(found.reach, reach, "{key} {node} with {met:?}");
    found.remainder.clone()
}

/// A requirement with a row of full strength, with that row's item.
fn fully_crossed(view: &View) -> (String, String, String) {
    let frameworks = view.frameworks();
    for framework in frameworks.others().unwrap() {
        let rows = &frameworks.crosswalk(&framework.key).unwrap().rows;
        if let Some(row) = rows.iter().find(|row| row.strength == Strength::Full) {
            return (framework.key.clone(), row.node.clone(), row.item.clone());
        }
    }
    panic!("no row is full");
}

#[test]
fn as_many_requirements_are_counted_as_the_crosswalk_says_there_are() {
    #[derive(serde::Deserialize)]
    struct File {
        coverage: Vec<Line>,
    }
    #[derive(serde::Deserialize)]
    struct Line {
        framework: String,
        target_items: usize,
        reached_full: usize,
        reached_partial: usize,
        not_mapped_ids: Vec<String>,
    }
    let view = organisation("{}");
    let readiness = Readiness::with(&view, &[]);
    let frameworks = view.frameworks();
    let file: File = serde_saphyr::from_slice(frameworks.bytes("crosswalk").unwrap()).unwrap();
    for line in file.coverage {
        let coverage = Coverage::of(frameworks, &readiness, &line.framework).unwrap().unwrap();
        assert_eq!(coverage.counts.of, line.target_items, "{}", line.framework);
        let best =
            |strength| coverage.requirements.iter().filter(|found| found.by.first().map(|by| by.strength) == strength).count();
        assert_eq!(best(Some(Strength::Full)), line.reached_full, "{}", line.framework);
        assert_eq!(best(Some(Strength::Partial)), line.reached_partial, "{}", line.framework);
        let bare: Vec<&str> = coverage.requirements.iter().filter(|found| found.by.is_empty()).map(|found| found.id).collect();
        assert_eq!(bare.len(), line.not_mapped_ids.len(), "{}: {bare:?}", line.framework);
        assert!(line.not_mapped_ids.iter().all(|id| bare.contains(&id.as_str())), "{}", line.framework);
    }
}

#[test]
fn a_full_row_covers_once_its_item_operates_and_says_before_what_it_lacks() {
    let (key, node, item) = fully_crossed(&organisation("{}"));
    assert!(check(&key, &node, &[(&item, 2)], Reach::Covered).is_empty());
    let remainder = check(&key, &node, &[(&item, 1)], Reach::Partly);
    assert!(remainder.iter().any(|open| open.contains("does not operate yet")), "{remainder:?}");
    let remainder = check(&key, &node, &[], Reach::Not);
    assert!(remainder.iter().any(|open| open.contains("not met at any depth")), "{remainder:?}");
}

#[test]
fn partial_rows_never_cover_however_many_they_are_and_name_what_remains() {
    let met = ["A.6.2.4", "A.6.2.6", "A.9.2", "A.9.3", "A.6.2.2", "A.6.2.3"].map(|item| (item, 3));
    let view = organisation("{}");
    let readiness = answers(&view, &met);
    let coverage = Coverage::of(view.frameworks(), &readiness, "owasp_llm_2025").unwrap().unwrap();
    assert_eq!(coverage.counts.covered, 0);
    assert!(coverage.counts.partly > 0);
    assert!(coverage.requirements.iter().all(|found| !found.remainder.is_empty()));
    assert!(!coverage.still_to_do.is_empty());
}

#[test]
fn an_excluded_control_gives_no_evidence() {
    let view = organisation("{}");
    let (key, node, item) = fully_crossed(&view);
    let mut readiness = answers(&view, &[(&item, 3)]);
    let answer = readiness.requirements.iter_mut().find(|answer| answer.id == item).unwrap();
    Arc::make_mut(answer).applies = false;
    let coverage = Coverage::of(view.frameworks(), &readiness, &key).unwrap().unwrap();
    let found = coverage.requirements.iter().find(|found| found.id == node).unwrap();
    assert_eq!(found.reach, Reach::Not);
    assert!(found.remainder.iter().any(|open| open.contains("is not applied here")), "{:?}", found.remainder);
}

#[test]
fn duties_of_the_eu_ai_act_follow_the_roles_and_tiers_decided_for_systems() {
    let dates = |patch: &str| {
        let view = organisation(patch);
        let readiness = Readiness::with(&view, &[]);
        let coverage = Coverage::of(view.frameworks(), &readiness, "eu_ai_act").unwrap().unwrap();
        let duties = duties(&view, &coverage).unwrap();
        let days: BTreeMap<String, usize> =
            milestones(&duties, view.today()).into_iter().map(|day| (day.on.to_string(), day.duties.len())).collect();
        let ids: Vec<String> = duties.iter().map(|duty| duty.id.to_owned()).collect();
        (days, ids)
    };
    let classified = |system: &str, roles: &str, tiers: &str| {
        format!(
            "change: {{{system}: {{eu_roles: {roles}, eu_tiers: {tiers}, eu_tiers_reason: decided, eu_classified_on: 2026-03-02}}}}"
        )
    };
    let (days, ids) = dates(&classified("SYS-1", "[provider]", "[high_risk_annex_iii]"));
    assert!(days.contains_key("2027-12-02"), "{days:?}");
    assert!(ids.contains(&"Art. 6(4)".to_owned()) && !ids.contains(&"Art. 25(1)".to_owned()), "{ids:?}");
    let (days, ids) = dates(&classified("SYS-1", "[deployer]", "[minimal]"));
    assert!(!days.contains_key("2027-12-02") && !ids.contains(&"Art. 6(4)".to_owned()), "{days:?} {ids:?}");
    assert!(dates(&classified("SYS-1", "[provider]", "[outside]")).0.is_empty());
}
