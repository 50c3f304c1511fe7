//! An exclusion that the records speak against.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired, AiSystemOfferedTo};
use vouch_record::kind::generated::control_applicability::{ControlApplicability, ControlApplicabilityExclusionGround};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::view::RequirementLink;

use crate::derived::{acceptance, customer_commitment, is_over};
use crate::framework::ISO42001;
use crate::view::Entry;

/// Excluded although a treatment names it, a risk counts on it, an obligation or commitment in force rests on it, or a system in scope has
/// the role or activity whose absence is the ground (unless that is accepted).
#[must_use]
pub fn contradicted(entry: Entry<'_>) -> bool {
    contradicting(entry).is_some()
}

/// The first record that speaks against an exclusion.
#[must_use]
pub fn contradicting(entry: Entry<'_>) -> Option<Entry<'_>> {
    let excluded = ControlApplicability(entry.content()).decision().is(ControlDecision::Excluded);
    if excluded { relying_on(entry).or_else(|| against_ground(entry)) } else { None }
}

fn relying_on(entry: Entry<'_>) -> Option<Entry<'_>> {
    let treated = entry.incoming(Treatment::KIND, "controls").find(|treatment| !is_over(*treatment));
    let counted = || entry.incoming(Risk::KIND, "controls_now").find(|risk| !is_over(*risk));
    let owed = || entry.incoming(Obligation::KIND, "met_by").find(|obligation| obligation.is_live() && holds(*obligation));
    let promised = || entry.incoming(CustomerCommitment::KIND, "met_by").find(|promise| customer_commitment::in_force(*promise));
    treated.or_else(counted).or_else(owed).or_else(promised)
}

pub(crate) fn holds(obligation: Entry<'_>) -> bool {
    let (content, today) = (Obligation(obligation.content()), obligation.view().today());
    content.in_force_from().get().is_none_or(|from| from <= today) && content.in_force_to().get().is_none_or(|to| to >= today)
}

fn against_ground(entry: Entry<'_>) -> Option<Entry<'_>> {
    let applicability = ControlApplicability(entry.content());
    let accepted = entry.linked("exclusion_acceptance").is_some_and(acceptance::in_force);
    let control = applicability.control().get().filter(|control| control.framework == ISO42001 && !accepted)?;
    let mut systems = entry.view().systems();
    match applicability.exclusion_ground().get() {
        Some(ControlApplicabilityExclusionGround::RoleAbsent) => systems.find(|system| plays_role(*system, control)),
        Some(ControlApplicabilityExclusionGround::ActivityAbsent) => systems.find(|system| does_activity(*system, control)),
        _ => None,
    }
}

/// Whether the organisation plays, for the system, a role for which the standard's knowledge says the control is for.
fn plays_role(system: Entry<'_>, control: RequirementLink<'_>) -> bool {
    let item = system.view().frameworks().item(control.item);
    item.is_some_and(|item| AiSystem(system.content()).ai_roles().any(|role| item.roles.iter().any(|of| of == role.id())))
}

/// Whether the activity that the control is about takes place for the system: building it (A.6 and A.7), giving it to others (A.8 and
/// A.10.4), relying on a supplier (A.10.3), using it (A.9). The other controls are about the management system itself, which is always there.
fn does_activity(system: Entry<'_>, control: RequirementLink<'_>) -> bool {
    use AiSystemAcquired::{Contracted, InHouse, Mixed};
    let content = AiSystem(system.content());
    let outside = || content.offered_to().get().is_some_and(|to| to != AiSystemOfferedTo::Internal);
    match control.item {
        "A.10.3" => content.suppliers().next().is_some(),
        "A.10.4" => content.offered_to().is(AiSystemOfferedTo::Customers),
        item if item.starts_with("A.6.") || item.starts_with("A.7.") => {
            matches!(content.acquired().get(), Some(InHouse | Contracted | Mixed))
        }
        item if item.starts_with("A.8.") => outside(),
        _ => true,
    }
}
