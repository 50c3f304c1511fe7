//! The auditable items of ISO/IEC 42001.

use serde::Deserialize;

/// A clause item or control on which a statement of applicability, a gap list or an audit plan works.
#[derive(Clone, Debug)]
pub struct Item {
    /// id, for example `6.1.2` or `A.5.2`
    pub id: String,
    /// clause item or control
    pub kind: ItemKind,
    /// group it stands in
    pub parent: Option<String>,
    /// short title
    pub title: String,
    /// what it asks for, in our words
    pub summary: String,
    /// whether it asks for a document or record
    pub required: Need,
    /// what to keep
    pub documents: Vec<String>,
    /// evidence an auditor reads at Stage 1
    pub stage1: Vec<String>,
    /// evidence that it operates
    pub stage2: Vec<String>,
    /// what usually is missing (clauses) or what an auditor asks (controls)
    pub question: String,
    /// role key of who usually answers for it
    pub suggested_owner: String,
    /// sorts of evidence that fit
    pub evidence_kinds: Vec<String>,
    /// how often it is renewed
    pub cadence: Cadence,
    /// age in days from which evidence is stale; driven by events if absent
    pub max_age_days: Option<u32>,
    /// events that renew it
    pub triggers: Vec<String>,
    /// roles toward AI for which a control usually applies; none for clauses
    pub roles: Vec<String>,
    /// number of its guidance in Annex B
    pub annex_b: Option<String>,
}

/// What sort of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// of clauses 4 to 10
    Clause,
    /// of Annex A
    Control,
}

/// Whether an item asks for documented information.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// the item itself asks for it
    Explicit,
    /// only as far as needed
    ExtentNecessary,
    /// not at all
    None,
}

/// How often something is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// all the time
    Continuous,
    /// each month
    Monthly,
    /// each quarter
    Quarterly,
    /// twice a year
    Semiannual,
    /// each year
    Annual,
    /// when something happens
    PerEvent,
}

impl Item {
    /// Whether it is a control of Annex A.
    #[must_use]
    pub fn is_control(&self) -> bool {
        self.kind == ItemKind::Control
    }
}
