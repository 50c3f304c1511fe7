//! Whether those who run and oversee systems are able to, on each day, and who says so.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty as Duty, AiSystemStaffingRow};
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::view::Row;
use vouch_record::{Id, Value};

use crate::check::presence::asked_from;
use crate::check::reach::uncovered;
use crate::check::wording::words;
use crate::derived::training_record::{held_on, passed, self_judged};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long somebody may do a duty before proof is asked for.
const FIRST_DAYS: i64 = 30;

/// A person whom a live system names to run or oversee it, with what that takes.
struct Named<'v> {
    system: Entry<'v>,
    person: Entry<'v>,
    need: Entry<'v>,
    duty: Duty,
}

/// Everybody in rows run and oversee of live systems that name a need.
fn named(view: &View) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    for system in view.live_systems() {
        for row in AiSystem(system.content()).staffing() {
            let Some(duty) = row.duty().filter(|duty| matches!(duty, Duty::Run | Duty::Oversee)) else { continue };
            let Some(need) = row.competence_need().and_then(|link| view.get(link.id)) else { continue };
            let people = row.people().filter_map(|link| view.get(link.id)).filter(|person| !person.is("left"));
            found.extend(people.map(|person| Named { system, person, need, duty }));
        }
    }
    found
}

/// A.4.6-O1
pub(super) fn able_on_every_day(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut people: BTreeMap<Id, (Entry<'_>, Vec<Lapse>)> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    for system in view.live_systems().filter(|system| system.value("staffing").is_erased()) {
        verdicts.note(system, Judgement::Undecided("`staffing` was erased".to_owned()));
    }
    for one in named(view) {
        let Some(asked) = asked_days(&one, window) else { continue };
        let lapses = &mut people.entry(one.person.id()).or_insert_with(|| (one.person, Vec::new())).1;
        lapses.extend(unable(&one, asked).map(|days| {
            let lapse = Lapse::of(one.person).in_system(one.system).value("person", one.person.label());
            lapse.value("duty", words(one.duty.id())).value("date", days.from).over(days)
        }));
    }
    for (person, lapses) in people.into_values() {
        verdicts.note(person, Judgement::of(lapses));
    }
    verdicts
}

/// The days of the window on which proof is asked for: thirty days after the person was named, once the system has settled in.
fn asked_days(one: &Named<'_>, window: Window) -> Option<Window> {
    let view = one.system.view();
    let first = view.first_scope_on()?;
    let since = named_since(one);
    let allowed = since.saturating_add((FIRST_DAYS + 1).days());
    let from = if since < first { allowed.max(view.settled_in(first)) } else { allowed };
    window.from_day(from.max(asked_from(one.system)?))
}

/// The day since which rows of the duty name the person without a break.
fn named_since(one: &Named<'_>) -> Date {
    let names = |row: &Value| {
        let row = AiSystemStaffingRow::from(Row(row));
        row.duty() == Some(one.duty) && row.people().any(|link| link.id == one.person.id())
    };
    let holds = |leaf: &&vouch_record::Leaf| leaf.body.get("staffing").is_some_and(|rows| rows.items().iter().any(names));
    let written = one.system.revisions().rev().skip_while(|leaf| !holds(leaf)).take_while(holds).last();
    written.map_or_else(|| one.system.created_on(), |leaf| one.system.view().day(leaf.time))
}

/// The training records of a person for a need.
fn records<'v>(one: &Named<'v>) -> Vec<Entry<'v>> {
    let of_need = |record: &Entry<'_>| TrainingRecord(record.content()).needs().any(|link| link.id == one.need.id());
    one.person.incoming(TrainingRecord::KIND, "person").filter(of_need).collect()
}

/// Reviewed evidence about the person and the need.
fn evidence<'v>(one: &Named<'v>) -> Vec<Entry<'v>> {
    let about = one.person.incoming(Evidence::KIND, "about");
    about.filter(|entry| entry.is("reviewed") && entry.names(one.need.id(), "about")).collect()
}

fn days_of(evidence: Entry<'_>) -> Option<Window> {
    let content = Evidence(evidence.content());
    Some(Window { from: content.covers_from().get()?, to: content.covers_to().get()? })
}

/// The days on which a record counts by its own dates, from the day on which it was confirmed.
fn days_held(record: Entry<'_>) -> Option<Window> {
    let content = TrainingRecord(record.content());
    let confirmed = record.entered("confirmed").filter(|_| passed(record))?;
    let from = content.valid_from().get().map_or(confirmed, |from| from.max(confirmed));
    Some(Window { from, to: content.valid_until().get().unwrap_or(record.view().today()) })
}

/// The first stretch of days on which nothing showed that the person was able.
fn unable(one: &Named<'_>, asked: Window) -> Option<Window> {
    let (records, evidence) = (records(one), evidence(one));
    let shown: Vec<Window> = evidence.iter().filter_map(|entry| days_of(*entry)).collect();
    let by_dates: Vec<Window> = records.iter().filter_map(|record| days_held(*record)).chain(shown.iter().copied()).collect();
    let versioned = records.iter().any(|record| record.linked("course").is_some());
    let gap = uncovered(asked, &by_dates);
    if gap.is_none() && !versioned {
        return None;
    }
    // New versions of a course, and states of that time, are asked of the log.
    let dates = records.iter().flat_map(|record| {
        let content = TrainingRecord(record.content());
        let course = record.linked("course").map(|course| Course(course.content()).versions().filter_map(|row| row.from()));
        [content.valid_from().get(), content.valid_until().get()].into_iter().flatten().chain(course.into_iter().flatten())
    });
    let covers = shown.iter().flat_map(|days| [days.from, days.to]);
    let days = breakpoints(asked, records.iter().copied(), dates.chain(covers));
    let able = |day: Date| shown.iter().any(|days| days.has(day)) || records.iter().any(|record| held_on(*record, day));
    on_every_day(asked, &days, able).into_iter().next()
}

/// A.4.6-P1
pub(super) fn nobody_proved_the_own_competence(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut proofs: BTreeMap<Id, (Entry<'_>, Entry<'_>)> = BTreeMap::new();
    for one in named(view) {
        let held = records(&one).into_iter().filter(|record| days_held(*record).and_then(|days| days.and(window)).is_some());
        let shown = evidence(&one).into_iter().filter(|entry| days_of(*entry).and_then(|days| days.and(window)).is_some());
        proofs.extend(held.chain(shown).map(|proof| (proof.id(), (proof, one.person))));
    }
    let people: BTreeMap<Id, Entry<'_>> = proofs.iter().map(|(id, (_, person))| (*id, *person)).collect();
    each(proofs.into_values().map(|(proof, _)| proof), |proof| {
        Judgement::needing(proof, &["judged_by", "reviewed_by", "collected_by"], || {
            let person = people[&proof.id()];
            let own = if proof.kind().name == TrainingRecord::KIND { self_judged(proof) } else { is_own(proof, person) };
            Judgement::when(!own, || Lapse::of(proof).value("person", person.label()))
        })
    })
}

/// Whether evidence was reviewed by its collector or by the person it is about.
fn is_own(evidence: Entry<'_>, person: Entry<'_>) -> bool {
    let content = Evidence(evidence.content());
    let reviewer = content.reviewed_by().get().map(|link| link.id);
    let collector = content.collected_by().get().map(|link| link.id);
    reviewer.is_none() || reviewer == collector || reviewer == Some(person.id())
}
