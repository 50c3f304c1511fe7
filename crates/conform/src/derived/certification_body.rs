//! Derived values of a certification body.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use vouch_record::kind::generated::certification_body::CertificationBody;
use vouch_record::time::days_between;

use super::Derived;
use super::answer::{number, whole};
use crate::view::{Entry, View};

/// The derived values of a certification body.
pub const TABLE: &[Derived] = &[
    Derived::new("weighted_score", |entry| number(weighted_score(entry))).reading(&["scores"]),
    Derived::new("accreditation_age", |entry| accreditation_age(entry).map_or(vouch_record::condition::Val::Empty, whole))
        .reading(&["accreditation_checked_on"]),
];

/// Scores times the weights of the selection criteria (`frameworks/certification.yaml`), divided by the weights of the criteria that were
/// scored, so that it is read like a score from 1 to 5. Nothing without a score.
#[must_use]
pub fn weighted_score(entry: Entry<'_>) -> Option<Decimal> {
    let weights = weights(entry.view());
    let rows = CertificationBody(entry.content()).scores();
    let scored: Vec<(Decimal, Decimal)> =
        rows.filter_map(|row| Some((Decimal::from(row.score()?), *weights.get(row.criterion()?.id())?))).collect();
    let total: Decimal = scored.iter().map(|(_, weight)| weight).sum();
    let sum: Decimal = scored.iter().map(|(score, weight)| score * weight).sum();
    sum.checked_div(total).map(|score| score.round_dp(2))
}

#[derive(Deserialize)]
struct Certification {
    selection_criteria: Vec<Criterion>,
}

#[derive(Deserialize)]
struct Criterion {
    id: String,
    weight_hint: u32,
}

/// Weights of the selection criteria; none where the file cannot be read, so that no score is made up.
fn weights(view: &View) -> &BTreeMap<String, Decimal> {
    view.keep(None, "certification-body.weights", || {
        let text = view.frameworks().bytes("certification").and_then(|bytes| std::str::from_utf8(bytes).ok());
        let read = text.and_then(|text| serde_saphyr::from_str::<Certification>(text).ok());
        let criteria = read.map(|read| read.selection_criteria).unwrap_or_default();
        criteria.into_iter().map(|one| (one.id, Decimal::from(one.weight_hint))).collect::<BTreeMap<_, _>>()
    })
}

/// Days since its accreditation was looked up.
#[must_use]
pub fn accreditation_age(entry: Entry<'_>) -> Option<i64> {
    let checked = CertificationBody(entry.content()).accreditation_checked_on().get()?;
    Some(days_between(checked, entry.view().today()))
}
