//! Days that keep moving.

use jiff::civil::Date;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::milestone::Milestone;
use vouch_record::kind::generated::task::Task;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::days_between;

use super::Limits;
use crate::derived::{corrective_action, milestone, task, treatment};
use crate::shape::Lapse;
use crate::view::{Entry, View};

/// An open duty with a day.
struct Duty<'v> {
    record: Entry<'v>,
    /// how often its day was moved to a later one
    moves: usize,
    /// days from the first day set for it to the one set now, or to today where that is later
    behind: i64,
}

/// FM-28
pub(super) fn always_later(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let duties = open_duties(view);
    let times = limits.number("moved_times");
    let often = |duty: &&Duty<'_>| i64::try_from(duty.moves).is_ok_and(|moves| moves >= times);
    let moved: Vec<&Duty<'_>> = duties.iter().filter(often).collect();
    let lapse = |duty: &Duty<'_>, defect: String| {
        let lapse = Lapse::of(duty.record).value("n", moved.len()).value("total", duties.len()).value("defect", defect);
        lapse.value("milestone", duty.record.label()).value("days", duty.behind)
    };
    let mut lapses = Vec::new();
    if duties.len() >= limits.count("duties_at_least") && limits.exceeds("share_moved", moved.len(), duties.len()) {
        let worst = moved.iter().max_by_key(|duty| (duty.behind, duty.moves, duty.record.id()));
        let defect = format!("{} of {} open duties were moved {times} times or more", moved.len(), duties.len());
        lapses.extend(worst.map(|worst| lapse(worst, defect)));
    }
    let gate = |duty: &&Duty<'_>| {
        duty.record.kind().name == Milestone::KIND && Milestone(duty.record.content()).gate().get() == Some(true)
    };
    let late = |duty: &&Duty<'_>| duty.behind > limits.number("slip_days");
    if let Some(audit) = next_audit(view).filter(|audit| !was_put_off(*audit)) {
        let defect = format!("{} stays on its day", audit.label());
        lapses.extend(duties.iter().filter(gate).filter(late).map(|duty| lapse(duty, defect.clone())));
    }
    lapses
}

fn open_duties(view: &View) -> Vec<Duty<'_>> {
    let open = |kind: &'static str, states: &'static [&'static str]| view.all(kind).filter(move |entry| entry.is_any(states));
    let tasks = open(Task::KIND, &["open"]).map(|record| Duty { record, moves: task::postponed(record), behind: behind(record) });
    let treatments = open(Treatment::KIND, &["planned", "approved", "doing"]).map(|record| {
        let postponed = treatment::postponed(record);
        let due = treatment::present_due(Treatment(record.content()));
        let overdue = due.map_or(0, |due| days_between(due, view.today()).max(0));
        Duty { record, moves: postponed.times, behind: postponed.days + overdue }
    });
    let actions = open(CorrectiveAction::KIND, &["planned", "doing"]).map(|record| Duty {
        record,
        moves: corrective_action::postponed(record),
        behind: behind(record),
    });
    let milestones = open(Milestone::KIND, &["planned"]).map(|record| {
        let days = days_set(record, "planned_on");
        let moves = days.windows(2).filter(|pair| pair[1] > pair[0]).count();
        Duty { record, moves, behind: milestone::slip(record).unwrap_or(0) }
    });
    tasks.chain(treatments).chain(actions).chain(milestones).collect()
}

/// Every day that the revisions of a record gave a field, in their order.
fn days_set(record: Entry<'_>, field: &str) -> Vec<Date> {
    let day = |value: &vouch_record::Value| value.as_text().and_then(vouch_record::time::parse_date);
    record.revisions().filter_map(|leaf| leaf.body.get(field)).filter_map(day).collect()
}

/// Days from the first day set for a duty to the one set now, or to today where that is later.
fn behind(record: Entry<'_>) -> i64 {
    let days = days_set(record, "due");
    let ends = days.first().zip(days.last());
    ends.map_or(0, |(first, last)| days_between(*first, record.view().today().max(*last)))
}

/// The audit planned next.
fn next_audit(view: &View) -> Option<Entry<'_>> {
    let ahead = view.all(Audit::KIND).filter(|audit| audit.is_any(&["planned", "prepared"]));
    let dated = ahead.filter_map(|audit| Some((Audit(audit.content()).planned_from().get()?, audit)));
    dated.min_by_key(|(on, audit)| (*on, audit.id())).map(|(_, audit)| audit)
}

/// Whether an audit was moved to a later day since it was first planned.
fn was_put_off(audit: Entry<'_>) -> bool {
    let days = days_set(audit, "planned_from");
    days.first().zip(days.last()).is_some_and(|(first, last)| last > first)
}
