//! Whether the processes leave records, and whether somebody else looks at them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::DocumentProcessRow;

use super::manual::{manual, name, processes};
use crate::check::process_row::kinds;
use crate::check::reach::window_reaching;
use crate::check::wording::in_days;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, Hole, Subject, View, Window};

/// How late a process may be.
const LATE_DAYS: i64 = 30;
/// Of ten processes, how many need a record that a second person looked at.
const SEEN_IN_TEN: usize = 9;

/// 4.4-O1
pub(super) fn each_process_left_records(view: &View) -> Verdicts {
    let rows: Vec<DocumentProcessRow<'_>> = processes(view).into_iter().filter(|row| row.every().is_some()).collect();
    let things = rows.iter().map(|row| kinds(view, *row).len()).sum();
    let judged = each(manual(view), |manual| {
        Judgement::needing(manual, &["processes"], || {
            if rows.is_empty() {
                return Judgement::Skip("no process has a rhythm".to_owned());
            }
            let lapse = |row: DocumentProcessRow<'_>, kind: &str, hole: Hole| {
                let days = Window { from: hole.from, to: hole.to };
                Lapse::of(manual)
                    .value("process", name(row))
                    .value("kind", kind)
                    .value("from", hole.from)
                    .value("to", hole.to)
                    .over(days)
            };
            let each_kind = rows.iter().flat_map(|row| kinds(view, *row).into_iter().map(move |kind| (*row, kind)));
            let holes =
                each_kind.filter_map(|(row, kind)| Some(lapse(row, &kind.title.to_lowercase(), hole(view, row, &kind.name)?)));
            Judgement::of(holes.collect())
        })
    });
    judged.among(things)
}

/// The longest stretch without a record of a kind that is longer than the rhythm of a process allows.
fn hole(view: &View, row: DocumentProcessRow<'_>, kind: &str) -> Option<Hole> {
    let longest = in_days(&row.every()?) + LATE_DAYS;
    let window = window_reaching(view, longest)?;
    let days = events(view).get(kind).map_or(&[][..], |days| days);
    without_hole(window, days.iter().copied(), longest).into_iter().max_by_key(Hole::days)
}

/// The days on which records of the kinds that processes name were made or reached a new state.
fn events(view: &View) -> &BTreeMap<String, Vec<Date>> {
    view.keep(None, "4.4.events", || {
        let mut events: BTreeMap<String, Vec<Date>> = BTreeMap::new();
        for kind in processes(view).into_iter().flat_map(|row| kinds(view, row)) {
            if !events.contains_key(&kind.name) {
                let days = view.all(&kind.name).flat_map(|entry| turns(entry).map(move |leaf| view.day(leaf.time)));
                events.insert(kind.name.clone(), days.collect());
            }
        }
        events
    })
}

/// The leaves by which a record was made or reached a new state.
fn turns(entry: Entry<'_>) -> impl Iterator<Item = &Leaf> {
    let leaves = entry.leaves();
    leaves.iter().enumerate().filter(|(at, leaf)| *at == 0 || leaves[at - 1].state != leaf.state).map(|(_, leaf)| leaf)
}

/// 4.4-P3
pub(super) fn seen_by_a_second_person(view: &View) -> Verdicts {
    let (Some(window), Some(manual)) = (view.window(), manual(view)) else { return Verdicts::holds() };
    if manual.value("processes").is_erased() {
        return each([manual], |_| Judgement::Undecided("`processes` was erased".to_owned()));
    }
    let rows = processes(view);
    let mut found: BTreeMap<&str, Option<Subject>> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    let mut seen = 0;
    for row in &rows {
        let shown = kinds(view, *row).into_iter().find_map(|kind| {
            *found.entry(&kind.name).or_insert_with(|| {
                view.all(&kind.name).find(|entry| second_person_looked(*entry, window)).map(|entry| entry.subject())
            })
        });
        match shown {
            Some(subject) => {
                seen += 1;
                verdicts.passed.push(subject);
            }
            None => verdicts.failed.push(Lapse::of(manual).value("process", name(*row))),
        }
    }
    if seen * 10 >= rows.len() * SEEN_IN_TEN {
        verdicts.failed.clear();
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(rows.len())
}

/// Whether the record was approved, reviewed, verified or closed in the window by a person other than its maker.
fn second_person_looked(entry: Entry<'_>, window: Window) -> bool {
    use ApprovalPurpose::{Approve, Close, Review, Verify};
    let maker = entry.record().leaves[0].actor.person();
    let other = |person: Option<vouch_record::Id>| person.is_some() && person != maker;
    let approved = entry.given().into_iter().any(|given| {
        let purpose = given.approval.purpose().get();
        let looks = purpose.is_some_and(|purpose| [Approve, Review, Verify, Close].contains(&purpose));
        looks
            && given.approval.decision().is(ApprovalDecision::Approved)
            && given.counts_as_proof()
            && other(given.by())
            && window.has(given.on())
    });
    let done = ["approved", "reviewed", "verified", "closed"];
    approved
        || turns(entry).skip(1).any(|leaf| {
            done.contains(&leaf.state.as_ref()) && other(leaf.actor.person()) && window.has(entry.view().day(leaf.time))
        })
}
