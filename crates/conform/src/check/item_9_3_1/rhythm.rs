//! Whether reviews are held in their rhythm, and when something happened.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::time::days_between;

use crate::check::management_review::held;
use crate::check::occasion::change_days;
use crate::check::serious;
use crate::derived::change::{aims_change, significant};
use crate::shape::{Judgement, Lapse, Verdicts, without_hole};
use crate::view::{Entry, View, Window};

/// The longest time between two reviews, in days.
pub(super) const LONGEST: i64 = 395;
/// The time between two reviews that lets management see a trend, in days.
pub(super) const BETTER: i64 = 200;
/// How much later than planned a review may be held.
const LATE_DAYS: i64 = 30;
/// How soon after a grave event a review is held, or decided not to be needed.
const EVENT_DAYS: i64 = 60;

/// The signed reviews, each with the day on which it was held.
fn signed(view: &View) -> impl Iterator<Item = (Date, Entry<'_>)> {
    held(view).into_iter().filter(|(_, review)| review.is("signed"))
}

/// 9.3.1-O1
pub(super) fn held_each_year(view: &View) -> Verdicts {
    let Some(first) = view.first_scope_on() else { return Verdicts::holds() };
    let last = signed(view).last();
    let since = last.map_or(first, |(on, _)| on);
    if days_between(since, view.today()) > LONGEST {
        let days = Window { from: since, to: view.today() };
        return Verdicts::failed(Lapse::of_organisation().value("date", since).over(days));
    }
    last.map_or_else(Verdicts::holds, |(_, review)| Verdicts::passed(review))
}

/// 9.3.1-O2
pub(super) fn held_each_half_year(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let reviews: Vec<(Date, Entry<'_>)> = signed(view).collect();
    let holes = without_hole(year, reviews.iter().map(|(on, _)| *on), BETTER);
    let lapse = |from: Date, to: Date| Lapse::of_organisation().value("from", from).value("date", to).over(Window { from, to });
    Verdicts {
        failed: holes.iter().map(|hole| lapse(hole.from, hole.to)).collect(),
        passed: reviews.iter().filter(|(on, _)| year.has(*on)).map(|(_, review)| review.subject()).collect(),
        ..Verdicts::default()
    }
}

/// 9.3.1-O4
pub(super) fn held_in_time(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    let planned = view
        .all(ManagementReview::KIND)
        .filter_map(|review| Some((ManagementReview(review.content()).planned_for().get()?, review)));
    for (planned_for, review) in planned {
        let on = ManagementReview(review.content()).held_on().get().filter(|_| review.is_settled());
        let day = on.unwrap_or(view.today());
        if !year.has(day) || (on.is_none() && planned_for > day) {
            continue;
        }
        let days = days_between(planned_for, day);
        let defect = match on {
            Some(_) => format!("took place {days} days late"),
            None => format!("is {days} days late"),
        };
        let judgement = match (days <= LATE_DAYS, on) {
            (true, Some(_)) => Judgement::Pass,
            (true, None) => Judgement::Skip("it can still be held in time".to_owned()),
            (false, _) => Judgement::Fail(Lapse::of(review).value("review", review.label()).value("defect", defect)),
        };
        verdicts.note(review, judgement);
    }
    let reviews = held(view);
    for (on, event) in events(view).filter(|(on, _)| year.has(*on)) {
        verdicts.note(event, followed(view, on, event, &reviews));
    }
    verdicts
}

/// Whether a review followed an event, or top management decided in writing that none is needed.
fn followed(view: &View, on: Date, event: Entry<'_>, reviews: &[(Date, Entry<'_>)]) -> Judgement {
    let due = on.saturating_add(EVENT_DAYS.days());
    let asked = Window { from: on, to: due };
    if let Some((_, review)) = reviews.iter().find(|(held, _)| asked.has(*held)) {
        return Judgement::Shown(vec![event.subject(), review.subject()]);
    }
    let decided = event.given().into_iter().any(|given| {
        let decides = matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Decide | ApprovalPurpose::Review));
        let directs = given.by().is_some_and(|by| view.directed_on(by, given.on()));
        decides && directs && given.approval.reason().is_filled() && asked.has(given.on())
    });
    if decided {
        return Judgement::Pass;
    }
    if due >= view.today() {
        return Judgement::Skip(format!("a review can follow until {due}"));
    }
    let defect = format!("was followed by no review within {EVENT_DAYS} days");
    Judgement::Fail(Lapse::of(event).value("review", event.label()).value("defect", defect))
}

/// Critical incidents and significant changes of the management system.
fn events(view: &View) -> impl Iterator<Item = (Date, Entry<'_>)> {
    let critical =
        serious::incidents(view).filter(|(_, entry)| Incident(entry.content()).severity().is(IncidentSeverity::Critical));
    let changes = view.live(Change::KIND).filter(|entry| significant(*entry) && aims_change(*entry));
    critical.chain(changes.filter_map(|entry| Some((change_days(entry)?.0, entry))))
}
