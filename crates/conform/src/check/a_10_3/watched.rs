//! Whether changes at suppliers, conditions and measures are followed.

use jiff::ToSpan;
use vouch_record::Value;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::supplier::{Supplier, SupplierAssessmentRow, SupplierChangesSeenRow, SupplierChangesSeenWhat};
use vouch_record::view::Row;

use super::contract::lapse_of;
use super::population::{is_weighty, suppliers};
use crate::check::reach::window_reaching;
use crate::check::wording::{in_days, words};
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// How long a change may wait for a decision.
const DECIDE_DAYS: i64 = 30;
/// How long a condition may be overdue.
const OVERDUE_DAYS: i64 = 30;
/// Kinds of record that follow a change.
const FOLLOWS: [&str; 4] = ["test", "risk", "change", "incident"];

/// A.10.3-O3
pub(super) fn changes_are_decided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["changes_seen"], || {
            let rows = Supplier(supplier.content()).changes_seen().filter(|row| row.noticed_on().is_some_and(|on| window.has(on)));
            let due = |row: &SupplierChangesSeenRow<'_>| {
                row.noticed_on().is_some_and(|on| on.saturating_add(DECIDE_DAYS.days()) < view.today())
            };
            let rows: Vec<_> = rows.collect();
            let judged = rows.iter().filter(|row| due(row) || is_followed(supplier, row)).count();
            let open = rows.iter().filter(|row| due(row) && !is_followed(supplier, row));
            let lapse = |row: &SupplierChangesSeenRow<'_>| {
                let what = row.what().map_or_else(|| "a change".to_owned(), |what| words(what.id()));
                row.noticed_on().map(|on| lapse_of(supplier).value("what", what).value("date", on))
            };
            match judged {
                0 => Judgement::Skip("no change to decide about".to_owned()),
                _ => Judgement::of(open.filter_map(lapse).collect()),
            }
        })
    })
}

/// Whether a change was decided about in time and, where it touches models, data or safety, led to a test, risk, change or incident.
fn is_followed(supplier: Entry<'_>, row: &SupplierChangesSeenRow<'_>) -> bool {
    use SupplierChangesSeenWhat::{DataUse, Incident, ModelEnd, ModelVersion};
    let view = supplier.view();
    let Some(until) = row.noticed_on().map(|on| on.saturating_add(DECIDE_DAYS.days())) else { return false };
    let same = |other: &SupplierChangesSeenRow<'_>| {
        (other.what(), other.noticed_on()) == (row.what(), row.noticed_on()) && other.decision().is_some()
    };
    let decided = supplier.revisions().filter(|leaf| view.day(leaf.time) <= until).any(|leaf| {
        let rows = leaf.body.get("changes_seen").map_or(&[][..], Value::items);
        rows.iter().map(|row| SupplierChangesSeenRow::from(Row(row))).any(|other| same(&other))
    });
    let weighty = matches!(row.what(), Some(ModelVersion | ModelEnd | DataUse | Incident));
    let led = || row.led_to().filter_map(|link| view.get(link.id)).any(|record| FOLLOWS.contains(&record.kind().name.as_str()));
    decided && row.decision().is_some() && (!weighty || led())
}

/// A.10.3-O5
pub(super) fn conditions_and_measures_are_kept(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["assessments", "measures", "tier"], || {
            let rows = Supplier(supplier.content()).assessments();
            let overdue = rows.filter_map(|row| Some((row, overdue(&row, window)?))).filter(|(_, days)| days.days() > OVERDUE_DAYS);
            let condition = |(row, days): (SupplierAssessmentRow<'_>, Window)| {
                let what = format!("the condition `{}` is open", row.conditions().unwrap_or_default());
                lapse_of(supplier).value("defect", what).value("date", days.from).over(days)
            };
            let mut lapses: Vec<Lapse> = overdue.map(condition).collect();
            if is_weighty(supplier) {
                lapses.extend(unmeasured(supplier));
            }
            Judgement::of(lapses)
        })
    })
}

/// The days of the window on which a condition was past due and not met.
fn overdue(row: &SupplierAssessmentRow<'_>, window: Window) -> Option<Window> {
    let from = row.conditions_due()?.saturating_add(1.day());
    let to = row.conditions_met_on().map_or(window.to, |met| met.saturating_sub(1.day()));
    Window { from, to }.and(window)
}

/// Lapses for the stretches on which a measure in force of a supplier was not taken.
fn unmeasured(supplier: Entry<'_>) -> Vec<Lapse> {
    let view = supplier.view();
    let mut lapses = Vec::new();
    for measure in supplier.links("measures") {
        let content = Measure(measure.content());
        let Some(longest) = content.max_gap().get().map(|gap| in_days(&gap)) else { continue };
        let begun = content.valid_from().get().unwrap_or_else(|| measure.created_on()).max(supplier.created_on());
        let Some(asked) = window_reaching(view, longest).and_then(|window| window.from_day(begun)) else { continue };
        let taken = measure.incoming(Measurement::KIND, "measure").filter(|one| !one.is("void"));
        let days = taken.filter_map(|one| Some(view.day(Measurement(one.content()).covers_to().get()?)));
        let holes = without_hole(asked, days, longest);
        lapses.extend(holes.into_iter().map(|hole| {
            let days = Window { from: hole.from.max(asked.from), to: hole.to };
            lapse_of(supplier).value("defect", format!("nobody took {}", measure.label())).value("date", hole.from).over(days)
        }));
    }
    lapses
}
