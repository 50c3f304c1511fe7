//! Needs of the gates into use: deployment and change.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAffectedHow};
use vouch_record::kind::generated::change::{Change, ChangeFollowRow};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::obligation::{Obligation, ObligationTrigger};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::specification::{Specification, SpecificationOccasion};
use vouch_record::kind::generated::stage_review::StageReview;
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience as Audience, UserInformationCover};
use vouch_record::time::before;

use super::judge::{Case, Held, approved_by_other, those};
use crate::derived::{ai_system, change, impact_assessment, model, obligation, oversight_plan, release, test, user_information};
use crate::shape::stands;
use crate::view::Entry;

const NO_RELEASE: &str = "no release is named";
const NO_CHANGE: &str = "no change is named";

/// Judges a need of these gates; nothing for others.
pub(super) fn judge(need: &str, case: &Case<'_>) -> Option<Held> {
    let with_release = |judge: fn(&Case<'_>, Entry<'_>) -> Held| {
        case.release.map_or_else(|| Held::No(NO_RELEASE.to_owned()), |found| judge(case, found))
    };
    let with_change = |judge: fn(&Case<'_>, Entry<'_>) -> Held| {
        case.change.map_or_else(|| Held::No(NO_CHANGE.to_owned()), |found| judge(case, found))
    };
    Some(match need {
        "G-DEP-1" => with_release(complete),
        "G-DEP-2" => with_release(tests_speak),
        "G-DEP-3" => with_release(monitored),
        "G-DEP-4" => log_runs(case),
        "G-DEP-5" => overseers_ready(case),
        "G-DEP-6" => stop_tried(case),
        "G-DEP-7" => with_release(way_back_tried),
        "G-DEP-8" => users_informed(case),
        "G-DEP-9" => duties_met(case, &[ObligationTrigger::PlacingOnMarket, ObligationTrigger::NewSystem]),
        "G-DEP-10" => incident_plan(case),
        "G-DEP-11" => with_release(independent_approver),
        "G-CHG-1" => with_change(decided),
        "G-CHG-2" => with_change(purpose_compared),
        "G-CHG-3" => with_change(impact_compared),
        "G-CHG-4" => with_change(risks_compared),
        "G-CHG-5" => tested_again(case),
        "G-CHG-7" => with_change(followed),
        "G-CHG-8" => Held::all([users_informed(case), duties_met(case, &[ObligationTrigger::SignificantChange])]),
        "G-CHG-9" => with_release(way_back_written),
        _ => return None,
    })
}

fn complete(case: &Case<'_>, found: Entry<'_>) -> Held {
    let content = Release(found.content());
    let unmet = content
        .preconditions()
        .filter(|row| row.met_on().is_none_or(|on| on > case.view().today()) || row.met_by().next().is_none());
    let unmet: Vec<String> = unmet.map(|row| row.condition().unwrap_or_default().to_owned()).collect();
    let written = content.rollback_steps().is_filled()
        && content.support_contact().is_filled()
        && content.environment_differences().is_filled();
    Held::all([
        Held::when(found.is_any(&["ready", "approved", "deployed"]), || format!("{} is {}", found.label(), found.state())),
        Held::unless(&unmet, "precondition not met"),
        Held::when(stops(content), || "a step of the rollout has no value that stops it".to_owned()),
        Held::when(written, || "the way back, the contact or what differs between settings is not written".to_owned()),
    ])
}

fn stops(content: Release<'_>) -> bool {
    content.rollout().len() > 0 && content.rollout().all(|row| row.stop_when().is_some())
}

fn way_back_written(_: &Case<'_>, found: Entry<'_>) -> Held {
    let content = Release(found.content());
    Held::when(content.rollback_steps().is_filled() && stops(content), || {
        format!("{} says no way back or what stops it", found.label())
    })
}

fn tests_speak(_: &Case<'_>, found: Entry<'_>) -> Held {
    let names = model::names_of_release(found);
    let speaks = |one: Entry<'_>| {
        let content = Test(one.content());
        let version = content.model_version().get();
        !test::stale(one) && (content.model().get().is_none() || version.is_some_and(|version| model::is_one_of(&names, version)))
    };
    Held::unless(&those(found.links("tests"), speaks), "stale, or of other model versions")
}

fn monitored(case: &Case<'_>, found: Entry<'_>) -> Held {
    let Some(plan) = found.linked("monitoring_plan") else { return Held::No("the release names no monitoring plan".to_owned()) };
    let open = MonitoringPlan(plan.content()).metrics().filter(|row| {
        let limit = row.warn().is_some() || row.alarm().is_some() || row.alarm_low().is_some();
        !limit || !row.responder().is_some_and(|link| case.view().is_active(link.id))
    });
    let open: Vec<String> = open.map(|row| row.code().unwrap_or_default().to_owned()).collect();
    Held::all([
        Held::when(plan.is_any(&["approved", "in_force"]), || format!("{} is {}", plan.label(), plan.state())),
        Held::when(MonitoringPlan(plan.content()).metrics().len() > 0, || "the plan watches nothing".to_owned()),
        Held::unless(&open, "without limit or active responder"),
    ])
}

