//! What the files of the base say about one record.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// One record from its creation on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Life {
    pub(super) at: String,
    pub(super) by: String,
    /// state it begins in, where that is not draft (or the first, for a kind without)
    pub(super) state: Option<String>,
    #[serde(default)]
    pub(super) fields: Map<String, Json>,
    #[serde(default)]
    pub(super) then: Vec<Step>,
}

/// One thing that happened to a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) at: String,
    pub(super) by: String,
    /// state it enters
    pub(super) to: Option<String>,
    /// state it leaves, where that is not the head's
    pub(super) from: Option<String>,
    #[serde(default)]
    pub(super) set: Map<String, Json>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) cause: Vec<String>,
    pub(super) revise: Option<Map<String, Json>>,
    /// state after a revision, where it is not the one before
    pub(super) state: Option<String>,
    pub(super) approve: Option<Approve>,
    pub(super) aside: Option<String>,
}

/// Approvals given in a step.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Approve {
    By(String),
    With(Map<String, Json>),
    Many(Vec<Approve>),
}

impl Approve {
    /// The fields of each approval, as far as the step says them.
    pub(super) fn each(&self) -> Vec<Map<String, Json>> {
        match self {
            Self::By(person) => vec![Map::from_iter([("by".to_owned(), Json::from(person.as_str()))])],
            Self::With(fields) => vec![fields.clone()],
            Self::Many(many) => many.iter().flat_map(Self::each).collect(),
        }
    }
}

/// Reads a day (nine o'clock) or an instant.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    if let Some(at) = vouch_record::time::read_instant(text) {
        return Ok(at);
    }
    let day = day(text)?;
    day.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map(|at| at.timestamp()).map_err(|error| error.to_string())
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<Date, String> {
    vouch_record::time::parse_date(text).ok_or_else(|| format!("`{text}` is no day of the form YYYY-MM-DD and no instant"))
}
