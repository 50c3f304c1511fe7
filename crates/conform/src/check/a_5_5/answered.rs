//! Whether each field of society is answered, and for this system.

use std::collections::HashMap;

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentDepth, ImpactAssessmentSocietyEffect as Effect, ImpactAssessmentSocietyField as Field,
};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::assessing::{deep_in_force, tier_of};
use crate::check::specified::evened;
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A reason shorter than so many characters says nothing about a system.
const REASON_LENGTH: usize = 60;

/// A.5.5-D1
pub(super) fn each_field_is_answered(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["society"], || {
            let rows = || ImpactAssessment(assessment.content()).society();
            let answered = |field: Field| {
                let mut of_field = rows().filter(|row| row.field() == Some(field));
                of_field.next().is_some_and(|row| row.reason().is_some()) && of_field.next().is_none()
            };
            let open: Vec<String> =
                Field::ALL.into_iter().filter(|field| !answered(*field)).map(|field| words(field.id())).collect();
            Judgement::when(open.is_empty(), || Lapse::of(assessment).value("fields", open.join(", ")))
        })
    })
}

/// A.5.5-D2
pub(super) fn full_use_is_thought_through(view: &View) -> Verdicts {
    let full = deep_in_force(view).filter(|one| ImpactAssessment(one.content()).depth().is(ImpactAssessmentDepth::Full));
    each(full, |assessment| {
        Judgement::needing(assessment, &["at_full_use"], || {
            Judgement::when(assessment.value("at_full_use").is_filled(), || Lapse::of(assessment))
        })
    })
}

/// A.5.5-O1
pub(super) fn answers_are_its_own(view: &View) -> Verdicts {
    // For each reason how many times it is given, all in all and for each purpose of a system.
    let mut said: HashMap<String, (usize, HashMap<String, usize>)> = HashMap::new();
    for assessment in deep_in_force(view) {
        let Some(purpose) = purpose(assessment) else { continue };
        for reason in ImpactAssessment(assessment.content()).society().filter_map(|row| row.reason()) {
            let (all, by_purpose) = said.entry(evened(reason)).or_default();
            *all += 1;
            *by_purpose.entry(purpose.clone()).or_default() += 1;
        }
    }
    let others = |purpose: &str, reason: &str| {
        said.get(&evened(reason)).map_or(0, |(all, by_purpose)| all - by_purpose.get(purpose).copied().unwrap_or(0))
    };
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["society"], || {
            let content = ImpactAssessment(assessment.content());
            if content.society().next().is_none() {
                return Judgement::Skip("it does not speak about society; see A.5.5-D1".to_owned());
            }
            let lapse = |defect: String| Lapse::of(assessment).value("defect", defect);
            let purpose = purpose(assessment);
            let mut lapses = Vec::new();
            let none = |field: Field| content.society().any(|row| row.field() == Some(field) && row.effect() == Some(Effect::None));
            if tier_of(assessment) >= Some(RiskTier::High) && Field::ALL.into_iter().all(none) {
                lapses.push(lapse("sees no effect on society at all".to_owned()));
            }
            for row in content.society() {
                let (Some(reason), Some(field)) = (row.reason(), row.field()) else { continue };
                let words_of = reason.trim_end_matches('.');
                let others = purpose.as_deref().map_or(0, |purpose| others(purpose, reason));
                if others > 0 {
                    lapses.push(lapse(format!("says about {} the same as {others} others: {words_of}", words(field.id()))));
                } else if reason.chars().count() < REASON_LENGTH {
                    lapses.push(lapse(format!("says about {} no more than: {words_of}", words(field.id()))));
                }
            }
            Judgement::of(lapses)
        })
    })
}

/// What the system of an assessment is for; assessments of systems with one purpose may say the same.
fn purpose(assessment: Entry<'_>) -> Option<String> {
    let system = assessment.linked("ai_system")?;
    Some(evened(AiSystem(system.content()).purpose().get().unwrap_or_default()))
}
