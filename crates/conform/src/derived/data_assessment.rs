//! Derived values of a data assessment.

use rust_decimal::Decimal;
use vouch_record::condition::Val;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentQualityRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::shared::{Comparator, QualityDimension};

use super::answer::{instant, table};
use super::approved::approved_at;
use super::proportion::{Proportion, float};
use super::{Derived, dataset};
use crate::view::Entry;

/// The derived values of a data assessment.
pub const TABLE: &[Derived] = &[
    Derived::new("missed_quality", |entry| {
        table(entry, "data-assessment.missed_quality", || {
            let rows = missed_quality(entry).into_iter();
            rows.map(|row| row! { dimension: row.dimension.map(QualityDimension::id), value: row.value, threshold: row.threshold })
                .collect()
        })
    })
    .reading(&["quality"]),
    Derived::new("representation_gaps", |entry| {
        table(entry, "data-assessment.representation_gaps", || {
            let rows = representation_gaps(entry).into_iter();
            rows.map(|gap| row! { group: gap.group, expected_share: gap.expected, found_share: gap.found }).collect()
        })
    })
    .reading(&["representation"]),
    Derived::new("lineage_complete", |entry| Val::Bool(lineage_complete(entry))).reading(&["lineage", "dataset_version"]),
    Derived::new("expired", |entry| Val::Bool(expired(entry))).reading(&["valid_until", "rights_until"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
];

/// A target that was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// which dimension
    pub dimension: Option<QualityDimension>,
    /// what was found
    pub value: Decimal,
    /// what was wanted
    pub threshold: Decimal,
}

/// Quality rows whose value misses the threshold. A row without comparator wants at least the threshold.
#[must_use]
pub fn missed_quality(entry: Entry<'_>) -> Vec<Missed> {
    let rows = DataAssessment(entry.content()).quality();
    let missed = rows.filter_map(|row| {
        let (value, threshold) = (row.value()?, row.threshold()?);
        misses(row).then_some(Missed { dimension: row.dimension(), value, threshold })
    });
    missed.collect()
}

/// Whether the value of a quality row misses its threshold.
#[must_use]
pub fn misses(row: DataAssessmentQualityRow<'_>) -> bool {
    let (Some(value), Some(threshold)) = (row.value(), row.threshold()) else { return false };
    match row.comparator().unwrap_or(Comparator::AtLeast) {
        Comparator::AtLeast => value < threshold,
        Comparator::AtMost => value > threshold,
    }
}

/// A group that the data shows too seldom or too often.
#[derive(Clone, Debug, PartialEq)]
pub struct RepresentationGap {
    /// the group
    pub group: String,
    /// its share in the population the system will meet
    pub expected: Decimal,
    /// its share in the data
    pub found: Decimal,
    /// the interval around the found share
    pub interval: Proportion,
}

/// Groups whose found share lies outside what chance gives around the expected share in `n` cases, at 95 of 100.
///
/// Judged by the score test: the found share is too far from the expected one exactly when the expected one lies outside the Wilson
/// interval of the found one ([`Proportion`]). Rows without cases cannot be judged and are left out.
#[must_use]
pub fn representation_gaps(entry: Entry<'_>) -> Vec<RepresentationGap> {
    let rows = DataAssessment(entry.content()).representation();
    let gaps = rows.filter_map(|row| {
        let (expected, found) = (row.expected_share()?, row.found_share()?);
        let interval = Proportion::of_share(float(found), row.n()?)?;
        let group = row.group().unwrap_or_default().to_owned();
        (!interval.holds(float(expected))).then_some(RepresentationGap { group, expected, found, interval })
    });
    gaps.collect()
}

/// One step of a lineage.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    number: i64,
    /// digest of what it started from; nothing for a source outside
    input: Option<Option<String>>,
    output: Option<String>,
}

