//! Derived values of a supplier.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::resource::Resource;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::supplier::{
    Supplier, SupplierAssessmentRow, SupplierChangesSeenRow, SupplierClauseClause, SupplierClauseResult, SupplierProvide,
};
use vouch_record::time::after;

use super::answer::{choice, choices, ids, number, table};
use super::proportion::share_of;
use super::{Derived, ai_system, resource};
use crate::view::Entry;

/// The derived values of a supplier.
pub const TABLE: &[Derived] = &[
    Derived::new("used_by", |entry| {
        table(entry, "supplier.used_by", || {
            used_by(entry).into_iter().map(|row| row! { record: row.record, critical: row.critical }).collect()
        })
    }),
    Derived::new("tier_floor", |entry| tier_floor(entry).map_or(Val::Empty, |tier| choice(tier.id()))),
    Derived::new("assessment_current", |entry| Val::Bool(assessment_current(entry))).reading(&["assessments", "tier"]),
    Derived::new("clause_gap", |entry| choices(clause_gap(entry).into_iter().map(SupplierClauseClause::id))).reading(&["clauses", "provides", "tier"]),
    Derived::new("unannounced", |entry| {
        table(entry, "supplier.unannounced", || {
            let row = |row: SupplierChangesSeenRow<'_>| {
                row! { what: row.what().map(|what| what.id()), noticed_on: row.noticed_on(), takes_effect_on: row.takes_effect_on() }
            };
            unannounced(entry).map(row).collect()
        })
    })
    .reading(&["changes_seen"]),
    Derived::new("conditions_overdue", |entry| {
        table(entry, "supplier.conditions_overdue", || {
            conditions_overdue(entry).map(|row| row! { on: row.on(), conditions: row.conditions(), due: row.conditions_due() }).collect()
        })
    })
    .reading(&["assessments"]),
    Derived::new("concentration", |entry| number(concentration(entry))),
    Derived::new("latest_assessor", |entry| latest_assessment(entry).and_then(|row| row.by()).map_or(Val::Empty, |link| Val::Record(link.id)))
        .reading(&["assessments"]),
    Derived::new("system_risk_owners", |entry| ids(system_risk_owners(entry))),
];

/// A record that names the supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// AI system, model, dataset or resource
    pub record: Id,
    /// whether an AI system marks it critical
    pub critical: bool,
}

/// AI systems, models, datasets and resources that name it, and whether one marks it critical: a system in its row of suppliers, a
/// resource when a system marks that resource critical. Models and datasets have no such mark.
#[must_use]
pub fn used_by(entry: Entry<'_>) -> Vec<Use> {
    let of_system = |system: Entry<'_>| {
        let mut rows = AiSystem(system.content()).suppliers();
        let critical = rows.any(|row| row.supplier().is_some_and(|link| link.id == entry.id()) && row.critical() == Some(true));
        Use { record: system.id(), critical }
    };
    let of_resource =
        |found: Entry<'_>| Use { record: found.id(), critical: resource::used_by(found).iter().any(|(_, critical)| *critical) };
    let plain = |found: Entry<'_>| Use { record: found.id(), critical: false };
    let mut uses: Vec<Use> = entry.incoming(AiSystem::KIND, "suppliers").map(of_system).collect();
    uses.extend(entry.incoming(Model::KIND, "supplier").map(plain));
    uses.extend(entry.incoming(Dataset::KIND, "supplier").map(plain));
    uses.extend(entry.incoming(Resource::KIND, "supplier").map(of_resource));
    uses
}

/// AI systems that use it, themselves or through a model, dataset or resource, each with whether it marks the supplier (or that
/// resource) critical.
#[must_use]
pub fn systems(entry: Entry<'_>) -> BTreeMap<Id, bool> {
    let mut found: BTreeMap<Id, bool> = BTreeMap::new();
    for system in entry.incoming(AiSystem::KIND, "suppliers") {
        let mut rows = AiSystem(system.content()).suppliers();
        let critical = rows.any(|row| row.supplier().is_some_and(|link| link.id == entry.id()) && row.critical() == Some(true));
        *found.entry(system.id()).or_default() |= critical;
    }
    let through = |kind, field| entry.incoming(kind, "supplier").flat_map(move |part| part.incoming(AiSystem::KIND, field));
    for system in through(Model::KIND, "models").chain(through(Dataset::KIND, "datasets")) {
        found.entry(system.id()).or_default();
    }
    for used in entry.incoming(Resource::KIND, "supplier") {
        for (system, critical) in resource::used_by(used) {
            *found.entry(system).or_default() |= critical;
        }
    }
    found
}

