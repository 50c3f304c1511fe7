//! Whether reviews have their inputs, from the records of their period.

use jiff::ToSpan;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewInputInput as Input};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::nonconformity::Nonconformity;

use crate::check::management_review::{REQUIRED, called, held, is_about, is_drawn_from, is_of, linked, of_the_year, period, rows};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Inputs without which an AI management system cannot be judged, beside those of clause 9.3.2.
const ABOUT_AI: [Input; 5] = [Input::Objectives, Input::Risks, Input::Incidents, Input::Resources, Input::Suppliers];
/// Inputs that show a trend, with the kind of which each has records of two periods.
const TRENDS: [(Input, &str); 3] =
    [(Input::Nonconformities, Nonconformity::KIND), (Input::Measurements, Measurement::KIND), (Input::Audits, Audit::KIND)];
/// States in which a record counts for nothing.
const VOID: [&str; 4] = ["void", "rejected", "cancelled", "withdrawn"];

/// 9.3.2-D1
pub(super) fn required_inputs_are_there(view: &View) -> Verdicts {
    rows_are_there(view, &REQUIRED.map(|(input, _)| input))
}

/// 9.3.2-D2
pub(super) fn inputs_about_ai_are_there(view: &View) -> Verdicts {
    rows_are_there(view, &ABOUT_AI)
}

/// Every review that is prepared, or was held in the last twelve months, has a row for each of these.
fn rows_are_there(view: &View, wanted: &[Input]) -> Verdicts {
    let year = view.past(&365.days());
    let reviews = view.all(ManagementReview::KIND).filter(|review| {
        let on = ManagementReview(review.content()).held_on().get();
        review.is("prepared") || (review.is_settled() && on.is_some_and(|on| year.has(on)))
    });
    each(reviews, |review| {
        Judgement::needing(review, &["inputs"], || {
            let missing = wanted.iter().filter(|input| rows(review, **input).next().is_none());
            let lapse = |input: &Input| Lapse::of(review).value("review", review.label()).value("input", called(*input));
            Judgement::of(missing.map(lapse).collect())
        })
    })
}

/// The day after which nothing could be an input any more: on which they were frozen, else the day of the view.
fn known(review: Entry<'_>, period: Window) -> Window {
    let frozen = ManagementReview(review.content()).inputs_frozen_at().get().map(|at| review.view().day(at));
    Window { from: period.from, to: frozen.map_or(period.to, |on| period.to.min(on)) }
}

/// 9.3.2-O1
pub(super) fn inputs_rest_on_the_period(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "covers_from", "covers_to"], || {
            let Some(period) = period(review).map(|period| known(review, period)) else {
                return Judgement::Undecided("its period is not known".to_owned());
            };
            let bare = REQUIRED.iter().filter(|(input, kinds)| {
                let mut own = rows(review, *input).peekable();
                own.peek().is_some()
                    && !linked(review, *input).any(|record| is_of(record, period))
                    && (own.all(|row| row.summary().is_none()) || left_something(review, kinds, period))
            });
            let lapse =
                |(input, _): &(Input, &[&str])| Lapse::of(review).value("review", review.label()).value("input", called(*input));
            Judgement::of(bare.map(lapse).collect())
        })
    })
}

/// Whether a record of one of these kinds, other than the review, speaks about a period or was written in it.
fn left_something(review: Entry<'_>, kinds: &[&str], period: Window) -> bool {
    let other = |record: Entry<'_>| record.id() != review.id() && is_of(record, period);
    kinds.iter().any(|kind| review.view().all(kind).any(other))
}

/// 9.3.2-O2
pub(super) fn trends_are_shown(view: &View) -> Verdicts {
    let all = held(view);
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "covers_from", "covers_to"], || {
            let Some(present) = period(review) else { return Judgement::Undecided("its period is not known".to_owned()) };
            let before = all.iter().map(|(_, other)| *other).take_while(|other| other.id() != review.id()).last();
            let earlier = before.and_then(period).unwrap_or(Window {
                from: present.from.saturating_sub(present.days().days()),
                to: present.from.saturating_sub(1.day()),
            });
            let present = known(review, present);
            let flat = TRENDS.into_iter().filter(|(input, kind)| {
                let shows = |period: Window| {
                    linked(review, *input).any(|record| is_drawn_from(*input, &record.kind().name) && is_about(record, period))
                };
                let mut own = rows(review, *input).peekable();
                own.peek().is_some()
                    && [earlier, present].into_iter().any(|period| !shows(period) && there_was(review, kind, period))
            });
            Judgement::of(
                flat.map(|(input, _)| Lapse::of(review).value("review", review.label()).value("input", called(input))).collect(),
            )
        })
    })
}

/// Whether there was a record about a period, known when the inputs were frozen.
fn there_was(review: Entry<'_>, kind: &str, period: Window) -> bool {
    let frozen = ManagementReview(review.content()).inputs_frozen_at().get();
    let counts =
        |record: Entry<'_>| !record.is_any(&VOID) && frozen.is_none_or(|at| record.created_at() <= at) && is_about(record, period);
    review.view().all(kind).any(counts)
}
