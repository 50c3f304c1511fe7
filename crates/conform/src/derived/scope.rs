//! Derived values of a scope.

use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::view::RequirementLink;

use super::answer::{instant, number, records, texts};
use super::approved::approved_at;
use super::{Derived, evidence_ready, latest_valid};
use crate::framework::ISO42001;
use crate::view::{Entry, View};

/// The derived values of a scope.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["valid_from"]),
    Derived::new("unplaced_systems", |entry| records(unplaced_systems(entry))).reading(&["systems_in", "systems_out", "families"]),
    Derived::new("unplaced_units", |entry| texts(unplaced_units(entry))).reading(&["units", "sites", "entities"]),
    Derived::new("customer_gap", |entry| texts(customer_gap(entry))).reading(&["products", "systems_out"]),
    Derived::new("evidence_ready", |entry| evidence_ready::share(entry).map_or_else(Val::Undecided, number))
        .reading(&["systems_in"]),
    Derived::new("differs_from_certificate", |entry| Val::Bool(differs_from_certificate(entry))).reading(&["statement"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
    Derived::new("clause_exclusions", |entry| {
        texts(clause_exclusions(entry).into_iter().map(|item| format!("{}:{}", item.framework, item.item)))
    })
    .reading(&["exclusions"]),
];

/// The scope in force on the view's day.
#[must_use]
pub fn in_force_one(view: &View) -> Option<Entry<'_>> {
    let id = view.keep(None, "scope_in_force", || latest_valid(view, Scope::KIND).map(|entry| entry.id()));
    id.and_then(|id| view.get(id))
}

/// The approved scope with the latest valid_from not after today.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    in_force_one(entry.view()).is_some_and(|one| one.id() == entry.id())
}

/// AI systems in state registered or suspended that are neither in `systems_in` nor in `systems_out` and have no family of it.
#[must_use]
pub fn unplaced_systems(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let scope = Scope(entry.content());
    let placed: std::collections::HashSet<_> =
        scope.systems_in().chain(scope.systems_out().filter_map(|row| row.ai_system())).map(|link| link.id).collect();
    let families: Vec<&str> = scope.families().filter_map(|row| row.name()).collect();
    let of_family = |system: &Entry<'_>| system.text("family").is_some_and(|family| families.contains(&family));
    let kept = entry.view().all(AiSystem::KIND).filter(|system| system.is_any(&["registered", "suspended"]));
    kept.filter(|system| !placed.contains(&system.id()) && !of_family(system)).collect()
}

/// Unit, site and entity names of the organisation without a row. Units and sites are compared by code.
#[must_use]
pub fn unplaced_units(entry: Entry<'_>) -> Vec<String> {
    let Some(organisation) = entry.view().organisation() else { return Vec::new() };
    let scope = Scope(entry.content());
    let units: Vec<&str> = scope.units().filter_map(|row| row.code()).collect();
    let sites: Vec<&str> = scope.sites().filter_map(|row| row.code()).collect();
    let entities: Vec<&str> = scope.entities().filter_map(|row| row.name()).collect();
    let organisation = Organisation(organisation.content());
    let named = |code: Option<&str>, name: Option<&str>| name.or(code).unwrap_or_default().to_owned();
    let unit = organisation
        .units()
        .filter(|row| !row.code().is_some_and(|code| units.contains(&code)))
        .map(|row| named(row.code(), row.name()));
    let site = organisation
        .sites()
        .filter(|row| !row.code().is_some_and(|code| sites.contains(&code)))
        .map(|row| named(row.code(), row.name()));
    let entity =
        organisation.legal_entities().filter_map(|row| row.name()).filter(|name| !entities.contains(name)).map(str::to_owned);
    unit.chain(site).chain(entity).collect()
}

/// What customers use and the scope leaves out: products sold with AI that are not inside, and systems outside that customers use.
#[must_use]
pub fn customer_gap(entry: Entry<'_>) -> Vec<String> {
    let scope = Scope(entry.content());
    let sold = scope.products().filter(|row| row.sold() == Some(true) && row.uses_ai() == Some(true) && row.inside() != Some(true));
    let used = scope.systems_out().filter(|row| row.customers_use() == Some(true)).filter_map(|row| row.ai_system());
    let label = |link: vouch_record::Link| entry.view().find(link.id).map_or_else(|| link.id.to_string(), |system| system.label());
    sold.filter_map(|row| row.product().map(str::to_owned)).chain(used.map(label)).collect()
}

/// The statement differs from scope_text of the issued certificate after spaces and case are evened out. Without a certificate there
/// is nothing to differ from.
#[must_use]
pub fn differs_from_certificate(entry: Entry<'_>) -> bool {
    let printed = issued_certificate(entry.view()).and_then(|certificate| Certificate(certificate.content()).scope_text().get());
    printed.is_some_and(|printed| evened(printed) != evened(Scope(entry.content()).statement().get().unwrap_or_default()))
}

/// The certificate in state issued with the latest valid_from.
#[must_use]
pub fn issued_certificate(view: &View) -> Option<Entry<'_>> {
    let issued = view.all(Certificate::KIND).filter(|certificate| certificate.is("issued"));
    issued.max_by_key(|certificate| (Certificate(certificate.content()).valid_from().get(), certificate.id()))
}

fn evened(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Requirements in `exclusions` that lie in clauses 4 to 10 of ISO/IEC 42001, which nobody can exclude.
#[must_use]
pub fn clause_exclusions(entry: Entry<'_>) -> Vec<RequirementLink<'_>> {
    let in_clauses = |item: &str| {
        item.split('.').next().and_then(|clause| clause.parse::<u8>().ok()).is_some_and(|clause| (4..=10).contains(&clause))
    };
    let excluded = Scope(entry.content()).exclusions().filter_map(|row| row.requirement());
    excluded.filter(|requirement| requirement.framework == ISO42001 && in_clauses(requirement.item)).collect()
}
