//! What became of what the leadership decided.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::meeting::{Meeting, MeetingDecisionRow, MeetingDecisionType};
use vouch_record::kind::generated::task::Task;

use super::meetings::{Held, held_in_last_year};
use crate::shape::{Lapse, Verdicts, at_least_one, breakpoints, on_every_day};
use crate::view::{Entry, View};

/// How late an action may be.
const LATE_DAYS: i64 = 30;
/// One in so many actions may be late.
const LATE_ONE_IN: usize = 5;

/// The tasks that came out of a meeting.
fn tasks(meeting: Entry<'_>) -> Vec<Entry<'_>> {
    let mut tasks: Vec<Entry<'_>> = meeting.links("tasks").chain(meeting.incoming(Task::KIND, "origin")).collect();
    tasks.sort_unstable_by_key(Entry::id);
    tasks.dedup_by_key(|task| task.id());
    tasks
}

/// A decision with a day, and the record that shows it.
struct Action<'v> {
    held: Held<'v>,
    due: Date,
    record: Option<Entry<'v>>,
}

fn actions<'v>(held: Held<'v>) -> Vec<Action<'v>> {
    let view = held.meeting.view();
    let tasks: Vec<Id> = tasks(held.meeting).iter().map(Entry::id).collect();
    let dated = held.content().decisions().filter_map(|row| Some((row, row.due()?)));
    let actions = dated.map(|(row, due)| Action { held, due, record: row.record().and_then(|link| view.get(link.id)) });
    // A decision that a task carries is counted with the task.
    actions.filter(|action| action.record.map_or(tasks.is_empty(), |record| !tasks.contains(&record.id()))).collect()
}

impl Action<'_> {
    /// Whether it was done by the end of a day: its record changed after the meeting.
    fn is_done(&self, day: Date) -> bool {
        let held = Meeting(self.held.meeting.content()).held_to().get();
        let view = self.held.meeting.view();
        self.record.is_some_and(|record| {
            record.leaves().iter().any(|leaf| held.is_none_or(|held| leaf.time > held) && view.day(leaf.time) <= day)
        })
    }
}

/// Actions on a day: how many are late, and how many there are.
fn late_on(actions: &[Action<'_>], tasks: &[Entry<'_>], day: Date) -> (usize, usize) {
    let late = |due: Date| due.saturating_add(LATE_DAYS.days()) < day;
    let begun: Vec<_> = actions.iter().filter(|action| action.held.on <= day).collect();
    let open = begun.iter().filter(|action| late(action.due) && !action.is_done(day)).count();
    let there: Vec<Entry<'_>> = tasks.iter().filter_map(|task| task.on(day)).filter(|task| !task.is("cancelled")).collect();
    let behind = there.iter().filter(|task| task.is("open") && Task(task.content()).due().get().is_some_and(late)).count();
    (open + behind, begun.len() + there.len())
}

/// 5.1-O5
pub(super) fn actions_are_done(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let meetings = held_in_last_year(view);
    let actions: Vec<Action<'_>> = meetings.iter().flat_map(|held| actions(*held)).collect();
    let tasks: Vec<Entry<'_>> = meetings.iter().flat_map(|held| tasks(held.meeting)).collect();
    let dues = actions.iter().map(|action| action.due).chain(tasks.iter().filter_map(|task| Task(task.content()).due().get()));
    let dates: Vec<Date> = dues.map(|due| due.saturating_add(LATE_DAYS.days())).collect();
    let records =
        meetings.iter().map(|held| held.meeting).chain(tasks.iter().copied()).chain(actions.iter().filter_map(|one| one.record));
    let days = breakpoints(window, records, dates);
    let stretches = on_every_day(window, &days, |day| {
        let (late, total) = late_on(&actions, &tasks, day);
        late * LATE_ONE_IN <= total
    });
    let lapse = |days: crate::view::Window| {
        let (late, total) = late_on(&actions, &tasks, days.to);
        Lapse::of_organisation().value("n", late).value("total", total).over(days)
    };
    if stretches.is_empty() {
        let with_actions = meetings.iter().filter(|held| held.content().decisions().any(|row| row.due().is_some()));
        return Verdicts { passed: with_actions.map(|held| held.meeting.subject()).collect(), ..Verdicts::default() };
    }
    Verdicts { failed: stretches.into_iter().map(lapse).collect(), ..Verdicts::default() }
}

/// 5.1-P3
pub(super) fn a_decision_had_an_effect(view: &View) -> Verdicts {
    let found =
        held_in_last_year(view).into_iter().filter(|held| held.decisions().any(|row| weighs(&row) && had_effect(*held, row)));
    at_least_one(found.map(|held| held.meeting), Lapse::of_organisation)
}

fn weighs(row: &MeetingDecisionRow<'_>) -> bool {
    use MeetingDecisionType::{Challenged, Direction, Money, Refused};
    matches!(row.type_(), Some(Refused | Challenged | Money | Direction))
}

/// Whether the record of a decision was revised after the meeting, or a task that carries it was done by its day.
fn had_effect(held: Held<'_>, row: MeetingDecisionRow<'_>) -> bool {
    let view = held.meeting.view();
    let done_in_time = |task: &Entry<'_>| {
        let content = Task(task.content());
        let done = content.done_at().get().or_else(|| task.entered("done"));
        task.is("done") && done.zip(content.due().get()).is_some_and(|(done, due)| done <= due)
    };
    let Some(record) = row.record().and_then(|link| view.get(link.id)) else {
        return tasks(held.meeting).iter().any(done_in_time);
    };
    if record.kind().name == Task::KIND {
        return done_in_time(&record);
    }
    let after = held.content().held_to().get();
    record.revisions().any(|leaf| after.is_some_and(|after| leaf.time > after))
}
