//! Needs of the gates of a system in use: operation and retirement.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::obligation::{Obligation, ObligationTrigger};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::DataUse;
use vouch_record::kind::generated::stage_review::{
    StageReview, StageReviewGate, StageReviewRetirementDuty as Duty, StageReviewRetirementRow,
};
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::{Id, Leaf};

use super::judge::{Case, Held, those};
use crate::check::a_9_3::{name_of, uncounted_months};
use crate::derived::measurement::{Breach, breach, first_action};
use crate::derived::{
    ai_system, concern, data_assessment, impact_assessment, monitoring_plan, obligation, oversight_plan, release, risk,
    sealed_batch, test,
};
use crate::shape::stands;
use crate::view::{Entry, Window};

/// Judges a need of these gates; nothing for others.
pub(super) fn judge(need: &str, case: &Case<'_>) -> Option<Held> {
    Some(match need {
        "G-OPE-1" => watched(case),
        "G-OPE-2" => alarms_answered(case),
        "G-OPE-3" => runs_what_was_released(case),
        "G-OPE-4" => not_stale(case),
        "G-OPE-5" => in_date(case),
        "G-OPE-7" => oversight_works(case),
        "G-OPE-8" => settled(case),
        "G-OPE-9" => data_fit(case),
        "G-RET-1" => reason_and_day(case),
        "G-RET-2" => planned(case),
        "G-RET-3" => nobody_depends(case),
        "G-RET-4" => Held::all([duty_done(case, Duty::UsersTold, true), duties_of_retirement(case)]),
        "G-RET-5" => {
            Held::all([duty_done(case, Duty::DataDisposed, true), duty_done(case, Duty::ModelArchived, true), fates_decided(case)])
        }
        "G-RET-6" => access_closed(case),
        "G-RET-8" => open_ends(case),
        "G-RET-9" => duty_done(case, Duty::SupplierEnded, true),
        _ => return None,
    })
}

/// Days since the review at this gate before the one in question; the window, where there was none.
fn since_last(case: &Case<'_>) -> Window {
    let view = case.view();
    let held = |one: Entry<'_>| StageReview(one.content()).held_on().get().map(|at| view.day(at));
    let this = case.review.and_then(held).unwrap_or(view.today());
    let others =
        case.system.incoming(StageReview::KIND, "ai_system").filter(|one| Some(one.id()) != case.review.map(|review| review.id()));
    let earlier = others.filter(|one| one.is("decided") && StageReview(one.content()).gate().is(StageReviewGate::Operation));
    let last: Option<Date> = earlier.filter_map(held).filter(|day| *day < this).max();
    last.map_or_else(|| view.period(), |from| Window { from, to: view.today() })
}

fn plan<'v>(case: &Case<'v>) -> Option<Entry<'v>> {
    case.system.incoming(MonitoringPlan::KIND, "ai_system").find(|one| one.is("in_force"))
}

const NO_PLAN: &str = "no monitoring plan is in force";

fn watched(case: &Case<'_>) -> Held {
    let Some(plan) = plan(case) else { return Held::No(NO_PLAN.to_owned()) };
    let stretch = since_last(case);
    let uncovered = stretch.days() - monitoring_plan::covered_days(plan, stretch);
    Held::when(uncovered == 0, || format!("{uncovered} days since the last review are not covered"))
}

fn alarms_answered(case: &Case<'_>) -> Held {
    let stretch = since_last(case);
    let alarm = |one: &Entry<'_>| {
        let day = Measurement(one.content()).covers_to().get().map(|at| case.view().day(at));
        !one.is("void") && day.is_some_and(|day| stretch.has(day)) && breach(*one) == Breach::Alarm
    };
    let answered = |one: Entry<'_>| first_action(one).is_some() || Measurement(one.content()).no_action_because().is_filled();
    Held::unless(&those(case.system.incoming(Measurement::KIND, "ai_system").filter(alarm), answered), "without action or reason")
}

fn runs_what_was_released(case: &Case<'_>) -> Held {
    let Some(running) = ai_system::running_release(case.system) else { return Held::No("no release is running".to_owned()) };
    let stretch = since_last(case);
    let inside = |batch: &Entry<'_>| SealedBatch(batch.content()).to().get().is_some_and(|to| stretch.has(case.view().day(to)));
    let batches = case.system.incoming(SealedBatch::KIND, "ai_system").filter(inside);
    Held::all([
        Held::when(release::digest_matches(running), || format!("something answered that is not in {}", running.label())),
        Held::unless(
            &those(batches, |batch| sealed_batch::unapproved_models(batch).is_empty()),
            "models that no running release names",
        ),
    ])
}

