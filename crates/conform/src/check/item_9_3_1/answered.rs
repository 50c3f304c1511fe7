//! What top management answered, and on which facts.

use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionType};
use vouch_record::kind::generated::shared::Extent;
use vouch_record::time::days_between;

use crate::check::management_review::{called, of_the_year};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long before the meeting its inputs may have been drawn.
const FROZEN_DAYS: i64 = 30;

/// 9.3.1-O5
pub(super) fn doubts_led_to_decisions(view: &View) -> Verdicts {
    use ManagementReviewDecisionType::{Change, Improvement, Resources};
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["suitable", "adequate", "effective", "decisions"], || {
            let content = ManagementReview(review.content());
            let decides = content.decisions().any(|row| matches!(row.type_(), Some(Change | Improvement | Resources)));
            let answers = [("suitable", content.suitable()), ("adequate", content.adequate()), ("effective", content.effective())];
            let lapse = |(word, answer): (&str, vouch_record::Field<Extent>)| {
                let defect = match answer.get() {
                    None => format!("does not say whether the system is {word}"),
                    Some(Extent::Yes) => return None,
                    Some(_) if decides => return None,
                    Some(Extent::Partly) => format!("found the system partly {word} and decided nothing about it"),
                    Some(Extent::No) => format!("found the system not {word} and decided nothing about it"),
                };
                Some(Lapse::of(review).value("review", review.label()).value("defect", defect))
            };
            Judgement::of(answers.into_iter().filter_map(lapse).collect())
        })
    })
}

/// 9.3.1-P2
pub(super) fn inputs_are_of_that_time(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs_frozen_at", "inputs"], || match untimely(review) {
            Some(defect) => Judgement::Fail(Lapse::of(review).value("review", review.label()).value("defect", defect)),
            None => Judgement::Pass,
        })
    })
}

/// Why the inputs are not those of shortly before the meeting.
fn untimely(review: Entry<'_>) -> Option<String> {
    let (content, view) = (ManagementReview(review.content()), review.view());
    let (Some(frozen), Some(held)) = (content.inputs_frozen_at().get(), content.held_on().get()) else {
        return Some("were never frozen".to_owned());
    };
    let on = view.day(frozen);
    if review.entered("prepared") != Some(on) {
        return Some(format!("bear {on}, on which the program did not freeze them"));
    }
    if on > held {
        return Some(format!("were drawn on {on}, after the meeting"));
    }
    if days_between(on, held) > FROZEN_DAYS {
        return Some(format!("were drawn on {on}, long before the meeting"));
    }
    let linked = content.inputs().flat_map(|row| row.records().map(move |link| (row.input(), link)));
    let other = linked.filter_map(|(input, link)| Some((input, view.find(link.id)?, link.revision?))).find(|(_, record, shown)| {
        let then = record.revisions().filter(|leaf| leaf.time <= frozen).map(|leaf| leaf.revision).next_back();
        then.is_some_and(|then| then != *shown)
    });
    other.map(|(input, record, shown)| {
        let input = input.map_or_else(|| "an input".to_owned(), called);
        format!("show revision {shown} of {} for {input}, which was not that of {on}", record.label())
    })
}
