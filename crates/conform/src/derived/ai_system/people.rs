//! People around a system.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::person::Person;

use crate::view::Entry;

/// Active persons whose unit is that of the system.
#[must_use]
pub fn unit_people(entry: Entry<'_>) -> &[Id] {
    let units: &BTreeMap<String, Vec<Id>> = entry.view().keep(None, "ai-system.unit_people", || {
        let mut units: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        for person in entry.view().all(Person::KIND).filter(|person| person.is("active")) {
            if let Some(unit) = Person(person.content()).unit().get() {
                units.entry(unit.to_owned()).or_default().push(person.id());
            }
        }
        units
    });
    AiSystem(entry.content()).unit().get().and_then(|unit| units.get(unit)).map_or(&[], Vec::as_slice)
}

/// Who may stop the system by its monitoring plan in force.
#[must_use]
pub fn stop_people(entry: Entry<'_>) -> Vec<Id> {
    let plans = entry.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    let mut people: Vec<Id> = plans.flat_map(|plan| MonitoringPlan(plan.content()).stop_authority()).map(|link| link.id).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// Suspended for more than two days without an approval with purpose decide by owner or risk owner since.
#[must_use]
pub fn suspension_late(entry: Entry<'_>) -> bool {
    let Some(since) = entry.is("suspended").then(|| entry.entry_into("suspended")).flatten() else { return false };
    let system = AiSystem(entry.content());
    let who: Vec<Id> = [system.owner().get(), system.risk_owner().get()].into_iter().flatten().map(|link| link.id).collect();
    let decided = entry.given().into_iter().any(|given| {
        let decides =
            given.approval.purpose().is(ApprovalPurpose::Decide) && given.approval.decision().is(ApprovalDecision::Approved);
        decides && given.at() >= since.time && given.by().is_some_and(|by| who.contains(&by))
    });
    !decided && entry.view().now().duration_since(since.time) > SignedDuration::from_hours(48)
}
