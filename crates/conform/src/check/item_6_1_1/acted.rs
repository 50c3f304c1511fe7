//! Whether what was decided is done: treatments kept their day and worked, and what stays above the limit was accepted.

use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::risk::{Risk, RiskDecision};
use vouch_record::kind::generated::treatment::Treatment;

use crate::check::treating::{first_broken, is_judged_on_later_records, is_of_management_system, is_promised_in, judged_until};
use crate::derived::{risk, risk::above_limit};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back the effect of treatments is looked at.
const YEAR: i64 = 365;

/// 6.1.1-O2
pub(super) fn treatments_kept_their_day(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = view.all(Treatment::KIND).filter(|treatment| {
        !treatment.is_any(&["planned", "cancelled"])
            && is_promised_in(*treatment, window)
            && treatment.links("risks").any(is_of_management_system)
    });
    each(asked, |treatment| {
        Judgement::needing(treatment, &["due", "delays", "done_at"], || match first_broken(treatment, window) {
            None => Judgement::Pass,
            Some((due, broken)) => Judgement::Fail(Lapse::of(treatment).value("due", due).value("defect", broken.words(view))),
        })
    })
}

/// 6.1.1-O4
pub(super) fn kept_above_the_limit_only_when_accepted(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Risk::KIND), |entry| {
        let days: Vec<Date> = decisions(entry).map(|leaf| view.day(leaf.time)).filter(|day| window.has(*day)).collect();
        let kept: Vec<Entry<'_>> = days.iter().filter_map(|day| entry.on(*day)).filter(|then| is_kept_above(*then)).collect();
        if kept.is_empty() {
            return Judgement::Skip("not decided in the window to stay above the limit".to_owned());
        }
        let open = kept.into_iter().filter(|then| risk::acceptance(*then).is_none());
        Judgement::of(open.map(|then| lapse(entry, then)).collect())
    })
}

/// The leaves by which it was decided, also anew.
fn decisions(risk: Entry<'_>) -> impl Iterator<Item = &Leaf> {
    risk.transitions().filter(|leaf| leaf.state.as_ref() == "decided")
}

fn is_kept_above(risk: Entry<'_>) -> bool {
    Risk(risk.content()).decision().is(RiskDecision::Retain) && above_limit(risk)
}

fn lapse(entry: Entry<'_>, then: Entry<'_>) -> Lapse {
    let level = risk::residual_level(then).map_or("unknown", |level| level.id());
    Lapse::of(entry).value("level", level)
}

/// 6.1.1-P2
pub(super) fn effects_judged_on_later_records(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let done = |treatment: &Entry<'_>| {
        let on = Treatment(treatment.content()).done_at().get();
        !treatment.is_any(&["planned", "cancelled"]) && on.is_some_and(|on| year.has(on))
    };
    each(view.all(Treatment::KIND).filter(done), |treatment| {
        let Some(until) = judged_until(treatment).filter(|until| *until < view.today()) else {
            return Judgement::Skip("its effect need not be judged yet".to_owned());
        };
        Judgement::needing(treatment, &["effect_records", "judge_after"], || {
            let on = Treatment(treatment.content()).done_at().get().unwrap_or(until);
            Judgement::when(is_judged_on_later_records(treatment), || Lapse::of(treatment).value("done_at", on))
        })
    })
}
