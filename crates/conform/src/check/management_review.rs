//! Management reviews that were held, in order, what they looked at and what they decided.

use jiff::civil::Date;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewInputInput as Input, ManagementReviewInputRow,
};
use vouch_record::time::parse_date;

use super::wording::words;
use crate::view::{Entry, View, Window};

/// Inputs that clause 9.3.2 asks for, each with the kinds whose records it is drawn from.
pub(super) const REQUIRED: [(Input, &[&str]); 7] = [
    (Input::PreviousActions, &["management-review"]),
    (Input::Context, &["context-issue"]),
    (Input::InterestedParties, &["interested-party"]),
    (Input::Nonconformities, &["nonconformity", "corrective-action"]),
    (Input::Measurements, &["measurement"]),
    (Input::Audits, &["audit", "finding"]),
    (Input::Improvement, &["improvement"]),
];

/// The reviews that were held, each with its day, the earliest first.
pub(super) fn held(view: &View) -> Vec<(Date, Entry<'_>)> {
    let done = view.live(ManagementReview::KIND);
    let mut held: Vec<(Date, Entry<'_>)> =
        done.filter_map(|review| Some((ManagementReview(review.content()).held_on().get()?, review))).collect();
    held.retain(|(on, _)| *on <= view.today());
    held.sort_by_key(|(on, review)| (*on, review.id()));
    held
}

/// Those of them held in a period.
pub(super) fn held_in(view: &View, period: Option<Window>) -> impl Iterator<Item = Entry<'_>> {
    held(view).into_iter().filter(move |(on, _)| period.is_some_and(|period| period.has(*on))).map(|(_, review)| review)
}

/// Those held in the last twelve months.
pub(super) fn of_the_year(view: &View) -> impl Iterator<Item = Entry<'_>> {
    held_in(view, view.last_days(365))
}

/// The days that a review looked at.
pub(super) fn period(review: Entry<'_>) -> Option<Window> {
    let content = ManagementReview(review.content());
    let (from, to) = (content.covers_from().get()?, content.covers_to().get()?);
    (from <= to).then_some(Window { from, to })
}

/// What people call an input.
pub(super) fn called(input: Input) -> String {
    words(input.id())
}

/// Whether an input is drawn from records of this kind.
pub(super) fn is_drawn_from(input: Input, kind: &str) -> bool {
    REQUIRED.iter().any(|(one, kinds)| *one == input && kinds.contains(&kind))
}

/// The days that a record speaks about: those it covers, else the day of its event. Nothing for a kind without either.
pub(super) fn days_of(record: Entry<'_>) -> Option<Window> {
    let day = |field: &str| parse_date(record.text(field)?.get(..10)?);
    if let (Some(from), Some(to)) = (day("covers_from"), day("covers_to")) {
        return Some(Window { from: from.min(to), to });
    }
    let on = ["ended_on", "held_on", "raised_at", "detected_at", "verified_at", "done_at"].into_iter().find_map(day)?;
    Some(Window { from: on, to: on })
}

/// Whether a record speaks about days of a period.
pub(super) fn is_about(record: Entry<'_>, period: Window) -> bool {
    days_of(record).is_some_and(|days| days.and(period).is_some())
}

/// Whether a record speaks about days of a period, or was written in it.
pub(super) fn is_of(record: Entry<'_>, period: Window) -> bool {
    is_about(record, period) || record.changed_on().any(|on| period.has(on))
}

/// Every record that the rows of an input link to.
pub(super) fn linked<'v>(review: Entry<'v>, input: Input) -> impl Iterator<Item = Entry<'v>> {
    let view = review.view();
    rows(review, input).flat_map(|row| row.records()).filter_map(|link| view.find(link.id))
}

/// The rows of an input.
pub(super) fn rows<'v>(review: Entry<'v>, input: Input) -> impl Iterator<Item = ManagementReviewInputRow<'v>> {
    ManagementReview(review.content()).inputs().filter(move |row| row.input() == Some(input))
}
