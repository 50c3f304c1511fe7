//! Freshness: on which days proof of a requirement was made, how long it stays in date, and where it ran dry.
//!
//! Nothing is judged here that the rules do not judge: records are those that passed a rule, ages are those of the framework's items.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;

use crate::readiness::{Depth, Readiness};
use crate::view::{Entry, Hole, View, Window};

/// A record that shows requirements in operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// the record
    pub id: Id,
    /// the revision the rules read
    pub revision: u32,
    /// greatest depth of a rule that it passed
    pub depth: Depth,
    /// items of ISO/IEC 42001 that it shows, in the standard's order
    pub items: Vec<String>,
    /// last day it speaks for
    pub on: Date,
    /// last day on which it is young enough for each of its items; nothing where none of them sets an age
    pub until: Option<Date>,
}

/// The records that passed a rule about operation, each once, by id.
#[must_use]
pub fn proofs(view: &View, readiness: &Readiness) -> Vec<Proof> {
    let mut found: BTreeMap<Id, Proof> = BTreeMap::new();
    for answer in &readiness.requirements {
        for seen in answer.evidence.iter().filter(|seen| seen.depth > Depth::Documented) {
            let Some(entry) = view.find(seen.id) else { continue };
            let proof = found.entry(seen.id).or_insert_with(|| {
                let on = speaks_for(entry, seen.revision);
                Proof { id: seen.id, revision: seen.revision, depth: seen.depth, items: Vec::new(), on, until: None }
            });
            proof.depth = proof.depth.max(seen.depth);
            if !proof.items.contains(&answer.id) {
                proof.items.push(answer.id.clone());
            }
        }
    }
    let dated = found.into_values().map(|proof| Proof { until: in_date_until(view, proof.on, &proof.items), ..proof });
    dated.collect()
}

/// The last day on which what speaks for `on` is young enough for each of these items.
#[must_use]
pub fn in_date_until(view: &View, on: Date, items: &[String]) -> Option<Date> {
    let ages = items.iter().filter_map(|item| view.frameworks().item(item)?.max_age_days);
    ages.min().map(|age| on.saturating_add(i64::from(age).days()))
}

/// Fields that say for which last day a record speaks.
const LAST_DAYS: [&str; 3] = ["covers_to", "held_on", "assessed_on"];

/// The last day that a record speaks for: the one it names, unless that lies ahead, else the day of the revision.
#[must_use]
pub fn speaks_for(entry: Entry<'_>, revision: u32) -> Date {
    named_day(entry).unwrap_or_else(|| {
        let leaf = entry.record().revision(revision);
        entry.view().day(leaf.map_or_else(|| entry.made_at(), |leaf| leaf.time))
    })
}

fn named_day(entry: Entry<'_>) -> Option<Date> {
    let day = |field: &&str| entry.text(field).and_then(|text| text.parse::<Date>().ok());
    LAST_DAYS.iter().find_map(day).filter(|day| *day <= entry.view().today())
}

/// Several requirements over a stretch of days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// days on which proof of one of them was made, ascending
    pub days: Vec<Date>,
    /// stretches in which the proof of one of them was out of date: from the day it ran out to the day it was renewed
    pub holes: Vec<Window>,
    /// those of them that are out of date on the last day
    pub out_of_date: Vec<String>,
}

impl Lane {
    /// The lane of some items. Items that are not judged, or not yet, have no holes.
    #[must_use]
    pub fn of(view: &View, readiness: &Readiness, window: Window, items: &[&str]) -> Self {
        let mut lane = Self::default();
        // Operation is not asked for before there is a scope.
        let is_asked = view.first_scope_on().is_some();
        for answer in items.iter().filter_map(|item| readiness.answer(item)) {
            let entries =
                answer.evidence.iter().filter(|seen| seen.depth > Depth::Documented).filter_map(|seen| view.find(seen.id));
            let longest =
                view.frameworks().item(&answer.id).and_then(|item| item.max_age_days).filter(|_| answer.applies && is_asked);
            let mut own = Self::of_days(window, entries.flat_map(days_of).collect(), longest);
            // Where the rules find the item in operation today its proof is not too old for them, whatever its days are.
            own.holes.retain(|hole| !answer.operating || hole.to < window.to);
            if own.holes.last().is_some_and(|hole| hole.to == window.to) && own.days.last() != Some(&window.to) {
                lane.out_of_date.push(answer.id.clone());
            }
            lane.days.extend(own.days);
            lane.holes.extend(own.holes);
        }
        lane.days.sort_unstable();
        lane.days.dedup();
        lane.holes = joined(lane.holes);
        lane
    }

