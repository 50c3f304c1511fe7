//! Whether objectives are decided and judged by others, keep their goal, and rest on values that can be shown.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::measure::{Measure, MeasureSource};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};
use vouch_record::kind::generated::shared::RangeComparator;
use vouch_record::time::after;
use vouch_record::view::Read;
use vouch_record::{Id, Leaf, Value};

use crate::check::approving::approved_by_another;
use crate::check::objectives::objectives;
use crate::check::wording::called;
use crate::derived::objective::{in_force, moved, values};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back moved goals and ended objectives are looked at.
const YEAR: i64 = 365;
/// From how many days before it is due on a goal is not moved without management.
const BEFORE_DUE: i64 = 60;

/// 6.2-P1
pub(super) fn decided_and_judged_by_others(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(view.all(Objective::KIND), |one| {
        let content = Objective(one.content());
        let ended = content.result_judged_on().get().filter(|on| one.is("ended") && year.has(*on));
        if ended.is_none() && !in_force(one) {
            return Judgement::Skip("neither in force nor ended in the last year".to_owned());
        }
        Judgement::needing(one, &["owner", "result_judged_by"], || {
            let owner: Vec<Id> = content.owner().get().map(|link| link.id).into_iter().collect();
            let defect = if ended.is_some() { judged_by_owner(one, &owner) } else { decided_wrongly(one, &owner) };
            Judgement::when(defect.is_none(), || Lapse::of(one).value("defect", defect.unwrap_or_default()))
        })
    })
}

fn judged_by_owner(one: Entry<'_>, owner: &[Id]) -> Option<String> {
    let by = Objective(one.content()).result_judged_by().get().map(|link| link.id);
    match by {
        None => Some("ended and nobody judged its result".to_owned()),
        Some(by) if owner.contains(&by) => Some(format!("was judged by {}, who owns it", called(one.view(), Some(by)))),
        Some(_) => None,
    }
}

fn decided_wrongly(one: Entry<'_>, owner: &[Id]) -> Option<String> {
    let owners: Vec<(Id, &str)> = owner.iter().map(|owner| (*owner, "owns it")).collect();
    let unfit = approved_by_another(one, "approved", &owners).err()?;
    Some(if unfit.person == "nobody" {
        "stands without an approval".to_owned()
    } else {
        format!("was approved by {}, who {}", unfit.person, unfit.defect)
    })
}

/// 6.2-P2
pub(super) fn goals_not_moved(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(view.all(Objective::KIND).filter(|one| one.is_any(&["approved", "ended", "dropped"])), |one| {
        Judgement::needing(one, &["target", "due"], || {
            let leaf = |number: u32| one.revisions().find(|leaf| leaf.revision == number);
            let lapses = moved(one).into_iter().filter_map(|step| {
                let (then, now) = (leaf(step.revision.checked_sub(1)?)?, leaf(step.revision)?);
                let due: Date = then.body.get("due").and_then(Date::read)?;
                let on = view.day(now.time);
                let close = due.saturating_sub(BEFORE_DUE.days()) <= on && on <= due && year.has(on);
                if !close || !is_worse(one, step.field, then, now) || decided_by_management(one, step.revision) {
                    return None;
                }
                let said = |leaf: &Leaf| leaf.body.get(step.field).and_then(Value::as_text).unwrap_or("nothing").to_owned();
                Some(Lapse::of(one).value("field", step.field).value("before", said(then)).value("after", said(now)))
            });
            Judgement::of(lapses.collect())
        })
    })
}

fn is_worse(one: Entry<'_>, field: &str, then: &Leaf, now: &Leaf) -> bool {
    if field == "due" {
        let due = |leaf: &Leaf| leaf.body.get("due").and_then(Date::read);
        return due(now) > due(then);
    }
    let target = |leaf: &Leaf| leaf.body.get("target").and_then(Decimal::read);
    match Objective(one.content()).comparator().get() {
        Some(RangeComparator::AtMost) => target(now) > target(then),
        _ => target(now) < target(then),
    }
}

/// Whether somebody of top management approved the goal as it was moved.
fn decided_by_management(one: Entry<'_>, revision: u32) -> bool {
    one.given().into_iter().any(|given| {
        let approves = given.approval.decision().is(ApprovalDecision::Approved) && one.covers(revision, given.revision());
        approves && given.by().is_some_and(|by| one.view().directed_on(by, given.on()))
    })
}

/// 6.2-P3
pub(super) fn values_rest_on_more_than_a_word(view: &View) -> Verdicts {
    each(objectives(view).filter(|one| Objective(one.content()).form().is(ObjectiveForm::Value)), |one| {
        let Some(found) = values(one).into_iter().map(|(_, found)| found).rfind(|found| is_to_be_analysed(*found)) else {
            return Judgement::Skip("no value of it had to be analysed so far".to_owned());
        };
        Judgement::needing(found, &["taken_by", "analysed_by", "batches", "evidence"], || {
            let content = Measurement(found.content());
            let computed =
                found.linked("measure").is_some_and(|measure| Measure(measure.content()).source().is(MeasureSource::Computed));
            let other = found.is("analysed") && content.analysed_by().get().is_some_and(|by| Some(by) != content.taken_by().get());
            let shown = content.batches().next().is_some() || found.links("evidence").any(|one| one.is("reviewed"));
            if computed || (other && shown) {
                return Judgement::Shown(vec![one.subject(), found.subject()]);
            }
            let taken = content.taken_by().get().map(|link| called(view, Some(link.id)));
            let by = taken.or_else(|| content.taken_by_machine().get().map(str::to_owned)).unwrap_or_else(|| "nobody".to_owned());
            let value = content.value().get().map_or_else(String::new, |value| value.to_string());
            Judgement::Fail(Lapse::of(one).value("value", value).value("person", by))
        })
    })
}

/// Whether a value was analysed, or the time its measure gives for that has passed.
fn is_to_be_analysed(found: Entry<'_>) -> bool {
    let every = found.linked("measure").and_then(|measure| Measure(measure.content()).analyse_every().get());
    let taken = Measurement(found.content()).taken_at().get().map(|at| found.view().day(at));
    let late = taken.is_some_and(|on| every.is_none_or(|every| after(on, &every) < found.view().today()));
    found.is("analysed") || late
}
