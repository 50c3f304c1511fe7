//! Whether an objective is on the way it was meant to take.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};
use vouch_record::kind::generated::shared::RangeComparator;
use vouch_record::time::days_between;

use super::{late_step, values};
use crate::view::Entry;

/// Since when an objective is off its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffTrack {
    /// first day of it
    pub since: Date,
    /// day of the latest value, or of the late step: a reaction must be as late
    pub last: Date,
}

/// The latest value is worse than the path by more than `off_track_by`, or a plan row is past due without `done_on`.
#[must_use]
pub fn off_track(entry: Entry<'_>) -> bool {
    off_track_since(entry).is_some()
}

/// Since when it is off track without a break: the first of the values up to the latest that are all too far from the path, or the
/// day after a plan row was due, whichever came first. Nothing unless it is approved.
#[must_use]
pub fn off_track_since(entry: Entry<'_>) -> Option<OffTrack> {
    if !entry.is("approved") {
        return None;
    }
    let step = late_step(entry).map(|day| OffTrack { since: day, last: day });
    let objective = Objective(entry.content());
    let value = if objective.form().is(ObjectiveForm::Condition) { None } else { off_by_value(entry, objective) };
    match (value, step) {
        (Some(a), Some(b)) => Some(OffTrack { since: a.since.min(b.since), last: a.last.max(b.last) }),
        (a, b) => a.or(b),
    }
}

fn off_by_value(entry: Entry<'_>, objective: Objective<'_>) -> Option<OffTrack> {
    let off = |day: Date, found: Entry<'_>| {
        Measurement(found.content()).value().get().is_some_and(|value| too_far(objective, day, value))
    };
    let values = values(entry);
    let (last, latest) = *values.last()?;
    if !off(last, latest) {
        return None;
    }
    let since = values.iter().rev().take_while(|(day, found)| off(*day, *found)).last().map_or(last, |(day, _)| *day);
    Some(OffTrack { since, last })
}

/// A stretch of days on which an objective was off its path.
#[derive(Clone, Copy, Debug)]
pub struct OffRun<'v> {
    /// day of the first value that was too far off, or the day after a plan row was due
    pub since: Date,
    /// last day: the one before a value was on the path again or the row was done, else the view's day
    pub until: Date,
    /// that first value; nothing for a plan row
    pub value: Option<Entry<'v>>,
}

/// Every stretch of days on which it was off its path, by its values and by its plan, judged by the goal it has on the view's day.
#[must_use]
pub fn off_runs(entry: Entry<'_>) -> Vec<OffRun<'_>> {
    let objective = Objective(entry.content());
    let today = entry.view().today();
    let mut runs: Vec<OffRun<'_>> = Vec::new();
    let mut open = false;
    let by_value = if objective.form().is(ObjectiveForm::Condition) { Vec::new() } else { values(entry) };
    for (day, found) in by_value {
        let off = Measurement(found.content()).value().get().is_some_and(|value| too_far(objective, day, value));
        match runs.last_mut() {
            Some(run) if open && !off => run.until = day.yesterday().unwrap_or(day),
            _ if off && !open => runs.push(OffRun { since: day, until: today, value: Some(found) }),
            _ => {}
        }
        open = off;
    }
    for row in objective.plan() {
        let Some(since) = row.due().and_then(|due| due.tomorrow().ok()) else { continue };
        let until = row.done_on().map_or(today, |done| done.yesterday().unwrap_or(done));
        if since <= until {
            runs.push(OffRun { since, until, value: None });
        }
    }
    runs
}

/// Whether a value is worse than the path on its day by more than `off_track_by`.
fn too_far(objective: Objective<'_>, day: Date, value: Decimal) -> bool {
    let Some(expected) = expected(objective, day) else { return false };
    let allowed = objective.off_track_by().get().unwrap_or(Decimal::ZERO);
    match objective.comparator().get() {
        Some(RangeComparator::AtLeast) => expected - value > allowed,
        Some(RangeComparator::AtMost) => value - expected > allowed,
        Some(RangeComparator::Between) => {
            let above = objective.target_upper().get().is_some_and(|upper| value - upper.max(expected) > allowed);
            let lower = objective.target().get().map_or(expected, |target| target.min(expected));
            above || lower - value > allowed
        }
        None => false,
    }
}

/// The value expected on a day: on straight lines from the baseline through the rows of `path` to the target on its day.
fn expected(objective: Objective<'_>, day: Date) -> Option<Decimal> {
    let start = objective.baseline_on().get().or_else(|| objective.valid_from().get()).zip(objective.baseline().get());
    let goal = objective.due().get().zip(objective.target().get());
    let mut points: Vec<(Date, Decimal)> =
        start.into_iter().chain(objective.path().filter_map(|row| row.on().zip(row.value()))).chain(goal).collect();
    points.sort_by_key(|(on, _)| *on);
    let after = points.iter().position(|(on, _)| *on >= day);
    match after {
        None => points.last().map(|(_, value)| *value),
        Some(0) => points.first().map(|(_, value)| *value),
        Some(at) => {
            let ((from, low), (to, high)) = (points[at - 1], points[at]);
            let whole = Decimal::from(days_between(from, to));
            let share = Decimal::from(days_between(from, day)).checked_div(whole)?;
            low.checked_add(share.checked_mul(high.checked_sub(low)?)?)
        }
    }
}
