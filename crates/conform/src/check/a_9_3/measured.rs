//! The objectives for responsible use: set, followed, and compared with what oversight found.

use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::objective::{Objective, ObjectiveType};

use crate::check::item_6_2::followed::{has_answers, has_no_hole};
use crate::check::objectives::of_type;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// How far back a management review counts, in days.
const YEAR: i64 = 365;

/// The objectives for responsible use in force.
fn objectives(view: &View) -> impl Iterator<Item = Entry<'_>> {
    of_type(view, ObjectiveType::ResponsibleUse)
}

/// A.9.3-D1
pub(super) fn an_objective_has_a_measure(view: &View) -> Verdicts {
    let judge = |one: Entry<'_>| {
        let owned = Objective(one.content()).owner().get().is_some_and(|owner| view.is_active(owner.id));
        let measured = one.linked("measure").is_some_and(|measure| measure.is_live());
        Judgement::when(owned && measured, || Lapse::of(one))
    };
    one_of(objectives(view), judge, Lapse::of_organisation)
}

/// A.9.3-O3
pub(super) fn objectives_are_followed(view: &View) -> Verdicts {
    each(objectives(view), |one| {
        let measured = said(has_no_hole(one), |of| format!("was not measured between {} and {}", of("from"), of("to")));
        let answered =
            said(has_answers(one), |of| format!("left its path on {}, and nobody reacted to {}", of("date"), of("value")));
        match (measured, answered) {
            (Ok(holes), Ok(silences)) => Judgement::of(holes.into_iter().chain(silences).collect()),
            (Ok(lapses), Err(_)) | (Err(_), Ok(lapses)) if !lapses.is_empty() => Judgement::FailAll(lapses),
            (Err(why), _) | (_, Err(why)) => why,
        }
    })
}

/// The lapses of a judgement with their defect in words; a judgement that is neither pass nor fail as it is.
fn said(judgement: Judgement, words: impl Fn(&dyn Fn(&str) -> String) -> String) -> Result<Vec<Lapse>, Judgement> {
    let lapses = match judgement {
        Judgement::Fail(lapse) => vec![lapse],
        Judgement::FailAll(lapses) => lapses,
        Judgement::Pass | Judgement::Shown(_) => Vec::new(),
        other @ (Judgement::Undecided(_) | Judgement::Skip(_)) => return Err(other),
    };
    let with_words = |lapse: Lapse| {
        let of =
            |name: &str| lapse.values.iter().find(|(known, _)| *known == name).map_or_else(String::new, |(_, value)| value.clone());
        let defect = words(&of);
        lapse.value("defect", defect)
    };
    Ok(lapses.into_iter().map(with_words).collect())
}

/// A.9.3-P3
pub(super) fn top_management_compared_them(view: &View) -> Verdicts {
    let year = view.last_days(YEAR);
    let reviews: Vec<Entry<'_>> = view
        .live(ManagementReview::KIND)
        .filter(|review| {
            let held = ManagementReview(review.content()).held_on().get();
            review.is("signed") && held.zip(year).is_some_and(|(on, year)| year.has(on))
        })
        .collect();
    each(objectives(view), |one| {
        let content = Objective(one.content());
        if content.valid_from().get().is_some_and(|from| year.is_some_and(|year| from > year.from)) && reviews.is_empty() {
            return Judgement::Skip("set in the last year, and no review was held since".to_owned());
        }
        match reviews.iter().find(|review| compares(**review, one)) {
            Some(review) => Judgement::Shown(vec![one.subject(), review.subject()]),
            None => Judgement::Fail(Lapse::of(one)),
        }
    })
}

/// Whether a review had an objective among its inputs and concluded or decided something about it.
fn compares(review: Entry<'_>, one: Entry<'_>) -> bool {
    let content = ManagementReview(review.content());
    let mut rows = content.inputs().filter(|row| row.records().any(|link| link.id == one.id())).peekable();
    let named = rows.peek().is_some();
    let concluded = rows.any(|row| row.conclusion().is_some());
    let decided = content.decisions().any(|row| row.record().is_some_and(|link| link.id == one.id()));
    named && (concluded || decided)
}
