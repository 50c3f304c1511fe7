//! Digests of what a row proposed, so that a later run can tell what changed without keeping what it said.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::ProposedRecord;

/// SHA-256 of a salt, a place and a value, as 64 hex digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// Digests of all fields that a row proposed, by key of the record and name of the field.
///
/// Two runs with one salt agree about a field exactly if it was proposed alike, so they say which fields a new row
/// changes against the last imported one. Answers such as *yes* are easily guessed from a digest without salt; give one
/// that belongs to the organisation.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprints(BTreeMap<String, BTreeMap<String, Fingerprint>>);

impl Fingerprint {
    /// Digest of the parts, each with its length before it so that none runs into the next.
    #[must_use]
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        Self(digest(parts).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }
}

/// The same as bytes.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Fingerprints {
    pub(super) fn of(records: &[ProposedRecord], salt: &[u8]) -> Self {
        let of_record = |record: &ProposedRecord| {
            let print = |(name, value): (&String, &Value)| {
                let parts = [salt, record.kind.as_bytes(), record.local_key.as_bytes(), name.as_bytes(), &canonical(value)];
                (name.clone(), Fingerprint::of(parts))
            };
            (record.local_key.clone(), with_lookups(record).iter().map(print).collect())
        };
        Self(records.iter().map(of_record).collect())
    }

    /// Fields of a record, with their digests.
    #[must_use]
    pub fn record(&self, local_key: &str) -> Option<&BTreeMap<String, Fingerprint>> {
        self.0.get(local_key)
    }

    /// Keys of the records that were proposed.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Names of the fields of a record that `later` proposes otherwise, newly or no longer.
    #[must_use]
    pub fn changed_fields(&self, later: &Self, local_key: &str) -> Vec<String> {
        let none = BTreeMap::new();
        let before = self.record(local_key).unwrap_or(&none);
        let after = later.record(local_key).unwrap_or(&none);
        let mut names: Vec<String> =
            before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name)).cloned().collect();
        names.sort();
        names.dedup();
        names
    }
}

/// A link that the use case finds is no part of what the row says, but the value it is found by is, and stands in the row.
fn with_lookups(record: &ProposedRecord) -> Map<String, Value> {
    let mut fields = record.fields.clone();
    for fill in &record.fills {
        fields.insert(fill.field.clone(), Value::String(String::new()));
    }
    fields
}

fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("a value without floats and with text keys has a canonical form")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &str) -> ProposedRecord {
        ProposedRecord {
            local_key: "system".to_owned(),
            kind: "ai-system".to_owned(),
            fields: serde_json::from_str(fields).unwrap(),
            lookups: Vec::new(),
            fills: Vec::new(),
        }
    }

    #[test]
    fn changed_fields_are_told_from_digests_alone() {
        let prints = |fields: &str, salt: &[u8]| Fingerprints::of(&[record(fields)], salt);
        let before = prints(r#"{"a":"x","b":[{"p":1,"q":2}],"c":true}"#, b"salt");
        assert!(before.changed_fields(&prints(r#"{"c":true,"b":[{"q":2,"p":1}],"a":"x"}"#, b"salt"), "system").is_empty());
        let after = prints(r#"{"a":"y","b":[{"p":1,"q":2}],"d":false}"#, b"salt");
        assert_eq!(before.changed_fields(&after, "system"), ["a", "c", "d"]);
        assert_eq!(before.changed_fields(&prints(r#"{"a":"x"}"#, b"other"), "system"), ["a", "b", "c"]);
        assert!(!serde_json::to_string(&before).unwrap().contains("\"x\""));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(Fingerprint::of([b"ab".as_slice(), b"c"]), Fingerprint::of([b"a".as_slice(), b"bc"]));
    }
}
