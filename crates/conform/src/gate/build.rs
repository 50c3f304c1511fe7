//! Needs of the gates from idea to deciding tests: requirements and design.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemEuTier, AiSystemResponsibilityHeldBy};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentSensitiveUse};
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::objective::{Objective, ObjectiveType};
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory};
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::kind::generated::shared::{DataUse, RiskTier};
use vouch_record::kind::generated::specification::{
    Specification, SpecificationDataEntered, SpecificationDesignDecisionTopic as Topic,
    SpecificationRequirementCategory as Category,
};
use vouch_record::kind::generated::supplier::{Supplier, SupplierLearnsFromOurData};
use vouch_record::kind::generated::test::Test;

use super::Path;
use super::judge::{Case, Held, approved_by_other, those};
use crate::derived::{self, ai_system, data_assessment, dataset, obligation, risk, supplier};
use crate::view::Entry;

const NO_SPECIFICATION: &str = "no specification of the system is approved";

/// Judges a need of these gates; nothing for others.
pub(super) fn judge(need: &str, case: &Case<'_>) -> Option<Held> {
    Some(match need {
        "G-REQ-1" => registered(case),
        "G-REQ-2" => specified(case),
        "G-REQ-3" => allowed(case),
        "G-REQ-4" => screened(case),
        "G-REQ-5" => risks_assessed(case),
        "G-REQ-6" => duties_known(case),
        "G-REQ-7" => goals_linked(case),
        "G-REQ-8" => suppliers_judged(case),
        "G-REQ-9" => data_allowed(case),
        "G-REQ-10" => staffed(case),
        "G-DES-1" => design_recorded(case),
        "G-DES-2" => data_approved(case, |_| true, "no approved assessment in date for"),
        "G-DES-3" => data_approved(case, data_assessment::lineage_complete, "lineage not complete for"),
        "G-DES-4" => parts_allowed(case),
        "G-DES-5" => tests_planned(case),
        "G-DES-6" => oversight_settled(case),
        "G-DES-7" => threats_answered(case),
        "G-DES-8" => responsibilities_held(case),
        _ => return None,
    })
}

fn registered(case: &Case<'_>) -> Held {
    let content = AiSystem(case.system.content());
    let filled = content.owner().is_filled()
        && content.risk_owner().is_filled()
        && content.ai_roles().next().is_some()
        && content.risk_tier().is_filled();
    Held::all([
        Held::when(case.system.is("registered"), || "the system is not registered".to_owned()),
        Held::when(filled, || "owner, risk owner, roles or tier of the system is missing".to_owned()),
        Held::when(!ai_system::tier_below_floor(case.system), || "the tier lies below its floor".to_owned()),
    ])
}

fn specified(case: &Case<'_>) -> Held {
    let Some(found) = case.specification() else { return Held::No(NO_SPECIFICATION.to_owned()) };
    let path = Specification(found.content()).path().get().map(|path| path.id());
    let fits = Path::of(case.system).is_none_or(|of| path == Some(if of == Path::Build { "build" } else { "adopt" }));
    Held::all([
        Held::when(approved_by_other(found, &[]), || {
            format!("{} was not approved by another person than who wrote it", found.label())
        }),
        Held::when(fits, || format!("{} is of another path than the system", found.label())),
    ])
}

fn allowed(case: &Case<'_>) -> Held {
    let prohibited = AiSystem(case.system.content()).eu_tiers().has(AiSystemEuTier::Prohibited);
    if prohibited { Held::No("the use is prohibited".to_owned()) } else { case.by_review("G-REQ-3") }
}

pub(super) fn assessments<'v>(case: &Case<'v>) -> impl Iterator<Item = Entry<'v>> {
    case.system.incoming(ImpactAssessment::KIND, "ai_system").filter(|one| !one.is_any(&["rejected", "superseded"]))
}

fn screened(case: &Case<'_>) -> Held {
    let done = |one: &Entry<'_>| {
        let content = ImpactAssessment(one.content());
        let allowed = match content.sensitive_use().get() {
            None | Some(ImpactAssessmentSensitiveUse::Prohibited) => false,
            Some(ImpactAssessmentSensitiveUse::Restricted) => {
                one.linked("sensitive_consent").is_some_and(|given| given.is("given"))
            }
            Some(_) => true,
        };
        content.screening().len() > 0 && allowed
    };
    Held::when(assessments(case).any(|one| done(&one)), || {
        "no impact assessment has its screening filled and a sensitive use that may go on".to_owned()
    })
}

fn risks_assessed(case: &Case<'_>) -> Held {
    let method = case.view().risk_method().map(|method| method.id());
    let threats: Vec<Entry<'_>> =
        case.threats().into_iter().filter(|one| one.linked("method").map(|of| of.id()) == method).collect();
    Held::all([
        Held::when(!threats.is_empty(), || "no risk was assessed by the method in force".to_owned()),
        Held::unless(&those(threats, risk::answered), "not answered"),
    ])
}

