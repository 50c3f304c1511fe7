//! Whether roles are held, and their holders know their limits.

use std::cell::Cell;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementMeans};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::role::{Role, RoleActivityPart, RoleHolderRow};
use vouch_record::time::days_between;

use crate::check::wording::called;
use crate::derived::role::{holders_on, holding};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, Subject, View};

/// For how many days in a row a role may not be vacant.
const VACANT_DAYS: i64 = 30;
/// How long a holder has to confirm.
const CONFIRM_DAYS: i64 = 30;
/// What a holder confirms.
const DUTIES: [&str; 3] = ["purpose", "activities", "authority"];

/// 5.3-O1
pub(super) fn never_long_vacant(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let accountable =
        |role: &Entry<'_>| Role(role.content()).activities().any(|row| row.part() == Some(RoleActivityPart::Accountable));
    each(view.live(Role::KIND).filter(accountable), |role| {
        Judgement::needing(role, &["holders"], || {
            let rows = || Role(role.content()).holders();
            let people = rows().filter_map(|row| view.find(row.person()?.id));
            let dates = rows().flat_map(|row| [row.from(), row.to()]).flatten();
            let days = breakpoints(window, people.chain([role]), dates);
            let vacant = on_every_day(window, &days, |day| {
                role.on(day).is_none_or(|then| !then.is("approved") || !holders_on(then).is_empty())
            });
            let long = vacant.into_iter().filter(|days| days.days() >= VACANT_DAYS);
            let lapse = |days: crate::view::Window| {
                Lapse::of(role).value("role", role.label()).value("from", days.from).value("to", days.to).over(days)
            };
            Judgement::of(long.map(lapse).collect())
        })
    })
}

/// 5.3-O3
pub(super) fn holders_confirmed(view: &View) -> Verdicts {
    let things = Cell::new(0);
    let verdicts = each(view.live(Role::KIND), |role| {
        Judgement::needing(role, &["holders"], || {
            let mut shown: Vec<Subject> = vec![role.subject()];
            let mut lapses = Vec::new();
            for row in holding(role) {
                things.set(things.get() + 1);
                match confirmation(role, row) {
                    Ok(one) => shown.extend(one.map(|one| one.subject())),
                    Err(defect) => {
                        let person = called(view, row.person().map(|link| link.id));
                        lapses.push(Lapse::of(role).value("person", person).value("role", role.label()).value("defect", defect));
                    }
                }
            }
            if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
        })
    });
    verdicts.among(things.get())
}

/// The confirmation of a holder; nothing while there is time.
///
/// # Errors
/// That there is none, or how late it is, if it was due in the window.
fn confirmation<'v>(role: Entry<'v>, row: RoleHolderRow<'v>) -> Result<Option<Entry<'v>>, String> {
    let view = role.view();
    let begun = row.from().into_iter().chain(approved_on(role)).max();
    let due = begun.map(|on| on.saturating_add(CONFIRM_DAYS.days()));
    let own = role.incoming(Acknowledgement::KIND, "subject").filter(|one| {
        let content = Acknowledgement(one.content());
        let revision = content.subject_revision().get().and_then(|number| u32::try_from(number).ok());
        one.is("given")
            && content.means().is(AcknowledgementMeans::AcceptRole)
            && content.person().get().map(|link| link.id) == row.person().map(|link| link.id)
            && revision.is_some_and(|revision| same_duties(role, revision))
    });
    let day = |one: Entry<'_>| Acknowledgement(one.content()).confirmed_at().get().map(|at| view.day(at));
    let first = own.filter_map(|one| Some((day(one)?, one))).min_by_key(|(on, one)| (*on, one.id()));
    match (first, due) {
        (None, Some(due)) if due >= view.today() => Ok(None),
        (None, _) => Err("has not confirmed".to_owned()),
        (Some((on, _)), Some(due)) if on > due && view.window().is_some_and(|window| window.has(due)) => {
            Err(format!("confirmed {} days late", days_between(due, on)))
        }
        (Some((_, one)), _) => Ok(Some(one)),
    }
}

/// The first day on which a revision with the duties of today was approved.
fn approved_on(role: Entry<'_>) -> Option<Date> {
    let given = role.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Approve)
            && given.approval.decision().is(ApprovalDecision::Approved)
            && same_duties(role, given.revision())
    });
    given.map(|given| given.on()).min()
}

/// Whether a revision said the same about the duties as the one that is read.
fn same_duties(role: Entry<'_>, revision: u32) -> bool {
    let then = role.revisions().find(|leaf| leaf.revision == revision);
    then.is_some_and(|leaf| DUTIES.iter().all(|field| leaf.body.get(field) == role.value(field).get()))
}
