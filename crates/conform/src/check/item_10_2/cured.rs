//! Whether cures come in time, and somebody else saw them work.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityGrade};
use vouch_record::time::days_between;

use super::population::open;
use crate::check::agreed::agreed_day;
use crate::check::standing::by_another;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a major nonconformity may wait for its cure.
const MAJOR_DAYS: i64 = 90;

/// 10.2-O2
pub(super) fn cures_are_in_time(view: &View) -> Verdicts {
    each(open(view), |entry| {
        Judgement::needing(entry, &["corrections", "correction_due", "action_due", "raised_at"], || {
            let past = overdue(entry).into_iter().flatten().filter(|(due, _)| *due < view.today());
            let lapse = |(due, what): (Date, &str)| {
                let days = days_between(due, view.today());
                Lapse::of(entry).value("nonconformity", entry.label()).value("days", days).value("date_field", what)
            };
            Judgement::of(past.map(lapse).collect())
        })
    })
}

/// The days that something not done was due, each with what it is.
fn overdue(entry: Entry<'_>) -> [Option<(Date, &'static str)>; 3] {
    let content = Nonconformity(entry.content());
    let owner = content.owner().get().map(|link| link.id);
    let uncured = content.grade().is(NonconformityGrade::Major) && !entry.is("verifying");
    let ninety = content.raised_at().get().filter(|_| uncured).map(|on| on.saturating_add(MAJOR_DAYS.days()));
    let correction = agreed_day(entry, "correction_due", owner).filter(|_| content.corrections().next().is_none());
    let mut actions = entry.incoming(CorrectiveAction::KIND, "nonconformity").filter(|action| !action.is("cancelled")).peekable();
    let done = actions.peek().is_some() && actions.all(|action| action.is_any(&["done", "verified"]));
    let action = agreed_day(entry, "action_due", owner).filter(|_| !done && !content.no_action_because().is_filled());
    [
        ninety.map(|due| (due, "the ninety days of a major one")),
        correction.map(|due| (due, "its day for the correction")),
        action.map(|due| (due, "its day for the action")),
    ]
}

/// 10.2-P1
pub(super) fn verified_by_an_other_person(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let recent = view.all(CorrectiveAction::KIND).filter(|action| {
        action.is("verified") && CorrectiveAction(action.content()).verified_at().get().is_some_and(|on| year.has(on))
    });
    each(recent, |action| {
        Judgement::needing(action, &["doer", "verification_sample", "done_at"], || {
            let doer = CorrectiveAction(action.content()).doer().get().map(|link| link.id);
            let named: Vec<_> = doer.map(|doer| (doer, "carried it out")).into_iter().collect();
            let lapse = |person: String, defect: String| {
                let values = Lapse::of(action).value("action", action.label());
                Judgement::Fail(values.value("person", person).value("defect", defect))
            };
            match by_another(action, ApprovalPurpose::Verify, &named) {
                Err(why) => lapse(why.person, why.defect),
                Ok(given) if was_seen(action) => Judgement::Shown(vec![action.subject(), given.entry.subject()]),
                Ok(given) => {
                    let person = crate::check::wording::called(view, given.by());
                    lapse(person, "looked at no sample and no value since".to_owned())
                }
            }
        })
    })
}

/// Whether a sample was looked at, or a value that covers days after it was done.
fn was_seen(action: Entry<'_>) -> bool {
    let content = CorrectiveAction(action.content());
    let sampled = content.verification_sample().any(|row| row.drawn_n().is_some_and(|drawn| drawn > 0));
    let measured = || {
        let (Some(measure), Some(done)) = (action.linked("measure"), content.done_at().get()) else { return false };
        measure.incoming(Measurement::KIND, "measure").filter(|value| !value.is("void")).any(|value| {
            let to = Measurement(value.content()).covers_to().get();
            to.is_some_and(|at| action.view().day(at) > done)
        })
    };
    sampled || measured()
}
