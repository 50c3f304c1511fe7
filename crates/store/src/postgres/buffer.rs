//! What a group has written so far: gathered here, sent in a few statements, and cut back where a unit is refused.

use vouch_ledger::Hash;

use crate::StagedFile;
use crate::leaf::{LinkRow, Tip};

/// Bytes after which a group sends what it has gathered.
pub(super) const MOST_BYTES: usize = 8 << 20;

/// One write that was not sent yet.
#[derive(Debug)]
pub(super) enum Write {
    /// A leaf; its body where there is one.
    Leaf { seq: i64, id: String, envelope: Vec<u8>, body: Option<Vec<u8>> },
    /// The highest number of a kind is at least this.
    Number { kind: String, number: i64 },
    /// How lists show a record. `words` is its text vector, None leaves what was indexed.
    Record { row: RecordWrite, words: Option<String> },
    /// All links of a record.
    Links { id: String, links: Vec<LinkRow> },
    /// A desk entry, None where it is removed.
    Desk { space: String, key: String, value: Option<Vec<u8>> },
}

/// A row of `record`.
#[derive(Debug)]
pub(super) struct RecordWrite {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) number: i64,
    pub(super) revision: i64,
    pub(super) state: String,
    pub(super) in_force: Option<i64>,
    pub(super) title: Vec<u8>,
    pub(super) fields: Vec<u8>,
    pub(super) seq: i64,
}

impl Write {
    fn bytes(&self) -> usize {
        match self {
            Self::Leaf { envelope, body, .. } => envelope.len() + body.as_ref().map_or(0, Vec::len),
            Self::Record { row, words } => row.title.len() + row.fields.len() + words.as_ref().map_or(0, String::len),
            Self::Desk { value, .. } => value.as_ref().map_or(0, Vec::len),
            Self::Number { .. } | Self::Links { .. } => 0,
        }
    }
}

/// Writes of the units of a group so far.
#[derive(Debug)]
pub(super) struct Buffer {
    /// Tip after the group's leaves so far.
    pub(super) tip: Tip,
    /// Hashes of the group's leaves; the tree takes them when all units have run.
    pub(super) leaves: Vec<Hash>,
    /// Files that become kept with the commit.
    pub(super) staged: Vec<StagedFile>,
    /// What was not sent yet.
    pub(super) writes: Vec<Write>,
    /// Bytes of these.
    bytes: usize,
    /// Whether the unit at work has sent anything, and so has a savepoint.
    pub(super) has_savepoint: bool,
    /// Where the writes of the unit at work begin.
    unit_begins: usize,
}

/// Where a unit began.
#[derive(Debug)]
pub(super) struct Mark {
    tip: Tip,
    leaves: usize,
    staged: usize,
}

impl Buffer {
    pub(super) fn new(tip: Tip) -> Self {
        let (leaves, staged, writes) = (Vec::new(), Vec::new(), Vec::new());
        Self { tip, leaves, staged, writes, bytes: 0, has_savepoint: false, unit_begins: 0 }
    }

    /// A unit begins.
    pub(super) fn mark(&mut self) -> Mark {
        self.has_savepoint = false;
        self.unit_begins = self.writes.len();
        Mark { tip: self.tip, leaves: self.leaves.len(), staged: self.staged.len() }
    }

    /// Forgets what was written since the mark and not sent; files staged since then go.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        self.tip = mark.tip;
        self.leaves.truncate(mark.leaves);
        self.staged.truncate(mark.staged);
        self.writes.truncate(self.unit_begins);
        self.bytes = self.writes.iter().map(Write::bytes).sum();
    }

    pub(super) fn push(&mut self, write: Write) {
        self.bytes += write.bytes();
        self.writes.push(write);
    }

    /// Whether so much waits that it should be sent.
    pub(super) fn is_large(&self) -> bool {
        self.bytes > MOST_BYTES
    }

    /// Takes what earlier units have written.
    pub(super) fn take_earlier(&mut self) -> Vec<Write> {
        let own = self.writes.split_off(self.unit_begins);
        self.unit_begins = 0;
        let earlier = std::mem::replace(&mut self.writes, own);
        self.bytes = self.writes.iter().map(Write::bytes).sum();
        earlier
    }

    /// Takes everything.
    pub(super) fn take(&mut self) -> Vec<Write> {
        (self.bytes, self.unit_begins) = (0, 0);
        std::mem::take(&mut self.writes)
    }
}
