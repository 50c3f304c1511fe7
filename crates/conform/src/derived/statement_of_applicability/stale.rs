//! What happened since a statement of applicability was frozen and is not in it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::kind::generated::treatment::Treatment;

use super::applicability;
use super::freezing::reason;
use crate::derived::approved::approved_at;
use crate::derived::{ai_system, risk};
use crate::view::Entry;

/// Systems that entered or left the scope, tiers that rose, treatments of risks above the limit that name a control its row
/// excludes, applicability revisions with another decision or reason, and scope revisions, approved after `frozen_at`. Empty before
/// it is frozen.
#[must_use]
pub fn older_than(entry: Entry<'_>) -> BTreeSet<Id> {
    let Some(frozen) = StatementOfApplicability(entry.content()).frozen_at().get() else { return BTreeSet::new() };
    let mut found = systems(entry);
    found.extend(treatments(entry, frozen));
    found.extend(decisions(entry, frozen));
    let later = entry.view().all(Scope::KIND).filter(|scope| approved_at(*scope).is_some_and(|at| at > frozen));
    found.extend(later.map(|scope| scope.id()));
    found
}

/// Systems in scope today and not in its list, the reverse, and those whose tier rose.
fn systems(entry: Entry<'_>) -> BTreeSet<Id> {
    let statement = StatementOfApplicability(entry.content());
    let view = entry.view();
    let now: BTreeSet<Id> = view.systems().map(|system| system.id()).collect();
    let then: BTreeSet<Id> = statement.systems().filter_map(|row| row.ai_system()).map(|link| link.id).collect();
    let mut found: BTreeSet<Id> = now.symmetric_difference(&then).copied().collect();
    for row in statement.systems() {
        let Some(system) = row.ai_system().and_then(|link| view.get(link.id)) else { continue };
        if row.tier().is_some() && ai_system::tier(system) > row.tier() {
            found.insert(system.id());
        }
    }
    found
}

fn treatments(entry: Entry<'_>, frozen: Timestamp) -> BTreeSet<Id> {
    let rows = StatementOfApplicability(entry.content()).rows().filter(|row| row.decision() == Some(ControlDecision::Excluded));
    let excluded: Vec<Entry<'_>> = rows.filter_map(|row| applicability(entry, row)).collect();
    let above = |treatment: &Entry<'_>| treatment.links("risks").any(risk::above_limit);
    let named = excluded.iter().flat_map(|control| control.incoming(Treatment::KIND, "controls"));
    let later = named.filter(|treatment| treatment.is_settled() && approved_at(*treatment).is_some_and(|at| at > frozen));
    later.filter(above).map(|treatment| treatment.id()).collect()
}

/// Applicabilities approved after freezing that say something else than their row, or have none.
fn decisions(entry: Entry<'_>, frozen: Timestamp) -> BTreeSet<Id> {
    let statement = StatementOfApplicability(entry.content());
    let later = entry
        .view()
        .all(ControlApplicability::KIND)
        .filter(|one| one.is("approved") && approved_at(*one).is_some_and(|at| at > frozen));
    let differs = |one: &Entry<'_>| {
        let content = ControlApplicability(one.content());
        let row = statement.rows().find(|row| row.applicability().is_some_and(|link| link.id == one.id()));
        row.is_none_or(|row| row.decision() != content.decision().get() || row.reason().unwrap_or_default() != reason(content))
    };
    later.filter(differs).map(|one| one.id()).collect()
}
