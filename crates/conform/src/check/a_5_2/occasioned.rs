//! Whether what calls for an assessment led to one.

use crate::check::occasion::{Answer, Occasion, Sort, occasions};
use crate::shape::{Lapse, Verdicts};
use crate::view::View;

/// A.5.2-O1
pub(super) fn events_are_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::holds();
    let mut things = 0;
    for occasion in occasions(view, window) {
        let due = occasion.due();
        let in_time = occasion.answers().into_iter().find(|answer| view.day(answer.at) <= due);
        match in_time {
            Some(answer) => verdicts.passed.push(answer.assessment.subject()),
            None if view.today() <= due => {
                verdicts.skipped.push((occasion.record.subject(), format!("in time until {due}")));
                continue;
            }
            None => {
                verdicts.failed.push(lapse(&occasion).value("event", capitalised(&occasion.called())).value("date", occasion.on))
            }
        }
        things += 1;
    }
    verdicts.among(things)
}

/// A.5.2-P3
pub(super) fn answers_came_in_order(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::holds();
    let mut things = 0;
    for occasion in occasions(view, window) {
        let answers = occasion.answers();
        let Some(last) = answers.last() else { continue };
        things += 1;
        match answers.iter().find(|answer| disorder(&occasion, answer).is_none()) {
            Some(answer) => verdicts.passed.push(answer.assessment.subject()),
            None => {
                let defect = disorder(&occasion, last).unwrap_or_default();
                let named = lapse(&occasion).value("assessment", last.assessment.label());
                verdicts.failed.push(named.value("event", occasion.called()).value("defect", defect));
            }
        }
    }
    verdicts.among(things)
}

fn lapse(occasion: &Occasion<'_>) -> Lapse {
    Lapse::of(occasion.record).in_system(occasion.system)
}

/// Why an answer cannot have been one: it came after the release it should have come before, or before there was anything to answer.
fn disorder(occasion: &Occasion<'_>, answer: &Answer<'_>) -> Option<String> {
    let view = occasion.record.view();
    if let Some((_, release)) = occasion.next_release().filter(|(until, _)| answer.at >= *until) {
        return Some(format!("was recorded after {} went live", release.label()));
    }
    let early = occasion.sort != Sort::Move && view.day(answer.at) < occasion.begins;
    early.then(|| format!("was recorded on {}, before it", view.day(answer.at)))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
