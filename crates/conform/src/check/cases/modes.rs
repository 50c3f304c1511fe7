//! Walks the cases of failure modes, `failure_mode/<fm_n>.md`: what fires, and about which records.

use std::collections::BTreeSet;

use super::case::{Case, read};
use super::compare::in_labels;
use super::log::{Built, Fixed, build};
use super::patch::Lives;
use crate::failure_mode::{FAILURE_MODES, FailureMode, Fired, of};
use crate::readiness::NOT_STATED;

fn cases(mode: &FailureMode) -> Result<Vec<Case>, String> {
    let file = format!("{}.md", mode.id.to_lowercase().replace('-', "_"));
    let path = format!("{}/src/failure_mode/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    read(&file, &text)
}

fn judged(fixed: &Fixed, lives: &Lives, mode: &FailureMode) -> Result<(Built, Option<Fired>), String> {
    let built = build(lives, &fixed.kinds)?;
    let view = built.view(fixed, built.today);
    let fired = of(&view, mode);
    drop(view);
    Ok((built, fired))
}

/// Where what fired differs from what a case expects.
fn differences(case: &Case, mode: &FailureMode, built: &Built, fired: Option<&Fired>) -> Vec<String> {
    let label = |record: Option<vouch_record::Id>| record.map_or_else(|| "-".to_owned(), |id| built.label(id));
    let found: BTreeSet<String> = fired.iter().flat_map(|fired| &fired.cases).map(|one| label(one.record)).collect();
    let wanted = case.expect.fails.get(mode.id).cloned().unwrap_or_default();
    let mut problems = Vec::new();
    if found != wanted {
        let said: Vec<&str> = fired.iter().flat_map(|fired| &fired.cases).map(|one| one.message.as_str()).collect();
        problems.push(format!("expects {wanted:?}, found {found:?}: {said:?}"));
    }
    let messages: Vec<String> = fired.iter().flat_map(|fired| &fired.cases).map(|one| in_labels(&one.message, built)).collect();
    for (_, sentence) in &case.expect.sentences {
        if !messages.contains(sentence) {
            problems.push(format!("expects `{sentence}`, found {messages:?}"));
        }
    }
    problems
}

#[test]
fn no_failure_mode_fires_in_the_base_organisation() {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let said = |mode: &FailureMode| {
        let (built, fired) = judged(fixed, &base, mode).unwrap();
        fired.map(|fired| {
            fired.cases.iter().map(|one| format!("{}: {}", mode.id, in_labels(&one.message, &built))).collect::<Vec<_>>()
        })
    };
    let fired: Vec<String> = FAILURE_MODES.iter().filter_map(said).flatten().collect();
    assert!(fired.is_empty(), "\n{}\n", fired.join("\n"));
}

#[test]
fn every_case_of_a_failure_mode_finds_exactly_what_it_expects_and_one_fires() {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let mut problems = Vec::new();
    for mode in FAILURE_MODES {
        let cases = cases(mode).unwrap_or_else(|error| {
            problems.push(error);
            Vec::new()
        });
        let (mut fires, mut rests) = (false, false);
        for case in &cases {
            match base.clone().patched(&case.patch).and_then(|lives| judged(fixed, &lives, mode)) {
                Ok((built, fired)) => {
                    fires |= fired.is_some();
                    rests |= fired.is_none();
                    let unfilled = fired.iter().flat_map(|fired| &fired.cases).find(|one| one.message.contains(NOT_STATED));
                    problems.extend(unfilled.map(|one| format!("{}: a placeholder has no value: {}", case.name, one.message)));
                    problems.extend(
                        differences(case, mode, &built, fired.as_ref())
                            .into_iter()
                            .map(|problem| format!("{}\n    {problem}", case.name)),
                    );
                }
                Err(error) => problems.push(format!("{}\n    {error}", case.name)),
            }
        }
        if !fires || !rests {
            problems.push(format!("{}: it needs a case in which it fires and one in which it nearly does", mode.id));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn failure_modes_stand_in_order_and_name_kinds_acts_and_limits_that_exist() {
    let fixed = Fixed::load();
    let texts = fixed.texts.modes();
    assert_eq!(texts.len(), 28);
    for (at, text) in texts.iter().enumerate() {
        assert_eq!(text.id, format!("FM-{}", at + 1));
        assert!(fixed.kinds.get(&text.act).is_some(), "{} acts on `{}`", text.id, text.act);
        assert!(text.reads.iter().all(|kind| fixed.kinds.get(kind).is_some()), "{} reads {:?}", text.id, text.reads);
        let mut names: Vec<&str> = text.limits.iter().map(|limit| limit.name.as_str()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]) && text.limits.iter().all(|limit| limit.value > 0), "{}", text.id);
    }
    let order: Vec<usize> = FAILURE_MODES.iter().filter_map(|mode| texts.iter().position(|text| text.id == mode.id)).collect();
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]) && order.len() == FAILURE_MODES.len(), "{order:?}");
}

#[test]
fn the_organisation_can_set_each_limit_and_no_other() {
    use vouch_record::kind::generated::organisation::OrganisationLimitLimit;
    let texts = Fixed::load().texts.modes();
    let id = |mode: &str, name: &str| format!("{}_{name}", mode.to_lowercase().replace('-', "_"));
    let wanted: BTreeSet<String> =
        texts.iter().flat_map(|text| text.limits.iter().map(|limit| id(&text.id, &limit.name))).collect();
    let there: BTreeSet<String> = OrganisationLimitLimit::ALL.iter().map(|limit| limit.id().to_owned()).collect();
    assert_eq!(there, wanted, "kinds/organisation.yaml and failure_modes.yaml name the same limits");
}

#[test]
fn a_limit_of_the_organisation_counts_instead_of_the_products() {
    let fixed = Fixed::load();
    let mode = FAILURE_MODES.iter().find(|mode| mode.id == "FM-3").unwrap();
    let fires = |limits: &str| {
        let patch = format!("change: {{SYS-2: {{family: Own assistants}}{limits}}}");
        judged(fixed, &Lives::base().with(&patch).unwrap(), mode).unwrap().1.is_some()
    };
    assert!(fires(""));
    assert!(!fires(", ORG-1: {limits: [{limit: fm_3_unplaced_days, value: 200, because: places are decided twice a year}]}"));
}
