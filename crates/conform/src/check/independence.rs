//! Why an approval does not count as that of another person (`terms.yaml`, independent).

use vouch_record::Id;

use super::wording::words;
use crate::view::{Entry, Given};

/// Why an approval does not count: an override, one of the people whom the rule names (each with what they did), or a signature given
/// elsewhere that nobody has proved. A clause with the giver as subject; nothing when it counts.
pub(super) fn defect(given: &Given<'_>, others: &[(&[Id], &str)]) -> Option<String> {
    let Some(by) = given.by() else { return Some("is not known".to_owned()) };
    if let Some(rule) = given.overrides() {
        return Some(format!("set a rule aside with the override {}", words(rule.id())));
    }
    let named = others.iter().find(|(people, _)| people.contains(&by)).map(|(_, did)| (*did).to_owned());
    named.or_else(|| (!given.counts_as_proof()).then(|| "signed elsewhere without a proof that was reviewed".to_owned()))
}

/// Everybody who last changed a field of the revision that was approved.
pub(super) fn authors_then(subject: Entry<'_>, given: &Given<'_>) -> Vec<Id> {
    let approved = subject.revisions().find(|leaf| leaf.revision == given.revision());
    approved.map_or_else(Vec::new, |leaf| subject.authors_of(leaf))
}
