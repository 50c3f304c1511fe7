//! What follows when a system was used outside its purpose, and who allowed another use.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion};
use vouch_record::kind::generated::concern::{Concern, ConcernCategory};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::incident::{Incident, IncidentContainment, IncidentType};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::shared::Answer;
use vouch_record::kind::generated::specification::{Specification, SpecificationOccasion};

use super::compared::USE;
use crate::check::assessing::{needed_by, of_system};
use crate::check::monitored::metrics_of;
use crate::check::wording::called;
use crate::derived::approved::approved_at;
use crate::derived::change::{releases, significant};
use crate::derived::{ai_system, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// How long a decision about use outside the purpose may take, in days.
const DECIDE_DAYS: i64 = 30;

/// A.9.4-O2
pub(super) fn misuse_ends_in_a_decision(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for metric in view.live_systems().flat_map(metrics_of).filter(|metric| metric.is_about(&USE)) {
        for (at, alarm) in metric.alarms(window) {
            let content = Measurement(alarm.content());
            let ended = content.actions().next().is_some() || content.no_action_because().is_filled();
            verdicts.note(alarm, decided(alarm, metric.system, at, ended));
        }
    }
    for system in view.live_systems() {
        for incident in system.incoming(Incident::KIND, "ai_systems") {
            let content = Incident(incident.content());
            let counts = content.types().has(IncidentType::Misuse) && !content.exercise().is(true);
            if let Some(at) = content.detected_at().get().filter(|at| counts && window.has(view.day(*at))) {
                verdicts.note(incident, decided(incident, system, at, was_ended(incident, system, at)));
            }
        }
        for concern in system.incoming(Concern::KIND, "ai_systems") {
            let content = Concern(concern.content());
            let counts = content.category().is(ConcernCategory::Misuse) && !content.test().is(true) && !concern.is("void");
            if let Some(at) = content.received_at().get().filter(|at| counts && window.has(view.day(*at))) {
                // What was answered has an outcome with its reason.
                verdicts.note(concern, decided(concern, system, at, concern.is_any(&["answered", "closed"])));
            }
        }
    }
    verdicts
}

fn decided(event: Entry<'_>, system: Entry<'_>, at: Timestamp, ended: bool) -> Judgement {
    let view = system.view();
    if ended {
        return Judgement::Pass;
    }
    if view.day(at).saturating_add(DECIDE_DAYS.days()) >= view.today() {
        return Judgement::Skip("the time to decide has not passed".to_owned());
    }
    Judgement::Fail(Lapse::of(event).in_system(system).value("event", event.label()))
}

/// Whether an incident of misuse ended in a block, a new assessment, an approved new use or a reason.
fn was_ended(incident: Entry<'_>, system: Entry<'_>, at: Timestamp) -> bool {
    let content = Incident(incident.content());
    let blocked = content.containment().any(|how| how != IncidentContainment::NoneNeeded);
    let assessed = content.impact_assessments().next().is_some()
        || of_system(system).any(|one| impact_assessment::approved_at(one) > Some(at));
    let reason = content.no_nonconformity_because().is_filled() || incident.is("dismissed");
    blocked || assessed || reason || new_uses(system).any(|(approved, _)| approved > at)
}

/// The approved specifications of a new use of a system, also those that a later one took over from, each with when.
pub(super) fn new_uses(system: Entry<'_>) -> impl Iterator<Item = (Timestamp, Entry<'_>)> {
    let of_occasion = system
        .incoming(Specification::KIND, "ai_system")
        .filter(|entry| Specification(entry.content()).occasion().is(SpecificationOccasion::NewUse));
    of_occasion.filter_map(|entry| Some((approved_at(entry)?, entry)))
}

/// A.9.4-O4
pub(super) fn new_uses_are_assessed_first(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asks = |entry: &Entry<'_>| {
        let yes = Change(entry.content()).answers().filter(|row| row.answer() == Some(Answer::Yes));
        let of = [ChangeAnswerQuestion::Purpose, ChangeAnswerQuestion::People];
        let within = Change(entry.content()).implemented_on().get().is_some_and(|on| window.has(on));
        within && significant(*entry) && yes.filter_map(|row| row.question()).any(|question| of.contains(&question))
    };
    each(view.live(Change::KIND).filter(|entry| asks(entry) || entry.value("answers").is_erased()), |change| {
        Judgement::needing(change, &["answers"], || {
            let Some(on) = Change(change.content()).implemented_on().get() else {
                return Judgement::Skip("not there yet".to_owned());
            };
            let late = releases(change).into_iter().filter_map(needed_by).map(|at| view.day(at)).max();
            let until = late.map_or(on, |late| late.max(on));
            let open = change.links("ai_systems").filter(|system| ai_system::in_scope(*system)).filter_map(|system| {
                let missing =
                    [("specified", is_specified(change, system, until)), ("assessed", is_assessed(change, system, until))];
                missing.into_iter().find(|(_, there)| !there).map(|(what, _)| (system, what))
            });
            let lapses = open.map(|(system, what)| {
                Lapse::of(change).in_system(system).value("use", change.label()).value("date", on).value("defect", what)
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// A specification of a new use, or of this change, was approved by the day.
fn is_specified(change: Entry<'_>, system: Entry<'_>, until: Date) -> bool {
    let view = system.view();
    system.incoming(Specification::KIND, "ai_system").any(|entry| {
        let content = Specification(entry.content());
        let named = content.change().get().map(|link| link.id);
        let new_use =
            content.occasion().is(SpecificationOccasion::NewUse) && named.is_none() && entry.created_at() >= change.created_at();
        (new_use || named == Some(change.id())) && approved_at(entry).is_some_and(|at| view.day(at) <= until)
    })
}

/// An assessment because of the change was approved by the day, or one was confirmed because of it.
fn is_assessed(change: Entry<'_>, system: Entry<'_>, until: Date) -> bool {
    let view = system.view();
    let named = Change(change.content()).impact_assessment().get().map(|link| link.id);
    of_system(system).any(|assessment| {
        let content = ImpactAssessment(assessment.content());
        let because = content.occasion_record().get().is_some_and(|link| link.id == change.id()) || named == Some(assessment.id());
        let approved =
            impact_assessment::approved_at(assessment).is_some_and(|at| view.day(at) <= until && at > change.created_at());
        let mut confirmations = content.confirmations().filter(|row| row.because().is_some_and(|link| link.id == change.id()));
        (because && approved) || confirmations.any(|row| row.on().is_some_and(|on| on <= until))
    })
}

/// A.9.4-P3
pub(super) fn allowed_by_an_other_person(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let decisions =
        view.systems().flat_map(|system| new_uses(system).map(move |(at, entry)| (system, at, entry)).collect::<Vec<_>>());
    let within: Vec<_> = decisions.filter(|(_, at, _)| year.has(view.day(*at))).collect();
    let mut verdicts = Verdicts::default();
    for (system, _, entry) in within {
        let approvals: Vec<Given<'_>> = entry.approvals(ApprovalPurpose::Approve);
        let profits = |given: &Given<'_>| profits(entry, system, given);
        let judgement = match (approvals.iter().find(|given| profits(given).is_none()), approvals.last()) {
            (Some(given), _) => Judgement::Shown(vec![entry.subject(), given.entry.subject()]),
            (None, last) => {
                let person = last.map_or_else(|| "nobody".to_owned(), |given| called(view, given.by()));
                let defect = last.and_then(profits).unwrap_or("gave an approval that still stands");
                Judgement::Fail(Lapse::of(entry).value("person", person).value("use", entry.label()).value("defect", defect))
            }
        };
        verdicts.note(entry, judgement);
    }
    verdicts
}

/// Why somebody who allowed a use should not have; nothing when it is an other person.
fn profits(entry: Entry<'_>, system: Entry<'_>, given: &Given<'_>) -> Option<&'static str> {
    let by = given.by()?;
    let then = system.on(given.on()).unwrap_or(system);
    let owner = AiSystem(then.content()).owner().get().map(|link| link.id);
    let asked: Vec<Id> = [entry.leaves().first(), entry.entry_into("submitted")]
        .into_iter()
        .flatten()
        .filter_map(|leaf| leaf.actor.person())
        .collect();
    if asked.contains(&by) || entry.authors().contains(&by) {
        Some("asked for it")
    } else if owner == Some(by) {
        Some("owns the system")
    } else if given.overrides().is_some() {
        Some("did so with an override")
    } else if !given.counts_as_proof() {
        Some("did so elsewhere, and no reviewed proof shows it")
    } else {
        None
    }
}