fn log_runs(case: &Case<'_>) -> Held {
    let view = case.view();
    let since = view.today().saturating_sub(7.days());
    let counted = |batch: Entry<'_>| {
        let content = SealedBatch(batch.content());
        content.count().get().is_some_and(|count| count > 0) && content.to().get().is_some_and(|to| view.day(to) >= since)
    };
    Held::when(case.system.incoming(SealedBatch::KIND, "ai_system").any(counted), || {
        "no event of the system was sealed in the last seven days".to_owned()
    })
}

fn overseers_ready(case: &Case<'_>) -> Held {
    let Some(plan) = case.oversight() else { return Held::No("there is no oversight plan".to_owned()) };
    let open: Vec<String> = oversight_plan::overseers_to_acknowledge(plan).into_iter().map(|person| person.to_string()).collect();
    Held::all([
        Held::when(plan.is_any(&["approved", "in_force"]), || format!("{} is {}", plan.label(), plan.state())),
        Held::when(oversight_plan::overseers_competent(plan), || "an overseer lacks the competence".to_owned()),
        Held::unless(&open, "not acknowledged by"),
    ])
}

/// A stop tried on the version of the release, or on that of the release before it while the means to stop are the same.
fn stop_tried(case: &Case<'_>) -> Held {
    let Some(plan) = case.oversight() else { return Held::No("there is no oversight plan".to_owned()) };
    let others =
        case.system.incoming(Release::KIND, "ai_system").filter(|one| Some(one.id()) != case.release.map(|found| found.id()));
    let deployed = others.filter_map(|one| Some((Release(one.content()).deployed_at().get()?, one)));
    let before = deployed.max_by_key(|(at, one)| (*at, one.id())).map(|(_, one)| one);
    let means = |one: Option<Entry<'_>>| one.and_then(|one| OversightPlan(one.content()).stop_means().get().map(str::to_owned));
    let unchanged = before.is_some_and(|one| one.linked("oversight_plan").is_none_or(|old| means(Some(old)) == means(Some(plan))));
    let tried = |one: &Entry<'_>| {
        let version = Test(one.content()).system_version().get();
        let fits = version == case.version()
            || (unchanged && before.is_some_and(|found| Release(found.content()).version().get() == version));
        Test(one.content()).type_().is(TestType::StopControl) && fits && oversight_plan::stop_met(plan, *one)
    };
    Held::when(case.system.incoming(Test::KIND, "ai_system").any(|one| tried(&one)), || {
        "no stop was tried in time on this version".to_owned()
    })
}

fn way_back_tried(case: &Case<'_>, found: Entry<'_>) -> Held {
    let Some(tried) = found.linked("rollback_test") else { return Held::No("the way back was not tried".to_owned()) };
    let since = before(case.view().today(), &12.months());
    let young = Test(tried.content()).run_at().get().is_some_and(|at| case.view().day(at) >= since);
    Held::when(tried.is("reviewed") && test::passed(tried) && young, || {
        format!("{} is not reviewed, not passed or older than twelve months", tried.label())
    })
}

/// People about whom outcomes say something.
fn touches_people(case: &Case<'_>) -> bool {
    AiSystem(case.system.content())
        .affected()
        .any(|row| matches!(row.how(), Some(AiSystemAffectedHow::DecidedAbout | AiSystemAffectedHow::Addressed)))
}

fn users_informed(case: &Case<'_>) -> Held {
    let told = |audience: Audience| {
        case.system.incoming(UserInformation::KIND, "ai_system").any(|one| {
            let content = UserInformation(one.content());
            let version = case.version().is_none() || content.system_version().get() == case.version();
            content.audience().is(audience) && one.is_settled() && version && user_information::missing_topics(one).is_empty()
        })
    };
    Held::all([
        Held::when(told(Audience::User), || "no text for users of this version is approved and whole".to_owned()),
        Held::when(!touches_people(case) || told(Audience::AffectedPerson), || {
            "no text for people affected is approved and whole".to_owned()
        }),
    ])
}

/// Duties of the system with one of these triggers, or due before the release is planned, have a delivery or a record that meets
/// them.
fn duties_met(case: &Case<'_>, triggers: &[ObligationTrigger]) -> Held {
    let view = case.view();
    let planned = case.release.and_then(|found| Release(found.content()).planned_for().get()).map(|at| view.day(at));
    let asked = |duty: &Entry<'_>| {
        let content = Obligation(duty.content());
        let early = planned.is_some_and(|planned| content.due_on().get().is_some_and(|due| due <= planned));
        (content.triggers().has_any(triggers) || early) && obligation::holds_for(*duty).contains(&case.system.id())
    };
    let met = |duty: Entry<'_>| {
        let delivered =
            duty.incoming(UserInformation::KIND, "obligations").any(|one| UserInformation(one.content()).delivered().len() > 0);
        delivered || duty.links("met_by").any(|found| found.is_live())
    };
    Held::unless(&those(view.all(Obligation::KIND).filter(asked), met), "not met")
}

