//! Whether owners look at models and tools, and decide about their weaknesses.

use jiff::ToSpan;
use vouch_record::kind::generated::resource::{Resource, ResourceWeaknessRow, ResourceWeaknessSeverity};
use vouch_record::view::Row;

use super::TOOLS;
use crate::check::looked_at::looked_at;
use crate::check::parts::{is_accepted, models, resources};
use crate::check::written::first_written;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// How long a decision about a weakness may take.
const DECIDE_DAYS: i64 = 30;
/// How long ago a model or tool may have been looked at.
const LOOKED_DAYS: i64 = 120;

/// A.4.4-O4
pub(super) fn weaknesses_are_decided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for part in resources(view, &TOOLS) {
        let judgement = Judgement::needing(part.entry, &["weaknesses"], || {
            let rows = Resource(part.entry.content()).weaknesses();
            let rows: Vec<_> = rows
                .filter(|row| {
                    matches!(row.severity(), Some(ResourceWeaknessSeverity::High | ResourceWeaknessSeverity::Critical))
                        && row.found_on().is_some_and(|on| window.has(on))
                })
                .collect();
            if rows.is_empty() {
                return Judgement::Skip("no weakness of weight was found in the window".to_owned());
            }
            Judgement::of(rows.into_iter().filter_map(|row| open(part.entry, row)).collect())
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}

/// A lapse when a weakness was not decided in time, or is neither mended nor accepted once that time has passed.
fn open(tool: Entry<'_>, row: ResourceWeaknessRow<'_>) -> Option<Lapse> {
    let view = tool.view();
    let found = row.found_on()?;
    let due = found.saturating_add(DECIDE_DAYS.days());
    if due >= view.today() {
        return None;
    }
    let decided = first_written(tool, "weaknesses", |rows| {
        rows.items()
            .iter()
            .map(|one| ResourceWeaknessRow::from(Row(one)))
            .any(|one| one.reference() == row.reference() && one.found_on() == row.found_on() && one.decision().is_some())
    });
    let defect = match decided.map(|leaf| view.day(leaf.time)) {
        None => "undecided".to_owned(),
        Some(on) if on > due => format!("was decided only on {on}"),
        Some(_) if row.fixed_on().is_none() && !is_accepted(tool) => "neither mended nor accepted".to_owned(),
        Some(_) => return None,
    };
    let lapse = Lapse::of(tool).value("tool", tool.label()).value("reference", row.reference().unwrap_or("without a name"));
    Some(lapse.value("date", found).value("defect", defect))
}

/// A.4.4-O5
pub(super) fn looked_at_in_time(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for part in models(view).into_iter().chain(resources(view, &TOOLS)) {
        let mut judgement = looked_at(part.entry, LOOKED_DAYS, false);
        if let Judgement::Fail(lapse) = judgement {
            judgement = Judgement::Fail(lapse.value("part", part.entry.label()));
        }
        verdicts.note(part.entry, judgement);
    }
    verdicts
}
