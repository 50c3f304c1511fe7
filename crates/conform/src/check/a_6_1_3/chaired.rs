//! Whether reviews were chaired by others, over what was approved by then.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewItemResult, StageReviewItemRow};
use vouch_record::time::day_of;

use crate::check::reviewed::{let_pass, passed_in};
use crate::check::wording::called;
use crate::derived::ai_system;
use crate::derived::stage_review::{involved, reviewed_authors};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.6.1.3-P1
pub(super) fn chaired_by_others(view: &View) -> Verdicts {
    let heavy =
        |review: &Entry<'_>| let_pass(*review) && review.linked("ai_system").and_then(ai_system::tier) >= Some(RiskTier::High);
    each(view.all(StageReview::KIND).filter(heavy), |review| {
        Judgement::needing(review, &["chair", "items"], || {
            let Some(chair) = StageReview(review.content()).chair().get().map(|link| link.id) else {
                return Judgement::Fail(Lapse::of(review).value("person", "Nobody").value("record", review.label()));
            };
            match own_work(review, chair) {
                None => Judgement::Pass,
                Some(record) => {
                    Judgement::Fail(Lapse::of(review).value("person", called(view, Some(chair))).value("record", record))
                }
            }
        })
    })
}

/// What the chair made, tested or owns of what was reviewed; the decision itself where a rule was set aside for it.
fn own_work(review: Entry<'_>, chair: Id) -> Option<String> {
    let system = review.linked("ai_system")?;
    let owners = [AiSystem(system.content()).owner().get(), AiSystem(system.content()).technical_owner().get()];
    if owners.into_iter().flatten().any(|link| link.id == chair) || involved(review).contains(&chair) {
        return Some(system.label());
    }
    if reviewed_authors(review).contains(&chair) {
        let wrote = |row: StageReviewItemRow<'_>| {
            let subject = review.view().find(row.subject()?.id)?;
            let named = subject.revisions().find(|leaf| row.subject_revision() == Some(i64::from(leaf.revision)));
            let leaf = named.unwrap_or_else(|| subject.made());
            subject.authors_of(leaf).contains(&chair).then(|| subject.label())
        };
        return Some(StageReview(review.content()).items().find_map(wrote).unwrap_or_else(|| review.label()));
    }
    let set_aside = review.approvals(ApprovalPurpose::Decide).iter().any(|given| given.overrides().is_some());
    set_aside.then(|| review.label())
}

/// A.6.1.3-P2
pub(super) fn items_were_approved(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(passed_in(view, window), |review| {
        Judgement::needing(review, &["items", "held_on"], || {
            let drafts = StageReview(review.content()).items().filter_map(|row| draft_then(review, row));
            let held = StageReview(review.content()).held_on().get().map(|at| view.day(at));
            let held = held.map_or_else(String::new, |on| on.to_string());
            let lapses = drafts.map(|record| {
                Lapse::of(review).value("review", review.label()).value("record", record.label()).value("held_on", &held)
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// The record of a fulfilled item that was not there in the revision named, or in no settled state, when the review was held. The
/// release under review may still be open.
fn draft_then<'v>(review: Entry<'v>, row: StageReviewItemRow<'v>) -> Option<Entry<'v>> {
    let view = review.view();
    let held = StageReview(review.content()).held_on().get()?;
    let under_review = StageReview(review.content()).release().get().map(|link| link.id);
    let link = row.subject().filter(|link| Some(link.id) != under_review)?;
    let subject = view.find(link.id).filter(|_| row.result() == Some(StageReviewItemResult::Fulfilled))?;
    let was_there = subject
        .revisions()
        .any(|leaf| leaf.time < held && row.subject_revision().is_none_or(|revision| revision == i64::from(leaf.revision)));
    let then = view.on(day_of(held, view.zone())).find(link.id);
    let settled = subject.kind().settled.is_empty() || then.is_some_and(|then| then.is_settled());
    (!was_there || !settled).then_some(subject)
}
