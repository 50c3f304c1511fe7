//! Whether objectives for responsible development are set, specified and tested.

use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};
use vouch_record::kind::generated::release::ReleaseType;
use vouch_record::kind::generated::shared::Stage;

use super::linked::{criteria, objectives_of, requirements, responsible};
use crate::check::released::each_released;
use crate::check::specified::specification_of;
use crate::derived::ai_system;
use crate::derived::objective::activity_only;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// A.6.1.2-D1
pub(super) fn objectives_are_set(view: &View) -> Verdicts {
    let found = responsible(view).iter().filter_map(|id| view.get(*id)).filter(|one| says_what_to_reach(*one));
    at_least_one(found, Lapse::of_organisation)
}

fn says_what_to_reach(one: Entry<'_>) -> bool {
    let content = Objective(one.content());
    let whole = match content.form().get() {
        Some(ObjectiveForm::Value) => {
            content.measure().is_filled() && content.comparator().is_filled() && content.target().is_filled()
        }
        Some(ObjectiveForm::Condition) => content.condition().is_filled(),
        None => false,
    };
    let owner = content.owner().get().is_some_and(|owner| one.view().is_active(owner.id));
    whole && owner && !activity_only(one)
}

/// A.6.1.2-D2
pub(super) fn specifications_carry_them(view: &View) -> Verdicts {
    each(view.systems().filter(|system| system.is_built()), |system| {
        Judgement::needing(system, &["stages"], || {
            if ai_system::past_since(system, Stage::Concept).is_none() {
                return Judgement::Skip("not past the requirements gate".to_owned());
            }
            match specification_of(system) {
                Some(one) if one.value("requirements").is_erased() => {
                    Judgement::Undecided(format!("`requirements` of {} was erased", one.id()))
                }
                Some(one) if !objectives_of(one).is_empty() => Judgement::Shown(vec![system.subject(), one.subject()]),
                _ => Judgement::Fail(Lapse::of(system).value("system", system.label())),
            }
        })
    })
}

/// A.6.1.2-O1
pub(super) fn releases_were_tested_for_them(view: &View) -> Verdicts {
    use ReleaseType::{Functional, Initial, Retraining, SupplierModel};
    each_released(view, |one| {
        let asked = matches!(one.content().type_().get(), Some(Initial | Retraining | Functional | SupplierModel));
        if !one.system.is_built() || !asked {
            return Judgement::Skip("not built here, or no release that changes what it does".to_owned());
        }
        let specification = one.release.linked("specification").or_else(|| specification_of(one.system));
        let wanted = specification.map(requirements).unwrap_or_default();
        if wanted.is_empty() {
            return Judgement::Skip("no requirement of it links such an objective".to_owned());
        }
        let speaks = |test: &Entry<'_>| test.is("reviewed") && !criteria(*test, &wanted).is_empty();
        match one.tests().into_iter().find(speaks) {
            Some(test) => Judgement::Shown(vec![one.release.subject(), test.subject()]),
            None => Judgement::Fail(Lapse::of(one.release)),
        }
    })
}
