//! What came back after it was verified.

use jiff::ToSpan;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};

use crate::check::audited::counts;
use crate::derived::finding::repeat_candidates;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back an earlier finding counts, in years.
const BACK_YEARS: i64 = 3;

fn is_lapse(finding: Entry<'_>) -> bool {
    let grade = Finding(finding.content()).grade().get();
    matches!(grade, Some(FindingGrade::Major | FindingGrade::Minor | FindingGrade::AreaOfConcern))
}

/// 9.2.1-P3
pub(super) fn what_came_back_is_named(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let recent = view.all(Finding::KIND).filter(|finding| {
        let raised = Finding(finding.content()).raised_at().get();
        is_lapse(*finding)
            && !finding.is("withdrawn")
            && raised.is_some_and(|on| year.has(on))
            && finding.linked("audit").is_some_and(counts)
    });
    each(recent, |finding| {
        Judgement::needing(finding, &["repeats"], || {
            let earlier: Vec<Entry<'_>> = verified_before(finding);
            let Some(first) = earlier.first() else { return Judgement::Pass };
            let repeats = Finding(finding.content()).repeats().get().map(|link| link.id);
            let lapse = |again: &Entry<'_>, defect: &str| {
                let named = Lapse::of(finding).value("finding", finding.label()).value("earlier", again.label());
                Judgement::Fail(named.value("defect", defect))
            };
            match earlier.iter().find(|again| Some(again.id()) == repeats) {
                None => lapse(first, "does not name it"),
                Some(again) if !is_reconsidered(finding) => lapse(again, "nobody reconsidered its grade"),
                Some(_) => Judgement::Pass,
            }
        })
    })
}

/// The findings on the same requirement and system that were verified in the three years before it was raised.
fn verified_before(finding: Entry<'_>) -> Vec<Entry<'_>> {
    let Some(raised) = Finding(finding.content()).raised_at().get() else { return Vec::new() };
    let since = raised.saturating_sub(BACK_YEARS.years());
    let verified = |earlier: &Entry<'_>| {
        let on = Finding(earlier.content()).verified_at().get();
        is_lapse(*earlier) && earlier.is("verified") && on.is_some_and(|on| since <= on && on <= raised)
    };
    repeat_candidates(finding).into_iter().filter(verified).collect()
}

/// Whether its grade was looked at again because of the earlier one: it is major, or somebody approved it since it names the
/// earlier one.
fn is_reconsidered(finding: Entry<'_>) -> bool {
    let heaviest = Finding(finding.content()).grade().is(FindingGrade::Major);
    let named_since = finding.revisions().find(|leaf| leaf.body.get("repeats").is_some()).map(|leaf| leaf.revision);
    heaviest || finding.given().iter().any(|given| named_since.is_some_and(|revision| given.revision() >= revision))
}
