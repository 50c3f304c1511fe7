//! Derived values of a course.

mod quiz;

pub use quiz::{PassRate, pass_rate, too_easy, too_easy_from};

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::competence_need::CompetenceNeed;
use vouch_record::kind::generated::course::{Course, CourseVersionRow};
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::kind::generated::user_information::UserInformation;
use vouch_record::time::after;

use super::answer::table;
use super::{Derived, competence_need, document, is_true};
use crate::view::Entry;

/// The derived values of a course.
pub const TABLE: &[Derived] = &[
    Derived::new("current_version", |entry| {
        current_version(entry).and_then(|row| row.version()).map_or(Val::Empty, |version| Val::Text(version.into()))
    })
    .reading(&["versions"]),
    Derived::new("old", |entry| Val::Bool(old(entry))).reading(&["versions", "based_on", "ai_systems"]),
    Derived::new("pass_rate", |entry| {
        table(entry, "course.pass_rate", || {
            pass_rate(entry).iter().map(|row| row! { version: row.version.clone(), question: row.question.clone(), share: row.share(), n: row.n }).collect()
        })
    })
    .reading(&["pass_share"]),
    Derived::new("too_easy", |entry| Val::Bool(too_easy(entry))),
    Derived::new("reach", |entry| {
        table(entry, "course.reach", || {
            let rows = reach(entry).into_iter();
            rows.map(|((unit, relation), reach)| row! { unit: unit, relation: relation, must: reach.must, took: reach.took, late: reach.late }).collect()
        })
    })
    .reading(&["needs"]),
];

/// The row of versions with the latest first day not after today.
#[must_use]
pub fn current_version(entry: Entry<'_>) -> Option<CourseVersionRow<'_>> {
    let today = entry.view().today();
    let dated = Course(entry.content()).versions().filter_map(|row| Some((row.from().filter(|from| *from <= today)?, row)));
    dated.max_by_key(|(from, _)| *from).map(|(_, row)| row)
}

/// What it teaches changed after its current version began: a document of `based_on` has a later revision in force, or the user
/// information of one of its systems was published in a later one.
#[must_use]
pub fn old(entry: Entry<'_>) -> bool {
    let (course, view) = (Course(entry.content()), entry.view());
    let Some(from) = current_version(entry).and_then(|row| row.from()) else { return false };
    let overtaken = course.based_on().any(|row| {
        let Some(text) = row.document().and_then(|link| view.get(link.id)) else { return false };
        let taught = row.revision().or_else(|| row.document()?.revision.map(i64::from)).unwrap_or(0);
        let Some(now) = document::in_force(text) else { return false };
        let since = document::effective_since(text).unwrap_or_else(|| view.day(text.made_at()));
        i64::from(now) > taught && since > from
    });
    let told = |system: Entry<'_>| {
        let texts = system.incoming(UserInformation::KIND, "ai_system").filter(|text| text.is("published"));
        texts.filter_map(|text| UserInformation(text.content()).published_at().get()).any(|at| view.day(at) > from)
    };
    overtaken || entry.links("ai_systems").any(told)
}

/// How far a course reached a group of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// persons who must take it
    pub must: usize,
    /// those of them who took it in date
    pub took: usize,
    /// those who did not although their time has passed
    pub late: usize,
}

/// Per unit and relation: persons who must take it (holders of a need it serves, and whoever it was assigned to), who took it in date,
/// and who are late.
#[must_use]
pub fn reach(entry: Entry<'_>) -> BTreeMap<(String, &'static str), Reach> {
    let view = entry.view();
    let mut groups: BTreeMap<(String, &'static str), Reach> = BTreeMap::new();
    let records: Vec<Entry<'_>> = entry.incoming(TrainingRecord::KIND, "course").collect();
    for (person, due) in must_take(entry, &records) {
        let Some(person) = view.get(person) else { continue };
        let content = Person(person.content());
        let took = records.iter().any(|record| is_of(*record, person.id()) && is_true(*record, "in_date"));
        let unit = content.unit().get().unwrap_or_default().to_owned();
        let group = groups.entry((unit, content.relation().get().map_or("", |relation| relation.id()))).or_default();
        group.must += 1;
        group.took += usize::from(took);
        group.late += usize::from(!took && due.is_some_and(|due| due < view.today()));
    }
    groups
}

/// Everybody who must take it, with the last day for it.
fn must_take(entry: Entry<'_>, records: &[Entry<'_>]) -> BTreeMap<Id, Option<Date>> {
    let mut people: BTreeMap<Id, Option<Date>> = BTreeMap::new();
    let mut add = |person: Id, due: Option<Date>| {
        let earliest = people.entry(person).or_insert(due);
        *earliest = [*earliest, due].into_iter().flatten().min();
    };
    for need in entry.links("needs").filter(Entry::is_live) {
        let within = CompetenceNeed(need.content()).within().get().unwrap_or_default();
        competence_need::holders(need).iter().for_each(|holder| add(holder.person, Some(after(holder.since, &within))));
    }
    for record in records.iter().filter(|record| record.is("assigned")) {
        let content = TrainingRecord(record.content());
        if let Some(person) = content.person().get().filter(|person| entry.view().is_active(person.id)) {
            add(person.id, content.due().get());
        }
    }
    people
}

fn is_of(record: Entry<'_>, person: Id) -> bool {
    TrainingRecord(record.content()).person().get().is_some_and(|link| link.id == person)
}
