//! Whom a system touches, and since when.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAffectedHow, AiSystemDecisionEffect, AiSystemPresumedImpact};
use vouch_record::kind::generated::shared::Stage;

use super::assessing::deployed;
use super::presence::in_scope_since;
use crate::view::Entry;

/// Fields that say whom a system touches.
pub(super) const TOUCHES: [&str; 3] = ["decisions", "affected", "presumed_impact"];

/// Whether its outcomes touch people: decisions with an effect on a person, people who are decided about, or rights or safety that may
/// be affected.
pub(super) fn touches_people(system: Entry<'_>) -> bool {
    let content = AiSystem(system.content());
    let decides = content.decisions().any(|row| row.effect().is_some_and(|effect| effect != AiSystemDecisionEffect::None));
    let about = content.affected().any(|row| row.how() == Some(AiSystemAffectedHow::DecidedAbout));
    decides || about || content.presumed_impact().has_any(&[AiSystemPresumedImpact::Rights, AiSystemPresumedImpact::Safety])
}

/// The first day on which the system was both in use and in scope.
pub(super) fn used_since(system: Entry<'_>) -> Option<Date> {
    let view = system.view();
    let stages = AiSystem(system.content()).stages().filter(|row| row.stage() == Some(Stage::Operation));
    let operation = stages.filter_map(|row| row.entered_on()).filter(|on| *on <= view.today());
    let released = deployed(system).into_iter().map(|(at, _)| view.day(at));
    Some(operation.chain(released).min()?.max(in_scope_since(system)?))
}

/// Whether the system has been in use and in scope for a year, so that something once a year can be asked of it.
pub(super) fn used_for_a_year(system: Entry<'_>) -> bool {
    used_since(system).is_some_and(|since| since.saturating_add(365.days()) <= system.view().today())
}
