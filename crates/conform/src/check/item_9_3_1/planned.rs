//! Whether reviews are planned, and one is signed.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::time::days_between;

use super::rhythm::LONGEST;
use crate::check::audited::next_stage_2;
use crate::check::controlled::missing;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// Fields a planned review has.
const PLANNED: [(&str, &str); 4] =
    [("planned_for", "a planned day"), ("chair", "a chair"), ("covers_from", "a first day"), ("covers_to", "a last day")];

/// 9.3.1-D1
pub(super) fn reviews_are_planned(view: &View) -> Verdicts {
    let mut reviews: Vec<(Option<Date>, Entry<'_>)> =
        view.all(ManagementReview::KIND).map(|review| (ManagementReview(review.content()).planned_for().get(), review)).collect();
    reviews.sort_by_key(|(on, review)| (*on, review.id()));
    if reviews.is_empty() {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "none is planned"));
    }
    let since = view.today().saturating_sub(365.days());
    let recent = |on: &Option<Date>| on.is_none_or(|on| on >= since);
    let mut verdicts = each(reviews.iter().filter(|(on, _)| recent(on)).map(|(_, review)| *review), |review| {
        Judgement::needing(review, &PLANNED.map(|(field, _)| field), || match missing(review, &PLANNED) {
            Some(gaps) => Judgement::Fail(Lapse::of(review).value("defect", format!("{} lacks {gaps}", review.label()))),
            None => Judgement::Pass,
        })
    });
    let days: Vec<Date> = reviews.iter().filter_map(|(on, _)| *on).collect();
    for pair in days.windows(2).filter(|pair| pair[1] >= since && days_between(pair[0], pair[1]) > LONGEST) {
        verdicts
            .failed
            .push(Lapse::of_organisation().value("defect", format!("none is planned between {} and {}", pair[0], pair[1])));
    }
    verdicts
}

/// 9.3.1-D2
pub(super) fn a_review_is_signed(view: &View) -> Verdicts {
    let certification = next_stage_2(view);
    let by = certification.map_or_else(|| "yet".to_owned(), |day| format!("before the certification audit on {day}"));
    let lapse = || Lapse::of_organisation().value("by", by.clone());
    let signed = |review: Entry<'_>| {
        let on = review.entered("signed").filter(|_| review.is("signed"));
        let holds = on.is_some_and(|on| certification.is_none_or(|day| on < day));
        Judgement::when(holds, lapse)
    };
    one_of(view.all(ManagementReview::KIND), signed, lapse)
}
