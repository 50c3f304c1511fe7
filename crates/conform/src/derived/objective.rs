//! Derived values of an objective.

mod path;

pub use path::{OffRun, OffTrack, off_runs, off_track, off_track_since};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};
use vouch_record::kind::generated::shared::RangeComparator;
use vouch_record::time::days_between;
use vouch_record::{Id, Value};

use super::answer::table;
use super::measure::{self, Latest};
use super::{Derived, evened};
use crate::view::Entry;

const PATH: &[&str] = &["measure", "baseline", "target", "path", "off_track_by", "plan"];

/// The derived values of an objective.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["valid_from", "due"]),
    Derived::new("latest", |entry| table(entry, "objective.latest", || latest(entry).map(Latest::to_row).into_iter().collect()))
        .reading(&["measure"]),
    Derived::new("off_track", |entry| Val::Bool(off_track(entry))).reading(PATH),
    Derived::new("unanswered", |entry| Val::Bool(unanswered(entry))).reading(PATH),
    Derived::new("reached", |entry| Val::Bool(reached(entry))).reading(PATH),
    Derived::new("activity_only", |entry| Val::Bool(activity_only(entry))).reading(&["form", "condition", "target", "baseline"]),
    Derived::new("moved", |entry| {
        table(entry, "objective.moved", || {
            moved(entry).into_iter().map(|row| row! { revision: row.revision, field: row.field, approval: row.approval }).collect()
        })
    }),
];

/// State approved and today between `valid_from` and `due`.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    let objective = Objective(entry.content());
    let today = entry.view().today();
    let begun = objective.valid_from().get().is_none_or(|from| from <= today);
    entry.is("approved") && begun && objective.due().get().is_none_or(|due| due >= today)
}

/// Measurements of its measure that speak about it, the earliest first, each with the day its period ends: of its systems, where it names
/// some; void ones and those without a value are left out.
#[must_use]
pub fn values(entry: Entry<'_>) -> Vec<(Date, Entry<'_>)> {
    let objective = Objective(entry.content());
    let systems: Vec<Id> = objective.ai_systems().map(|link| link.id).collect();
    let Some(measure) = entry.linked("measure") else { return Vec::new() };
    let speaks = |found: &Entry<'_>| {
        let content = Measurement(found.content());
        let about = systems.is_empty() || content.ai_system().get().is_none_or(|link| systems.contains(&link.id));
        !found.is("void") && about && content.value().is_filled()
    };
    let found = measure.incoming(Measurement::KIND, "measure").filter(speaks);
    let mut values: Vec<(Date, Entry<'_>)> =
        found.filter_map(|found| Some((entry.view().day(Measurement(found.content()).covers_to().get()?), found))).collect();
    values.sort_by_key(|(day, found)| (*day, Measurement(found.content()).covers_to().get(), found.id()));
    values
}

/// Last measurement of its measure with age against `max_gap`.
#[must_use]
pub fn latest(entry: Entry<'_>) -> Option<Latest> {
    let (_, found) = values(entry).pop()?;
    let to = Measurement(found.content()).covers_to().get()?;
    Some(measure::aged(entry.linked("measure")?, to, found))
}

/// Off track for more than thirty days without a `reactions` row later than the value.
#[must_use]
pub fn unanswered(entry: Entry<'_>) -> bool {
    let Some(off) = off_track_since(entry) else { return false };
    let reacted = Objective(entry.content()).reactions().filter_map(|row| row.on()).any(|on| on >= off.last);
    days_between(off.since, entry.view().today()) > 30 && !reacted
}

/// The last measurement before due meets comparator and target, or somebody else confirmed the condition by judging the result.
#[must_use]
pub fn reached(entry: Entry<'_>) -> bool {
    let objective = Objective(entry.content());
    if objective.form().is(ObjectiveForm::Condition) {
        let judge = objective.result_judged_by().get();
        return objective.result_judged_on().is_filled() && judge.is_some() && judge != objective.owner().get();
    }
    let due = objective.due().get();
    let last = values(entry).into_iter().rfind(|(day, _)| due.is_none_or(|due| *day <= due));
    let value = last.and_then(|(_, found)| Measurement(found.content()).value().get());
    let (Some(value), Some(target)) = (value, objective.target().get()) else { return false };
    match objective.comparator().get() {
        Some(RangeComparator::AtLeast) => value >= target,
        Some(RangeComparator::AtMost) => value <= target,
        Some(RangeComparator::Between) => value >= target && objective.target_upper().get().is_none_or(|upper| value <= upper),
        None => false,
    }
}

/// Nothing could show that it failed: the target equals the baseline, or the condition names no state - it is too short for one (under
/// three words), or only repeats a step of the plan.
#[must_use]
pub fn activity_only(entry: Entry<'_>) -> bool {
    let objective = Objective(entry.content());
    if objective.form().is(ObjectiveForm::Condition) {
        let condition = objective.condition().get().unwrap_or_default();
        let said = evened(condition);
        let repeats = objective.plan().filter_map(|row| row.step()).any(|step| evened(step) == said);
        return condition.split_whitespace().count() < 3 || repeats;
    }
    objective.target().get().is_some_and(|target| objective.baseline().get() == Some(target))
}

/// A revision that moved the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// number of the revision
    pub revision: u32,
    /// `target` or `due`
    pub field: &'static str,
    /// the approval of that revision, if it has one
    pub approval: Option<Id>,
}

/// Revisions that changed target or due after the first approval, each with its approval.
#[must_use]
pub fn moved(entry: Entry<'_>) -> Vec<Moved> {
    let given = entry.given();
    let approvals: Vec<_> = given.iter().filter(|given| given.approval.decision().is(ApprovalDecision::Approved)).collect();
    let Some(first) = approvals.iter().map(|given| given.revision()).min() else { return Vec::new() };
    let revisions: Vec<_> = entry.revisions().collect();
    let mut found = Vec::new();
    for pair in revisions.windows(2).filter(|pair| pair[1].revision > first) {
        for field in ["target", "due"] {
            let value = |at: usize| -> Option<&Value> { pair[at].body.get(field) };
            if value(0) != value(1) {
                let approval = approvals.iter().find(|given| given.revision() >= pair[1].revision).map(|given| given.entry.id());
                found.push(Moved { revision: pair[1].revision, field, approval });
            }
        }
    }
    found
}

/// The day before which a plan row had to be done.
fn late_step(entry: Entry<'_>) -> Option<Date> {
    let today = entry.view().today();
    let late = Objective(entry.content())
        .plan()
        .filter(|row| row.done_on().is_none())
        .filter_map(|row| row.due())
        .filter(|due| *due < today);
    late.min().map(|due| due.saturating_add(1.day()))
}
