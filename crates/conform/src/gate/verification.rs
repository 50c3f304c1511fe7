//! Needs of the gate from tests to going live: verification and validation.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::{DataUse, RiskTier};
use vouch_record::kind::generated::specification::{Specification, SpecificationRequirementCategory as Category};
use vouch_record::kind::generated::test::{Test, TestEnvironment, TestIndependence, TestOverlap, TestType};
use vouch_record::kind::generated::user_information::UserInformation;

use super::build::assessments;
use super::judge::{Case, Held, approved_by_other, those};
use crate::derived::{ai_system, dataset, impact_assessment, model, risk, test};
use crate::view::Entry;

/// Judges a need of this gate; nothing for others.
pub(super) fn judge(need: &str, case: &Case<'_>) -> Option<Held> {
    Some(match need {
        "G-VV-1" => Held::unless(
            &those(case.tests(), |one| reviewed_by_other(case, one)),
            "not reviewed, planned or speaking for the release",
        ),
        "G-VV-2" => Held::unless(&those(case.tests(), test::passed), "a blocking criterion is not met"),
        "G-VV-3" => results_by_group(case),
        "G-VV-4" => attack_tried(case),
        "G-VV-5" => independent_tester(case),
        "G-VV-6" => test_data_clean(case),
        "G-VV-7" => impact_approved(case),
        "G-VV-8" => Held::unless(&those(case.threats(), acceptable), "above the acceptance limit"),
        "G-VV-9" => limits_written(case),
        _ => return None,
    })
}

fn reviewed_by_other(case: &Case<'_>, one: Entry<'_>) -> bool {
    let content = Test(one.content());
    let performer: Vec<Id> = content.performed_by().get().map(|link| link.id).into_iter().collect();
    let version = content.model_version().get();
    let names = case.release.map(model::names_of_release);
    let speaks =
        content.model().get().is_none() || version.zip(names).is_none_or(|(version, names)| model::is_one_of(&names, version));
    one.is("reviewed")
        && one.given().iter().any(|given| given.is_independent(one, &performer))
        && test::planned_before_run(one)
        && speaks
}

fn results_by_group(case: &Case<'_>) -> Held {
    let groups: Vec<&str> = assessments(case)
        .flat_map(|one| ImpactAssessment(one.content()).groups())
        .filter_map(|row| row.code().or(row.group()))
        .collect();
    let critical = ai_system::tier(case.system) == Some(RiskTier::Critical);
    let real = |one: Test<'_>| {
        matches!(one.environment().get(), Some(TestEnvironment::OperationalPerformance | TestEnvironment::OperationalImpact))
    };
    let holds = |one: &Entry<'_>| {
        let content = Test(one.content());
        let every = groups.iter().all(|group| content.results().any(|row| row.group() == Some(group)));
        one.is("reviewed") && content.type_().is(TestType::Fairness) && every && (!critical || real(content))
    };
    Held::when(case.tests().iter().any(holds), || {
        "no reviewed fairness test has results for each group of the impact assessment".to_owned()
    })
}

fn attack_tried(case: &Case<'_>) -> Held {
    let tried = |one: &Entry<'_>| one.is("reviewed") && Test(one.content()).type_().is(TestType::Security) && !test::stale(*one);
    let tests: Vec<Entry<'_>> = case.tests().into_iter().filter(tried).collect();
    let covered =
        |code: &str| tests.iter().any(|one| Test(one.content()).criteria().any(|row| row.requirement_code() == Some(code)));
    let rows = case.specification().map(|one| Specification(one.content()).requirements()).into_iter().flatten();
    let codes: Vec<String> = rows
        .filter(|row| row.category() == Some(Category::Security))
        .filter_map(|row| row.code())
        .filter(|code| !covered(code))
        .map(str::to_owned)
        .collect();
    Held::all([
        Held::when(!tests.is_empty(), || "no security test is reviewed and in date".to_owned()),
        Held::unless(&codes, "no security test covers"),
    ])
}

fn independent_tester(case: &Case<'_>) -> Held {
    use TestIndependence::{External, GovernanceOffice, OtherUnit, OversightBody};
    let apart = |one: &Entry<'_>| {
        matches!(Test(one.content()).independence().get(), Some(OtherUnit | OversightBody | GovernanceOffice | External))
    };
    Held::when(case.tests().iter().any(apart), || "every deciding test was made close to the developers".to_owned())
}

fn test_data_clean(case: &Case<'_>) -> Held {
    let clean = |one: Entry<'_>| {
        let content = Test(one.content());
        let overlap = match content.overlap().get() {
            Some(TestOverlap::NoneFound | TestOverlap::Removed | TestOverlap::NotRelevant) => true,
            Some(TestOverlap::CannotTell) => content.overlap_note().is_filled(),
            _ => false,
        };
        let assessed =
            |data: Entry<'_>| dataset::assessments(data).iter().any(|row| matches!(row.of, DataUse::Test | DataUse::Validation));
        overlap && one.links("datasets").filter(|data| data.kind().name == Dataset::KIND).all(assessed)
    };
    Held::unless(&those(case.tests(), clean), "test data not assessed, or overlap not looked for")
}

fn impact_approved(case: &Case<'_>) -> Held {
    let Some(found) = ai_system::assessment_in_force(case.system) else {
        return Held::No("no impact assessment is in force".to_owned());
    };
    let content = ImpactAssessment(found.content());
    let mut others: Vec<Id> = content.assessors().map(|link| link.id).collect();
    others.extend(AiSystem(case.system.content()).owner().get().map(|link| link.id));
    let open = content.measures().filter(|row| row.before_use() == Some(true) && row.met_on().is_none());
    let open: Vec<String> = open.map(|row| row.code().or(row.measure()).unwrap_or_default().to_owned()).collect();
    Held::all([
        Held::when(!impact_assessment::too_shallow(found), || format!("{} is too shallow", found.label())),
        Held::when(approved_by_other(found, &others), || {
            format!("{} was signed by nobody but assessors or the owner", found.label())
        }),
        Held::unless(&open, "not met before use"),
    ])
}

/// The residual level lies within the limit, or an acceptance of it is in force.
fn acceptable(one: Entry<'_>) -> bool {
    let limit = risk::method(one).and_then(|method| method.acceptance_limit().get());
    let level = risk::residual_level(one);
    (level.is_some() && limit.is_some() && level <= limit) || risk::acceptance(one).is_some()
}

fn limits_written(case: &Case<'_>) -> Held {
    let without = those(case.tests(), |one| Test(one.content()).limits().is_filled());
    let told = case.system.incoming(UserInformation::KIND, "ai_system").any(|one| !one.is("withdrawn"));
    Held::all([
        Held::unless(&without, "no limits written in"),
        Held::when(told, || "no user information of the system is begun".to_owned()),
    ])
}
