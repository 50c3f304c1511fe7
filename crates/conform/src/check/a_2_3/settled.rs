//! Whether gaps and conflicts with other policies are settled, in time and by a change.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::document::{Document, DocumentRelatedRow};

use super::related::{Key, asks_for_a_change, each_row, key, name, raised, rows};
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, Subject, View, Window};

/// How long after its day a change may still be open.
const LATE_DAYS: i64 = 30;
/// How long after the day on which it was settled a change may be approved.
const APPROVE_DAYS: i64 = 30;

/// A.2.3-D2
pub(super) fn gaps_have_owner_and_day(view: &View) -> Verdicts {
    each_row(view, asks_for_a_change, |policy, row| {
        let wanted =
            [(row.needed().is_some(), "what is needed"), (row.owner().is_some(), "an owner"), (row.due().is_some(), "a day")];
        let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
        if missing.is_empty() {
            return Ok(vec![policy.subject()]);
        }
        let effect = row.effect().map_or_else(String::new, |effect| words(effect.id()));
        Err(Lapse::of(policy).value("effect", effect).value("missing", missing.join(", ")))
    })
}

/// A.2.3-O1
pub(super) fn gaps_are_settled_in_time(view: &View) -> Verdicts {
    let (Some(window), Some(policy)) = (view.window(), view.policy()) else { return Verdicts::holds() };
    each([policy], |policy| {
        Judgement::needing(policy, &["related"], || {
            let days = days_that_count(window, policy);
            let mut late: Vec<(Key, String, Date)> = Vec::new();
            for day in &days {
                let Some(then) = policy.on(*day) else { continue };
                for row in rows(then).filter(|row| is_late(*row, *day)) {
                    if let Some(due) = row.due().filter(|_| !late.iter().any(|(known, ..)| *known == key(row))) {
                        late.push((key(row), name(view, row), due));
                    }
                }
            }
            let lapses = late.into_iter().flat_map(|(wanted, name, due)| {
                let stood = on_every_day(window, &days, |day| {
                    policy.on(day).is_none_or(|then| !rows(then).any(|row| key(row) == wanted && is_late(row, day)))
                });
                stood.into_iter().map(move |days: Window| Lapse::of(policy).value("policy", &name).value("due", due).over(days))
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// Days on which a row can begin or cease to be late.
fn days_that_count(window: Window, policy: Entry<'_>) -> Vec<Date> {
    let written = breakpoints(window, [policy], []);
    let due = written
        .iter()
        .filter_map(|day| policy.on(*day))
        .flat_map(|then| rows(then).filter_map(|row| row.due()).collect::<Vec<_>>());
    let late: Vec<Date> = due.map(|due| due.saturating_add(LATE_DAYS.days())).collect();
    breakpoints(window, [policy], late)
}

fn is_late(row: DocumentRelatedRow<'_>, day: Date) -> bool {
    let over = row.due().is_some_and(|due| due.saturating_add(LATE_DAYS.days()) < day);
    asks_for_a_change(row) && over && row.done_on().is_none_or(|done| done > day)
}

/// A.2.3-O4
pub(super) fn what_is_settled_shows(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each_row(
        view,
        |row| row.done_on().is_some_and(|on| year.has(on)),
        |policy, row| {
            let from = raised(policy, row).map_or_else(|| policy.created_on(), |leaf| view.day(leaf.time));
            let to = row.done_on().map_or(view.today(), |on| on.saturating_add(APPROVE_DAYS.days()));
            let changed = row.done_through().filter_map(|link| view.get(link.id));
            let shown: Vec<Subject> = changed
                .filter(|record| approved_on(*record).any(|on| from <= on && on <= to))
                .map(|record| record.subject())
                .collect();
            if shown.is_empty() { Err(Lapse::of(policy)) } else { Ok(shown) }
        },
    )
}

/// The days on which a document or a change was approved.
fn approved_on(record: Entry<'_>) -> impl Iterator<Item = Date> {
    let asked = [Document::KIND, Change::KIND].contains(&record.kind().name.as_str());
    let given = if asked { record.given() } else { Vec::new() };
    let approves = given.into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    approves.map(|given| given.on())
}
