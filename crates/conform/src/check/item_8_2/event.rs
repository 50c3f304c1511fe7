//! What happened, and the risks that were looked at because of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::change::{Change, ChangeOrigin};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::ReassessmentTrigger;
use vouch_record::time::after;
use vouch_record::{Id, Leaf};

use crate::check::occasion::{Occasion, Sort, occasions};
use crate::check::presence::due_after_move;
use crate::check::scoring::{Scoring, because_of, scored_of, scorings};
use crate::derived::event::{Trigger, events};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// The last day on which a risk is assessed in time after an event, by the method in force.
pub(super) fn last_day(view: &View, on: Date) -> Date {
    let within = view.risk_method().and_then(|method| RiskMethod(method.content()).assess_within().get());
    within.map_or(on, |within| after(on, &within))
}

/// 8.2-O2
pub(super) fn assessed_because_of_events(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked =
        occasions(view, window).into_iter().filter(|occasion| matches!(occasion.sort, Sort::Move | Sort::Change | Sort::Incident));
    let mut verdicts = Verdicts::holds();
    let mut things = 0;
    for occasion in asked {
        let due = due(&occasion);
        let shown = looked_at(&occasion, due);
        match shown.first() {
            Some(_) => verdicts.passed.extend(shown),
            None if view.today() <= due => {
                verdicts.skipped.push((occasion.record.subject(), format!("in time until {due}")));
                continue;
            }
            None => {
                let lapse = Lapse::of(occasion.record).in_system(occasion.system);
                verdicts.failed.push(lapse.value("event", occasion.called()).value("date", occasion.on));
            }
        }
        things += 1;
    }
    verdicts.among(things)
}

/// Before the decision for a planned change, else within the time the method allows.
fn due(occasion: &Occasion<'_>) -> Date {
    let view = occasion.record.view();
    match occasion.sort {
        Sort::Move => last_day(view, occasion.on).max(due_after_move(occasion.system, occasion.on, 0)),
        Sort::Change if Change(occasion.record.content()).origin().is(ChangeOrigin::Planned) => occasion.on,
        _ => last_day(view, occasion.on),
    }
}

/// The risks of the system assessed by then because of the event; for a move each risk of the system counts.
fn looked_at(occasion: &Occasion<'_>, due: Date) -> Vec<Subject> {
    let in_time = |scoring: &Scoring<'_>| scoring.assessed_on().is_some_and(|on| on <= due);
    if occasion.sort == Sort::Move {
        let risks = occasion.system.incoming(Risk::KIND, "ai_systems");
        return risks.filter(|risk| scorings(*risk).iter().any(in_time)).map(|risk| risk.subject()).collect();
    }
    let named = because_of(occasion.record).into_iter();
    let of_system = named.filter(|(risk, made)| risk.names(occasion.system.id(), "ai_systems") && made.iter().any(in_time));
    of_system.map(|(risk, _)| risk.subject()).collect()
}

/// 8.2-O4
pub(super) fn register_moves_with_events(view: &View) -> Verdicts {
    const TRIGGERS: [Trigger; 3] = [
        Trigger::Reassess(ReassessmentTrigger::SignificantChange),
        Trigger::Reassess(ReassessmentTrigger::SeriousIncident),
        Trigger::Reassess(ReassessmentTrigger::SupplierModelChange),
    ];
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let touched = touched(view, &TRIGGERS, year);
    each(view.systems(), |system| {
        let Some(records) = touched.get(&system.id()) else {
            return Judgement::Skip("nothing touched it that should show by now".to_owned());
        };
        let risks: Vec<Entry<'_>> = system.incoming(Risk::KIND, "ai_systems").collect();
        if !risks.iter().any(|risk| !scorings(*risk).is_empty()) {
            return Judgement::Skip("no risk of it was assessed".to_owned());
        }
        let moved: Vec<Subject> = risks.iter().filter(|risk| moved_in(**risk, year)).map(Entry::subject).collect();
        if moved.is_empty() { Judgement::Fail(unmoved(system, records.len())) } else { Judgement::Shown(moved) }
    })
}

/// The records of events of the period that should show by now, by the system they touched.
fn touched(view: &View, triggers: &[Trigger], period: Window) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut touched: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let past = |on: Date| period.has(on) && last_day(view, on) < view.today();
    for event in events(view).iter().filter(|event| triggers.contains(&event.trigger) && past(event.on)) {
        for system in &event.systems {
            touched.entry(*system).or_default().insert(event.record);
        }
    }
    touched
}

/// Whether a risk was added, closed, scored otherwise or decided otherwise in the period.
fn moved_in(risk: Entry<'_>, period: Window) -> bool {
    let within = |leaf: &Leaf| period.has(risk.view().day(leaf.time));
    let made = scorings(risk);
    let otherwise = made.windows(2).any(|pair| pair[1].differs(pair[0]) && within(pair[1].0));
    let closed = risk.is("closed") && risk.entry_into("closed").is_some_and(within);
    risk.leaves().first().is_some_and(within) || otherwise || closed
}

fn unmoved(system: Entry<'_>, events: usize) -> Lapse {
    let last = scored_of(system).filter_map(|risk| scorings(risk).last().map(|scoring| system.view().day(scoring.0.time))).max();
    let date = last.map_or_else(|| "the first day".to_owned(), |day| day.to_string());
    Lapse::of(system).value("date", date).value("n", events)
}
