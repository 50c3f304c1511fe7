//! Goals that tests keep missing.

use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::specification::{Specification, SpecificationOccasion};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};
use vouch_record::kind::generated::test::{Test, TestFailureDecision};

use crate::check::specified::specification_of;
use crate::derived::acceptance;
use crate::derived::specification::met;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long an answer to a second miss may take.
const ANSWER_DAYS: i64 = 30;

/// A.6.2.2-O4
pub(super) fn goals_that_are_missed_lead_somewhere(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        let Some(specification) = specification_of(system) else {
            return Judgement::Skip("no specification in force; see A.6.2.2-D1".to_owned());
        };
        Judgement::needing(specification, &["requirements"], || {
            let mut tests: Vec<(Timestamp, Entry<'_>)> = system
                .incoming(Test::KIND, "ai_system")
                .filter(|test| test.is("reviewed"))
                .filter_map(|test| Some((Test(test.content()).run_at().get()?, test)))
                .collect();
            tests.sort_by_key(|(ran, test)| (std::cmp::Reverse(*ran), test.id()));
            let blocking = Specification(specification.content()).requirements().filter(|row| row.blocking() == Some(true));
            let mut lapses = Vec::new();
            let mut answered = false;
            for row in blocking {
                let results = tests.iter().filter_map(|(ran, test)| Some((met(*test, row)?, *ran, *test)));
                let misses: Vec<(Timestamp, Entry<'_>)> =
                    results.take_while(|(met, _, _)| !met).map(|(_, ran, test)| (ran, test)).collect();
                // The newest comes first; the second miss is the one before the last.
                let Some((second, _)) = misses.len().checked_sub(2).and_then(|at| misses.get(at)) else { continue };
                let waits = view.day(*second).saturating_add(ANSWER_DAYS.days()) >= view.today();
                if waits || is_answered(system, specification, &misses, *second) {
                    answered = true;
                    continue;
                }
                let code = row.code().or(row.statement()).unwrap_or("a requirement");
                lapses.push(Lapse::of(specification).in_system(system).value("code", code).value("n", misses.len()));
            }
            match (lapses.is_empty(), answered) {
                (false, _) => Judgement::FailAll(lapses),
                (true, true) => Judgement::Shown(vec![system.subject(), specification.subject()]),
                (true, false) => Judgement::Skip("no goal was missed twice".to_owned()),
            }
        })
    })
}

/// A new version because the goal cannot be reached, a stop, or an acceptance in force since the second miss.
fn is_answered(system: Entry<'_>, specification: Entry<'_>, misses: &[(Timestamp, Entry<'_>)], since: Timestamp) -> bool {
    let rewritten = system.incoming(Specification::KIND, "ai_system").any(|one| {
        let unreachable = Specification(one.content()).occasion().is(SpecificationOccasion::GoalUnreachable);
        unreachable && !one.is("draft") && !one.is("rejected") && one.made_at() >= since
    });
    let stopped = system.incoming(StageReview::KIND, "ai_system").any(|review| {
        let stops = StageReview(review.content()).decision().is(StageReviewDecision::Stop);
        stops && review.entry_into("decided").is_some_and(|leaf| leaf.time >= since)
    });
    let accepts = |subject: Entry<'_>| subject.incoming(Acceptance::KIND, "subject").any(acceptance::in_force);
    let accepted = accepts(specification) || misses.iter().any(|(_, test)| accepts(*test) || decided(*test));
    rewritten || stopped || !system.is("registered") || accepted
}

/// Whether a row of a test's failures stops, or accepts with an acceptance in force.
fn decided(test: Entry<'_>) -> bool {
    let in_force = |link: vouch_record::Link| test.view().get(link.id).is_some_and(acceptance::in_force);
    Test(test.content()).failures().any(|row| match row.decision() {
        Some(TestFailureDecision::Stop) => true,
        Some(TestFailureDecision::Accept | TestFailureDecision::Restrict) => row.acceptance().is_some_and(in_force),
        _ => false,
    })
}
