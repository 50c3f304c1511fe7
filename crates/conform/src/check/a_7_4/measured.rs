//! Whether data was measured before and while it is used, and what followed a miss.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentQualityRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlanMetricCategory;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::{DataUse, QualityDimension};

use crate::check::assessing::deployed;
use crate::check::data_in_use::{assessed_uses, assessments_of, data_of, in_use, was_approved};
use crate::check::data_row::{DataRow, of_system};
use crate::check::monitored::metrics_of;
use crate::check::presence::asked_from;
use crate::check::wording::{in_days, words};
use crate::check::written::first_written;
use crate::derived::ai_system::running_release;
use crate::derived::data_assessment::misses;
use crate::derived::dataset::Use;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// The longest time between two looks at data that comes in.
const LONGEST_DAYS: i64 = 60;
/// How long an action may take after a miss.
const ACT_DAYS: i64 = 30;
/// Uses before which data is measured.
const BEFORE: [DataUse; 4] = [DataUse::Training, DataUse::Tuning, DataUse::Validation, DataUse::Test];
/// Uses in which data keeps coming in.
const INCOMING: [DataUse; 2] = [DataUse::Retrieval, DataUse::Operation];

/// A.7.4-O1
pub(super) fn measured_before_release(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["quality_targets"], || {
            let used: Vec<_> = assessed_uses(dataset).filter(|(row, _)| row.of.is_some_and(|of| BEFORE.contains(&of))).collect();
            if used.is_empty() {
                return Judgement::Skip("not used to learn from or to test with".to_owned());
            }
            let mut lapses: Vec<Lapse> = Vec::new();
            for (row, assessment) in used {
                let first = first_released(dataset, row);
                for dimension in unmeasured(dataset, assessment, first.as_ref().map(|(on, _)| *on)) {
                    let release = first.as_ref().map_or_else(|| "it was used".to_owned(), |(_, label)| label.clone());
                    let lapse = Lapse::of(dataset).value("dimension", dimension).value("release", release);
                    lapses.push(lapse.value("version", row.version.as_deref().unwrap_or("without a version")));
                }
            }
            lapses.dedup();
            Judgement::of(lapses)
        })
    })
}

/// The first release that used the data so, with its day: of a system the first since its row says, of a model the first of the version
/// that runs.
fn first_released(dataset: Entry<'_>, row: &Use) -> Option<(Date, String)> {
    let view = dataset.view();
    let user = view.get(row.record)?;
    let on = |(at, release): (jiff::Timestamp, Entry<'_>)| (view.day(at), release.label());
    if user.kind().name == AiSystem::KIND {
        let rows = AiSystem(user.content()).datasets();
        let since = rows.filter(|one| one.dataset().is_some_and(|link| link.id == dataset.id()) && one.use_() == row.of);
        let since = since.filter_map(|one| one.since()).min();
        return deployed(user).into_iter().find(|(at, _)| since.is_none_or(|since| since <= view.day(*at))).map(on);
    }
    let running = user.incoming(Release::KIND, "model_versions").filter(|release| is_running(*release));
    let firsts = running.filter_map(|release| {
        let version = version_in(release, user.id())?;
        let all = deployed(release.linked("ai_system")?);
        all.into_iter().find(|(_, other)| version_in(*other, user.id()) == Some(version))
    });
    firsts.min_by_key(|(at, one)| (*at, one.id())).map(on)
}

fn is_running(release: Entry<'_>) -> bool {
    release.linked("ai_system").and_then(running_release).is_some_and(|running| running.id() == release.id())
}

fn version_in(release: Entry<'_>, model: Id) -> Option<&str> {
    let mut rows = Release(release.content()).model_versions();
    rows.find(|row| row.model().is_some_and(|link| link.id == model))?.version()
}

/// The dimensions with a target that the assessment holds no value for, or one measured too late. The order of events before the first
/// scope is not asked.
fn unmeasured(dataset: Entry<'_>, assessment: Option<Entry<'_>>, by: Option<Date>) -> Vec<String> {
    let Some(assessment) = assessment else { return vec!["quality".to_owned()] };
    let first = dataset.view().first_scope_on();
    let by = by.filter(|by| first.is_some_and(|first| *by >= first));
    let in_time = |row: &DataAssessmentQualityRow<'_>| match by {
        None => true,
        Some(by) => row.measured_at().is_some_and(|on| on <= by),
    };
    let rows: Vec<_> = DataAssessment(assessment.content()).quality().filter(|row| row.value().is_some()).collect();
    let measured = |dimension: QualityDimension| rows.iter().any(|row| row.dimension() == Some(dimension) && in_time(row));
    let mut open: Vec<QualityDimension> = Dataset(dataset.content()).quality_targets().filter_map(|row| row.dimension()).collect();
    open.sort_unstable();
    open.dedup();
    open.into_iter().filter(|dimension| !measured(*dimension)).map(|dimension| words(dimension.id())).collect()
}

