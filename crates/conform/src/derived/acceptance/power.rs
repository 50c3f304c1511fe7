//! Whether whoever accepted something may do so.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::role::{Role, RoleAuthorityDecision};
use vouch_record::kind::generated::shared::RiskTier;

use super::{accepted_on, subject};
use crate::derived::{ai_system, role};
use crate::view::{Entry, View};

/// On the day of the approval (today while it is asked for) `accepted_by` was in a holders row, for the systems concerned, of an
/// approved role whose authority holds `accept_risk` for a residual risk, a criterion or a tier, else `exception`, up to the tier; for a
/// residual risk also in one of the role that the method names for the level.
#[must_use]
pub fn with_power(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "acceptance.with_power", || {
        let acceptance = Acceptance(entry.content());
        let (Some(person), Some(of)) = (acceptance.accepted_by().get(), acceptance.type_().get()) else { return false };
        let day = entry.view().on(accepted_on(entry).unwrap_or_else(|| entry.view().today()));
        let systems = systems(entry, day);
        let tier = systems.iter().map(|system| ai_system::tier(*system)).max().flatten().or_else(|| acceptance.level().get());
        let decision = match of {
            AcceptanceType::ResidualRisk | AcceptanceType::Criterion | AcceptanceType::Tier => RoleAuthorityDecision::AcceptRisk,
            _ => RoleAuthorityDecision::Exception,
        };
        let held: Vec<Entry<'_>> = day.live(Role::KIND).filter(|role| holds(*role, person.id, &systems)).collect();
        let may = held.iter().any(|role| reaches(*role, decision, tier));
        may && (of != AcceptanceType::ResidualRisk || held_by_method(entry, day, &held))
    })
}

/// The systems concerned: those it names, else its subject or the system of its subject.
fn systems<'v>(entry: Entry<'_>, day: &'v View) -> Vec<Entry<'v>> {
    let mut ids: Vec<Id> = Acceptance(entry.content()).ai_systems().map(|link| link.id).collect();
    if ids.is_empty()
        && let Some(subject) = subject(entry)
    {
        match subject.kind().name.as_str() {
            AiSystem::KIND => ids.push(subject.id()),
            _ => ids.extend(
                subject
                    .linked("ai_system")
                    .map(|system| system.id())
                    .into_iter()
                    .chain(subject.links("ai_systems").map(|s| s.id())),
            ),
        }
    }
    ids.into_iter().filter_map(|id| day.find(id)).collect()
}

/// Whether the person is in a holders row of the role on the role's day, and the row reaches each of the systems.
fn holds(role: Entry<'_>, person: Id, systems: &[Entry<'_>]) -> bool {
    let day: Date = role.view().today();
    Role(role.content()).holders().any(|row| {
        let then = row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day);
        then && row.person().is_some_and(|link| link.id == person) && systems.iter().all(|system| role::covers(row, *system))
    }) && role.view().is_active(person)
}

/// Whether the role may take this decision up to the tier; a row without a tier goes up to any.
fn reaches(role: Entry<'_>, decision: RoleAuthorityDecision, tier: Option<RiskTier>) -> bool {
    let rows = Role(role.content()).authority();
    rows.into_iter()
        .filter(|row| row.decision() == Some(decision))
        .any(|row| row.up_to_tier().is_none_or(|up_to| tier.is_none_or(|tier| up_to >= tier)))
}

/// Whether one of the held roles is the one that the method of the scores names for the level. A method that names none for it
/// leaves it to the authority of roles.
fn held_by_method(entry: Entry<'_>, day: &View, held: &[Entry<'_>]) -> bool {
    let acceptance = Acceptance(entry.content());
    let scored = acceptance.accepted_scores().find_map(|row| row.method()).and_then(|link| day.find(link.id));
    let method = scored.or_else(|| subject(entry)?.linked("method")).or_else(|| day.risk_method());
    let Some(method) = method else { return true };
    let level = acceptance.level().get();
    let named: Vec<Id> = RiskMethod(method.content())
        .levels()
        .filter(|row| row.level() == level)
        .filter_map(|row| row.accepted_by())
        .map(|link| link.id)
        .collect();
    named.is_empty() || held.iter().any(|role| named.contains(&role.id()))
}
