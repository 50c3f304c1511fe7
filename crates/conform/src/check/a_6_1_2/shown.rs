//! Whether objectives were lowered by those who may, before the release, and limits kept to what was agreed.

use vouch_record::kind::generated::objective::Objective;
use vouch_record::kind::generated::shared::{CriterionComparator, RangeComparator};
use vouch_record::kind::generated::specification::{Specification, SpecificationTradeOffRow};
use vouch_record::kind::generated::test::{Test, TestCriteriaRow};
use vouch_record::{Leaf, Value};

use super::linked::{criteria, requirements, responsible};
use crate::check::assessing::deployed;
use crate::check::released::each_released;
use crate::check::specified::specification_of;
use crate::check::wording::called;
use crate::check::written::row_written;
use crate::derived::approved::approved_at;
use crate::derived::objective::moved;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.6.1.2-P1
pub(super) fn trade_offs_decided_by_others(view: &View) -> Verdicts {
    let built = |one: &Entry<'_>| one.linked("ai_system").is_some_and(|system| system.is_built());
    each(view.all(Specification::KIND).filter(|one| one.is_any(&["approved", "superseded"])).filter(built), |one| {
        Judgement::needing(one, &["trade_offs"], || {
            let wanted = responsible(view);
            let linked = |row: &SpecificationTradeOffRow<'_>| row.objective().is_some_and(|link| wanted.contains(&link.id));
            let rows: Vec<_> = Specification(one.content()).trade_offs().filter(linked).collect();
            if rows.is_empty() {
                return Judgement::Skip("no trade-off lowers such an objective".to_owned());
            }
            let lapses = rows.into_iter().filter_map(|row| {
                let defect = wrongly_traded(one, row)?;
                Some(Lapse::of(one).value("between", row.between().unwrap_or("two goals")).value("defect", defect))
            });
            Judgement::of(lapses.collect())
        })
    })
}

fn wrongly_traded<'v>(one: Entry<'v>, row: SpecificationTradeOffRow<'v>) -> Option<String> {
    let by = row.decided_by().map(|link| link.id);
    let Some(person) = by else { return Some("was decided by nobody".to_owned()) };
    if one.authors().contains(&person) {
        return Some(format!("was decided by {}, who wrote it", called(one.view(), by)));
    }
    let written = row_written(one, "trade_offs", row.0)?;
    let approved = approved_at(one);
    let next = one.linked("ai_system").and_then(|system| deployed(system).into_iter().find(|(at, _)| *at > written.time));
    let (at, release) = next?;
    approved.is_none_or(|approved| approved > at).then(|| format!("was not approved before {} went live", release.label()))
}

/// A.6.1.2-P2
pub(super) fn limits_not_looser(view: &View) -> Verdicts {
    each_released(view, |one| {
        let specification = one.release.linked("specification").or_else(|| specification_of(one.system));
        let wanted = specification.map(requirements).unwrap_or_default();
        let tests = one.tests();
        let linked: Vec<_> =
            tests.iter().flat_map(|test| criteria(*test, &wanted).into_iter().map(move |(row, id)| (*test, row, id))).collect();
        if !one.system.is_built() || linked.is_empty() {
            return Judgement::Skip("no criterion of it is linked to such an objective".to_owned());
        }
        let lapses = linked.into_iter().filter_map(|(test, row, id)| {
            let objective = view.get(id)?;
            let (old, new) = looser(test, row, objective).or_else(|| moved_unseen(test, objective))?;
            let lapse = Lapse::of(test).in_system(one.system).value("measure", row.measure().unwrap_or("a criterion"));
            Some(lapse.value("old", old).value("new", new))
        });
        Judgement::of(lapses.collect())
    })
}

/// Target and threshold, where the threshold lets more pass than the target that was in force when the plan was approved.
fn looser(test: Entry<'_>, row: TestCriteriaRow<'_>, objective: Entry<'_>) -> Option<(String, String)> {
    let planned = test.entered("approved").or_else(|| test.linked("plan")?.entered("approved"))?;
    let then = objective.on(planned)?;
    let content = Objective(then.content());
    let (target, threshold) = (content.target().get()?, row.threshold()?);
    let loose = match (content.comparator().get()?, row.comparator()?) {
        (RangeComparator::AtMost, CriterionComparator::AtMost) => threshold > target,
        (RangeComparator::AtLeast, CriterionComparator::AtLeast) => threshold < target,
        _ => false,
    };
    loose.then(|| (target.to_string(), threshold.to_string()))
}

/// Target before and after, where it was moved between the plan and the result without another person's approval before the result was
/// known.
fn moved_unseen(test: Entry<'_>, objective: Entry<'_>) -> Option<(String, String)> {
    let planned = test.entry_into("approved").or_else(|| test.linked("plan")?.entry_into("approved"))?.time;
    let known = Test(test.content()).run_at().get()?;
    let leaf = |number: u32| objective.revisions().find(|leaf| leaf.revision == number);
    moved(objective).into_iter().filter(|step| step.field == "target").find_map(|step| {
        let (before, now) = (leaf(step.revision.checked_sub(1)?)?, leaf(step.revision)?);
        let between = planned < now.time && now.time <= known.max(test.made_at());
        let approval = step.approval.and_then(|id| objective.given().into_iter().find(|given| given.entry.id() == id));
        let seen = approval.is_some_and(|given| given.at() < known && given.is_independent(objective, &[]));
        let said = |leaf: &Leaf| leaf.body.get("target").and_then(Value::as_text).unwrap_or("nothing").to_owned();
        (between && !seen).then(|| (said(before), said(now)))
    })
}
