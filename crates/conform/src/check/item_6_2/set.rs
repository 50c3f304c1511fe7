//! Which objectives are set, whether they can be judged, and how they are to be reached.

use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm, ObjectiveType};
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::AiRole;

use crate::check::objectives::{objectives, of_type};
use crate::check::wording::words;
use crate::derived::{self, objective::activity_only};
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// 6.2-D1
pub(super) fn objectives_of_each_type(view: &View) -> Verdicts {
    let roles = view.scope().map(|scope| Scope(scope.content()).ai_roles());
    let builds = roles.is_some_and(|roles| roles.has_any(&[AiRole::Developer, AiRole::Provider])) && !view.is_excluded("A.6.1.2");
    let uses = !view.is_excluded("A.9.3");
    let wanted =
        [(ObjectiveType::Aims, true), (ObjectiveType::ResponsibleUse, uses), (ObjectiveType::ResponsibleDevelopment, builds)];
    let mut verdicts = Verdicts::holds();
    for (sort, _) in wanted.into_iter().filter(|(_, asked)| *asked) {
        let found = of_type(view, sort).filter(|one| rests_on_a_policy(*one));
        verdicts = verdicts.and(at_least_one(found, || Lapse::of_organisation().value("type", words(sort.id()))));
    }
    verdicts
}

fn rests_on_a_policy(objective: Entry<'_>) -> bool {
    let policy = objective.linked("policy");
    policy.is_some_and(|one| derived::in_force(one) && Document(one.content()).type_().is(DocumentType::Policy))
}

/// 6.2-D2
pub(super) fn objectives_can_be_judged(view: &View) -> Verdicts {
    const READ: &[&str] = &["form", "condition", "measure", "baseline", "comparator", "target"];
    each(objectives(view), |one| {
        Judgement::needing(one, READ, || {
            let defects = match Objective(one.content()).form().get() {
                None => vec!["it names neither a value nor a condition"],
                Some(ObjectiveForm::Condition) if activity_only(one) => vec!["its condition names nothing that can be false"],
                Some(ObjectiveForm::Condition) => Vec::new(),
                Some(ObjectiveForm::Value) => defects_of_value(one),
            };
            Judgement::when(defects.is_empty(), || Lapse::of(one).value("defect", defects.join(", and ")))
        })
    })
}

fn defects_of_value(one: Entry<'_>) -> Vec<&'static str> {
    let content = Objective(one.content());
    let measured = one.linked("measure").is_some_and(|measure| measure.kind().name == Measure::KIND && measure.is("in_force"));
    let asked = [
        ("it has no measure in force", measured),
        ("it has no start value", content.baseline().is_filled()),
        ("it does not say how the value is compared", content.comparator().is_filled()),
        ("it has no target", content.target().is_filled()),
        ("its target is where it started", content.target().get().is_none() || !activity_only(one)),
    ];
    asked.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect()
}

/// 6.2-D3
pub(super) fn objectives_have_a_plan(view: &View) -> Verdicts {
    each(objectives(view), |one| {
        Judgement::needing(one, &["plan", "judged_how"], || {
            let content = Objective(one.content());
            let asked = [
                (
                    "who does what with which means by when",
                    content.plan().any(|row| {
                        row.step().is_some() && row.owner().is_some() && row.due().is_some() && row.resources().is_some()
                    }),
                ),
                ("how it will be judged", content.judged_how().is_filled()),
            ];
            let missing: Vec<&str> = asked.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(one).value("missing", missing.join(" and ")))
        })
    })
}
