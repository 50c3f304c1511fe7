//! Whether somebody watches how near resources are to their limits, and decides.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::resource::{Resource, ResourceCapacityRow, ResourceCategory};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::task::Task;
use vouch_record::view::Row;

use super::PLACES;
use crate::check::looked_at::looked_at;
use crate::check::parts::resources;
use crate::check::reach::gaps;
use crate::check::written::row_written;
use crate::derived::ai_system::tier;
use crate::derived::resource::tight_row;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// The longest stretch without figures.
const LONGEST_DAYS: i64 = 100;
/// How far a decision may lie from the day on which it became tight.
const DECIDE_DAYS: i64 = 60;
/// How long ago a resource may have been looked at.
const LOOKED_DAYS: i64 = 200;
/// Categories whose capacity can run out.
const COUNTED: [ResourceCategory; 4] =
    [ResourceCategory::Compute, ResourceCategory::Cloud, ResourceCategory::Edge, ResourceCategory::Storage];

/// A.4.5-O1
pub(super) fn capacity_is_looked_at(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    let weighty = |system: &Entry<'_>| tier(*system) >= Some(RiskTier::High);
    let mut verdicts = Verdicts::default();
    for part in resources(view, &COUNTED) {
        let judgement = Judgement::needing(part.entry, &["capacity"], || {
            if !part.is_critical() && !part.systems.iter().any(weighty) {
                return Judgement::Skip("neither critical nor used by a system of a high tier".to_owned());
            }
            let created = part.entry.created_on();
            let Some(asked) = window.from_day(if created < first { view.settled_in(first) } else { created }) else {
                return Judgement::Skip("settling in".to_owned());
            };
            let rows = Resource(part.entry.content()).capacity().filter(|row| row.used().is_some());
            let covered: Vec<Window> =
                rows.filter_map(|row| Some(Window { from: row.covers_from()?, to: row.covers_to()? })).collect();
            let long = gaps(asked, &covered).into_iter().filter(|days| days.days() > LONGEST_DAYS);
            let lapse = |days: Window| {
                Lapse::of(part.entry).value("resource", part.entry.label()).value("from", days.from).value("to", days.to).over(days)
            };
            Judgement::of(long.map(lapse).collect())
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}

/// A stretch of days on which a resource was tight, with the row that says so first.
struct Tight<'v> {
    days: Window,
    row: ResourceCapacityRow<'v>,
}

/// The stretches on which the figures of a resource were tight, by the log.
fn tight_stretches(resource: Entry<'_>) -> Vec<Tight<'_>> {
    let view = resource.view();
    let mut found: Vec<Tight<'_>> = Vec::new();
    let mut open = false;
    for leaf in resource.revisions() {
        let rows = leaf.body.get("capacity").map_or(&[][..], Value::items);
        let rows: Vec<ResourceCapacityRow<'_>> = rows.iter().map(|row| ResourceCapacityRow::from(Row(row))).collect();
        let day = view.day(leaf.time);
        match (tight_row(&rows), found.last_mut().filter(|_| open)) {
            (Some(row), None) => found.push(Tight { days: Window { from: day, to: view.today() }, row }),
            (None, Some(last)) => last.days.to = day,
            _ => {}
        }
        open = tight_row(&rows).is_some();
    }
    found
}

/// A.4.5-O3
pub(super) fn tight_is_decided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(resources(view, &PLACES).into_iter().map(|part| part.entry), |resource| {
        Judgement::needing(resource, &["capacity", "money"], || {
            let stretches = tight_stretches(resource).into_iter().filter(|tight| tight.days.and(window).is_some());
            let stretches: Vec<Tight<'_>> = stretches.collect();
            if stretches.is_empty() {
                return Judgement::Skip("it was not tight in the window".to_owned());
            }
            let open = stretches.into_iter().filter(|tight| {
                let due = tight.days.from.saturating_add(DECIDE_DAYS.days());
                due < view.today() && !is_decided(resource, tight.days.from)
            });
            let lapse = |tight: Tight<'_>| {
                let number =
                    |value: Option<rust_decimal::Decimal>| value.map_or_else(|| "?".to_owned(), |one| one.normalize().to_string());
                let lapse = Lapse::of(resource).value("used", number(tight.row.used())).value("date", tight.days.from);
                lapse.value("available", number(tight.row.available())).over(tight.days)
            };
            Judgement::of(open.map(lapse).collect())
        })
    })
}

/// Whether a change, task or risk that names the resource, or a money row of it, was made around the day.
fn is_decided(resource: Entry<'_>, on: Date) -> bool {
    let around = Window { from: on.saturating_sub(DECIDE_DAYS.days()), to: on.saturating_add(DECIDE_DAYS.days()) };
    let mut records = [Change::KIND, Task::KIND, Risk::KIND].into_iter().flat_map(|kind| resource.incoming(kind, ""));
    let mut money = Resource(resource.content()).money();
    records.any(|record| around.has(record.created_on()))
        || money.any(|row| row_written(resource, "money", row.0).is_some_and(|leaf| around.has(resource.view().day(leaf.time))))
}

/// A.4.5-O4
pub(super) fn looked_at_in_time(view: &View) -> Verdicts {
    each(resources(view, &PLACES).into_iter().map(|part| part.entry), |resource| looked_at(resource, LOOKED_DAYS, false))
}