fn duties_known(case: &Case<'_>) -> Held {
    let known = |duty: Entry<'_>| {
        let content = Obligation(duty.content());
        content.owner().is_filled() && !content.applies().is(ObligationApplies::Unclear)
    };
    let held = case.view().all(Obligation::KIND).filter(|duty| obligation::holds_for(*duty).contains(&case.system.id()));
    Held::unless(&those(held, known), "without owner, or unclear")
}

fn goals_linked(case: &Case<'_>) -> Held {
    let Some(found) = case.specification() else { return Held::No(NO_SPECIFICATION.to_owned()) };
    let goal = |id: Id| {
        let objective = case.view().get(id);
        objective
            .is_some_and(|one| Objective(one.content()).type_().is(ObjectiveType::ResponsibleDevelopment) && derived::in_force(one))
    };
    let linked = Specification(found.content()).requirements().filter_map(|row| row.objective()).any(|link| goal(link.id));
    Held::when(linked, || format!("{} links no objective for responsible development in force", found.label()))
}

fn suppliers_judged(case: &Case<'_>) -> Held {
    let entered = case.specification().map(|one| Specification(one.content()).data_entered());
    let sensitive = entered.is_some_and(|entered| {
        use SpecificationDataEntered::{Confidential, Customer, Personal, Special};
        entered.has_any(&[Confidential, Personal, Special, Customer])
    });
    let learns = |one: Entry<'_>| {
        let answer = Supplier(one.content()).learns_from_our_data().get();
        matches!(answer, None | Some(SupplierLearnsFromOurData::Yes | SupplierLearnsFromOurData::Unknown))
    };
    let suppliers =
        AiSystem(case.system.content()).suppliers().filter_map(|row| row.supplier()).filter_map(|link| case.view().get(link.id));
    let judged = |one: Entry<'_>| one.is("approved") && supplier::assessment_current(one) && !(sensitive && learns(one));
    Held::unless(&those(suppliers, judged), "not approved, not assessed in time, or learning from what is entered")
}

fn data_allowed(case: &Case<'_>) -> Held {
    use SpecificationDataEntered::{Customer, Personal, Special};
    let Some(found) = case.specification() else { return Held::No(NO_SPECIFICATION.to_owned()) };
    let content = Specification(found.content());
    let privacy = found.given().into_iter().any(|given| {
        let capacity = given.approval.capacity().get().and_then(|link| case.view().get(link.id));
        capacity.is_some_and(|role| Role(role.content()).key().is(RoleKey::Privacy))
    });
    Held::all([
        Held::when(content.data_entered().next().is_some(), || "what data may be entered is not said".to_owned()),
        Held::when(!content.data_entered().has_any(&[Personal, Special, Customer]) || privacy, || {
            "nobody approved it in the capacity of privacy".to_owned()
        }),
    ])
}

fn staffed(case: &Case<'_>) -> Held {
    let rows: Vec<_> = AiSystem(case.system.content()).staffing().collect();
    let empty = rows.iter().filter(|row| !row.people().any(|link| case.view().is_active(link.id)));
    let missing: Vec<String> = empty.map(|row| row.duty().map_or_else(String::new, |duty| duty.id().to_owned())).collect();
    Held::all([
        Held::when(!rows.is_empty(), || "staffing names no duty".to_owned()),
        Held::unless(&missing, "no active person for"),
    ])
}

/// Whether a text names a code as a word of its own.
fn names_code(text: &str, code: &str) -> bool {
    text.split(|sign: char| !(sign.is_alphanumeric() || "-_.".contains(sign))).any(|word| word == code)
}

fn design_recorded(case: &Case<'_>) -> Held {
    let Some(found) = case.specification() else { return Held::No(NO_SPECIFICATION.to_owned()) };
    let content = Specification(found.content());
    let said = |topic: Topic| {
        content.design_decisions().any(|row| row.topic() == Some(topic) && row.options().is_some() && row.reason().is_some())
    };
    let wanted = [Topic::Architecture, Topic::ModelChoice, Topic::Evaluation, Topic::Threat];
    let topics: Vec<String> = wanted.into_iter().filter(|topic| !said(*topic)).map(|topic| topic.id().to_owned()).collect();
    let answered = |code: &str| content.design_decisions().filter_map(|row| row.answers()).any(|text| names_code(text, code));
    let codes: Vec<String> =
        case.blocking().iter().filter_map(|row| row.code()).filter(|code| !answered(code)).map(str::to_owned).collect();
    Held::all([Held::unless(&topics, "no decision on"), Held::unless(&codes, "no decision answers")])
}

