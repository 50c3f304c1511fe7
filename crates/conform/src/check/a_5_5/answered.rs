//! Whether each field of society is answered, and for this system.

use std::collections::HashMap;

use vouch_record::Id;
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
    let mut said: HashMap<String, Given> = HashMap::new();
    for assessment in deep_in_force(view) {
        let Some(whose) = whose(assessment) else { continue };
        for reason in ImpactAssessment(assessment.content()).society().filter_map(|row| row.reason()) {
            said.entry(evened(reason)).or_default().add(&whose);
        }
    }
    let others = |mine: &Whose, reason: &str| said.get(&evened(reason)).map_or(0, |given| given.by_others(mine));
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["society"], || {
            let content = ImpactAssessment(assessment.content());
            if content.society().next().is_none() {
                return Judgement::Skip("it does not speak about society; see A.5.5-D1".to_owned());
            }
            let lapse = |defect: String| Lapse::of(assessment).value("defect", defect);
            let mine = whose(assessment);
            let mut lapses = Vec::new();
            let none = |field: Field| content.society().any(|row| row.field() == Some(field) && row.effect() == Some(Effect::None));
            if tier_of(assessment) >= Some(RiskTier::High) && Field::ALL.into_iter().all(none) {
                lapses.push(lapse("sees no effect on society at all".to_owned()));
            }
            for row in content.society() {
                let (Some(reason), Some(field)) = (row.reason(), row.field()) else { continue };
                let words_of = reason.trim_end_matches('.');
                let others = mine.as_ref().map_or(0, |mine| others(mine, reason));
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

/// A system, and what it is for, case, spaces and punctuation apart.
type Whose = (Id, String);

/// The system of an assessment with its purpose.
fn whose(assessment: Entry<'_>) -> Option<Whose> {
    let system = assessment.linked("ai_system")?;
    Some((system.id(), evened(AiSystem(system.content()).purpose().get().unwrap_or_default())))
}

/// How often a reason is given: by anybody, for a system, for a purpose, for a system with a purpose.
#[derive(Default)]
struct Given {
    all: usize,
    system: HashMap<Id, usize>,
    purpose: HashMap<String, usize>,
    both: HashMap<Whose, usize>,
}

impl Given {
    fn add(&mut self, whose: &Whose) {
        self.all += 1;
        *self.system.entry(whose.0).or_default() += 1;
        *self.purpose.entry(whose.1.clone()).or_default() += 1;
        *self.both.entry(whose.clone()).or_default() += 1;
    }

    /// How often for another system with another purpose: counted once, so that an agency of thousands is judged at once.
    fn by_others(&self, mine: &Whose) -> usize {
        let same = |counted: Option<&usize>| counted.copied().unwrap_or(0);
        let (system, purpose) = (same(self.system.get(&mine.0)), same(self.purpose.get(&mine.1)));
        self.all + same(self.both.get(mine)) - system - purpose
    }
}
