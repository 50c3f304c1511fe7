//! Whether what is said about fairness rests on a test of what runs.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemDecisionEffect as Effect};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentImpactDimension};
use vouch_record::kind::generated::test::{Test, TestType};

use crate::check::tested::{reviewed_of, speaks_for_release};
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.5.4-O4
pub(super) fn fairness_rests_on_a_test(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["decisions"], || {
            let weighs = |effect| matches!(effect, Effect::Significant | Effect::Legal | Effect::Safety);
            if !AiSystem(system.content()).decisions().any(|row| row.effect().is_some_and(weighs)) {
                return Judgement::Skip("no decision with a significant effect".to_owned());
            }
            let Some(assessment) = ai_system::assessment_in_force(system) else {
                return Judgement::Skip("no impact assessment in force; see 8.4-D2".to_owned());
            };
            let Some(release) = ai_system::running_release(system) else {
                return Judgement::Skip("no release runs".to_owned());
            };
            Judgement::needing(assessment, &["impacts"], || {
                let tests: Vec<_> =
                    bases(assessment).filter(|test| speaks_for_release(*test, release)).map(|test| test.subject()).collect();
                if tests.is_empty() { Judgement::Fail(Lapse::of(system)) } else { Judgement::Shown(tests) }
            })
        })
    })
}

/// The reviewed tests of fairness on which rows about fairness rest, of the systems that the assessment covers.
fn bases(assessment: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let view = assessment.view();
    let rows = ImpactAssessment(assessment.content()).impacts();
    let fairness = rows.filter(|row| row.dimension() == Some(ImpactAssessmentImpactDimension::Fairness));
    let linked = fairness.flat_map(|row| row.basis()).filter_map(move |link| view.get(link.id));
    linked.filter(move |test| {
        let of = Test(test.content()).ai_system().get();
        reviewed_of(*test, &[TestType::Fairness])
            && of.is_some_and(|system| assessment.names(system.id, "ai_system") || assessment.names(system.id, "also_covers"))
    })
}
