//! In which state parts were while systems named them.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::view::Row;
use vouch_record::{Id, Link, Value};

use crate::check::presence::asked_from;
use crate::check::reach::uncovered;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// The lists that name parts, and the column that does.
const LISTS: [(&str, &str); 4] =
    [("models", "model"), ("datasets", "dataset"), ("resources", "resource"), ("suppliers", "supplier")];
/// The states in which a part may be relied on.
const GOOD: [&str; 2] = ["approved", "registered"];
/// How long a part may be named before it is approved.
const FIRST_DAYS: i64 = 30;

/// A.4.2-O4
pub(super) fn parts_were_approved_while_named(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut named: BTreeMap<Id, Vec<(Id, Window)>> = BTreeMap::new();
    let mut erased = Verdicts::default();
    for system in view.live_systems() {
        for (list, column) in LISTS {
            if system.value(list).is_erased() {
                erased.note(system, Judgement::Undecided(format!("`{list}` was erased")));
            }
            for (part, days) in named_days(system, list, column) {
                let first = days.from.saturating_add((FIRST_DAYS + 1).days()).max(asked_from(system).unwrap_or(window.from));
                let asked = days.and(window).and_then(|days| days.from_day(first));
                named.entry(part).or_default().extend(asked.map(|asked| (system.id(), asked)));
            }
        }
    }
    let parts = each(named.keys().filter_map(|part| view.get(*part)), |part| {
        let good = part.periods(&GOOD);
        let open = named[&part.id()].iter().filter_map(|(system, asked)| Some((view.get(*system)?, uncovered(*asked, &good)?)));
        Judgement::of(open.map(|(system, days)| lapse(part, system, days)).collect())
    });
    parts.and(erased)
}

fn lapse(part: Entry<'_>, system: Entry<'_>, days: Window) -> Lapse {
    let then = part.on(days.to);
    let state = then.as_ref().map_or("set aside", |then| then.state());
    Lapse::of(part).in_system(system).value("part", part.label()).value("state", state).over(days)
}

/// The stretches on which the rows of a list named each part.
fn named_days(system: Entry<'_>, list: &str, column: &str) -> Vec<(Id, Window)> {
    let view = system.view();
    let revisions: Vec<_> = system.revisions().collect();
    let mut found: BTreeMap<Id, Vec<Window>> = BTreeMap::new();
    for (at, leaf) in revisions.iter().enumerate() {
        let from = view.day(leaf.time);
        let to = revisions.get(at + 1).map_or(view.today(), |next| view.day(next.time).saturating_sub(1.day()));
        for (part, until) in rows(leaf.body.get(list), column) {
            let to = until.map_or(to, |until| until.min(to));
            if from <= to {
                add(found.entry(part).or_default(), Window { from, to });
            }
        }
    }
    found.into_iter().flat_map(|(part, stretches)| stretches.into_iter().map(move |days| (part, days))).collect()
}

/// Adds a stretch that begins after all others, to the last one where it follows without a day between.
fn add(stretches: &mut Vec<Window>, days: Window) {
    match stretches.last_mut() {
        Some(last) if last.to.saturating_add(1.day()) >= days.from => last.to = last.to.max(days.to),
        _ => stretches.push(days),
    }
}

/// The parts that rows name, each with the day on which the last of its rows ends, if all do.
fn rows(value: Option<&Value>, column: &str) -> BTreeMap<Id, Option<Date>> {
    let mut named: BTreeMap<Id, Option<Date>> = BTreeMap::new();
    for row in value.map_or(&[][..], Value::items).iter().map(Row) {
        let (Some(link), until) = (row.read::<Link>(column), row.read::<Date>("until")) else { continue };
        let known = named.entry(link.id).or_insert(until);
        *known = known.zip(until).map(|(known, until)| known.max(until));
    }
    named
}
