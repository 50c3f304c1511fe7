//! The targets that data is to reach, written before it was measured.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Value;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentQualityRow};
use vouch_record::kind::generated::dataset::{Dataset, DatasetQualityTargetRow};
use vouch_record::kind::generated::shared::QualityDimension;
use vouch_record::view::Row;

use crate::check::data_in_use::{data_of, in_use};
use crate::check::specified::holds;
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How many dimensions need a target.
const LEAST: usize = 4;
/// Dimensions of which each group needs a target for one.
const GROUPS: [&[QualityDimension]; 3] = [
    &[QualityDimension::Completeness],
    &[QualityDimension::Currency],
    &[QualityDimension::Accuracy, QualityDimension::LabelQuality],
];

/// A.7.4-D1
pub(super) fn targets_are_written(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["quality_targets", "known_limits"], || {
            let lapse = |dimension: String| Lapse::of(dataset).value("dimension", dimension);
            Judgement::of(without_target(dataset).into_iter().map(lapse).collect())
        })
    })
}

/// The dimensions without a target a person can measure, those left out that `known_limits` rules out.
fn without_target(dataset: Entry<'_>) -> Vec<String> {
    let content = Dataset(dataset.content());
    let complete =
        |row: &DatasetQualityTargetRow<'_>| row.requirement().is_some() && row.comparator().is_some() && row.threshold().is_some();
    let mut there: Vec<QualityDimension> = content.quality_targets().filter(complete).filter_map(|row| row.dimension()).collect();
    there.sort_unstable();
    there.dedup();
    let limits = content.known_limits().get().unwrap_or_default();
    let ruled_out = |group: &[QualityDimension]| group.iter().any(|one| holds(limits, &words(one.id())));
    let open: Vec<&[QualityDimension]> = GROUPS.into_iter().filter(|group| !group.iter().any(|one| there.contains(one))).collect();
    let missing = open.iter().filter(|group| !ruled_out(group)).map(|group| {
        let names: Vec<String> = group.iter().map(|one| words(one.id())).collect();
        names.join(" or ")
    });
    let mut missing: Vec<String> = missing.collect();
    if missing.is_empty() && there.len() + open.len() < LEAST {
        missing.push("a fourth dimension".to_owned());
    }
    missing
}

/// A.7.4-D2
pub(super) fn targets_came_before_values(view: &View) -> Verdicts {
    each(view.live(DataAssessment::KIND), |assessment| {
        Judgement::needing(assessment, &["quality"], || {
            let Some(dataset) = assessment.linked("dataset") else { return Judgement::Skip("its data was set aside".to_owned()) };
            let rows: Vec<_> = DataAssessment(assessment.content()).quality().filter(|row| row.threshold().is_some()).collect();
            if rows.is_empty() {
                return Judgement::Skip("it has no threshold".to_owned());
            }
            let late = rows.into_iter().filter(|row| !came_before(assessment, dataset, *row));
            let lapse = |row: DataAssessmentQualityRow<'_>| {
                let dimension = row.dimension().map_or_else(|| "a row".to_owned(), |one| words(one.id()));
                Lapse::of(assessment).value("dimension", dimension).value("dataset", data_of(assessment))
            };
            Judgement::of(late.map(lapse).collect())
        })
    })
}

fn came_before(assessment: Entry<'_>, dataset: Entry<'_>, row: DataAssessmentQualityRow<'_>) -> bool {
    let view = assessment.view();
    let (dimension, threshold) = (row.dimension(), row.threshold());
    let today = || {
        let mut targets = Dataset(dataset.content()).quality_targets();
        targets.any(|target| target.dimension() == dimension && target.threshold() == threshold)
    };
    let Some(on) = row.measured_at() else { return today() };
    if view.first_scope_on().is_none_or(|first| on < first) && today() {
        return true;
    }
    stood(dataset, "quality_targets", dimension, threshold, on) || stood(assessment, "quality", dimension, threshold, on)
}

/// Whether a list held this threshold for a dimension on a day, the day of writing included.
fn stood(entry: Entry<'_>, list: &str, dimension: Option<QualityDimension>, threshold: Option<Decimal>, on: Date) -> bool {
    let view = entry.view();
    let holds = |row: &Value| {
        let row = Row(row);
        row.read::<QualityDimension>("dimension") == dimension && row.read::<Decimal>("threshold") == threshold
    };
    let revisions: Vec<_> = entry.revisions().collect();
    revisions.iter().enumerate().any(|(at, leaf)| {
        let written = view.day(leaf.time) <= on;
        let replaced = revisions.get(at + 1).is_some_and(|next| view.day(next.time) < on);
        written && !replaced && leaf.body.get(list).is_some_and(|rows| rows.items().iter().any(holds))
    })
}
