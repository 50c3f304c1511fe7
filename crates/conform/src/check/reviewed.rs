//! Stage reviews: which passed, at which gate, and when.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision, StageReviewGate};

use crate::view::{Entry, View, Window};

/// Whether a review was decided and let the system pass, whatever became of its conditions.
pub(super) fn let_pass(review: Entry<'_>) -> bool {
    let decision = StageReview(review.content()).decision().get();
    review.is("decided") && matches!(decision, Some(StageReviewDecision::Pass | StageReviewDecision::PassWithConditions))
}

/// The reviews of a system that let it pass.
pub(super) fn passed_of(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system.incoming(StageReview::KIND, "ai_system").filter(|review| let_pass(*review))
}

/// Whether a review was held at one of these gates.
pub(super) fn is_at(review: Entry<'_>, gates: &[StageReviewGate]) -> bool {
    StageReview(review.content()).gate().get().is_some_and(|gate| gates.contains(&gate))
}

/// The day on which a review was held.
pub(super) fn held(review: Entry<'_>) -> Option<Date> {
    StageReview(review.content()).held_on().get().map(|at| review.view().day(at))
}

/// When a review was decided.
pub(super) fn decided_at(review: Entry<'_>) -> Option<Timestamp> {
    review.entry_into("decided").map(|leaf| leaf.time)
}

/// The reviews held in a period that let a system pass.
pub(super) fn passed_in(view: &View, period: Window) -> impl Iterator<Item = Entry<'_>> {
    let within = move |review: &Entry<'_>| held(*review).is_some_and(|on| period.has(on));
    view.all(StageReview::KIND).filter(|review| let_pass(*review)).filter(within)
}
