//! Duties for which people are missing, people who left, and owners who confirm who is there.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty as Duty, AiSystemStaffingRow};
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::objective::Objective;
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::task::Task;
use vouch_record::view::Row;
use vouch_record::{Id, Value};

use crate::check::confirming::confirmations;
use crate::check::presence::{asked_from, in_scope_since};
use crate::check::specified::holds;
use crate::check::wording::words;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long a duty may be short of people before somebody decides.
const DECIDE_DAYS: i64 = 60;
/// How long a person who left may be named.
const LEFT_DAYS: i64 = 30;
/// How long ago owner or deputy may have confirmed the people.
const CONFIRMED_DAYS: i64 = 200;

/// A.4.6-O2
pub(super) fn gaps_are_decided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["staffing"], || {
            let Some(from) = asked_from(system) else { return Judgement::Skip("settling in".to_owned()) };
            let asked = Window { from, to: view.today() };
            let Some(seen) = asked.and(window) else { return Judgement::Skip("settling in".to_owned()) };
            let mut lapses = Vec::new();
            for (duty, days) in short_stretches(system, asked) {
                let by = days.from.saturating_add(DECIDE_DAYS.days());
                if days.and(seen).is_none()
                    || days.days() <= DECIDE_DAYS
                    || is_decided(system, duty, Window { from: days.from, to: by })
                {
                    continue;
                }
                let missing = system.on(days.to).map(short_of).unwrap_or_default().get(&duty).copied().unwrap_or_default();
                let lapse = Lapse::of(system).value("duty", words(duty.id())).value("n", missing.normalize());
                lapses.push(lapse.value("date", days.from).over(days));
            }
            Judgement::of(lapses)
        })
    })
}

/// The stretches on which fewer people than needed were there for a duty.
fn short_stretches(system: Entry<'_>, asked: Window) -> Vec<(Duty, Window)> {
    let view = system.view();
    let people: Vec<Entry<'_>> = AiSystem(system.content())
        .staffing()
        .flat_map(|row| row.people().collect::<Vec<_>>())
        .filter_map(|link| view.get(link.id))
        .collect();
    let days = breakpoints(asked, people.into_iter().chain([system]), []);
    let short: BTreeMap<Date, BTreeMap<Duty, Decimal>> =
        days.iter().map(|day| (*day, system.on(*day).map(short_of).unwrap_or_default())).collect();
    let mut duties: Vec<Duty> = short.values().flat_map(|duties| duties.keys().copied()).collect();
    duties.sort_unstable();
    duties.dedup();
    let stretches = duties.into_iter().flat_map(|duty| {
        let found = on_every_day(asked, &days, |day| !short[&day].contains_key(&duty));
        found.into_iter().map(move |days| (duty, days))
    });
    stretches.collect()
}

/// How many people are missing for each duty on the day; rows that a supplier fills are not counted.
fn short_of(system: Entry<'_>) -> BTreeMap<Duty, Decimal> {
    let view = system.view();
    let mut missing: BTreeMap<Duty, Decimal> = BTreeMap::new();
    for row in AiSystem(system.content()).staffing().filter(|row| row.supplier().is_none()) {
        let (Some(duty), Some(needed)) = (row.duty(), row.needed()) else { continue };
        let there = row.people().filter_map(|link| view.get(link.id)).filter(|person| !person.is("left")).count();
        if Decimal::from(there) < needed {
            *missing.entry(duty).or_default() += needed - Decimal::from(there);
        }
    }
    missing
}

/// Whether a task, objective, risk or change about the system was made in this time that names the duty in its title or lists A.4.6.
fn is_decided(system: Entry<'_>, duty: Duty, days: Window) -> bool {
    let kinds = [Task::KIND, Objective::KIND, Risk::KIND, Change::KIND];
    let mut made = kinds.into_iter().flat_map(|kind| system.incoming(kind, "")).filter(|record| days.has(record.created_on()));
    made.any(|record| {
        let listed = record.value("requirements").get().map_or(&[][..], Value::items);
        record.text("title").is_some_and(|title| holds(title, &words(duty.id())))
            || listed.iter().filter_map(Value::as_text).any(|item| item.strip_prefix(ISO42001) == Some(":A.4.6"))
    })
}

/// A.4.6-O3
pub(super) fn who_left_is_replaced(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let left = view.all(Person::KIND).filter(|person| person.is("left"));
    let left = left.filter_map(|person| Some((person, Person(person.content()).left_on().get().filter(|on| window.has(*on))?)));
    let mut verdicts = Verdicts::default();
    for (person, on) in left {
        let due = on.saturating_add(LEFT_DAYS.days());
        let named: Vec<(Entry<'_>, Duty, Date)> = view
            .systems()
            .flat_map(|system| named_until(system, person.id(), on).into_iter().map(move |(duty, to)| (system, duty, to)))
            .collect();
        if named.is_empty() {
            verdicts.note(person, Judgement::Skip("named in no staffing".to_owned()));
            continue;
        }
        let late = named.iter().filter(|(_, _, until)| *until > due);
        let lapse = |(system, duty, until): &(Entry<'_>, Duty, Date)| {
            let lapse = Lapse::of(person).in_system(*system).value("person", person.label()).value("date", on);
            lapse.value("duty", words(duty.id())).over(Window { from: due.saturating_add(1.day()), to: *until })
        };
        let lapses: Vec<Lapse> = late.map(lapse).collect();
        let waiting = lapses.is_empty() && due >= view.today() && named.iter().any(|(_, _, until)| *until == view.today());
        let judgement = if waiting { Judgement::Skip(format!("there is time until {due}")) } else { Judgement::of(lapses) };
        verdicts.note(person, judgement);
    }
    verdicts
}

/// The duties for which a system named a person on a day or later, each with the last such day.
fn named_until(system: Entry<'_>, person: Id, on: Date) -> BTreeMap<Duty, Date> {
    let view = system.view();
    let revisions: Vec<_> = system.revisions().collect();
    let mut found: BTreeMap<Duty, Date> = BTreeMap::new();
    for (at, leaf) in revisions.iter().enumerate() {
        let until = revisions.get(at + 1).map_or(view.today(), |next| view.day(next.time).saturating_sub(1.day()));
        if until < on {
            continue;
        }
        for row in leaf.body.get("staffing").map_or(&[][..], Value::items) {
            let row = AiSystemStaffingRow::from(Row(row));
            if let Some(duty) = row.duty().filter(|_| row.people().any(|link| link.id == person)) {
                found.insert(duty, until);
            }
        }
    }
    found
}

/// A.4.6-O4
pub(super) fn confirmed_in_time(view: &View) -> Verdicts {
    let due = view.today().saturating_sub(CONFIRMED_DAYS.days());
    each(view.systems(), |system| {
        Judgement::needing(system, &["owner", "deputy"], || {
            let Some(since) = in_scope_since(system) else { return Judgement::Skip("not in scope".to_owned()) };
            match confirmations(system).pop() {
                Some(given) if given.on() >= due => Judgement::Shown(vec![system.subject(), given.entry.subject()]),
                _ if since > due => Judgement::Skip(format!("there is time until {}", since.saturating_add(CONFIRMED_DAYS.days()))),
                last => Judgement::Fail(Lapse::of(system).value("date", last.map_or(since, |given| given.on()))),
            }
        })
    })
}