    /// The lane of proof that was made on these days and stays in date for `longest` days.
    #[must_use]
    pub fn of_days(window: Window, mut days: Vec<Date>, longest: Option<u32>) -> Self {
        days.sort_unstable();
        days.dedup();
        let dry = |longest: u32| {
            let longest = i64::from(longest);
            window.holes(days.iter().copied(), longest).into_iter().filter_map(|hole| dry(hole, longest, window)).collect()
        };
        let holes = longest.map(dry).unwrap_or_default();
        days.retain(|day| window.has(*day));
        Self { days, holes, out_of_date: Vec::new() }
    }
}

/// The days that a record speaks for: the one it names, else each day on which something of it was written.
#[must_use]
pub fn days_of(entry: Entry<'_>) -> Vec<Date> {
    named_day(entry).map_or_else(|| entry.changed_on().collect(), |day| vec![day])
}

/// The part of a hole in which the last proof was too old.
fn dry(hole: Hole, longest: i64, window: Window) -> Option<Window> {
    let from = hole.from.saturating_add(longest.days()).max(window.from);
    (from < hole.to).then_some(Window { from, to: hole.to })
}

/// Stretches that overlap or touch, as one.
fn joined(mut holes: Vec<Window>) -> Vec<Window> {
    holes.sort_unstable_by_key(|hole| (hole.from, hole.to));
    let mut all: Vec<Window> = Vec::new();
    for hole in holes {
        match all.last_mut() {
            Some(last) if hole.from <= last.to => last.to = last.to.max(hole.to),
            _ => all.push(hole),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::check::cases::{Fixed, Lives, build};

    fn window(from: (i16, i8, i8), to: (i16, i8, i8)) -> Window {
        Window { from: date(from.0, from.1, from.2), to: date(to.0, to.1, to.2) }
    }

    #[test]
    fn a_hole_is_dry_from_the_day_its_last_proof_is_too_old() {
        let year = window((2026, 1, 1), (2026, 12, 31));
        let hole = Hole { from: date(2026, 3, 1), to: date(2026, 9, 1) };
        assert_eq!(dry(hole, 90, year), Some(window((2026, 5, 30), (2026, 9, 1))));
        assert_eq!(dry(hole, 184, year), None);
    }

    #[test]
    fn holes_that_touch_are_one() {
        let one = window((2026, 1, 1), (2026, 2, 1));
        let two = window((2026, 2, 1), (2026, 3, 1));
        let far = window((2026, 5, 1), (2026, 6, 1));
        assert_eq!(joined(vec![far, two, one]), vec![window((2026, 1, 1), (2026, 3, 1)), far]);
    }

    #[test]
    fn every_proof_of_the_base_speaks_for_a_day_that_was_and_ends_with_its_strictest_item() {
        let fixed = Fixed::load();
        let built = build(&Lives::base(), &fixed.kinds).unwrap();
        let view = built.view(fixed, built.today);
        let readiness = Readiness::of(&view);
        let proofs = proofs(&view, &readiness);
        assert!(proofs.len() > 50, "{}", proofs.len());
        for proof in &proofs {
            assert!(proof.on <= view.today(), "{}", proof.id);
            assert!(!proof.items.is_empty(), "{}", proof.id);
            assert!(proof.until.is_none_or(|until| until >= proof.on), "{}", proof.id);
        }
        let whole = Window { from: date(2025, 1, 1), to: view.today() };
        let lane = Lane::of(&view, &readiness, whole, &["9.1", "A.6.2.4"]);
        assert!(lane.days.is_sorted() && !lane.days.is_empty());
    }
}
