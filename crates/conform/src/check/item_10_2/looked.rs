//! Whether the organisation looks for causes, for what comes back, and by itself.

use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityCauseLevel, NonconformitySource};

use super::population::raised;
use crate::derived::nonconformity::recurrence;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// After how many days somebody inside is to have found something.
pub(super) const HALF_YEAR: i64 = 183;
/// From how many cases on it says something that all causes lie in the case.
const CASES: usize = 3;

/// 10.2-O5
pub(super) fn causes_lie_in_the_way_of_working(view: &View) -> Verdicts {
    use NonconformitySource::{ExternalAudit, Incident, InternalAudit, Measurement};
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let analysed: Vec<Entry<'_>> = view
        .all(Nonconformity::KIND)
        .filter(|entry| {
            let source = Nonconformity(entry.content()).source().get();
            matches!(source, Some(Incident | InternalAudit | ExternalAudit | Measurement))
                && entry.is_settled()
                && entry.entered("analysed").is_some_and(|on| year.has(on))
        })
        .collect();
    let level = |entry: &Entry<'_>| Nonconformity(entry.content()).cause_level().get();
    let deeper: Vec<_> = analysed.iter().filter(|entry| level(entry) != Some(NonconformityCauseLevel::Case)).collect();
    if deeper.is_empty() && analysed.len() >= CASES {
        return Verdicts::failed(Lapse::of_organisation().value("n", analysed.len()));
    }
    Verdicts { passed: deeper.into_iter().map(|entry| entry.subject()).collect(), ..Verdicts::default() }
}

/// 10.2-P2
pub(super) fn what_recurs_is_named(view: &View) -> Verdicts {
    each(raised(view), |entry| {
        Judgement::needing(entry, &["repeats", "cause_category"], || {
            let earlier = recurrence(entry);
            let Some(first) = earlier.first() else { return Judgement::Pass };
            let repeats = Nonconformity(entry.content()).repeats().get().map(|link| link.id);
            let lapse = |other: &Entry<'_>, defect: &str| {
                let values = Lapse::of(entry).value("nonconformity", entry.label());
                Judgement::Fail(values.value("earlier", other.label()).value("defect", defect))
            };
            match earlier.iter().find(|other| Some(other.id()) == repeats) {
                None => lapse(first, "does not name it"),
                Some(other) if !judged_again(entry, *other) => lapse(other, "nobody judged the earlier cure again"),
                Some(_) => Judgement::Pass,
            }
        })
    })
}

/// Whether the cure of the earlier one was judged again since the later one was raised: a corrective action was revised, verified or
/// followed by another, or the case was opened again.
fn judged_again(later: Entry<'_>, earlier: Entry<'_>) -> bool {
    let Some(raised) = Nonconformity(later.content()).raised_at().get() else { return false };
    let reopened = earlier.leaves().windows(2).any(|pair| {
        pair[0].state.as_ref() == "closed" && pair[1].state.as_ref() != "closed" && earlier.view().day(pair[1].time) >= raised
    });
    let again = |action: Entry<'_>| {
        let verified = action.given().iter().any(|given| given.on() >= raised);
        let followed = CorrectiveAction(action.content()).follow_up().is_filled();
        followed || verified || action.changed_on().any(|on| on >= raised)
    };
    reopened || earlier.incoming(CorrectiveAction::KIND, "nonconformity").any(again)
}

/// 10.2-P5
pub(super) fn somebody_inside_found_something(view: &View) -> Verdicts {
    let inside = raised(view).filter(|entry| {
        let source = Nonconformity(entry.content()).source().get();
        source.is_some_and(|source| source != NonconformitySource::ExternalAudit)
    });
    at_least_one(inside, Lapse::of_organisation)
}
