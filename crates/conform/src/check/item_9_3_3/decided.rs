//! What reviews decided.

use jiff::ToSpan;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewDecisionRow, ManagementReviewDecisionType as Type,
};

use crate::check::management_review::{held, held_in};
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// How long ago a review may have been held to be looked at, in months.
const BACK_MONTHS: i64 = 24;

/// The reviews held in the last twenty-four months.
pub(super) fn recent(view: &View) -> Vec<Entry<'_>> {
    held_in(view, Some(view.past(&BACK_MONTHS.months()))).collect()
}

/// A decision of a review that something is to be done.
#[derive(Clone, Copy)]
pub(super) struct Decision<'v> {
    pub(super) review: Entry<'v>,
    pub(super) row: ManagementReviewDecisionRow<'v>,
}

impl<'v> Decision<'v> {
    /// Its code, else its words.
    pub(super) fn code(&self) -> &'v str {
        self.row.code().or(self.row.decision()).unwrap_or("without a code")
    }

    /// The record that carries it out.
    pub(super) fn record(&self) -> Option<Entry<'v>> {
        self.review.view().find(self.row.record()?.id)
    }

    /// A lapse of it.
    pub(super) fn lapse(&self) -> Lapse {
        Lapse::of(self.review).value("code", self.code()).value("review", self.review.label())
    }
}

/// The decisions of a review that something is to be done.
pub(super) fn decisions(review: Entry<'_>) -> impl Iterator<Item = Decision<'_>> {
    let rows = ManagementReview(review.content()).decisions().filter(|row| row.type_() != Some(Type::None));
    rows.map(move |row| Decision { review, row })
}

/// 9.3.3-D1
pub(super) fn a_review_decided_something(view: &View) -> Verdicts {
    let signed: Vec<Entry<'_>> = held(view).into_iter().map(|(_, review)| review).filter(|review| review.is("signed")).collect();
    let complete = |row: ManagementReviewDecisionRow<'_>| match row.type_() {
        None => false,
        Some(Type::None) => row.reason().is_some(),
        Some(_) => row.reason().is_some() && row.owner().is_some() && row.due().is_some(),
    };
    let defect = match signed.last() {
        None => "no review is signed".to_owned(),
        Some(last) if ManagementReview(last.content()).decisions().next().is_none() => format!("{} holds none", last.label()),
        Some(last) => format!("those of {} lack reason, owner or day", last.label()),
    };
    let lapse = || Lapse::of_organisation().value("defect", defect.clone());
    let judge = |review: Entry<'_>| {
        Judgement::needing(review, &["decisions"], || {
            Judgement::when(ManagementReview(review.content()).decisions().any(complete), lapse)
        })
    };
    one_of(signed, judge, lapse)
}

/// 9.3.3-D2
pub(super) fn both_topics_are_decided(view: &View) -> Verdicts {
    each(recent(view).into_iter().filter(|review| review.is("signed")), |review| {
        Judgement::needing(review, &["decisions"], || {
            let rows = || ManagementReview(review.content()).decisions();
            let decides = |types: &[Type]| rows().any(|row| row.type_().is_some_and(|one| types.contains(&one)));
            let topics = [
                ("a chance to improve", decides(&[Type::Improvement])),
                ("a change of the management system", decides(&[Type::Change, Type::Policy])),
            ];
            // A decision that all stays as it is says so of one topic.
            let left_as_is = rows().filter(|row| row.type_() == Some(Type::None) && row.reason().is_some()).count();
            let open = topics.into_iter().filter(|(_, decided)| !decided).skip(left_as_is);
            Judgement::of(open.map(|(topic, _)| Lapse::of(review).value("review", review.label()).value("topic", topic)).collect())
        })
    })
}
