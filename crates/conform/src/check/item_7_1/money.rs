//! Money: planned, decided by management, and used.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory, ResourceMoneyRow};
use vouch_record::kind::generated::treatment::Treatment;

use super::promised::{Duty, held_on};
use crate::check::written::row_written;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// The resources that are money set aside.
fn budgets(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Resource::KIND).filter(|one| Resource(one.content()).category().is(ResourceCategory::Budget))
}

/// The meeting in which a row was decided, once it was signed.
fn decided_in<'v>(budget: Entry<'v>, row: ResourceMoneyRow<'v>) -> Option<Entry<'v>> {
    row.decided_in().and_then(|link| budget.view().get(link.id))
}

/// 7.1-D1
pub(super) fn a_budget_is_decided(view: &View) -> Verdicts {
    let today = view.today();
    one_of(
        budgets(view).filter(|budget| budget.is("approved")),
        |budget| {
            Judgement::needing(budget, &["money"], || {
                let holds = Resource(budget.content()).money().any(|row| {
                    let period =
                        row.covers_from().is_some_and(|from| from <= today) && row.covers_to().is_some_and(|to| today <= to);
                    let planned = row.planned().is_some_and(|planned| planned.amount > Decimal::ZERO);
                    period && planned && decided_in(budget, row).is_some_and(|meeting| meeting.is("signed"))
                });
                Judgement::when(holds, || Lapse::of(budget))
            })
        },
        || Lapse::of_organisation().value("date", today),
    )
}

/// 7.1-P1
pub(super) fn management_decided(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(budgets(view), |budget| {
        Judgement::needing(budget, &["money"], || {
            let rows = Resource(budget.content()).money().filter_map(|row| Some((row, decided_in(budget, row)?)));
            let rows: Vec<_> = rows.filter(|(_, meeting)| held_on(*meeting).is_some_and(|on| year.has(on))).collect();
            if rows.is_empty() {
                return Judgement::Skip("nothing was decided in the last 365 days".to_owned());
            }
            let lapses = rows.into_iter().filter_map(|(row, meeting)| {
                let defect = undecided(budget, row, meeting)?;
                Some(Lapse::of(budget).value("resource", budget.label()).value("defect", defect))
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// Why a meeting did not decide as management does.
fn undecided<'v>(budget: Entry<'v>, row: ResourceMoneyRow<'v>, meeting: Entry<'v>) -> Option<String> {
    if !meeting.is("signed") {
        return Some(format!("in {}, which nobody signed", meeting.label()));
    }
    let on = held_on(meeting)?;
    let maker = row_written(budget, "money", row.0).and_then(|leaf| leaf.actor.person());
    let present = Meeting(meeting.content()).attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
    let top = present.into_iter().any(|link| Some(link.id) != maker && budget.view().directed_on(link.id, on));
    (!top).then(|| format!("in {} without top management other than who planned it", meeting.label()))
}

/// 7.1-P2
pub(super) fn means_reached_the_work(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let duties: Vec<Duty<'_>> =
        [Treatment::KIND, CorrectiveAction::KIND].into_iter().flat_map(|kind| view.all(kind)).filter_map(Duty::of).collect();
    each(budgets(view), |budget| {
        Judgement::needing(budget, &["money"], || {
            let ended = Resource(budget.content()).money().filter_map(|row| Some((row.covers_to()?, row)));
            let ended: Vec<_> = ended.filter(|(to, _)| year.has(*to) && *to < view.today()).collect();
            if ended.is_empty() {
                return Judgement::Skip("no period ended in the last 365 days".to_owned());
            }
            let lapses = ended.into_iter().filter_map(|(to, row)| unused(budget, row, to, &duties)).collect();
            Judgement::of(lapses)
        })
    })
}

/// The lapse of a period: nobody knows what was spent, or less than half was while work was late on its last day.
fn unused(budget: Entry<'_>, row: ResourceMoneyRow<'_>, to: Date, duties: &[Duty<'_>]) -> Option<Lapse> {
    let planned = row.planned()?;
    let of = |amount: Decimal| format!("{amount} {}", planned.currency);
    let lapse = |spent: String, work: String| {
        let lapse = Lapse::of(budget).value("planned", of(planned.amount)).value("spent", spent);
        lapse.value("work", work)
    };
    let Some(spent) = row.spent() else {
        return Some(lapse("an unknown part".to_owned(), format!("in the period that ended on {to}")));
    };
    let late = duties.iter().find(|duty| duty.is_late_on(to))?;
    let work = || format!("while {} was late", late.entry.label());
    (spent.amount * Decimal::TWO < planned.amount).then(|| lapse(format!("only {}", of(spent.amount)), work()))
}