fn not_stale(case: &Case<'_>) -> Held {
    let running = ai_system::running_release(case.system);
    let tests: Vec<Entry<'_>> = running.map(|found| found.links("tests").collect()).unwrap_or_default();
    Held::all([
        Held::when(!tests.is_empty(), || "no test speaks for the running version".to_owned()),
        Held::unless(&those(tests, |one| !test::stale(one)), "stale"),
    ])
}

fn in_date(case: &Case<'_>) -> Held {
    let risks = case.system.incoming(Risk::KIND, "ai_systems").filter(Entry::is_settled);
    let assessment = ai_system::assessment_in_force(case.system);
    Held::all([
        Held::unless(&those(risks, |one| !risk::overdue(one)), "overdue"),
        Held::when(assessment.is_some_and(|one| !impact_assessment::stale(one)), || {
            "the impact assessment is missing or stale".to_owned()
        }),
    ])
}

fn oversight_works(case: &Case<'_>) -> Held {
    let Some(found) = ai_system::oversight_in_force(case.system) else {
        return Held::No("no oversight plan is in force".to_owned());
    };
    let uncounted = uncounted_months(found, case.system, since_last(case)).unwrap_or_default();
    let uncounted: Vec<String> = uncounted.into_iter().map(name_of).collect();
    Held::all([
        Held::unless(&uncounted, "how people stepped in is not counted for"),
        Held::when(oversight_plan::overseers_competent(found), || "an overseer lacks the competence".to_owned()),
        Held::when(oversight_plan::stop_tested(found), || "the stop was not tried in time".to_owned()),
    ])
}

fn settled(case: &Case<'_>) -> Held {
    let limit = case.view().today().saturating_sub(90.days());
    let open = |one: &Entry<'_>| !one.is_any(&["closed", "dismissed"]) && one.created_on() < limit;
    let incidents = case.system.incoming(Incident::KIND, "ai_systems").filter(open);
    let concerns = case.system.incoming(Concern::KIND, "ai_systems").filter(|one| !one.is_any(&["closed", "void"]));
    Held::all([
        Held::unless(&those(incidents, |_| false), "open longer than ninety days"),
        Held::unless(&those(concerns, |one| !concern::late(one)), "late"),
    ])
}

fn data_fit(case: &Case<'_>) -> Held {
    let today = case.view().today();
    let used = AiSystem(case.system.content()).datasets().filter(|row| row.until().is_none_or(|until| until >= today));
    let mut bad = Vec::new();
    for row in used.filter(|row| row.use_() != Some(DataUse::Test)) {
        let Some(data) = row.dataset().and_then(|link| case.view().get(link.id)) else { continue };
        let judged = data
            .incoming(DataAssessment::KIND, "dataset")
            .filter(|one| one.is("approved") && DataAssessment(one.content()).dataset_version().get() == row.version());
        let fit = |one: Entry<'_>| {
            let missed = data_assessment::missed_quality(one);
            let acted = DataAssessment(one.content()).quality().filter(|quality| quality.action().next().is_some()).count();
            !data_assessment::expired(one) && missed.len() <= acted
        };
        bad.extend(those(judged, fit));
    }
    Held::unless(&bad, "expired, or with missed quality and no action")
}

/// The revision since which some fields read as they do now.
fn written<'v>(entry: Entry<'v>, fields: &[&str]) -> Option<&'v Leaf> {
    let now = entry.made();
    let same = |leaf: &&Leaf| fields.iter().all(|name| leaf.body.get(name) == now.body.get(name));
    let mut revisions: Vec<&'v Leaf> = entry.revisions().collect();
    revisions.reverse();
    revisions.into_iter().take_while(same).last()
}

/// Day and reason were approved by somebody else once they were written: they are no covered fields, so that an approval from before
/// would stand.
fn reason_and_day(case: &Case<'_>) -> Held {
    let content = AiSystem(case.system.content());
    let approved = written(case.system, &["retire_on", "retire_reason"]).is_some_and(|leaf| {
        let by = leaf.actor.person();
        case.system.given().into_iter().any(|given| {
            let yes = given.approval.decision().is(ApprovalDecision::Approved) && given.overrides().is_none();
            yes && given.revision() >= leaf.revision && given.by().is_some_and(|person| Some(person) != by)
        })
    });
    Held::all([
        Held::when(content.retire_on().is_filled() && content.retire_reason().is_filled(), || {
            "day or reason is missing".to_owned()
        }),
        Held::when(approved, || "it was approved by nobody but its author".to_owned()),
    ])
}

