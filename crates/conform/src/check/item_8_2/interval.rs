//! When risks are assessed, and whether they were.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::ReassessmentTrigger;
use vouch_record::time::after;

use crate::check::presence::{asked_from, each_past_concept, scope_dates, scopes};
use crate::check::scoring::{SCORED, scored_of, scorings};
use crate::check::wording::{in_days, words};
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// Longest interval between two assessments.
const INTERVAL_DAYS: i64 = 365;
/// How long a risk may stay identified.
const IDENTIFIED_DAYS: i64 = 60;
/// Events that must start an assessment.
const TRIGGERS: [ReassessmentTrigger; 3] =
    [ReassessmentTrigger::NewAiSystem, ReassessmentTrigger::SignificantChange, ReassessmentTrigger::SeriousIncident];

/// 8.2-D1
pub(super) fn method_says_when(view: &View) -> Verdicts {
    let Some(entry) = view.risk_method() else {
        return Verdicts::failed(Lapse::of_organisation().value("missing", "there is none"));
    };
    let method = RiskMethod(entry.content());
    let mut missing: Vec<String> = Vec::new();
    if method.interval().get().is_none_or(|interval| in_days(&interval) > INTERVAL_DAYS) {
        missing.push(format!("an interval of at most {INTERVAL_DAYS} days"));
    }
    if !method.assess_within().is_filled() {
        missing.push("the time from an event to the assessment".to_owned());
    }
    missing.extend(
        TRIGGERS.into_iter().filter(|one| !method.triggers().has(*one)).map(|one| format!("the trigger {}", words(one.id()))),
    );
    each([entry], |_| Judgement::when(missing.is_empty(), || Lapse::of(entry).value("missing", missing.join(", "))))
}

/// 8.2-D2
pub(super) fn every_system_assessed(view: &View) -> Verdicts {
    each_past_concept(view, |system| {
        let assessed = scored_of(system).filter(|risk| scored_with_method_in_force(*risk));
        let shown: Vec<_> = [system.subject()].into_iter().chain(assessed.map(|risk| risk.subject())).collect();
        if shown.len() > 1 { Judgement::Shown(shown) } else { Judgement::Fail(Lapse::of(system)) }
    })
}

fn scored_with_method_in_force(risk: Entry<'_>) -> bool {
    let (content, view) = (Risk(risk.content()), risk.view());
    let on = content.assessed_on().get().filter(|on| *on <= view.today());
    let method = content.method().get().map(|link| link.id);
    on.is_some_and(|on| method.is_some() && view.on(on).risk_method().map(|entry| entry.id()) == method)
}

/// 8.2-O1
pub(super) fn assessed_again_in_time(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    let of_systems = view.all(Risk::KIND).filter(|risk| risk.links("ai_systems").any(ai_system::in_scope));
    each(of_systems, |risk| {
        Judgement::needing(risk, &["assessed_on"], || match risk.state() {
            "identified" => waiting(risk, first),
            state if SCORED.contains(&state) => again(risk, window),
            state => Judgement::Skip(format!("in state {state}")),
        })
    })
}

/// A risk that nobody has assessed yet.
fn waiting(risk: Entry<'_>, first: Date) -> Judgement {
    let today = risk.view().today();
    let since = risk.entered("identified").unwrap_or_else(|| risk.created_on()).max(first);
    let due = since.saturating_add(IDENTIFIED_DAYS.days());
    let late = || Window { from: due.saturating_add(1.day()), to: today };
    Judgement::when(today <= due, || lapse(risk, None, due).over(late()))
}

/// A risk whose scores grew older than the interval, today or on a day of the window.
fn again(risk: Entry<'_>, window: Window) -> Judgement {
    let view = risk.view();
    let from = risk.links("ai_systems").filter_map(asked_from).min().unwrap_or(window.from);
    let asked = window.from_day(from.min(view.today())).unwrap_or(Window { from: view.today(), to: view.today() });
    let days = turning_points(risk, asked);
    let open =
        on_every_day(asked, &days, |day| risk.on(day).is_none_or(|then| !is_asked(then) || due(then).is_none_or(|due| day <= due)));
    Judgement::of(open.into_iter().map(|days| late_on(risk, days)).collect())
}

fn late_on(risk: Entry<'_>, days: Window) -> Lapse {
    let then = risk.on(days.from).unwrap_or(risk);
    lapse(risk, Risk(then.content()).assessed_on().get(), due(then).unwrap_or(days.from)).over(days)
}

/// Whether its scores counted on the day, about a system in scope.
fn is_asked(risk: Entry<'_>) -> bool {
    risk.is_any(&SCORED) && risk.links("ai_systems").any(ai_system::in_scope)
}

/// By when it has to be assessed again, by the method in force.
fn due(risk: Entry<'_>) -> Option<Date> {
    let interval = RiskMethod(risk.view().risk_method()?.content()).interval().get()?;
    Some(after(Risk(risk.content()).assessed_on().get()?, &interval))
}

fn turning_points(risk: Entry<'_>, asked: Window) -> Vec<Date> {
    let view = risk.view();
    let methods: Vec<Entry<'_>> = view.all(RiskMethod::KIND).collect();
    let mut dates = scope_dates(view);
    for method in &methods {
        let content = RiskMethod(method.content());
        dates.extend(content.valid_from().get());
        let assessed = scorings(risk).into_iter().filter_map(|scoring| scoring.assessed_on());
        dates.extend(
            content
                .interval()
                .get()
                .into_iter()
                .flat_map(|interval| assessed.clone().map(move |on| after(on, &interval)).collect::<Vec<_>>()),
        );
    }
    breakpoints(asked, [risk].into_iter().chain(methods).chain(scopes(view)).chain(risk.links("ai_systems")), dates)
}

fn lapse(risk: Entry<'_>, on: Option<Date>, due: Date) -> Lapse {
    let system: Option<Id> = risk.links("ai_systems").find(|system| ai_system::in_scope(*system)).map(|system| system.id());
    let lapse = Lapse::of(risk).maybe("date", on).value("due", due);
    system.and_then(|id| risk.view().get(id)).map_or(lapse.clone(), |system| lapse.in_system(system))
}
