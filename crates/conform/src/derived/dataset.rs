//! Derived values of a data set.

mod deletion;
mod used;

pub use deletion::{overdue_deletion, undisposed};
pub use used::{Overlap, Use, overlap, used_by, uses};

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentState};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::shared::{DataUse, RightsBasis};

use super::answer::{table, texts};
use super::approved::approved_at;
use super::{Derived, data_assessment};
use crate::view::Entry;

/// The derived values of a data set.
pub const TABLE: &[Derived] = &[
    Derived::new("used_by", |entry| {
        table(entry, "dataset.used_by", || {
            used_by(entry)
                .into_iter()
                .map(|row| row! { record: row.record, version: row.version, use: row.of.map(DataUse::id) })
                .collect()
        })
    }),
    Derived::new("assessment", |entry| {
        table(entry, "dataset.assessment", || {
            let rows = assessments(entry).iter();
            rows.map(|row| row! { version: row.version.clone(), use: row.of.id(), assessment: row.assessment }).collect()
        })
    }),
    Derived::new("used_unassessed", |entry| {
        table(entry, "dataset.used_unassessed", || {
            used_unassessed(entry)
                .into_iter()
                .map(|row| row! { record: row.record, version: row.version, use: row.of.map(DataUse::id) })
                .collect()
        })
    }),
    Derived::new("overlap", |entry| {
        table(entry, "dataset.overlap", || {
            overlap(entry).into_iter().map(|row| row! { ai_system: row.system, version: row.version, digest: row.digest }).collect()
        })
    })
    .reading(&["versions"]),
    Derived::new("rights_ended", |entry| Val::Bool(rights_ended(entry))).reading(&["rights_until", "rights_basis"]),
    Derived::new("overdue_deletion", |entry| texts(overdue_deletion(entry))).reading(&[
        "versions",
        "disposals",
        "delete_by",
        "keep_for",
    ]),
    Derived::new("owner_wrote", |entry| Val::Bool(super::owner_wrote(entry))).reading(&["owner"]),
    Derived::new("undisposed", |entry| texts(undisposed(entry))).reading(&["versions", "disposals"]),
];

/// The digest of a version, or the text itself where it is a digest of one.
#[must_use]
pub fn digest(entry: Entry<'_>, version: &str) -> Option<String> {
    let versions = Dataset(entry.content()).versions();
    let row = versions.into_iter().find(|row| row.version() == Some(version) || row.digest() == Some(version))?;
    row.digest().map(str::to_owned)
}

/// The latest approved assessment of a version for a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// version or digest that was judged
    pub version: String,
    /// for what
    pub of: DataUse,
    /// the assessment
    pub assessment: Id,
}

/// Latest approved data assessment per version and use.
#[must_use]
pub fn assessments(entry: Entry<'_>) -> &[Assessed] {
    entry.view().keep(Some(entry.id()), "dataset.assessment", || {
        let approved = entry.incoming(DataAssessment::KIND, "dataset").filter(|one| one.is(DataAssessmentState::Approved.id()));
        let mut approved: Vec<Entry<'_>> = approved.collect();
        approved.sort_by_key(|one| std::cmp::Reverse((approved_at(*one), one.id())));
        let mut found: Vec<Assessed> = Vec::new();
        for one in approved {
            let content = DataAssessment(one.content());
            let (Some(version), Some(of)) = (content.dataset_version().get(), content.use_().get()) else { continue };
            if !found.iter().any(|there| there.of == of && there.version == version) {
                found.push(Assessed { version: version.to_owned(), of, assessment: one.id() });
            }
        }
        found
    })
}

/// The approved assessment of a version (by name or digest) for a use.
#[must_use]
pub fn assessment_of<'v>(entry: Entry<'v>, version: &str, of: DataUse) -> Option<Entry<'v>> {
    let digest = digest(entry, version);
    let same = |judged: &str| {
        judged == version
            || digest.as_deref().is_some_and(|digest| judged == digest || self::digest(entry, judged).as_deref() == Some(digest))
    };
    assessments(entry).iter().find(|row| row.of == of && same(&row.version)).and_then(|row| entry.view().get(row.assessment))
}

/// Uses by a live system or a running model, today, of a version that has no approved and unexpired assessment for that use. A row that
/// names no version, or no use, names nothing that was assessed.
#[must_use]
pub fn used_unassessed(entry: Entry<'_>) -> Vec<Use> {
    let assessed = |row: &Use| {
        let pair = row.version.as_deref().zip(row.of);
        pair.and_then(|(version, of)| assessment_of(entry, version, of)).is_some_and(|one| !data_assessment::expired(one))
    };
    uses(entry).into_iter().filter(|row| !assessed(row)).collect()
}

/// The right to use it has ended or is unclear while a live system names it.
#[must_use]
pub fn rights_ended(entry: Entry<'_>) -> bool {
    let dataset = Dataset(entry.content());
    let ended = dataset.rights_until().get().is_some_and(|until| until < entry.view().today());
    (ended || dataset.rights_basis().is(RightsBasis::Unclear)) && !uses(entry).is_empty()
}
