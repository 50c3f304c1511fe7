//! The tier of a system, and the least that its facts allow.

use vouch_record::kind::generated::ai_system::{
    AiSystem, AiSystemAutonomy, AiSystemDecisionEffect, AiSystemDecisionShare, AiSystemEuTier, AiSystemOfferedTo,
    AiSystemPresumedImpact,
};
use vouch_record::kind::generated::shared::{PersonalData, RiskTier};

use crate::derived::acceptance;
use crate::view::Entry;

/// The least tier that the facts allow; kinds/ai-system.yaml states each of the ways to a tier.
#[must_use]
pub fn tier_floor(entry: Entry<'_>) -> RiskTier {
    let system = AiSystem(entry.content());
    if is_critical(system) {
        RiskTier::Critical
    } else if is_high(system) {
        RiskTier::High
    } else if is_moderate(system) {
        RiskTier::Moderate
    } else {
        RiskTier::Low
    }
}

fn is_critical(system: AiSystem<'_>) -> bool {
    let decides_safety = system
        .decisions()
        .any(|row| row.effect() == Some(AiSystemDecisionEffect::Safety) && row.share() == Some(AiSystemDecisionShare::Decides));
    system.eu_tiers().has(AiSystemEuTier::Prohibited) || decides_safety
}

fn is_high(system: AiSystem<'_>) -> bool {
    use AiSystemDecisionEffect as Effect;
    let weighty = system.decisions().any(|row| matches!(row.effect(), Some(Effect::Significant | Effect::Legal | Effect::Safety)));
    let decides = || system.decisions().any(|row| row.effect().is_some_and(|effect| effect != Effect::None));
    let delicate = [PersonalData::Special, PersonalData::Criminal, PersonalData::Vulnerable, PersonalData::Unspecified];
    system.eu_tiers().has_any(&[AiSystemEuTier::HighRiskAnnexIii, AiSystemEuTier::HighRiskAnnexI])
        || system.presumed_impact().has_any(&[AiSystemPresumedImpact::Rights, AiSystemPresumedImpact::Safety])
        || weighty
        || (system.personal_data().has_any(&delicate) && decides())
}

fn is_moderate(system: AiSystem<'_>) -> bool {
    let outside = matches!(system.offered_to().get(), Some(AiSystemOfferedTo::Customers | AiSystemOfferedTo::Public));
    let acts = matches!(system.autonomy().get(), Some(AiSystemAutonomy::ActsSupervised | AiSystemAutonomy::ActsAlone));
    outside || acts || system.personal_data().any(|data| data != PersonalData::None)
}

/// `risk_tier` ranks below the floor, and no acceptance for it is in force.
#[must_use]
pub fn tier_below_floor(entry: Entry<'_>) -> bool {
    let below = AiSystem(entry.content()).risk_tier().get().is_some_and(|tier| tier < tier_floor(entry));
    below && !entry.linked("tier_acceptance").is_some_and(acceptance::in_force)
}

/// The tier that counts: `risk_tier`, or the floor where `risk_tier` is below it without an acceptance; nothing while none is given.
#[must_use]
pub fn tier(entry: Entry<'_>) -> Option<RiskTier> {
    if tier_below_floor(entry) { Some(tier_floor(entry)) } else { AiSystem(entry.content()).risk_tier().get() }
}
