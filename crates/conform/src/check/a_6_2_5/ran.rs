//! What ran: which release, since when, as it was approved, and whether there is a way back.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::{Change, ChangeWhat};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::time::days_between;

use crate::check::assessing::deployed;
use crate::check::independence::defect;
use crate::check::released::{Released, each_released};
use crate::check::tested::reviewed_of;
use crate::check::touched::used_for_a_year;
use crate::check::wording::called;
use crate::derived::ai_system;
use crate::derived::release::{approved_digest, builders, digest_matches};
use crate::derived::sealed_batch::is_real;
use crate::derived::test::passed;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.6.2.5-D3
pub(super) fn live_systems_have_a_release(view: &View) -> Verdicts {
    each(view.live_systems(), |system| match ai_system::running_release(system) {
        Some(release) => Judgement::Shown(vec![system.subject(), release.subject()]),
        None => Judgement::Fail(Lapse::of(system)),
    })
}

/// A.6.2.5-O2
pub(super) fn the_way_back_was_tried(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        if !system.is_built() || ai_system::tier(system) < Some(RiskTier::Moderate) {
            return Judgement::Skip("not built here, or tier low".to_owned());
        }
        if !used_for_a_year(system) {
            return Judgement::Skip("in use for less than a year".to_owned());
        }
        let tests = system.incoming(Test::KIND, "ai_system").filter(|test| reviewed_of(*test, &[TestType::Rollback]));
        let tried = tests.filter(|test| passed(*test)).filter_map(|test| Some((Test(test.content()).run_at().get()?, test)));
        let last = tried.max_by_key(|(ran, test)| (*ran, test.id()));
        let rebuilt = |release: &Entry<'_>| {
            release.links("changes").any(|one| Change(one.content()).what().any(|what| what == ChangeWhat::Infrastructure))
        };
        let moved = deployed(system).into_iter().filter(|(_, release)| rebuilt(release)).map(|(at, _)| at).max();
        let since = view.today().saturating_sub(365.days());
        match last {
            Some((ran, test)) if view.day(ran) >= since || moved.is_some_and(|moved| ran >= moved) => {
                Judgement::Shown(vec![system.subject(), test.subject()])
            }
            _ => Judgement::Fail(Lapse::of(system).maybe("date", last.map(|(ran, _)| view.day(ran)))),
        }
    })
}

/// A.6.2.5-P1
pub(super) fn what_was_approved_ran(view: &View) -> Verdicts {
    each_released(view, |one| {
        Judgement::needing(one.release, &["artefact_digest", "model_versions"], || {
            let built = builders(one.release);
            let tested: Vec<Id> =
                one.tests().into_iter().filter_map(|test| Test(test.content()).performed_by().get()).map(|link| link.id).collect();
            let others: [(&[Id], &str); 2] = [(&built, "built it"), (&tested, "tested it")];
            let mut wrong = "nobody approved it".to_owned();
            let mut shown = None;
            for given in one.release.given() {
                let approves = given.approval.purpose().is(ApprovalPurpose::Approve);
                if !approves || !given.approval.decision().is(ApprovalDecision::Approved) {
                    continue;
                }
                match defect(&given, &others) {
                    None => shown = Some(given.entry.subject()),
                    Some(why) => wrong = format!("it was approved by {}, who {why}", called(view, given.by())),
                }
            }
            let mut defects: Vec<String> = Vec::new();
            if shown.is_none() {
                defects.push(wrong);
            }
            let deployed = one.release.head().value("artefact_digest").get().and_then(vouch_record::Value::as_text);
            if one.system.is_built() && (deployed.is_none() || deployed != approved_digest(one.release)) {
                defects.push("its bytes are not those that were approved".to_owned());
            }
            if !digest_matches(one.release) {
                defects.push("other models answered while it ran".to_owned());
            }
            match shown {
                Some(approval) if defects.is_empty() => Judgement::Shown(vec![one.release.subject(), approval]),
                _ => Judgement::Fail(Lapse::of(one.release).value("defect", defects.join(", and "))),
            }
        })
    })
}

/// A.6.2.5-P3
pub(super) fn the_day_is_right(view: &View) -> Verdicts {
    each_released(view, |one| {
        let lapse =
            |defect: String| Judgement::Fail(Lapse::of(one.release).value("deployed_at", view.day(one.at)).value("defect", defect));
        if !is_confirmed(one) {
            return lapse("only who deployed it says so".to_owned());
        }
        let batches = one.system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch));
        let names = |batch: &Entry<'_>| {
            SealedBatch(batch.content()).by_model().any(|row| row.release().is_some_and(|link| link.id == one.release.id()))
        };
        let first = batches.filter(names).filter_map(|batch| SealedBatch(batch.content()).from().get()).min();
        match first.map(|at| view.day(at)) {
            Some(first) if days_between(view.day(one.at), first).abs() > 1 => lapse(format!("the first event is from {first}")),
            _ => Judgement::Pass,
        }
    })
}

/// Whether a pipeline, or a person other than who deployed it, says when it went live.
fn is_confirmed(one: &Released<'_>) -> bool {
    let content = Release(one.release.content());
    if content.deployed_by_machine().is_filled() {
        return true;
    }
    let by = content.deployed_by().get().map(|link| link.id);
    let entered = one.release.entry_into("deployed").is_some_and(|leaf| leaf.actor.person() != by);
    let confirmed = one.release.given().iter().any(|given| {
        let looked = matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Review | ApprovalPurpose::Verify));
        looked && given.approval.decision().is(ApprovalDecision::Approved) && given.by() != by && given.at() >= one.at
    });
    entered || confirmed
}