/// The lineage runs without a break from a source without `from_dataset` to the judged version: its steps are numbered without a hole,
/// the first starts from a source, each later one that names a data set starts from bytes that an earlier step gave (by the digest of
/// that version), each step says what it gave, and the last gave the judged bytes.
#[must_use]
pub fn lineage_complete(entry: Entry<'_>) -> bool {
    let assessment = DataAssessment(entry.content());
    let mut steps = Vec::new();
    for row in assessment.lineage() {
        let Some(number) = row.step() else { return false };
        let digest = |dataset: Entry<'_>| row.from_version().and_then(|version| dataset::digest(dataset, version));
        let input = row.from_dataset().map(|link| entry.view().find(link.id).and_then(digest));
        steps.push(Step { number, input, output: row.output_digest().map(str::to_owned) });
    }
    runs_to(steps, &judged_digests(entry))
}

/// The digests by which the judged version is known: the one written down, and that of the version of the data set.
fn judged_digests(entry: Entry<'_>) -> Vec<String> {
    let assessment = DataAssessment(entry.content());
    let written = assessment.integrity_digest().get().map(str::to_owned);
    let version = assessment.dataset_version().get();
    let dataset = assessment
        .dataset()
        .get()
        .and_then(|link| entry.view().find(link.id))
        .filter(|dataset| dataset.kind().name == Dataset::KIND);
    let of_version = dataset.zip(version).and_then(|(dataset, version)| dataset::digest(dataset, version));
    let mut digests: Vec<String> = [written, of_version].into_iter().flatten().collect();
    digests.dedup();
    digests
}

fn runs_to(mut steps: Vec<Step>, judged: &[String]) -> bool {
    steps.sort_by_key(|step| step.number);
    let numbered = steps.windows(2).all(|pair| pair[1].number == pair[0].number + 1);
    let from_source = steps.first().is_some_and(|first| first.input.is_none());
    let mut given: Vec<&String> = Vec::new();
    for step in &steps {
        match &step.input {
            Some(Some(digest)) if !given.contains(&digest) => return false,
            Some(None) => return false,
            Some(Some(_)) | None => {}
        }
        let Some(output) = &step.output else { return false };
        given.push(output);
    }
    // Two digests of the judged version that differ are a break of their own.
    let arrives = judged.len() == 1 && given.last().is_some_and(|last| **last == judged[0]);
    numbered && from_source && arrives
}

/// Its own end or the end of the right to use the data has passed.
#[must_use]
pub fn expired(entry: Entry<'_>) -> bool {
    let (assessment, today) = (DataAssessment(entry.content()), entry.view().today());
    [assessment.valid_until().get(), assessment.rights_until().get()].into_iter().flatten().any(|until| until < today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: i64, input: Option<Option<&str>>, output: Option<&str>) -> Step {
        Step { number, input: input.map(|digest| digest.map(str::to_owned)), output: output.map(str::to_owned) }
    }

    fn check(steps: Vec<Step>, judged: &[&str], expected: bool) {
        let judged: Vec<String> = judged.iter().map(|digest| (*digest).to_owned()).collect();
        assert_eq!(runs_to(steps.clone(), &judged), expected, "{steps:?} to {judged:?}");
    }

    #[test]
    fn a_lineage_runs_from_a_source_to_the_judged_bytes() {
        let (source, clean) = (step(1, None, Some("a")), step(2, Some(Some("a")), Some("b")));
        check(vec![clean.clone(), source.clone()], &["b"], true);
        check(vec![source.clone(), clean.clone()], &["c"], false);
        check(vec![source.clone(), clean.clone()], &[], false);
        check(vec![source.clone(), clean.clone()], &["b", "c"], false);
        check(vec![], &["b"], false);
        check(vec![clean.clone()], &["b"], false);
        check(vec![source.clone(), step(3, Some(Some("a")), Some("b"))], &["b"], false);
        check(vec![source.clone(), step(2, Some(Some("x")), Some("b"))], &["b"], false);
        check(vec![source.clone(), step(2, Some(None), Some("b"))], &["b"], false);
        check(vec![source, step(2, Some(Some("a")), None)], &["b"], false);
    }
}
