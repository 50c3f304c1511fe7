//! Harms without an answer, and answers that are late.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentImpactSide};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::Stage;

use super::system;
use crate::derived::acceptance;
use crate::view::Entry;

/// Codes of harm rows with a severity from `impact_act_from` of its method on, without a measure, a risk, or a reason with an acceptance
/// in force. Without a method each harm asks for an answer.
#[must_use]
pub fn unanswered_harms(entry: Entry<'_>) -> Vec<String> {
    let (assessment, view) = (ImpactAssessment(entry.content()), entry.view());
    let method = entry.linked("method").or_else(|| view.risk_method());
    let from = method.and_then(|method| RiskMethod(method.content()).impact_act_from().get());
    let weighty = |severity: Option<i64>| from.is_none_or(|from| severity.is_some_and(|severity| severity >= from));
    let harms = assessment.impacts().filter(|row| row.side() == Some(ImpactAssessmentImpactSide::Harm) && weighty(row.severity()));
    let open = harms.filter(|row| {
        let code = row.code();
        let measured = code.is_some() && assessment.measures().any(|measure| measure.impact() == code);
        let accepted = || {
            let left = assessment.left_because().filter(|left| code.is_some() && left.impact() == code);
            left.into_iter().any(|left| left.acceptance().and_then(|link| view.get(link.id)).is_some_and(acceptance::in_force))
        };
        !measured && row.risk().is_none() && !accepted()
    });
    open.map(|row| row.code().or(row.effect()).unwrap_or_default().to_owned()).collect()
}

/// Codes of measures without `met_by` that are past due, or were wanted before use although the system is in use: a release of it was
/// deployed, or it entered the stage operation.
#[must_use]
pub fn measures_overdue(entry: Entry<'_>) -> Vec<String> {
    let today = entry.view().today();
    let used = system(entry).is_some_and(in_use);
    let rows = ImpactAssessment(entry.content()).measures().filter(|row| row.met_by().next().is_none());
    let late = rows.filter(|row| row.due().is_some_and(|due| due < today) || (used && row.before_use() == Some(true)));
    late.map(|row| row.code().or(row.measure()).unwrap_or_default().to_owned()).collect()
}

fn in_use(system: Entry<'_>) -> bool {
    let today = system.view().today();
    let deployed =
        system.incoming(Release::KIND, "ai_system").any(|release| Release(release.content()).deployed_at().get().is_some());
    deployed
        || AiSystem(system.content())
            .stages()
            .any(|row| row.stage() == Some(Stage::Operation) && row.entered_on().is_some_and(|on| on <= today))
}
