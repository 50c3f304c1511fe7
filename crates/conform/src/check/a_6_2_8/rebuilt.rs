//! Outcomes that were rebuilt from the log.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::test::{Test, TestType};

use crate::check::independence::defect;
use crate::check::monitored::plan_of;
use crate::check::tested::reviewed_of;
use crate::check::touched::used_since;
use crate::check::wording::called;
use crate::derived::test::{passed, planned_before_run};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The longest time between two such tests.
const YEAR: i64 = 365;

/// The reviewed tests of a system that rebuilt an outcome, each with when it ran.
fn rebuilt(system: Entry<'_>) -> impl Iterator<Item = (Timestamp, Entry<'_>)> {
    let of_log = system.incoming(Test::KIND, "ai_system").filter(|test| reviewed_of(*test, &[TestType::LogReconstruction]));
    of_log.filter_map(|test| Some((Test(test.content()).run_at().get()?, test)))
}

/// A.6.2.8-O4
pub(super) fn outcomes_are_rebuilt(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let every = plan_of(system).and_then(|plan| MonitoringPlan(plan.content()).reconstruct_every().get());
        let Some(since) = used_since(system) else { return Judgement::Skip("not in use in scope".to_owned()) };
        let last = rebuilt(system).filter(|(_, test)| passed(*test)).max_by_key(|(ran, test)| (*ran, test.id()));
        let from: Date = last.map_or(since, |(ran, _)| view.day(ran).max(since));
        let year = from.saturating_add(YEAR.days());
        let due = every.map_or(year, |every| vouch_record::time::after(from, &every).min(year));
        match last {
            Some((_, test)) if view.today() <= due => Judgement::Shown(vec![system.subject(), test.subject()]),
            None if view.today() <= due => Judgement::Skip(format!("in time until {due}")),
            _ => Judgement::Fail(Lapse::of(system).value("date", from)),
        }
    })
}

/// A.6.2.8-P3
pub(super) fn judged_by_another(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some((_, test)) = rebuilt(system).max_by_key(|(ran, test)| (*ran, test.id())) else {
            return Judgement::Skip("no outcome was rebuilt; see A.6.2.8-O4".to_owned());
        };
        Judgement::needing(test, &["performed_by", "criteria"], || {
            let performers: Vec<Id> = Test(test.content()).performed_by().get().map(|link| link.id).into_iter().collect();
            let lapse = |defect: String| Judgement::Fail(Lapse::of(test).value("defect", defect));
            let mut wrong = "was reviewed by nobody".to_owned();
            let mut shown = None;
            for given in test.approvals(ApprovalPurpose::Review) {
                match defect(&given, &[(performers.as_slice(), "performed it")]) {
                    None => shown = Some(given.entry.subject()),
                    Some(why) => wrong = format!("was reviewed by {}, who {why}", called(view, given.by())),
                }
            }
            let Some(review) = shown else { return lapse(wrong) };
            if !planned_before_run(test) {
                return lapse(
                    "was not planned and approved before it was run, so that the outcome may have been chosen".to_owned(),
                );
            }
            let planned = test.approvals(ApprovalPurpose::Approve);
            let chosen = planned.iter().all(|given| given.by().is_some_and(|by| performers.contains(&by)));
            if chosen && !planned.is_empty() {
                return lapse("was planned and performed by the same person".to_owned());
            }
            Judgement::Shown(vec![test.subject(), review])
        })
    })
}
