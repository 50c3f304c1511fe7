//! Derived values of a role.

mod authority;

pub use authority::decisions_without_power;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::role::{Role, RoleHolderRow};

use super::answer::{ids, records, table};
use super::confirmed::has_confirmed;
use super::{Derived, ai_system, training_record};
use crate::view::{Entry, View};

/// The derived values of a role.
pub const TABLE: &[Derived] = &[
    Derived::new("holders_on", |entry| {
        table(entry, "role.holders_on", || {
            let row = |row: RoleHolderRow<'_>| {
                let systems: Vec<Id> = row.ai_systems().map(|link| link.id).collect();
                row! { person: row.person(), capacity: row.capacity().map(|capacity| capacity.id()), ai_systems: systems, units: row.units() }
            };
            holding(entry).map(row).collect()
        })
    })
    .reading(&["holders"]),
    Derived::new("vacant", |entry| Val::Bool(vacant(entry))).reading(&["holders"]),
    Derived::new("unconfirmed", |entry| ids(unconfirmed(entry))).reading(&["holders"]),
    Derived::new("conflicts", |entry| {
        table(entry, "role.conflicts", || {
            conflicts(entry).into_iter().map(|row| row! { person: row.person, role: row.role, ai_system: row.ai_system }).collect()
        })
    })
    .reading(&["holders", "not_with"]),
    Derived::new("decisions_without_power", |entry| records(decisions_without_power(entry))),
    Derived::new("incompetent", |entry| {
        table(entry, "role.incompetent", || incompetent(entry).into_iter().map(|(person, need)| row! { person: person, need: need }).collect())
    })
    .reading(&["holders", "competence_needs"]),
    Derived::new("board", |entry| ids(board(entry))),
];

/// The `holders` rows whose dates contain the day and whose person is active on it.
pub fn holding(entry: Entry<'_>) -> impl Iterator<Item = RoleHolderRow<'_>> {
    let today: Date = entry.view().today();
    Role(entry.content())
        .holders()
        .filter(move |row| row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today))
        .filter(move |row| row.person().is_some_and(|link| entry.view().is_active(link.id)))
}

/// Persons in a `holders` row whose dates contain the day, and who are active on it.
#[must_use]
pub fn holders_on(entry: Entry<'_>) -> Vec<Id> {
    holding(entry).filter_map(|row| row.person().map(|link| link.id)).collect()
}

/// Everybody who holds an approved role of this key on the day.
#[must_use]
pub fn holders_of(view: &View, key: &str) -> Vec<Id> {
    let all: &FxHashMap<Box<str>, Vec<Id>> = view.keep(None, "role.holders", || {
        let mut all: FxHashMap<Box<str>, Vec<Id>> = FxHashMap::default();
        for role in view.live(Role::KIND) {
            let Some(key) = role.text("key") else { continue };
            all.entry(key.into()).or_default().extend(holders_on(role));
        }
        for holders in all.values_mut() {
            holders.sort_unstable();
            holders.dedup();
        }
        all
    });
    all.get(key).cloned().unwrap_or_default()
}

/// Whether a row reaches a system: it names neither systems nor units, or the system, or its unit.
#[must_use]
pub fn covers(row: RoleHolderRow<'_>, system: Entry<'_>) -> bool {
    let units = row.units().unwrap_or_default();
    let named = row.ai_systems().any(|link| link.id == system.id());
    let unit = AiSystem(system.content()).unit().get();
    let of_unit = unit.is_some_and(|unit| units.split([',', ';', ' ', '\n']).any(|code| code == unit));
    (units.is_empty() && row.ai_systems().next().is_none()) || named || of_unit
}

/// Nobody holds it today, or nobody for a live system the role must cover: one that any of its rows, also an ended one, names.
#[must_use]
pub fn vacant(entry: Entry<'_>) -> bool {
    let view = entry.view();
    let rows: Vec<RoleHolderRow<'_>> = holding(entry).collect();
    let mut must_cover = Role(entry.content())
        .holders()
        .flat_map(|row| row.ai_systems())
        .filter_map(|link| view.get(link.id))
        .filter(|system| ai_system::live(*system));
    rows.is_empty() || must_cover.any(|system| !rows.iter().any(|row| covers(*row, system)))
}

/// Holders of today without an acknowledgement in state given of an approved revision since which purpose, activities and authority are
/// unchanged.
#[must_use]
pub fn unconfirmed(entry: Entry<'_>) -> Vec<Id> {
    let mut people = holders_on(entry);
    people.sort_unstable();
    people.dedup();
    people.retain(|person| !has_confirmed(entry, *person, &["purpose", "activities", "authority"]));
    people
}

/// Two roles in one hand that must be in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// who holds both
    pub person: Id,
    /// the other role
    pub role: Id,
    /// the system, where the rows are limited to some
    pub ai_system: Option<Id>,
}

/// Persons who hold it and a role of `not_with` for the same system on the same day; roles that name this one in theirs count as well.
#[must_use]
pub fn conflicts(entry: Entry<'_>) -> Vec<Conflict> {
    let named = entry.links("not_with").chain(entry.incoming(Role::KIND, "not_with"));
    let mut found: Vec<Conflict> = Vec::new();
    for other in named.filter(|other| other.id() != entry.id() && !other.is("withdrawn")) {
        for mine in holding(entry) {
            let both = holding(other).filter(|row| row.person().map(|link| link.id) == mine.person().map(|link| link.id));
            for row in both {
                let Some(person) = row.person() else { continue };
                let meets = meeting(mine, row);
                found.extend(meets.into_iter().map(|ai_system| Conflict { person: person.id, role: other.id(), ai_system }));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Systems on which two rows meet; one entry without a system where neither names any. A row limited to units names no system, so it meets
/// whatever the other names.
fn meeting(one: RoleHolderRow<'_>, other: RoleHolderRow<'_>) -> Vec<Option<Id>> {
    let systems = |row: RoleHolderRow<'_>| -> Vec<Id> { row.ai_systems().map(|link| link.id).collect() };
    let (one, other) = (systems(one), systems(other));
    match (one.is_empty(), other.is_empty()) {
        (true, true) => vec![None],
        (true, false) => other.into_iter().map(Some).collect(),
        (false, true) => one.into_iter().map(Some).collect(),
        (false, false) => one.into_iter().filter(|system| other.contains(system)).map(Some).collect(),
    }
}

/// Holders of today who miss a competence need of the role.
#[must_use]
pub fn incompetent(entry: Entry<'_>) -> Vec<(Id, Id)> {
    let needs: Vec<Id> = entry.links("competence_needs").filter(Entry::is_live).map(|need| need.id()).collect();
    let mut people = holders_on(entry);
    people.sort_unstable();
    people.dedup();
    let misses = |person: Id| {
        needs.iter().filter(move |need| !training_record::competent(entry.view(), person, **need)).map(move |need| (person, *need))
    };
    people.iter().flat_map(|person| misses(*person)).collect()
}

/// Active persons of relation board; where there is none, the persons of its holders rows.
#[must_use]
pub fn board(entry: Entry<'_>) -> Vec<Id> {
    let board = entry
        .view()
        .all(Person::KIND)
        .filter(|person| person.is("active") && Person(person.content()).relation().is(PersonRelation::Board));
    let people: Vec<Id> = board.map(|person| person.id()).collect();
    if !people.is_empty() {
        return people;
    }
    let mut holders: Vec<Id> = Role(entry.content()).holders().filter_map(|row| row.person()).map(|link| link.id).collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}
