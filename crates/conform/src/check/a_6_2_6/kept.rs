//! Whether limits are worth something, and whether repair and support are kept as the plan says.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::change::{Change, ChangeWhat};
use vouch_record::kind::generated::concern::{Concern, ConcernChannel, ConcernReporterType};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;

use crate::check::monitored::{Metric, Seen, metrics_of, plan_of};
use crate::derived::change::releases;
use crate::derived::measurement::{Breach, breach};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long a metric must have been silent before somebody asks what its limit is worth, in days.
const SILENT_DAYS: i64 = 365;
/// In so many of ten cases the time promised to users is kept.
const IN_TIME_OF_10: usize = 9;

/// A.6.2.6-O4
pub(super) fn limits_are_worth_something(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
        Judgement::needing(plan, &["metrics"], || {
            let metrics = metrics_of(system);
            let suspicious: Vec<(Metric<'_>, Date)> =
                metrics.into_iter().filter_map(|metric| suspicious_since(&metric, window).map(|since| (metric, since))).collect();
            if suspicious.is_empty() {
                return Judgement::Skip("no metric rings always or never".to_owned());
            }
            let open = suspicious.into_iter().filter(|(metric, since)| !asked(metric, *since));
            Judgement::of(open.map(|(metric, _)| Lapse::of(plan).in_system(system).value("metric", metric.label())).collect())
        })
    })
}

/// The first day of the last month, when the metric crossed its alarm in each whole month of the window, or never even its warning
/// in the last twelve months though it was taken that long. A metric that only batches hold has no value to compare.
fn suspicious_since(metric: &Metric<'_>, window: Window) -> Option<Date> {
    let view = metric.plan.view();
    let begun = metric.begun()?;
    let values: Vec<Seen<'_>> = metric.seen().into_iter().filter(|seen| seen.record.kind().name == Measurement::KIND).collect();
    let months = window.from_day(begun).map_or_else(Vec::new, |days| days.whole_months());
    let rang = |month: &Window| values.iter().any(|seen| seen.falls_in(*month) && breach(seen.record) == Breach::Alarm);
    let always = months.iter().all(rang).then(|| months.last()).flatten().map(|month| month.from);
    let year = view.last_days(SILENT_DAYS)?;
    let judged: Vec<Breach> = values.iter().filter(|seen| year.has(seen.days.to)).map(|seen| breach(seen.record)).collect();
    let taken_that_long = begun <= year.from && year.days() > SILENT_DAYS;
    let silent = taken_that_long && !judged.is_empty() && judged.iter().all(|breach| *breach == Breach::None);
    always.or_else(|| silent.then(|| view.today().first_of_month().saturating_sub(1.month())))
}

/// Whether the plan was revised since, or a responder analysed a value.
fn asked(metric: &Metric<'_>, since: Date) -> bool {
    let view = metric.plan.view();
    let revised = metric.plan.revisions().any(|leaf| view.day(leaf.time) >= since);
    let analysed = |value: Entry<'_>| {
        let content = Measurement(value.content());
        let by = content.analysed_by().get().is_some_and(|link| metric.responders().contains(&link.id));
        by && value.is("analysed") && content.analysed_at().get().is_some_and(|at| view.day(at) >= since)
    };
    revised || metric.values().any(analysed)
}

/// A.6.2.6-O5
pub(super) fn repair_and_support_are_kept(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else { return Judgement::Skip("no plan is in force; see A.6.2.6-D1".to_owned()) };
        Judgement::needing(plan, &["support"], || {
            let changes: Vec<Entry<'_>> = repairs(system, window).collect();
            let cases = support_cases(plan, system, window);
            if changes.is_empty() && cases.is_empty() {
                return Judgement::Skip("nothing was repaired and nobody asked for help".to_owned());
            }
            let lapse = |defect: String| Lapse::of(plan).in_system(system).value("defect", defect);
            let loose = changes.iter().filter(|change| !releases(**change).iter().any(|one| one.is_any(&["deployed", "ended"])));
            let mut lapses: Vec<Lapse> = loose.map(|change| lapse(format!("no release carried {}", change.label()))).collect();
            let (late, total) = (cases.iter().filter(|(_, kept)| !kept).count(), cases.len());
            if (total - late) * 10 < total * IN_TIME_OF_10 {
                lapses.push(lapse(format!("users waited longer than promised in {late} of {total} cases")));
            }
            let shown = changes.into_iter().chain(cases.into_iter().map(|(case, _)| case));
            if lapses.is_empty() { Judgement::Shown(shown.map(|one| one.subject()).collect()) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// Changes of model, code or configuration of a system that took effect in the window.
fn repairs<'v>(system: Entry<'v>, window: Window) -> impl Iterator<Item = Entry<'v>> {
    system.incoming(Change::KIND, "ai_systems").filter(move |change| {
        let content = Change(change.content());
        let touches = content.what().has_any(&[ChangeWhat::Model, ChangeWhat::Code, ChangeWhat::Configuration]);
        touches && change.is_settled() && content.implemented_on().get().is_some_and(|on| window.has(on))
    })
}

/// What users asked about a system in the window, each with whether it was answered in the time promised; not while that time runs.
fn support_cases<'v>(plan: Entry<'v>, system: Entry<'v>, window: Window) -> Vec<(Entry<'v>, bool)> {
    let view = plan.view();
    let promised =
        MonitoringPlan(plan.content()).support().filter_map(|row| row.answer_within()).map(|span| SpanValue(span).seconds());
    let Some(longest) = promised.max() else { return Vec::new() };
    let asked = system.incoming(Concern::KIND, "ai_systems").filter(|concern| {
        let content = Concern(concern.content());
        let by_user = matches!(content.reporter_type().get(), Some(ConcernReporterType::User | ConcernReporterType::Customer));
        let support = by_user || content.channel().is(ConcernChannel::CustomerSupport);
        support && !content.test().is(true) && !concern.is("void")
    });
    let judged = asked.filter_map(|concern| {
        let content = Concern(concern.content());
        let received = content.received_at().get().filter(|at| window.has(view.day(*at)))?;
        let (until, answered) = (received.as_second() + longest, content.answered_at().get().map(|at| at.as_second()));
        match answered {
            Some(at) => Some((concern, at <= until)),
            None => view.is_past_second(until).then_some((concern, false)),
        }
    });
    judged.collect()
}
