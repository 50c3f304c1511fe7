//! Tests of the gap list over the base organisation of the cases.

use crate::check::cases::{Fixed, Lives, build};
use crate::readiness::{Depth, Readiness};
use crate::statement::Statement;

use super::{Gap, gaps};

fn all(patch: &str) -> Vec<Gap> {
    let fixed = Fixed::load();
    let built = build(&Lives::base().with(patch).unwrap(), &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let readiness = Readiness::of(&view);
    gaps(&view, &readiness, &Statement::of(&view, &readiness))
}

fn one(patch: &str, requirement: &str) -> Gap {
    all(patch).into_iter().find(|gap| gap.requirement == requirement).unwrap()
}

#[test]
fn every_requirement_has_a_line_and_what_is_met_wants_no_step() {
    let gaps = all("{}");
    assert_eq!(gaps.len(), 70);
    let gap = gaps.iter().find(|gap| gap.requirement == "A.9.2").unwrap();
    assert_eq!((gap.met, gap.steps, gap.missing.len()), (Some(Depth::Proven), 0, 0));
    assert!(gap.due.is_none(), "what is met has no day by which it must be");
}

#[test]
fn a_gap_names_depth_rule_records_remedy_and_who_answers() {
    let gap = one("change: {OVS-10: {stop_means: null}}", "A.9.2");
    assert_eq!(gap.met, None);
    let step = gap.missing.iter().find(|step| step.check == "A.9.2-D3").unwrap();
    assert_eq!((step.depth, step.steps), (Depth::Documented, 1));
    assert_eq!(step.records.iter().map(ToString::to_string).collect::<Vec<_>>(), ["SYS-2"]);
    assert!(!step.message.is_empty() && !step.remedy.is_empty() && step.act == "oversight-plan");
    assert!(gap.owner.person.is_some());
    assert_eq!(gap.steps, gap.missing.iter().map(|step| step.steps).sum::<usize>());
}

#[test]
fn the_earliest_promise_gives_the_day() {
    let patch = "{change: {OVS-10: {stop_means: null}}, add: {TSK-990: {at: 2026-11-01, by: PER-2, fields: {title: Mend the plan, assignee: PER-2, due: 2026-12-24, requirements: ['iso42001:A.9.2'], origin: OVS-10}}}}";
    let due = one(patch, "A.9.2").due.unwrap();
    assert_eq!((due.on.to_string().as_str(), due.by.prefix()), ("2026-12-24", "TSK"));
}