fn incident_plan(case: &Case<'_>) -> Held {
    let plan = case.view().documents("T-INCIDENT").any(|document| stands(document).is_ok());
    let mut texts = case.system.incoming(UserInformation::KIND, "ai_system").filter(|one| !one.is("withdrawn"));
    Held::all([
        Held::when(plan, || "no incident procedure stands".to_owned()),
        Held::when(texts.any(|one| UserInformation(one.content()).covers().has(UserInformationCover::ReportHarm)), || {
            "no text says how to report harm".to_owned()
        }),
    ])
}

/// Whoever approved the release neither built nor tested it, and for a critical system does not chair the review alone.
fn independent_approver(case: &Case<'_>, found: Entry<'_>) -> Held {
    let mut involved: Vec<Id> = release::builders(found);
    involved.extend(found.links("tests").filter_map(|one| Test(one.content()).performed_by().get()).map(|link| link.id));
    let approvers: Vec<Id> = found.given().into_iter().filter_map(|given| given.by()).collect();
    if approvers.is_empty() {
        return Held::Undecided("the release is not approved yet, so its approver is not known".to_owned());
    }
    let chairs = |person: &Id| {
        let Some(review) = case.review else { return false };
        let content = StageReview(review.content());
        let alone =
            !content.reviewers().any(|row| row.took_part() == Some(true) && row.person().is_some_and(|link| link.id != *person));
        content.chair().get().is_some_and(|link| link.id == *person) && alone
    };
    let critical = ai_system::tier(case.system) == Some(RiskTier::Critical);
    Held::when(!approvers.iter().any(|person| involved.contains(person) || (critical && chairs(person))), || {
        "the approver built or tested it, or chaired alone".to_owned()
    })
}

fn decided(_: &Case<'_>, found: Entry<'_>) -> Held {
    let content = Change(found.content());
    let leader: Vec<Id> = content.leader().get().map(|link| link.id).into_iter().collect();
    Held::all([
        Held::when(found.is_any(&["approved", "implemented", "reviewed"]), || format!("{} is {}", found.label(), found.state())),
        Held::when(change::unanswered(found).is_empty(), || "a question is not answered".to_owned()),
        Held::when(content.consequences().is_filled() && content.way_back().is_filled(), || {
            "consequences or the way back are not written".to_owned()
        }),
        Held::when(approved_by_other(found, &leader), || "it was approved by nobody but its leader or author".to_owned()),
    ])
}

fn purpose_compared(case: &Case<'_>, found: Entry<'_>) -> Held {
    let compared = case.system.incoming(Specification::KIND, "ai_system").any(|one| {
        let occasion = Specification(one.content()).occasion().get();
        let fits = matches!(occasion, Some(SpecificationOccasion::SignificantChange | SpecificationOccasion::NewUse));
        fits && crate::derived::approved::approved_at(one).is_some_and(|at| at > found.created_at())
    });
    if compared { Held::Yes } else { case.by_review("G-CHG-2") }
}

fn impact_compared(case: &Case<'_>, found: Entry<'_>) -> Held {
    let looked =
        case.system.incoming(ImpactAssessment::KIND, "ai_system").filter(|one| impact_assessment::in_force(*one)).any(|one| {
            let content = ImpactAssessment(one.content());
            let confirmed = content.confirmations().any(|row| row.because().is_some_and(|link| link.id == found.id()));
            confirmed || content.occasion_record().get().is_some_and(|link| link.id == found.id())
        });
    Held::when(looked, || format!("no impact assessment in force looks at {}", found.label()))
}

fn risks_compared(case: &Case<'_>, found: Entry<'_>) -> Held {
    let first = case.view().day(found.created_at());
    let scored = |one: Entry<'_>| Risk(one.content()).assessed_on().get().is_some_and(|on| on >= first);
    Held::unless(&those(found.links("risks"), scored), "not scored since the change was proposed")
}

/// No test of the system is stale, and a regression test was reviewed for the new version.
fn tested_again(case: &Case<'_>) -> Held {
    let tests: Vec<Entry<'_>> = case.tests();
    let regression = tests.iter().any(|one| Test(one.content()).type_().is(TestType::Regression) && one.is("reviewed"));
    Held::all([
        Held::unless(&those(tests, |one| one.is("reviewed") && !test::stale(one)), "not run and reviewed again"),
        Held::when(regression, || "no regression test is reviewed for the new version".to_owned()),
    ])
}

fn followed(case: &Case<'_>, found: Entry<'_>) -> Held {
    let view = case.view();
    let done = |kind: &str| {
        let about = |row: &ChangeFollowRow<'_>| {
            row.record().and_then(|link| view.find(link.id)).is_some_and(|record| record.kind().name == kind)
        };
        Change(found.content()).follow().any(|row| about(&row) && row.done_on().is_some())
    };
    let missing: Vec<String> =
        [MonitoringPlan::KIND, OversightPlan::KIND].into_iter().filter(|kind| !done(kind)).map(str::to_owned).collect();
    if missing.is_empty() { Held::Yes } else { case.by_review("G-CHG-7") }
}
