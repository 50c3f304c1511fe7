//! Derived values of a resource.

mod version_rule;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::resource::{Resource, ResourceCapacityRow, ResourceObservedRow};

use super::answer::table;
use super::{Derived, ai_system};
use crate::view::Entry;

/// The derived values of a resource.
pub const TABLE: &[Derived] = &[
    Derived::new("used_by", |entry| {
        table(entry, "resource.used_by", || {
            used_by(entry).into_iter().map(|(system, critical)| row! { ai_system: system, critical: critical }).collect()
        })
    }),
    Derived::new("version_gap", |entry| match version_gap(entry) {
        Ok(gap) => Val::Bool(gap),
        Err(why) => Val::Undecided(why),
    })
    .reading(&["observed", "version", "version_rule"]),
    Derived::new("location_gap", |entry| Val::Bool(location_gap(entry))).reading(&["observed", "location"]),
    Derived::new("tight", |entry| Val::Bool(tight(entry))).reading(&["capacity"]),
    Derived::new("out_of_support", |entry| Val::Bool(out_of_support(entry))).reading(&["support_until"]),
    Derived::new("unapproved_use", |entry| Val::Bool(unapproved_use(entry))),
];

/// AI systems whose `resources` name it, and whether one of their rows marks it critical.
#[must_use]
pub fn used_by(entry: Entry<'_>) -> Vec<(Id, bool)> {
    let critical = |system: Entry<'_>| {
        let mut rows = AiSystem(system.content()).resources();
        rows.any(|row| row.resource().is_some_and(|link| link.id == entry.id()) && row.critical() == Some(true))
    };
    entry.incoming(AiSystem::KIND, "resources").map(|system| (system.id(), critical(system))).collect()
}

/// What pipelines and feeds saw in the last thirty days.
fn seen(entry: Entry<'_>) -> impl Iterator<Item = ResourceObservedRow<'_>> {
    let view = entry.view();
    let since: Date = view.today().saturating_sub(30.days());
    Resource(entry.content()).observed().filter(move |row| row.seen_at().is_some_and(|at| view.day(at) >= since))
}

/// An observed version of the last thirty days breaks `version_rule` or, without a rule, differs from `version`.
///
/// # Errors
/// The reason when the rule is no range that can be read, or a version is no number to compare.
pub fn version_gap(entry: Entry<'_>) -> Result<bool, String> {
    let resource = Resource(entry.content());
    let (rule, named) = (resource.version_rule().get(), resource.version().get());
    let mut unread = None;
    for version in seen(entry).filter_map(|row| row.version()) {
        match breaks(rule, named, version) {
            Some(false) => {}
            Some(true) => return Ok(true),
            None => unread = Some(version),
        }
    }
    unread.map_or(Ok(false), |version| {
        let rule = rule.unwrap_or_default();
        Err(format!("`version_rule` of {} `{rule}` cannot be compared with version `{version}`", entry.id()))
    })
}

/// Whether an observed version breaks the rule or, without a rule, differs from the named version; nothing when rule or version cannot be
/// read.
#[must_use]
pub fn breaks(rule: Option<&str>, named: Option<&str>, observed: &str) -> Option<bool> {
    match rule {
        None => Some(Some(observed) != named),
        Some(rule) => version_rule::allows(rule, observed).map(|allowed| !allowed),
    }
}

/// An observed location of the last thirty days differs from `location`.
#[must_use]
pub fn location_gap(entry: Entry<'_>) -> bool {
    let location = Resource(entry.content()).location().get().unwrap_or_default();
    seen(entry).filter_map(|row| row.location()).any(|seen| !seen.trim().eq_ignore_ascii_case(location.trim()))
}

/// Used divided by available of the latest capacity row is at or above `warn_at`, of each thing that is counted. What is used while
/// nothing is available is tight.
#[must_use]
pub fn tight(entry: Entry<'_>) -> bool {
    let rows: Vec<ResourceCapacityRow<'_>> = Resource(entry.content()).capacity().collect();
    tight_row(&rows).is_some()
}

/// The first of the latest capacity rows that is tight.
#[must_use]
pub fn tight_row<'r>(rows: &[ResourceCapacityRow<'r>]) -> Option<ResourceCapacityRow<'r>> {
    let latest = |row: &&ResourceCapacityRow<'r>| {
        let later =
            |other: &ResourceCapacityRow<'r>| (other.covers_to(), other.covers_from()) > (row.covers_to(), row.covers_from());
        !rows.iter().any(|other| other.what() == row.what() && later(other))
    };
    let is_tight = |row: &&ResourceCapacityRow<'r>| match (row.used(), row.available(), row.warn_at()) {
        (Some(used), Some(available), _) if available.is_zero() => used > Decimal::ZERO,
        (Some(used), Some(available), Some(warn)) => used.checked_div(available).is_some_and(|share| share >= warn),
        _ => false,
    };
    rows.iter().filter(latest).find(is_tight).copied()
}

fn named_by_live(entry: Entry<'_>) -> bool {
    entry.incoming(AiSystem::KIND, "resources").any(ai_system::live)
}

/// `support_until` has passed while a live system names it.
#[must_use]
pub fn out_of_support(entry: Entry<'_>) -> bool {
    Resource(entry.content()).support_until().get().is_some_and(|until| until < entry.view().today()) && named_by_live(entry)
}

/// A live system names it, or it was seen running in the last thirty days, while state is not approved.
#[must_use]
pub fn unapproved_use(entry: Entry<'_>) -> bool {
    !entry.is("approved") && (named_by_live(entry) || seen(entry).next().is_some())
}
