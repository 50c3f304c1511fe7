//! What a unit appends, and the rows that stand for it in lists.

/// One leaf to append, with everything that is written with it.
///
/// Who, what and when are read from the envelope, so they cannot differ from what the log commits to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaf {
    /// Canonical bytes of a `vouch_ledger::Envelope`, whose `seq` is the size of the log so far.
    pub envelope: Vec<u8>,
    /// Encoded stored body: key or salts, and fields. None where there is none to keep.
    pub body: Option<Vec<u8>>,
    /// How lists show the record from now on; None leaves it as it is.
    pub projection: Option<Projection>,
    /// All links of the record from now on, in any order; None leaves them as they are. The record must have a projection.
    pub links: Option<Vec<LinkRow>>,
    /// Text by which the record is found from now on, besides its id and title; None leaves what was indexed, title included.
    pub search: Option<String>,
}

/// How lists show a record. Computed from bodies and leaves, never the truth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Projection {
    /// Revision of the head.
    pub revision: u64,
    /// State of the record.
    pub state: String,
    /// Revision in force, if there is one.
    pub in_force: Option<u64>,
    /// What the record is called.
    pub title: String,
    /// The head's fields as JSON; the store does not look into it.
    pub fields: Vec<u8>,
}

/// One link of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkRow {
    /// Field that holds the link.
    pub field: String,
    /// Target: an id of a record or of a requirement.
    pub to_id: String,
    /// Revision that the link names.
    pub to_revision: Option<u64>,
}

/// A link with the record that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// Record that holds the link.
    pub from_id: String,
    /// The link.
    pub link: LinkRow,
}

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Id, such as `SYS-3`.
    pub id: String,
    /// Kind, such as `ai-system`.
    pub kind: String,
    /// Leaf that wrote this row.
    pub seq: u64,
    /// The rest.
    pub projection: Projection,
}

/// A leaf as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLeaf {
    /// Index in the log.
    pub seq: u64,
    /// Bytes that are hashed.
    pub envelope: Vec<u8>,
    /// Encoded stored body, where it was asked for and is there.
    pub body: Option<Vec<u8>>,
}

/// Tip of the log, as a commit left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree over them.
    pub root: vouch_ledger::Hash,
    /// Time of the last leaf, milliseconds since 1970; the earliest time there is when the log is empty.
    pub time_ms: i64,
}

impl Head {
    /// Head of a log without leaves.
    pub const EMPTY: Self = Self { size: 0, root: vouch_ledger::tree::EMPTY_ROOT, time_ms: vouch_ledger::time::FIRST };
}

/// Tip of the log inside a unit: the leaves of this unit and of units before it in the group count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    /// Number of leaves, which is the `seq` of the next one.
    pub size: u64,
    /// Time of the last leaf, milliseconds since 1970; the next one is not before it.
    pub time_ms: i64,
}

/// A signed checkpoint as a commit stored it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// What is signed.
    pub head: Head,
    /// The signed note.
    pub note: Vec<u8>,
}
