//! Whether decisions are carried out, in time, and followed by later reviews.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewPreviousActionVerdict as Verdict};

use super::decided::{Decision, decisions, recent};
use crate::check::wording::called;
use crate::derived::management_review::{is_done, unlisted_decisions};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long it may take to make the record that carries a decision.
const CARRY_DAYS: i64 = 30;

/// The day on which a review was held.
fn held_on(review: Entry<'_>) -> Option<Date> {
    ManagementReview(review.content()).held_on().get()
}

/// Judges every decision of a review that something is to be done.
pub(super) fn each_decision(view: &View, judge: impl Fn(&Decision<'_>, Date) -> Option<Lapse>) -> Verdicts {
    let mut things = 0;
    let mut verdicts = Verdicts::default();
    for review in recent(view) {
        let judgement = Judgement::needing(review, &["decisions", "held_on"], || {
            let Some(held) = held_on(review) else { return Judgement::Undecided("it has no day".to_owned()) };
            let lapses: Vec<Lapse> = decisions(review).filter_map(|decision| judge(&decision, held)).collect();
            Judgement::of(lapses)
        });
        if decisions(review).next().is_none() && matches!(judgement, Judgement::Pass) {
            continue;
        }
        things += decisions(review).count();
        verdicts.note(review, judgement);
    }
    verdicts.among(things)
}

/// 9.3.3-O1
pub(super) fn decisions_are_carried(view: &View) -> Verdicts {
    each_decision(view, |decision, held| {
        let due = held.saturating_add(CARRY_DAYS.days());
        let carried = decision
            .record()
            .is_some_and(|record| record.created_on() <= due || record.changed_on().any(|on| held <= on && on <= due));
        (!carried && due < view.today()).then(|| decision.lapse())
    })
}

/// 9.3.3-O2
pub(super) fn decisions_are_finished(view: &View) -> Verdicts {
    each_decision(view, |decision, held| {
        let due = decision.row.due().filter(|due| *due < view.today())?;
        let finished = decision.record().is_some_and(|record| is_done(record, Some(held)));
        (!finished && !taken_up_again(decision)).then(|| decision.lapse().value("due", due))
    })
}

/// Whether a later review found it late or dropped it, and said why.
fn taken_up_again(decision: &Decision<'_>) -> bool {
    decision.review.incoming(ManagementReview::KIND, "previous_actions").filter(Entry::is_settled).any(|later| {
        ManagementReview(later.content()).previous_actions().any(|row| {
            let same =
                row.review().is_some_and(|link| link.id == decision.review.id()) && row.decision_code() == Some(decision.code());
            same && matches!(row.verdict(), Some(Verdict::Late | Verdict::Dropped)) && row.note().is_some()
        })
    })
}

/// 9.3.3-O3
pub(super) fn open_decisions_come_back(view: &View) -> Verdicts {
    let later = view.all(ManagementReview::KIND).filter(|review| review.is("prepared")).chain(recent(view));
    each(later, |review| {
        Judgement::needing(review, &["previous_actions", "inputs_frozen_at"], || {
            let forgotten = unlisted_decisions(review).into_iter().map(|(earlier, code)| {
                let named = Lapse::of(review).value("review", review.label());
                named.value("code", code).value("earlier", called(view, Some(earlier)))
            });
            Judgement::of(forgotten.collect())
        })
    })
}