/// A.7.4-O2
pub(super) fn what_comes_in_is_measured(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["datasets"], || {
            let rows = of_system(system).into_iter().filter(|row| row.model.is_none() && row.is_current() && row.is_for(&INCOMING));
            let rows: Vec<DataRow<'_>> = rows.filter(|row| row.dataset.is_some()).collect();
            if rows.is_empty() {
                return Judgement::Skip("it names no data that comes in".to_owned());
            }
            let since = asked_from(system).map(|from| from.max(first_named(system)));
            let Some(asked) = since.and_then(|from| window.from_day(from)) else {
                return Judgement::Skip("settling in".to_owned());
            };
            let mut lapses: Vec<Lapse> = Vec::new();
            for dataset in rows.iter().filter_map(|row| row.dataset) {
                let holes = without_hole(asked, looks(system, dataset), interval(dataset));
                lapses.extend(holes.into_iter().map(|hole| {
                    let days = Window { from: hole.from.max(asked.from), to: hole.to };
                    Lapse::of(system).value("from", hole.from).value("to", hole.to).over(days)
                }));
            }
            Judgement::of(lapses)
        })
    })
}

/// The first day on which a row of the system says that data came in.
fn first_named(system: Entry<'_>) -> Date {
    let rows = AiSystem(system.content()).datasets().filter(|row| row.use_().is_some_and(|of| INCOMING.contains(&of)));
    rows.filter_map(|row| row.since()).min().unwrap_or_else(|| system.created_on())
}

/// The shortest interval of its targets, at most sixty days.
fn interval(dataset: Entry<'_>) -> i64 {
    let every = Dataset(dataset.content()).quality_targets().filter_map(|row| row.every());
    every.map(|every| in_days(&every)).min().unwrap_or(LONGEST_DAYS).min(LONGEST_DAYS)
}

/// The days on which the data was measured: values in its assessments for such a use, and the last days of values of data quality.
fn looks<'v>(system: Entry<'v>, dataset: Entry<'v>) -> Vec<Date> {
    let judged = assessments_of(dataset)
        .filter(|one| was_approved(*one) && DataAssessment(one.content()).use_().get().is_some_and(|of| INCOMING.contains(&of)));
    let values = judged.flat_map(|one| DataAssessment(one.content()).quality()).filter(|row| row.value().is_some());
    let metrics = metrics_of(system).into_iter().filter(|metric| metric.is_about(&[MonitoringPlanMetricCategory::DataQuality]));
    let seen = metrics.flat_map(|metric| metric.seen()).map(|seen| seen.days.to);
    values.filter_map(|row| row.measured_at()).chain(seen).collect()
}

/// A.7.4-O3
pub(super) fn a_miss_is_followed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let judged = view.all(DataAssessment::KIND).filter(|one| !one.is_any(&["draft", "rejected"]));
    each(judged, |assessment| {
        Judgement::needing(assessment, &["quality", "fit_limits"], || {
            let missed = DataAssessment(assessment.content()).quality().filter(|row| misses(*row));
            let missed = missed.filter_map(|row| Some((row.measured_at().filter(|on| window.has(*on))?, row)));
            let missed: Vec<_> = missed.collect();
            if missed.is_empty() {
                return Judgement::Skip("no target was missed in the window".to_owned());
            }
            let open: Vec<Lapse> = missed
                .into_iter()
                .filter(|(on, row)| {
                    let due = on.saturating_add(ACT_DAYS.days());
                    due < view.today() && !is_followed(assessment, *row, Window { from: *on, to: due })
                })
                .map(|(on, row)| {
                    let dimension = row.dimension().map_or_else(|| "a row".to_owned(), |one| words(one.id()));
                    let lapse = Lapse::of(assessment).value("dimension", dimension).value("date", on);
                    lapse.value("dataset", data_of(assessment))
                })
                .collect();
            Judgement::of(open)
        })
    })
}

/// Whether a change or acceptance that the row names, a limit of use, or a new version of the data came in time. What was there before
/// the value counts.
fn is_followed(assessment: Entry<'_>, row: DataAssessmentQualityRow<'_>, days: Window) -> bool {
    let view = assessment.view();
    let named = row.action().filter_map(|link| view.get(link.id));
    let acted = named
        .into_iter()
        .any(|record| [Change::KIND, Acceptance::KIND].contains(&record.kind().name.as_str()) && record.created_on() <= days.to);
    let limited = first_written(assessment, "fit_limits", |text| text.as_text().is_some_and(|text| !text.trim().is_empty()));
    let limited =
        limited.is_some_and(|leaf| view.day(leaf.time) <= days.to) && DataAssessment(assessment.content()).fit_limits().is_filled();
    let renewed = assessment.linked("dataset").is_some_and(|dataset| {
        let mut versions = Dataset(dataset.content()).versions();
        versions.any(|version| version.made_on().is_some_and(|on| on > days.from && on <= days.to))
    });
    acted || limited || renewed
}
