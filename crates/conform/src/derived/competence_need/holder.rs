//! Who needs a competence, and since when.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedAudience};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::person::{Person, PersonRelation, PersonUsesAi};
use vouch_record::kind::generated::role::Role;

use crate::derived::ai_system;
use crate::view::Entry;

/// Where a need comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeededBy {
    /// an approved role names it
    Role(Id),
    /// a staffing row of an AI system in scope does
    Staffing(Id),
    /// an oversight plan approved or in force does
    Oversight(Id),
    /// it is a need of everybody
    Everybody,
    /// it hangs on how a person meets AI
    Audience,
}

/// Roles whose `competence_needs` name it, staffing rows, oversight plans, and everybody or the audiences.
#[must_use]
pub fn needed_by(entry: Entry<'_>) -> Vec<NeededBy> {
    let need = CompetenceNeed(entry.content());
    let roles = entry.incoming(Role::KIND, "competence_needs").filter(Entry::is_live).map(|role| NeededBy::Role(role.id()));
    let systems = entry.incoming(AiSystem::KIND, "staffing").filter(|system| ai_system::in_scope(*system));
    let plans = entry.incoming(OversightPlan::KIND, "overseers").filter(Entry::is_live);
    let mut found: Vec<NeededBy> = roles.collect();
    found.extend(systems.map(|system| NeededBy::Staffing(system.id())));
    found.extend(plans.map(|plan| NeededBy::Oversight(plan.id())));
    if need.everybody().is(true) {
        found.push(NeededBy::Everybody);
    } else if need.audiences().next().is_some() {
        found.push(NeededBy::Audience);
    }
    found
}

/// A person who needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// the person
    pub person: Id,
    /// since when: the earliest of the ways the need reaches the person
    pub since: Date,
}

/// Active persons in `needed_by` on the day, external auditors left out, each with since when: the day the role was taken, the plan or
/// staffing first named the person, or the person joined.
#[must_use]
pub fn holders(entry: Entry<'_>) -> &[Holder] {
    entry.view().keep(Some(entry.id()), "competence-need.holders", || {
        let view = entry.view();
        let mut since: BTreeMap<Id, Date> = BTreeMap::new();
        let mut add = |person: Id, day: Date| {
            since.entry(person).and_modify(|begun| *begun = day.min(*begun)).or_insert(day);
        };
        for by in needed_by(entry) {
            match by {
                NeededBy::Role(role) => {
                    view.get(role).into_iter().flat_map(|role| of_role(entry, role)).for_each(|(person, day)| add(person, day))
                }
                NeededBy::Staffing(system) => {
                    view.get(system)
                        .into_iter()
                        .flat_map(|system| of_staffing(entry, system))
                        .for_each(|(person, day)| add(person, day));
                }
                NeededBy::Oversight(plan) => {
                    view.get(plan).into_iter().flat_map(|plan| of_plan(entry, plan)).for_each(|(person, day)| add(person, day))
                }
                NeededBy::Everybody | NeededBy::Audience => of_all(entry).into_iter().for_each(|(person, day)| add(person, day)),
            }
        }
        let bound = |person: &Id| view.get(*person).is_some_and(|person| person.is("active") && !is_auditor(person));
        since.into_iter().filter(|(person, _)| bound(person)).map(|(person, since)| Holder { person, since }).collect::<Vec<_>>()
    })
}

fn is_auditor(person: Entry<'_>) -> bool {
    Person(person.content()).relation().is(PersonRelation::ExternalAuditor)
}

/// Whether a need that names systems reaches a holders row: the row stands for all systems, or for one of them.
fn reaches(entry: Entry<'_>, systems: &[Id]) -> bool {
    let mut named = CompetenceNeed(entry.content()).ai_systems().peekable();
    named.peek().is_none() || systems.is_empty() || named.any(|link| systems.contains(&link.id))
}

fn of_role(entry: Entry<'_>, role: Entry<'_>) -> Vec<(Id, Date)> {
    let today = entry.view().today();
    let rows = Role(role.content()).holders();
    let rows = rows.filter(|row| row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today));
    let rows = rows.filter(|row| reaches(entry, &row.ai_systems().map(|link| link.id).collect::<Vec<_>>()));
    rows.filter_map(|row| Some((row.person()?.id, row.from().unwrap_or_else(|| role.created_on())))).collect()
}

/// People of staffing rows with this need, since the first revision of the system whose staffing named them for it.
fn of_staffing(entry: Entry<'_>, system: Entry<'_>) -> Vec<(Id, Date)> {
    let rows = AiSystem(system.content()).staffing().filter(|row| row.competence_need().is_some_and(|need| need.id == entry.id()));
    let people: Vec<Id> = rows.flat_map(|row| row.people()).map(|link| link.id).collect();
    people.into_iter().map(|person| (person, first_named(system, "staffing", "people", person))).collect()
}

/// Overseers with this need, since the first revision of the plan that named them.
fn of_plan(entry: Entry<'_>, plan: Entry<'_>) -> Vec<(Id, Date)> {
    let rows =
        OversightPlan(plan.content()).overseers().filter(|row| row.competence_need().is_some_and(|need| need.id == entry.id()));
    let people: Vec<Id> = rows.filter_map(|row| row.person().map(|link| link.id)).collect();
    people.into_iter().map(|person| (person, first_named(plan, "overseers", "person", person))).collect()
}

/// The day of the revision from which on, up to the one that is read, each names the person in a column of a list.
fn first_named(record: Entry<'_>, list: &str, column: &str, person: Id) -> Date {
    let person = person.to_string();
    let names = |cell: &vouch_record::Value| {
        cell.as_text() == Some(&person) || cell.items().iter().any(|item| item.as_text() == Some(&person))
    };
    let named = |leaf: &&vouch_record::Leaf| {
        let rows = leaf.body.get(list).map_or(&[][..], vouch_record::Value::items);
        rows.iter().filter_map(|row| row.get(column)).any(names)
    };
    let read = record.revision();
    let since = record.revisions().rev().filter(|leaf| leaf.revision <= read).take_while(named).last();
    since.map_or_else(|| record.created_on(), |leaf| record.view().day(leaf.time))
}

fn of_all(entry: Entry<'_>) -> Vec<(Id, Date)> {
    let need = CompetenceNeed(entry.content());
    let (everybody, audiences) = (need.everybody().is(true), need.audiences().collect::<Vec<_>>());
    let people = entry.view().all(Person::KIND).filter(|person| everybody || is_of(*person, &audiences));
    people.map(|person| (person.id(), Person(person.content()).joined_on().get().unwrap_or_else(|| person.created_on()))).collect()
}

fn is_of(person: Entry<'_>, audiences: &[CompetenceNeedAudience]) -> bool {
    let wanted = match Person(person.content()).uses_ai().get() {
        Some(PersonUsesAi::Builds) => CompetenceNeedAudience::Builds,
        Some(PersonUsesAi::Runs) => CompetenceNeedAudience::Runs,
        Some(PersonUsesAi::Uses) => CompetenceNeedAudience::Uses,
        Some(PersonUsesAi::Governs) => CompetenceNeedAudience::Governs,
        Some(PersonUsesAi::None) | None => return false,
    };
    audiences.contains(&wanted)
}