/// Highest risk_tier among live systems that mark it critical; one rank lower for those that do not. Nothing when no live system
/// with a tier uses it.
#[must_use]
pub fn tier_floor(entry: Entry<'_>) -> Option<RiskTier> {
    let view = entry.view();
    let floor = |(id, critical): (Id, bool)| {
        let system = view.get(id).filter(|system| ai_system::live(*system))?;
        let tier = AiSystem(system.content()).risk_tier().get()?;
        Some(if critical { tier } else { lower(tier) })
    };
    systems(entry).into_iter().filter_map(floor).max()
}

fn lower(tier: RiskTier) -> RiskTier {
    let at = RiskTier::ALL.iter().position(|one| *one == tier).unwrap_or(0);
    RiskTier::ALL[at.saturating_sub(1)]
}

/// The assessments row with the latest `on` that is not in the future.
#[must_use]
pub fn latest_assessment(entry: Entry<'_>) -> Option<SupplierAssessmentRow<'_>> {
    let today = entry.view().today();
    Supplier(entry.content()).assessments().filter(|row| row.on().is_some_and(|on| on <= today)).max_by_key(|row| row.on())
}

/// How long an assessment of a supplier of this tier stays current.
#[must_use]
pub fn stays_current(tier: Option<RiskTier>) -> Span {
    match tier {
        Some(RiskTier::Critical) => 6.months(),
        Some(RiskTier::Low) => 2.years(),
        _ => 1.year(),
    }
}

/// The latest assessments row plus one year (six months for tier critical, two years for low) is not before today.
#[must_use]
pub fn assessment_current(entry: Entry<'_>) -> bool {
    let length = stays_current(Supplier(entry.content()).tier().get());
    let latest = latest_assessment(entry).and_then(|row| row.on());
    latest.is_some_and(|on| after(on, &length) >= entry.view().today())
}

/// Clauses missing or unlisted for what it provides and its tier. A clause that is weaker than needed or not needed has its note and
/// is no gap.
#[must_use]
pub fn clause_gap(entry: Entry<'_>) -> Vec<SupplierClauseClause> {
    use SupplierProvide::{AiService, EmbeddedAi, Model as ProvidesModel};
    let supplier = Supplier(entry.content());
    let mut wanted = vec![SupplierClauseClause::Responsibilities, SupplierClauseClause::DataUse];
    if supplier.provides().has_any(&[ProvidesModel, AiService, EmbeddedAi]) {
        wanted.push(SupplierClauseClause::ChangeNotice);
    }
    if supplier.tier().get() >= Some(RiskTier::High) {
        wanted.extend([SupplierClauseClause::IncidentNotice, SupplierClauseClause::Exit]);
    }
    let there = |clause: SupplierClauseClause| {
        supplier
            .clauses()
            .any(|row| row.clause() == Some(clause) && row.result().is_some_and(|result| result != SupplierClauseResult::Missing))
    };
    wanted.retain(|clause| !there(*clause));
    wanted
}

/// Changes seen whose `told_on` is empty or later than `takes_effect_on`.
pub fn unannounced(entry: Entry<'_>) -> impl Iterator<Item = SupplierChangesSeenRow<'_>> {
    let late = |row: &SupplierChangesSeenRow<'_>| match (row.told_on(), row.takes_effect_on()) {
        (None, _) => true,
        (Some(told), effect) => effect.is_some_and(|effect| told > effect),
    };
    Supplier(entry.content()).changes_seen().filter(late)
}

/// Assessments rows with `conditions_due` before today and no `conditions_met_on`.
pub fn conditions_overdue(entry: Entry<'_>) -> impl Iterator<Item = SupplierAssessmentRow<'_>> {
    let today: Date = entry.view().today();
    let late = move |row: &SupplierAssessmentRow<'_>| {
        row.conditions_due().is_some_and(|due| due < today) && row.conditions_met_on().is_none()
    };
    Supplier(entry.content()).assessments().filter(late)
}

/// Share of live systems that depend on it, themselves or through a part; nothing while no system is live.
#[must_use]
pub fn concentration(entry: Entry<'_>) -> Option<Decimal> {
    let users = systems(entry);
    let live: Vec<Id> = entry.view().live_systems().map(|system| system.id()).collect();
    share_of(live.iter().filter(|system| users.contains_key(system)).count(), live.len())
}

/// `risk_owner` of each AI system that uses it, itself or through a model, dataset or resource; systems that have ended or were
/// dismissed are left out.
#[must_use]
pub fn system_risk_owners(entry: Entry<'_>) -> Vec<Id> {
    let view = entry.view();
    let used =
        systems(entry).into_keys().filter_map(|system| view.get(system)).filter(|system| !system.is_any(&["retired", "dismissed"]));
    let mut owners: Vec<Id> = used.filter_map(|system| AiSystem(system.content()).risk_owner().get().map(|link| link.id)).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}
