//! Suppliers that live systems name.

use jiff::ToSpan;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::supplier::Supplier;

use crate::check::wording::words;
use crate::derived::acceptance;
use crate::derived::supplier::{assessment_current, clause_gap, conditions_overdue, latest_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a change of a supplier may wait for a decision.
const DECIDED_DAYS: i64 = 30;

/// Each supplier that a live system names, with the first such system.
fn named(view: &View) -> Vec<(Entry<'_>, Entry<'_>)> {
    let rows = view.live_systems().flat_map(|system| {
        let suppliers = AiSystem(system.content()).suppliers().filter_map(|row| row.supplier());
        suppliers.filter_map(|link| Some((view.get(link.id)?, system))).collect::<Vec<_>>()
    });
    let mut found: Vec<(Entry<'_>, Entry<'_>)> = rows.collect();
    found.sort_by_key(|(supplier, system)| (supplier.id(), system.id()));
    found.dedup_by_key(|(supplier, _)| supplier.id());
    found
}

fn each_named<'v>(view: &'v View, judge: impl Fn(Entry<'v>, Entry<'v>) -> Judgement) -> Verdicts {
    let named = named(view);
    each(named.iter().map(|(supplier, _)| *supplier), |supplier| {
        let system = named.iter().find(|(one, _)| one.id() == supplier.id()).map_or(supplier, |(_, system)| *system);
        judge(supplier, system)
    })
}

/// 8.1-D2
pub(super) fn suppliers_are_approved(view: &View) -> Verdicts {
    each_named(view, |supplier, system| {
        Judgement::needing(supplier, &["clauses", "provides"], || {
            let mut missing = Vec::new();
            if !supplier.is("approved") {
                missing.push("an approval".to_owned());
            }
            if !gap_is_accepted(supplier) {
                missing.extend(clause_gap(supplier).into_iter().map(|clause| format!("the clause {}", words(clause.id()))));
            }
            Judgement::when(missing.is_empty(), || lapse(supplier, system).value("missing", missing.join(", ")))
        })
    })
}

fn lapse(supplier: Entry<'_>, system: Entry<'_>) -> Lapse {
    Lapse::of(supplier).in_system(system).value("system", system.label())
}

fn gap_is_accepted(supplier: Entry<'_>) -> bool {
    supplier
        .incoming(Acceptance::KIND, "subject")
        .any(|one| Acceptance(one.content()).type_().is(AcceptanceType::Supplier) && acceptance::in_force(one))
}

/// 8.1-O4
pub(super) fn suppliers_are_judged(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each_named(view, |supplier, system| {
        Judgement::needing(supplier, &["assessments", "changes_seen"], || {
            let mut defects = Vec::new();
            if !assessment_current(supplier) {
                let last = latest_assessment(supplier).and_then(|row| row.on());
                let last = last.map_or_else(|| "was never judged".to_owned(), |on| format!("was last judged on {on}"));
                defects.push(last);
            }
            defects.extend(
                conditions_overdue(supplier)
                    .map(|row| format!("has not met the condition {}", row.conditions().unwrap_or("without words"))),
            );
            let seen = Supplier(supplier.content()).changes_seen().filter(|row| row.decision().is_none());
            let waiting = seen
                .filter_map(|row| row.noticed_on())
                .filter(|on| window.has(*on) && on.saturating_add(DECIDED_DAYS.days()) < view.today());
            defects.extend(waiting.map(|on| format!("made a change noticed on {on} about which nobody decided")));
            Judgement::when(defects.is_empty(), || lapse(supplier, system).value("defect", defects.join(" and ")))
        })
    })
}
