//! Whether changes of the management system are decided and judged by others, looked at, and mostly planned.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::{Change, ChangeOrigin};

use super::planned::changes;
use crate::check::approving::not_another;
use crate::check::wording::called;
use crate::derived::change::decided_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back changes are looked at.
const YEAR: i64 = 365;
/// How long a look may take after it was due.
const LATE_DAYS: i64 = 30;
/// From how many changes on a share says something.
const ENOUGH: usize = 4;

/// 6.3-P1
pub(super) fn decided_and_judged_by_others(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let recent = |change: &Entry<'_>| Change(change.content()).implemented_on().get().is_some_and(|on| year.has(on));
    each(changes(view).filter(recent), |change| {
        Judgement::needing(change, &["leader", "effect_by"], || {
            let content = Change(change.content());
            let leader = content.leader().get().map(|link| link.id);
            let mut defects: Vec<String> = wrongly_decided(change).into_iter().collect();
            if leader.is_some() && content.effect_by().get().map(|link| link.id) == leader {
                defects.push(format!("was judged by {}, who led it", called(view, leader)));
            }
            Judgement::when(defects.is_empty(), || Lapse::of(change).value("defect", defects.join(" and ")))
        })
    })
}

/// Why no approval of another person than leader and author stands.
fn wrongly_decided(change: Entry<'_>) -> Option<String> {
    let leader: Vec<_> = Change(change.content()).leader().get().map(|link| (link.id, "led it")).into_iter().collect();
    let approves = change.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let mut why = "was approved by nobody".to_owned();
    for given in approves {
        match not_another(change, &given, &leader) {
            None => return None,
            Some(defect) => why = format!("was approved by {}, who {defect}", called(change.view(), given.by())),
        }
    }
    Some(why)
}

/// 6.3-P2
pub(super) fn effects_looked_at(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(changes(view).filter(|change| change.is_any(&["implemented", "reviewed"])), |change| {
        let Some(due) = Change(change.content()).effect_due().get().filter(|due| year.has(*due)) else {
            return Judgement::Skip("no look at its effect was due in the last year".to_owned());
        };
        let last = due.saturating_add(LATE_DAYS.days());
        Judgement::needing(change, &["follow"], || {
            let reviewed = change.entered("reviewed").filter(|_| change.is("reviewed"));
            if reviewed.is_none() && view.today() <= last {
                return Judgement::Skip(format!("in time until {last}"));
            }
            let defect = match reviewed {
                None => Some("nobody did".to_owned()),
                Some(on) if on > last => Some(format!("that was done on {on}")),
                Some(_) => (!followed_after_the_decision(change))
                    .then(|| "no record that was to follow shows work after the decision".to_owned()),
            };
            Judgement::when(defect.is_none(), || Lapse::of(change).value("due", due).value("defect", defect.unwrap_or_default()))
        })
    })
}

/// Whether a row names a revision made after the approval; true where nothing was to follow.
fn followed_after_the_decision(change: Entry<'_>) -> bool {
    let view = change.view();
    let approved = change.entry_into("approved").map(|leaf| leaf.time);
    let mut rows = Change(change.content()).follow().peekable();
    rows.peek().is_none()
        || rows.any(|row| {
            let made = row.record().zip(row.done_revision()).and_then(|(link, revision)| {
                view.find(link.id)?.revisions().find(|leaf| i64::from(leaf.revision) == revision).map(|leaf| leaf.time)
            });
            made.is_some_and(|made| approved.is_none_or(|approved| made > approved))
        })
}

/// 6.3-P3
pub(super) fn most_were_planned(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let day =
        |change: Entry<'_>| -> Option<Date> { Change(change.content()).implemented_on().get().or_else(|| decided_on(change)) };
    let all: Vec<Entry<'_>> = changes(view).filter(|change| day(*change).is_some_and(|on| year.has(on))).collect();
    let unplanned = |change: &&Entry<'_>| {
        matches!(Change(change.content()).origin().get(), Some(ChangeOrigin::Found | ChangeOrigin::Emergency))
    };
    let n = all.iter().filter(unplanned).count();
    if all.len() < ENOUGH {
        return Verdicts::holds();
    }
    if n * 4 > all.len() {
        return Verdicts::failed(Lapse::of_organisation().value("n", n).value("total", all.len()));
    }
    Verdicts { passed: all.iter().map(Entry::subject).collect(), ..Verdicts::default() }
}
