//! How often the policy is to be reviewed, and whether it was.

use vouch_record::kind::generated::document::{Document, DocumentReviewTrigger};
use vouch_record::time::after;

use super::looks::{looks, period};
use crate::check::wording::{called, in_days, words};
use crate::derived::document::last_reviewed;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{View, Window};

/// The longest interval between two reviews.
const LONGEST_DAYS: i64 = 365;
/// How late a review may be.
const LATE_DAYS: i64 = 30;
/// Events that always call for a review.
const TRIGGERS: [DocumentReviewTrigger; 2] = [DocumentReviewTrigger::LawChange, DocumentReviewTrigger::SeriousIncident];

/// A.2.4-D1
pub(super) fn interval_and_triggers_are_set(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["review_every", "review_triggers"], || {
            let content = Document(policy.content());
            let often = content.review_every().get().is_some_and(|every| in_days(&every) <= LONGEST_DAYS);
            let unnamed = TRIGGERS.into_iter().filter(|trigger| !content.review_triggers().has(*trigger));
            let mut missing: Vec<String> = unnamed.map(|trigger| format!("no review after a {}", words(trigger.id()))).collect();
            missing.extend((!often).then(|| "no review at least once a year".to_owned()));
            Judgement::when(missing.is_empty(), || Lapse::of(policy).value("missing", missing.join(", ")))
        })
    })
}

/// A.2.4-D2
pub(super) fn next_review_and_owner_are_right(view: &View) -> Verdicts {
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["review_by", "review_every", "owner"], || {
            let content = Document(policy.content());
            let allowed = last_reviewed(policy).zip(content.review_every().get()).map(|(at, every)| after(view.day(at), &every));
            let by = content.review_by().get();
            let mut defects = Vec::new();
            match (by, allowed) {
                (None, _) => defects.push("has no day of its next review".to_owned()),
                (Some(by), Some(allowed)) if by > allowed => {
                    defects.push(format!("is to be reviewed by {by}, later than {allowed}, which its own interval allows"));
                }
                _ => {}
            }
            let owner = content.owner().get().map(|link| link.id);
            if !owner.is_some_and(|owner| view.is_active(owner)) {
                defects.push(format!("is owned by {}, who is not active", called(view, owner)));
            }
            Judgement::of(defects.into_iter().map(|defect| Lapse::of(policy).value("defect", defect)).collect())
        })
    })
}

/// A.2.4-O1
pub(super) fn never_long_unreviewed(view: &View) -> Verdicts {
    let Some(period) = period(view) else { return Verdicts::holds() };
    each(view.policy(), |policy| {
        Judgement::needing(policy, &["review_every"], || {
            let looks = looks(view);
            let asked = looks.first().and_then(|look| period.from_day(look.given.on()));
            let every = Document(policy.content()).review_every().get();
            let (Some(asked), Some(every)) = (asked, every) else { return Judgement::Skip("no interval is set".to_owned()) };
            let longest = in_days(&every) + LATE_DAYS;
            let holes = without_hole(asked, looks.iter().map(|look| look.given.on()), longest);
            if holes.is_empty() {
                let shown = looks.iter().filter(|look| asked.has(look.given.on())).map(|look| look.given.entry.subject());
                return Judgement::Shown([policy.subject()].into_iter().chain(shown).collect());
            }
            let lapse = |hole: crate::view::Hole| {
                let days = Window { from: hole.from.max(asked.from), to: hole.to };
                Lapse::of(policy).value("from", hole.from).value("to", hole.to).over(days)
            };
            Judgement::FailAll(holes.into_iter().map(lapse).collect())
        })
    })
}
