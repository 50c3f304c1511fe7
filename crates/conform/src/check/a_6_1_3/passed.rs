//! What reviews let pass: needs with permission, conditions that are met, and gates that hold.

use std::collections::BTreeMap;

use jiff::ToSpan;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewItemResult};

use super::entered::gate_called;
use crate::check::reviewed::{held, let_pass, passed_in};
use crate::derived::stage_review::is_waived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// From which part of the needs on a gate does not hold: one in so many.
const ONE_IN: usize = 5;

/// A.6.1.3-O3
pub(super) fn needs_let_pass_with_permission(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(passed_in(view, window), |review| {
        Judgement::needing(review, &["items", "deviations"], || {
            // On the day it was held; where it was entered later, as it is read today.
            let then = held(review).and_then(|on| review.on(on)).unwrap_or(review);
            let open = StageReview(review.content())
                .items()
                .filter(|row| matches!(row.result(), Some(StageReviewItemResult::Missing | StageReviewItemResult::Deviation)));
            let unwaived = open.filter_map(|row| row.need()).filter(|need| !is_waived(then, need));
            let lapses = unwaived.map(|need| Lapse::of(review).value("review", review.label()).value("need", need));
            Judgement::of(lapses.collect())
        })
    })
}

/// A.6.1.3-O4
pub(super) fn conditions_met(view: &View) -> Verdicts {
    let with_conditions = |review: &Entry<'_>| let_pass(*review) && StageReview(review.content()).conditions().next().is_some();
    each(view.all(StageReview::KIND).filter(with_conditions), |review| {
        let late = StageReview(review.content()).conditions().filter_map(|row| {
            let due = row.due().filter(|due| *due < view.today() && row.met_by().next().is_none())?;
            let lapse = Lapse::of(review).value("review", review.label()).value("due", due);
            Some(lapse.value("condition", row.condition().unwrap_or("without words")))
        });
        Judgement::of(late.collect())
    })
}

/// A.6.1.3-P3
pub(super) fn gates_hold(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let mut gates: BTreeMap<String, (usize, usize, Vec<Entry<'_>>)> = BTreeMap::new();
    for review in passed_in(view, year) {
        let items = StageReview(review.content()).items();
        let gate = gates.entry(gate_called(review)).or_default();
        for row in items {
            gate.0 += usize::from(row.result() == Some(StageReviewItemResult::Deviation));
            gate.1 += 1;
        }
        gate.2.push(review);
    }
    let things = gates.len();
    let mut verdicts = Verdicts::holds();
    for (gate, (deviations, needs, reviews)) in gates {
        if needs > 0 && deviations * ONE_IN >= needs {
            let share = format!("{deviations} of {needs}");
            verdicts.failed.push(Lapse::of_organisation().value("share", share).value("gate", gate));
        } else {
            verdicts.passed.extend(reviews.iter().map(Entry::subject));
        }
    }
    verdicts.among(things)
}
