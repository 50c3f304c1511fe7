//! Who judged the limits, who moved them after an alarm, and whether anybody saw an alarm through.

use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::incident::{Incident, IncidentDetectedBy};
use vouch_record::kind::generated::monitoring_plan::MonitoringPlanMetricRow;
use vouch_record::kind::generated::shared::RangeComparator;
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::view::Row;
use vouch_record::{Leaf, Value};

use crate::check::monitored::{Metric, metrics_of, plan_of};
use crate::check::touched::used_for_a_year;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, Subject, View, Window};

/// How long after an alarm a looser limit has to name it.
const AFTER_DAYS: i64 = 30;

/// A.6.2.6-P1
pub(super) fn limits_were_judged_by_another(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
        Judgement::needing(plan, &["metrics"], || {
            let lapse = |defect: String| Lapse::of(plan).in_system(system).value("defect", defect);
            let approvals = plan.approvals(ApprovalPurpose::Approve);
            let independent = approvals.iter().find(|given| given.counts_as_proof() && given.is_independent(plan, &[]));
            let mut lapses: Vec<Lapse> = Vec::new();
            if independent.is_none() {
                let by = approvals.last().map_or_else(|| "nobody".to_owned(), |given| called(view, given.by()));
                lapses.push(lapse(format!("it was approved by {by} and by no other person than its authors")));
            }
            let moved = metrics_of(system).into_iter().flat_map(|metric| loosened(&metric, window));
            lapses.extend(moved.map(lapse));
            match independent {
                Some(given) if lapses.is_empty() => Judgement::Shown(vec![plan.subject(), given.entry.subject()]),
                _ => Judgement::FailAll(lapses),
            }
        })
    })
}

/// In words, each revision of the window that loosened the limit of a metric at most thirty days after an alarm that no approval of it
/// names, by id or day.
fn loosened(metric: &Metric<'_>, window: Window) -> Vec<String> {
    let (plan, view) = (metric.plan, metric.plan.view());
    let limits: Vec<(&Leaf, Decimal)> = plan.revisions().filter_map(|leaf| Some((leaf, limit_in(metric, leaf)?))).collect();
    let mut found = Vec::new();
    for pair in limits.windows(2) {
        let ((_, old), (leaf, new)) = (pair[0], pair[1]);
        let on = view.day(leaf.time);
        if !window.has(on) || !is_looser(metric.row, old, new) {
            continue;
        }
        let before = Window { from: on.saturating_sub(AFTER_DAYS.days()), to: on };
        let open = metric.alarms(before).filter(|(at, _)| *at < leaf.time).find(|(at, alarm)| !is_named(plan, leaf, *at, *alarm));
        found.extend(open.map(|(at, _)| {
            format!("the limit of {} was moved from {old} to {new} after the alarm of {}", metric.label(), view.day(at))
        }));
    }
    found
}

/// The limit of a metric in a revision of its plan.
fn limit_in(metric: &Metric<'_>, leaf: &Leaf) -> Option<Decimal> {
    let rows = leaf.body.get("metrics").map_or(&[][..], Value::items);
    rows.iter().map(|row| MonitoringPlanMetricRow::from(Row(row))).find(|row| metric.is_same(*row))?.alarm()
}

fn is_looser(row: MonitoringPlanMetricRow<'_>, old: Decimal, new: Decimal) -> bool {
    if row.comparator() == Some(RangeComparator::AtLeast) { new < old } else { new > old }
}

/// Whether an approval of this revision, or of a later one that it still speaks for, names the alarm.
fn is_named(plan: Entry<'_>, leaf: &Leaf, taken: Timestamp, alarm: Entry<'_>) -> bool {
    let (id, day) = (alarm.id().to_string(), plan.view().day(taken).to_string());
    let names = |given: &Given<'_>| {
        let said = [given.approval.reason().get(), given.approval.conditions().get()];
        said.into_iter()
            .flatten()
            .any(|text| text.contains(&day) || text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == id))
    };
    plan.given().iter().filter(|given| given.revision() >= leaf.revision).any(names)
}

/// A.6.2.6-P3
pub(super) fn an_alarm_was_followed_to_its_end(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        if !used_for_a_year(system) {
            return Judgement::Skip("in use for less than a year".to_owned());
        }
        let followed = metrics_of(system).into_iter().flat_map(|metric| {
            let alarms: Vec<Entry<'_>> = metric.alarms(year).map(|(_, alarm)| alarm).collect();
            alarms.into_iter().filter_map(|alarm| followed(&metric, alarm)).collect::<Vec<_>>()
        });
        let shown: Vec<Subject> = followed.chain(exercises(system, year)).collect();
        if shown.is_empty() { Judgement::Fail(Lapse::of(system)) } else { Judgement::Shown(shown) }
    })
}

/// What shows that a person other than the responders saw an alarm through: an approval on it, or on the incident it led to.
fn followed(metric: &Metric<'_>, alarm: Entry<'_>) -> Option<Subject> {
    let incidents = alarm.incoming(Incident::KIND, "measurement").chain(alarm.links("actions"));
    std::iter::once(alarm).chain(incidents).find(|record| seen_through(*record, metric)).map(|record| record.subject())
}

fn seen_through(record: Entry<'_>, metric: &Metric<'_>) -> bool {
    let purposes = [ApprovalPurpose::Close, ApprovalPurpose::Verify, ApprovalPurpose::Review];
    let given = purposes.into_iter().flat_map(|purpose| record.approvals(purpose));
    given.filter(Given::counts_as_proof).any(|given| given.by().is_some_and(|by| !metric.responders().contains(&by)))
}

/// Exercises of the year with an artificial alarm: an incident for practice that monitoring raised, closed by another person than its
/// lead, or a reviewed test of that type.
fn exercises(system: Entry<'_>, year: Window) -> Vec<Subject> {
    let view = system.view();
    let drills = system.incoming(Incident::KIND, "ai_systems").filter(|entry| {
        let content = Incident(entry.content());
        let raised = matches!(content.detected_by().get(), Some(IncidentDetectedBy::Monitoring | IncidentDetectedBy::Gateway));
        let within = content.detected_at().get().is_some_and(|at| year.has(view.day(at)));
        content.exercise().is(true) && raised && within && entry.is("closed")
    });
    let tests = system.incoming(Test::KIND, "ai_system").filter(|entry| {
        let content = Test(entry.content());
        let within = content.run_at().get().is_some_and(|at| year.has(view.day(at)));
        content.type_().is(TestType::IncidentExercise) && within && entry.is("reviewed")
    });
    drills.chain(tests).map(|entry| entry.subject()).collect()
}
