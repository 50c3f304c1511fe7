//! Derived values of a milestone.

use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::milestone::Milestone;
use vouch_record::time::{days_between, parse_date};
use vouch_record::{Id, Link, Value};

use super::Derived;
use super::answer::{day, ids, whole};
use crate::view::{Entry, View};

/// The derived values of a milestone.
pub const TABLE: &[Derived] = &[
    Derived::new("slip", |entry| slip(entry).map_or(Val::Empty, whole)).reading(&["planned_on", "first_planned_on", "reached_on"]),
    Derived::new("critical_path", |entry| ids(critical_path(entry))).reading(&["depends_on"]),
    Derived::new("first_plan", |entry| day(first_plan(entry))),
    Derived::new("proof_open", |entry| ids(proof_open(entry))).reading(&["proof"]),
];

/// Days by which it slips: `planned_on` or today, whichever is later, minus `first_planned_on`; once it is reached, the day it was.
#[must_use]
pub fn slip(entry: Entry<'_>) -> Option<i64> {
    let milestone = Milestone(entry.content());
    let first = milestone.first_planned_on().get()?;
    let reached = milestone.reached_on().get().filter(|_| entry.is("reached"));
    let now = reached.or_else(|| milestone.planned_on().get().max(Some(entry.view().today())))?;
    Some(days_between(first, now))
}

/// The longest chain of milestones not reached that this one waits for, in order, itself last; those planned after the next audit
/// begins are left out. Nothing once it is reached.
#[must_use]
pub fn critical_path(entry: Entry<'_>) -> Vec<Id> {
    let mut path = longest(entry, next_audit(entry.view()), &mut Vec::new());
    path.reverse();
    path
}

/// The day on which the next audit not yet held begins.
fn next_audit(view: &View) -> Option<Date> {
    let ahead = view.all(Audit::KIND).filter(|audit| !audit.is_any(&["reported", "closed", "cancelled"]));
    ahead.filter_map(|audit| Audit(audit.content()).planned_from().get()).filter(|from| *from >= view.today()).min()
}

/// The chain from `entry` back to its first dependency; `above` are those already on the way, so that a circle ends.
fn longest(entry: Entry<'_>, until: Option<Date>, above: &mut Vec<Id>) -> Vec<Id> {
    let planned = Milestone(entry.content()).planned_on().get();
    let late = planned.zip(until).is_some_and(|(planned, until)| planned > until);
    if !entry.is("planned") || late || above.contains(&entry.id()) {
        return Vec::new();
    }
    above.push(entry.id());
    let chains = entry.links("depends_on").map(|before| longest(before, until, above)).collect::<Vec<_>>();
    above.pop();
    let mut path = vec![entry.id()];
    // Of two chains of one length the first named counts.
    path.extend(chains.into_iter().rev().max_by_key(Vec::len).unwrap_or_default());
    path
}

/// `first_planned_on` of the earliest revision before this one in which it is filled.
#[must_use]
pub fn first_plan(entry: Entry<'_>) -> Option<Date> {
    let before = entry.revisions().filter(|leaf| leaf.revision < entry.revision());
    before.filter_map(|leaf| leaf.body.get("first_planned_on").and_then(Value::as_text).and_then(parse_date)).next()
}

/// Records in `proof` that are in no settled state of their kind, set aside or erased.
#[must_use]
pub fn proof_open(entry: Entry<'_>) -> Vec<Id> {
    let named =
        entry.value("proof").get().map_or(&[][..], Value::items).iter().filter_map(|item| item.as_text()?.parse::<Link>().ok());
    let settled = |id: Id| {
        let record = entry.view().get(id).filter(Entry::is_settled);
        record.is_some_and(|record| !matches!(record.made().erasure, vouch_record::state::Erasure::Whole(_)))
    };
    named.map(|link| link.id).filter(|id| !settled(*id)).collect()
}
