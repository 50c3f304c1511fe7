//! Who judged the tests that decided about releases, by criteria fixed when, and what the results rest on.

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::{Test, TestIndependence};

use crate::check::released::in_window;
use crate::check::wording::{called, words};
use crate::derived::test::planned_before_run;
use crate::derived::{ai_system, release};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, Given, View};

/// Judges every test that a release of the window names, each once, beside the first such release. A test of which nothing is bound
/// shows nothing.
fn each_deciding<'v>(view: &'v View, fields: &[&str], judge: impl Fn(Entry<'v>, Entry<'v>) -> Judgement) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let mut seen: Vec<Id> = Vec::new();
    for one in in_window(view).into_iter().filter(|one| !one.has_time()) {
        let named = one.content().tests().filter_map(|link| view.find(link.id));
        for test in named.filter(|test| !test.is_set_aside() && !test.is("void")) {
            if seen.contains(&test.id()) {
                continue;
            }
            seen.push(test.id());
            let judgement = match view.get(test.id()) {
                Some(test) => Judgement::needing(test, fields, || judge(test, one.release)),
                None => Judgement::Fail(
                    Lapse::of(test).value("release", one.release.label()).value("defect", "nothing of it is bound to the ledger"),
                ),
            };
            verdicts.note(test, judgement);
        }
    }
    verdicts
}

/// A.6.2.4-P1
pub(super) fn reviewed_by_an_independent_person(view: &View) -> Verdicts {
    each_deciding(view, &["performed_by", "independence"], |test, released| {
        let lapse = |defect: String| {
            let value = Lapse::of(test).value("release", released.label());
            Judgement::Fail(value.value("defect", defect))
        };
        let reviews: Vec<Given<'_>> = test.approvals(ApprovalPurpose::Review).into_iter().filter(Given::counts_as_proof).collect();
        let Some(last) = reviews.last() else { return lapse("nobody reviewed it".to_owned()) };
        let Some(given) = reviews.iter().find(|given| too_near(test, released, given).is_none()) else {
            let why = too_near(test, released, last).unwrap_or_default();
            return lapse(format!("it was judged by {}, who {why}", called(view, last.by())));
        };
        let tier = released.linked("ai_system").and_then(ai_system::tier);
        let independence = Test(test.content())
            .independence()
            .get()
            .or_else(|| test.linked("plan").and_then(|plan| Test(plan.content()).independence().get()));
        let near = matches!(independence, None | Some(TestIndependence::Own | TestIndependence::SameTeam));
        if tier >= Some(RiskTier::High) && near {
            let by = independence
                .map_or_else(|| "nobody knows whom".to_owned(), |near| format!("people too near to it ({})", words(near.id())));
            return lapse(format!("it was made by {by}"));
        }
        Judgement::Shown(vec![test.subject(), given.entry.subject()])
    })
}

/// What makes a reviewer no independent person; nothing when nothing does.
fn too_near(test: Entry<'_>, released: Entry<'_>, given: &Given<'_>) -> Option<&'static str> {
    let by = given.by()?;
    if Test(test.content()).performed_by().get().is_some_and(|link| link.id == by) {
        Some("performed it")
    } else if release::builders(released).contains(&by) {
        Some("built the system")
    } else if given.overrides().is_some() {
        Some("did so with an override")
    } else {
        None
    }
}

/// A.6.2.4-P2
pub(super) fn criteria_were_fixed_before(view: &View) -> Verdicts {
    each_deciding(view, &["criteria", "run_at"], |test, _| {
        let Some(ran) = Test(test.content()).run_at().get() else {
            return Judgement::Skip("it did not run; see A.6.2.4-O2".to_owned());
        };
        Judgement::when(planned_before_run(test), || Lapse::of(test).value("defect", fixed_late(test, ran)))
    })
}

/// How the criteria came too late: changed after the run, approved after it, or never approved.
fn fixed_late(test: Entry<'_>, ran: Timestamp) -> String {
    let view = test.view();
    let mut before = None;
    let mut changed = None;
    for leaf in test.revisions() {
        if before.is_some() && before != leaf.body.get("criteria") && leaf.time > ran {
            changed = Some(leaf.time);
        }
        before = leaf.body.get("criteria");
    }
    let approves = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    let approved = test.given().into_iter().filter(approves).map(|given| given.at()).find(|at| *at >= ran);
    match (changed, approved) {
        (Some(at), _) => format!("they were changed on {}", view.day(at)),
        (None, Some(at)) => format!("they were approved on {}", view.day(at)),
        (None, None) => "nobody approved these before it ran".to_owned(),
    }
}

/// A.6.2.4-P3
pub(super) fn results_rest_on_something(view: &View) -> Verdicts {
    each_deciding(view, &["run_by_machine", "run_reference", "artefacts"], |test, _| {
        let content = Test(test.content());
        if !content.run_at().is_filled() {
            return Judgement::Skip("it did not run; see A.6.2.4-O2".to_owned());
        }
        if content.run_by_machine().is_filled() {
            let shown = content.run_reference().is_filled() && content.artefacts().next().is_some() && test.is_bound();
            return Judgement::when(shown, || Lapse::of(test));
        }
        let shown: Vec<_> =
            test.incoming(Evidence::KIND, "about").filter(|evidence| evidence.is("reviewed")).map(|one| one.subject()).collect();
        if shown.is_empty() { Judgement::Fail(Lapse::of(test)) } else { Judgement::Shown(shown) }
    })
}
