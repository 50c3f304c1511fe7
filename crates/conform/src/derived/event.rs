//! Events that call for another look at an assessment, a document or a risk.
//!
//! Kinds name triggers (`risk-method.triggers`, `impact-assessment.again_when`, `document.review_triggers`); this is the one place
//! that says which records show that a trigger has fired, and when. The list is made once per view.

mod change;
mod concern;
mod organisation;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::document::DocumentReviewTrigger;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityGrade};
use vouch_record::kind::generated::shared::{ReassessmentTrigger, RiskTier};

use crate::view::{Entry, View};

/// What an event calls for another look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// what risk methods and impact assessments name
    Reassess(ReassessmentTrigger),
    /// what documents name
    Review(DocumentReviewTrigger),
}

impl From<ReassessmentTrigger> for Trigger {
    fn from(trigger: ReassessmentTrigger) -> Self {
        Self::Reassess(trigger)
    }
}

impl From<DocumentReviewTrigger> for Trigger {
    fn from(trigger: DocumentReviewTrigger) -> Self {
        Self::Review(trigger)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// the day of the event itself
    pub on: Date,
    /// what it calls for
    pub trigger: Trigger,
    /// the record that shows it
    pub record: Id,
    /// AI systems it touched; none means the organisation as a whole
    pub systems: Vec<Id>,
}

impl Event {
    /// Whether it touched a system: it names it, or speaks about all.
    #[must_use]
    pub fn touches(&self, system: Id) -> bool {
        self.systems.is_empty() || self.systems.contains(&system)
    }
}

/// Every event up to the view's day, the earliest first.
#[must_use]
pub fn events(view: &View) -> &[Event] {
    view.keep(None, "events", || {
        let mut found = Vec::new();
        for system in view.all(AiSystem::KIND) {
            of_system(system, &mut found);
        }
        for incident in view.all(Incident::KIND) {
            of_incident(incident, &mut found);
        }
        for nonconformity in view.live(Nonconformity::KIND) {
            of_nonconformity(nonconformity, &mut found);
        }
        for measurement in view.all(Measurement::KIND) {
            of_measurement(measurement, &mut found);
        }
        change::of_changes(view, &mut found);
        concern::of_concerns(view, &mut found);
        organisation::of_organisation(view, &mut found);
        found.retain(|event| event.on <= view.today());
        found.sort_by_key(|event| (event.on, event.record));
        found
    })
}

/// The latest event of one of these triggers that touched the system, if one did.
pub fn latest<'v>(view: &'v View, system: Id, triggers: &[Trigger]) -> Option<&'v Event> {
    events(view).iter().rev().find(|event| triggers.contains(&event.trigger) && event.touches(system))
}

/// One event with each of its triggers.
fn push(found: &mut Vec<Event>, entry: Entry<'_>, on: Date, systems: Vec<Id>, triggers: impl IntoIterator<Item = Trigger>) {
    for trigger in triggers {
        found.push(Event { on, trigger, record: entry.id(), systems: systems.clone() });
    }
}

/// A system was registered, a data set came to it, or a country did.
fn of_system(entry: Entry<'_>, found: &mut Vec<Event>) {
    let system = AiSystem(entry.content());
    let registered = entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "registered").map(|leaf| entry.view().day(leaf.time));
    let Some(registered) = registered else { return };
    let mut triggers = vec![ReassessmentTrigger::NewAiSystem.into()];
    if system.risk_tier().get() >= Some(RiskTier::High) {
        triggers.push(DocumentReviewTrigger::NewAiSystem.into());
    }
    push(found, entry, registered, vec![entry.id()], triggers);
    for since in system.datasets().filter_map(|row| row.since()).filter(|since| *since > registered) {
        push(found, entry, since, vec![entry.id()], [ReassessmentTrigger::NewDataSource.into()]);
    }
    let mut known: Option<Vec<&str>> = None;
    for leaf in entry.revisions() {
        let places = leaf.body.get("places").map_or(&[][..], vouch_record::Value::items);
        let countries: Vec<&str> = places.iter().filter_map(|row| row.get("country")?.as_text()).collect();
        let on = entry.view().day(leaf.time);
        if let Some(known) = &known
            && on > registered
            && countries.iter().any(|country| !known.contains(country))
        {
            push(found, entry, on, vec![entry.id()], [ReassessmentTrigger::NewJurisdiction.into()]);
        }
        known.get_or_insert_default().extend(countries);
    }
}

/// A serious or critical incident that was no exercise and was not dismissed.
fn of_incident(entry: Entry<'_>, found: &mut Vec<Event>) {
    let incident = Incident(entry.content());
    let serious = incident.severity().get() >= Some(IncidentSeverity::Serious);
    if !serious || incident.exercise().is(true) || entry.is("dismissed") {
        return;
    }
    let Some(detected) = incident.detected_at().get() else { return };
    let systems = incident.ai_systems().map(|link| link.id).collect();
    let triggers = [ReassessmentTrigger::SeriousIncident.into(), DocumentReviewTrigger::SeriousIncident.into()];
    push(found, entry, entry.view().day(detected), systems, triggers);
}

/// A nonconformity on a control of Annex A shows that the control did not work; a major one speaks to documents.
fn of_nonconformity(entry: Entry<'_>, found: &mut Vec<Event>) {
    let nonconformity = Nonconformity(entry.content());
    let Some(on) = nonconformity.raised_at().get() else { return };
    let systems: Vec<Id> = nonconformity.ai_systems().map(|link| link.id).collect();
    let mut triggers: Vec<Trigger> = Vec::new();
    if nonconformity.requirements().any(|item| item.framework == "iso42001" && item.item.starts_with("A.")) {
        triggers.push(ReassessmentTrigger::ControlFailure.into());
    }
    if nonconformity.grade().is(NonconformityGrade::Major) {
        triggers.push(DocumentReviewTrigger::MajorFinding.into());
    }
    push(found, entry, on, systems, triggers);
}

/// A value crossed its alarm limit.
fn of_measurement(entry: Entry<'_>, found: &mut Vec<Event>) {
    let measurement = Measurement(entry.content());
    if entry.is("void") || !super::is_choice(entry, "breach", "alarm") {
        return;
    }
    let (Some(to), Some(system)) = (measurement.covers_to().get(), measurement.ai_system().get()) else { return };
    push(found, entry, entry.view().day(to), vec![system.id], [ReassessmentTrigger::DriftAlert.into()]);
}
