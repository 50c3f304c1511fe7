//! The texts of failure modes.

use serde::Deserialize;

use crate::readiness::Grade;

/// The text of one failure mode.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeText {
    /// id, never changed
    pub id: String,
    /// what it is called
    pub title: String,
    /// when it fires, with the limits as the product sets them
    pub rule: String,
    /// kinds it reads
    pub reads: Vec<String>,
    /// its effect on a certificate
    pub grade: Grade,
    /// sentence for one case, with placeholders
    pub finding: String,
    /// what to do
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
    /// limits that an organisation may set otherwise
    pub limits: Vec<Limit>,
}

/// A number from which something counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// its name, unique in the mode
    pub name: String,
    /// the product's value
    pub value: i64,
    /// what it counts
    pub unit: String,
    /// which way lets more pass
    pub looser: Looser,
    /// what it is
    pub says: String,
}

/// Which way of a limit lets more pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Looser {
    /// a higher value
    Higher,
    /// a lower value
    Lower,
}