fn planned(case: &Case<'_>) -> Held {
    let Some(document) = case.system.linked("retirement_plan") else { return Held::No("no retirement plan is named".to_owned()) };
    if document.text("template") != Some("T-RETIRE") {
        return Held::No(format!("{} is no retirement plan", document.label()));
    }
    stands(document).map_or_else(Held::No, |()| Held::Yes)
}

fn nobody_depends(case: &Case<'_>) -> Held {
    let dependants = case.system.incoming(AiSystem::KIND, "depends_on").chain(case.system.incoming(AiSystem::KIND, "part_of"));
    Held::unless(&those(dependants, |one| !ai_system::live(one)), "live and depends on it")
}

/// The duty of the retirement in the review's list.
fn duty<'v>(case: &Case<'v>, of: Duty) -> Option<StageReviewRetirementRow<'v>> {
    StageReview(case.review?.content()).retirement().find(|row| row.duty() == Some(of))
}

fn duty_done(case: &Case<'_>, of: Duty, with_proof: bool) -> Held {
    let done = duty(case, of).is_some_and(|row| row.done_on().is_some() && (!with_proof || row.proof().next().is_some()));
    Held::when(done, || format!("the duty {} is not done with proof", of.id()))
}

fn duties_of_retirement(case: &Case<'_>) -> Held {
    let asked = |one: &Entry<'_>| {
        Obligation(one.content()).triggers().has(ObligationTrigger::Retirement)
            && obligation::holds_for(*one).contains(&case.system.id())
    };
    Held::unless(&those(case.view().all(Obligation::KIND).filter(asked), |one| !obligation::unmet(one)), "not met")
}

/// Each data set and model that no other system names has a fate.
fn fates_decided(case: &Case<'_>) -> Held {
    let view = case.view();
    let named = |system: Entry<'_>| -> Vec<Id> {
        let content = AiSystem(system.content());
        let models = content.models().filter_map(|row| row.model());
        content.datasets().filter_map(|row| row.dataset()).chain(models).map(|link| link.id).collect()
    };
    let others = view.all(AiSystem::KIND).filter(|one| one.id() != case.system.id() && !one.is_any(&["retired", "dismissed"]));
    let elsewhere: Vec<Id> = others.flat_map(named).collect();
    let decided: Vec<Id> = AiSystem(case.system.content())
        .disposal()
        .filter(|row| row.fate().is_some())
        .filter_map(|row| row.what())
        .map(|link| link.id)
        .collect();
    let mut open = named(case.system);
    open.sort_unstable();
    open.dedup();
    open.retain(|id| !elsewhere.contains(id) && !decided.contains(id));
    Held::unless(&those(open.into_iter().filter_map(|id| view.get(id)), |_| false), "no fate is decided for")
}

fn access_closed(case: &Case<'_>) -> Held {
    let Some(done) = duty(case, Duty::AccessRevoked).and_then(|row| row.done_on()) else {
        return Held::No("the duty access_revoked is not done".to_owned());
    };
    let used = |batch: Entry<'_>| {
        let content = SealedBatch(batch.content());
        content.count().get().is_some_and(|count| count > 0)
            && content.from().get().is_some_and(|from| case.view().day(from) > done)
    };
    Held::unless(
        &those(case.system.incoming(SealedBatch::KIND, "ai_system"), |batch| !used(batch)),
        "events after access was closed",
    )
}

/// Nothing about the system is open, or a successor is named to whom it was handed.
fn open_ends(case: &Case<'_>) -> Held {
    let over = ["closed", "dismissed", "void", "rejected", "judged", "cancelled"];
    let open = |one: &Entry<'_>| !one.is_any(&over);
    let incidents = case.system.incoming(Incident::KIND, "ai_systems").filter(open);
    let concerns = case.system.incoming(Concern::KIND, "ai_systems").filter(open);
    let lapses = case.system.incoming(Nonconformity::KIND, "ai_systems").filter(open);
    let risks = case.system.incoming(Risk::KIND, "ai_systems");
    let treatments = risks.flat_map(|one| one.incoming(Treatment::KIND, "risks")).filter(open);
    let successor = AiSystem(case.system.content()).successor().is_filled();
    let handed =
        |one: Entry<'_>| successor && case.system.linked("successor").is_some_and(|next| one.names(next.id(), "ai_systems"));
    Held::unless(&those(incidents.chain(concerns).chain(lapses).chain(treatments), handed), "open and handed to nobody")
}
