//! The kind files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKind {
    pub(super) kind: String,
    pub(super) version: u32,
    pub(super) prefix: String,
    pub(super) area: String,
    pub(super) title: String,
    pub(super) plural: String,
    pub(super) help: String,
    pub(super) fields: Vec<RawField>,
    #[serde(default)]
    pub(super) derived: Vec<RawDerived>,
    pub(super) states: Vec<String>,
    pub(super) settled: Vec<String>,
    #[serde(default)]
    pub(super) living: Vec<String>,
    pub(super) transitions: Vec<RawTransition>,
    #[serde(default)]
    pub(super) unique: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) proves: Vec<RawProves>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOwn {
    pub(super) kind: String,
    pub(super) fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChoice {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) help: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) required: String,
    pub(super) help: String,
    #[serde(default)]
    pub(super) values: Vec<RawChoice>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, Vec<RawChoice>>,
    pub(super) from: Option<OneOrMany>,
    #[serde(default)]
    pub(super) personal_data: bool,
    pub(super) needed_when: Option<String>,
    pub(super) needed_from: Option<String>,
    #[serde(default)]
    pub(super) may_be_empty: bool,
    pub(super) may_be_empty_when: Option<String>,
    #[serde(default)]
    pub(super) program: bool,
    pub(super) mirror: Option<String>,
    #[serde(default)]
    pub(super) checks: Vec<RawRequirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDerived {
    pub(super) name: String,
    pub(super) rule: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) values_of: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequirement {
    #[serde(rename = "if")]
    pub(super) condition: String,
    pub(super) say: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTransition {
    pub(super) from: OneOrMany,
    pub(super) to: String,
    pub(super) needs: String,
    pub(super) who: String,
    #[serde(default)]
    pub(super) by: Vec<String>,
    #[serde(default)]
    pub(super) not_by: Vec<String>,
    pub(super) machine: Option<String>,
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) approvals: Vec<RawApproval>,
    #[serde(default)]
    pub(super) requires: Vec<RawRequirement>,
    #[serde(default)]
    pub(super) set: Vec<String>,
    #[serde(default)]
    pub(super) writes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApproval {
    pub(super) purpose: Option<OneOrMany>,
    pub(super) decision: Option<String>,
    #[serde(default)]
    pub(super) by: Vec<String>,
    #[serde(default)]
    pub(super) not: Vec<String>,
    #[serde(default)]
    pub(super) capacity: Vec<String>,
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) on_behalf: bool,
    #[serde(default)]
    pub(super) every: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProves {
    pub(super) requirement: String,
    pub(super) depth: String,
    pub(super) when: String,
}