/// Each data set version from which a model of the system learned, or that grounds it, has an approved assessment in date that
/// holds.
fn data_approved(case: &Case<'_>, holds: fn(Entry<'_>) -> bool, what: &str) -> Held {
    let view = case.view();
    let learning = |used: Option<DataUse>| matches!(used, Some(DataUse::Training | DataUse::Tuning | DataUse::Retrieval));
    let models = AiSystem(case.system.content()).models().filter_map(|row| row.model()).filter_map(|link| view.get(link.id));
    let of_models = models.flat_map(|one| Model(one.content()).datasets()).map(|row| (row.dataset(), row.version(), row.use_()));
    let own = AiSystem(case.system.content()).datasets().map(|row| (row.dataset(), row.version(), row.use_()));
    let mut missing = Vec::new();
    for (data, version, used) in of_models.chain(own).filter(|(.., used)| learning(*used)) {
        let (Some(data), Some(used)) = (data.and_then(|link| view.get(link.id)), used) else { continue };
        let found = version.and_then(|version| dataset::assessment_of(data, version, used));
        let assessed = found.is_some_and(|one| !data_assessment::expired(one) && holds(one));
        let name = format!("{} {} for {}", data.label(), version.unwrap_or_default(), used.id());
        if !assessed && !missing.contains(&name) {
            missing.push(name);
        }
    }
    Held::unless(&missing, what)
}

fn parts_allowed(case: &Case<'_>) -> Held {
    let view = case.view();
    let content = AiSystem(case.system.content());
    let models = content.models().filter_map(|row| Some((view.get(row.model()?.id)?, row.version().is_some())));
    let models = models.filter(|(one, version)| !(one.is("approved") && Model(one.content()).licence().is_filled() && *version));
    let hardware = [
        ResourceCategory::Compute,
        ResourceCategory::Cloud,
        ResourceCategory::Edge,
        ResourceCategory::Storage,
        ResourceCategory::Network,
        ResourceCategory::Facility,
        ResourceCategory::Budget,
    ];
    let resources = content.resources().filter_map(|row| view.get(row.resource()?.id)).filter(|one| {
        let part = Resource(one.content());
        let software = part.category().get().is_none_or(|category| !hardware.contains(&category));
        !one.is("approved") || (software && !(part.licence().is_filled() && part.version().is_filled()))
    });
    let missing: Vec<String> = models.map(|(one, _)| one).chain(resources).map(|one| one.label()).collect();
    Held::unless(&missing, "not approved, or without licence or version")
}

fn tests_planned(case: &Case<'_>) -> Held {
    let strict = ai_system::tier(case.system) >= Some(RiskTier::High);
    let tests: Vec<Entry<'_>> =
        case.system.incoming(Test::KIND, "ai_system").filter(|one| one.is_any(&["approved", "run", "reviewed"])).collect();
    let planned = |code: &str| {
        tests.iter().map(|one| Test(one.content())).filter(|one| one.independence().is_filled()).any(|one| {
            one.criteria().any(|row| {
                let groups = !strict || row.group().is_some();
                row.requirement_code() == Some(code) && row.threshold().is_some() && row.min_n().is_some() && groups
            })
        })
    };
    let missing: Vec<String> =
        case.blocking().iter().filter_map(|row| row.code()).filter(|code| !planned(code)).map(str::to_owned).collect();
    Held::unless(&missing, "no approved plan with threshold, cases, independence and groups for")
}

fn oversight_settled(case: &Case<'_>) -> Held {
    let Some(plan) = case.oversight() else { return Held::No("there is no oversight plan".to_owned()) };
    let content = OversightPlan(plan.content());
    let wanted = AiSystem(case.system.content()).oversight().get();
    Held::all([
        Held::when(content.mode().get().is_some_and(|mode| wanted.is_none_or(|wanted| mode <= wanted)), || {
            "the mode is weaker than the system's oversight".to_owned()
        }),
        Held::when(content.stop_means().is_filled() && content.fallback().is_filled(), || {
            "how it is stopped, or how work goes on then, is not said".to_owned()
        }),
    ])
}

fn threats_answered(case: &Case<'_>) -> Held {
    let Some(found) = case.specification() else { return Held::No(NO_SPECIFICATION.to_owned()) };
    let content = Specification(found.content());
    let tested = |code: &str| {
        case.system
            .incoming(Test::KIND, "ai_system")
            .filter(|one| !one.is("void"))
            .any(|one| Test(one.content()).criteria().any(|row| row.requirement_code() == Some(code)))
    };
    let guard = |text: &str| {
        content.requirements().any(|row| {
            let code = row.code().unwrap_or_default();
            matches!(row.category(), Some(Category::Security | Category::Safety)) && names_code(text, code) && tested(code)
        })
    };
    let open = content.design_decisions().filter(|row| row.topic() == Some(Topic::Threat) && !row.answers().is_some_and(guard));
    let missing: Vec<String> = open.map(|row| row.question().unwrap_or_default().to_owned()).collect();
    Held::unless(&missing, "no tested requirement answers")
}

fn responsibilities_held(case: &Case<'_>) -> Held {
    let open = AiSystem(case.system.content()).responsibilities().filter(|row| match row.held_by() {
        None | Some(AiSystemResponsibilityHeldBy::Nobody) => true,
        Some(AiSystemResponsibilityHeldBy::Us) => false,
        Some(_) => row.agreed_on().is_none() || row.agreed_proof().next().is_none(),
    });
    let missing: Vec<String> =
        open.map(|row| row.activity().map_or_else(String::new, |activity| activity.id().to_owned())).collect();
    Held::unless(&missing, "held by nobody, or not agreed with proof")
}
