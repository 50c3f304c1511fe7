//! On which days training records show a competence of a person, by their dates and the log.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::course::{Course, CourseOnNewVersion};
use vouch_record::kind::generated::shared::CompetenceBasis;
use vouch_record::kind::generated::training_record::TrainingRecord;

use crate::derived::training_record::passed;
use crate::view::{Entry, View, Window};

/// The approved needs of a group.
pub(super) fn needs_of(view: &View, group: CompetenceNeedGroup) -> impl Iterator<Item = Entry<'_>> {
    view.live(CompetenceNeed::KIND).filter(move |need| CompetenceNeed(need.content()).group().is(group))
}

/// The person of a training record.
pub(super) fn person_of(record: Entry<'_>) -> Option<Id> {
    TrainingRecord(record.content()).person().get().map(|link| link.id)
}

/// The day on which a training record was confirmed.
pub(super) fn confirmed_on(record: Entry<'_>) -> Option<Date> {
    let confirmed = record.leaves().iter().find(|leaf| leaf.state.as_ref() == "confirmed").map(|leaf| record.view().day(leaf.time));
    // A quiz is confirmed by time alone.
    confirmed.or_else(|| record.is_any(&["confirmed", "lapsed"]).then(|| TrainingRecord(record.content()).to().get()).flatten())
}

/// The days on which a record counts: confirmed and passed, between `valid_from` and `valid_until`, until a newer version of its course
/// has to be taken.
pub(super) fn counted(record: Entry<'_>) -> Option<Window> {
    let content = TrainingRecord(record.content());
    if !record.is_any(&["confirmed", "lapsed"]) || !passed(record) {
        return None;
    }
    let confirmed = confirmed_on(record)?;
    let from = content.valid_from().get().map_or(confirmed, |from| from.max(confirmed));
    let ends = [content.valid_until().get(), replaced_on(record)];
    let to = ends.into_iter().flatten().min().unwrap_or(Date::MAX);
    (from <= to).then_some(Window { from, to })
}

/// The last day before a newer version of the course had to be taken.
fn replaced_on(record: Entry<'_>) -> Option<Date> {
    let course = Course(record.linked("course")?.content());
    if !course.on_new_version().is(CourseOnNewVersion::Retake) {
        return None;
    }
    let taken = TrainingRecord(record.content()).course_version().get();
    let own = course.versions().find(|row| row.version() == taken).and_then(|row| row.from());
    let newer = course.versions().filter_map(|row| row.from()).filter(|from| own.is_none_or(|own| *from > own));
    newer.min().map(|from| from.saturating_sub(1.day()))
}

/// Whether a person had a record for one of these needs that counted on a day.
pub(super) fn was_competent(view: &View, person: Id, needs: &[Id], day: Date) -> bool {
    let Some(person) = view.get(person) else { return false };
    let records = person.incoming(TrainingRecord::KIND, "person");
    records
        .into_iter()
        .any(|record| counted(record).is_some_and(|days| days.has(day)) && needs.iter().any(|need| record.names(*need, "needs")))
}

/// The days on which each person met a need: records of at least `least_proofs` different accepted bases counted.
pub(super) fn met_days(need: Entry<'_>) -> BTreeMap<Id, Vec<Window>> {
    let content = CompetenceNeed(need.content());
    let least = content.least_proofs().get().and_then(|least| usize::try_from(least).ok()).unwrap_or(1).max(1);
    let mut shown: BTreeMap<Id, Vec<(CompetenceBasis, Window)>> = BTreeMap::new();
    for record in need.incoming(TrainingRecord::KIND, "needs") {
        let of = TrainingRecord(record.content());
        let accepted = |basis: CompetenceBasis| {
            content.accepted_proof().any(|row| {
                let course = row.course().is_none_or(|named| of.course().get().is_some_and(|taken| taken.id == named.id));
                row.basis() == Some(basis) && course
            })
        };
        let basis = of.basis().get().filter(|basis| accepted(*basis));
        if let (Some(person), Some(basis), Some(days)) = (person_of(record), basis, counted(record)) {
            shown.entry(person).or_default().push((basis, days));
        }
    }
    shown.into_iter().map(|(person, days)| (person, enough(&days, least))).collect()
}

/// The days on which so many different bases are there.
fn enough(shown: &[(CompetenceBasis, Window)], least: usize) -> Vec<Window> {
    if least == 1 {
        return shown.iter().map(|(_, days)| *days).collect();
    }
    let mut starts: Vec<Date> = shown.iter().map(|(_, days)| days.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut met = Vec::new();
    for from in starts {
        // Of each basis the longest that holds on that day; the last day is that of the basis that ends as the one too few.
        let mut until: BTreeMap<CompetenceBasis, Date> = BTreeMap::new();
        for (basis, days) in shown.iter().filter(|(_, days)| days.has(from)) {
            let longest = until.entry(*basis).or_insert(days.to);
            *longest = days.to.max(*longest);
        }
        let mut ends: Vec<Date> = until.into_values().collect();
        ends.sort_unstable();
        if ends.len() >= least {
            met.push(Window { from, to: ends[ends.len() - least] });
        }
    }
    met
}
