//! Whether the policy was reviewed after what calls for it.

use jiff::ToSpan;
use rustc_hash::FxHashSet;
use vouch_record::kind::generated::document::Document;

use super::looks::looks;
use crate::check::wording::called;
use crate::derived::event::{Trigger, events};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::View;

/// How long a review may take after what calls for it.
const ANSWER_DAYS: i64 = 60;

/// A.2.4-O2
pub(super) fn reviewed_after_each_trigger(view: &View) -> Verdicts {
    let (Some(year), Some(policy)) = (view.last_days(365), view.policy()) else { return Verdicts::holds() };
    if policy.value("review_triggers").is_erased() {
        return each([policy], |_| Judgement::Undecided("`review_triggers` was erased".to_owned()));
    }
    let triggers: Vec<Trigger> = Document(policy.content()).review_triggers().map(Trigger::from).collect();
    let looks = looks(view);
    let called_for = events(view).iter().filter(|event| year.has(event.on) && triggers.contains(&event.trigger));
    let mut seen = FxHashSet::default();
    let mut verdicts = Verdicts::default();
    for event in called_for {
        // One event may fire several triggers; it calls for one review.
        if !seen.insert((event.on, event.record)) {
            continue;
        }
        let Some(record) = view.get(event.record) else { continue };
        let due = event.on.saturating_add(ANSWER_DAYS.days());
        let answer = looks.iter().find(|look| event.on <= look.given.on() && look.given.on() <= due);
        let judgement = match answer {
            Some(look) => Judgement::Shown(vec![look.given.entry.subject()]),
            None if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            None => Judgement::Fail(Lapse::of(record).value("trigger", called(view, Some(event.record))).value("date", event.on)),
        };
        verdicts.note(record, judgement);
    }
    verdicts
}
