//! Judging an export or a proof file by its bytes and a policy, and nothing else.
//!
//! An export is read in passes, each from the first leaf to the last: the tree, the erasures (only where there are some), then leaf
//! by leaf with its body line. Bodies and files are read one at a time and never held. What is kept is about 100 bytes per leaf
//! and record: the commitments so far, so that none occurs twice, and the course of each record; who has a [`Past`] keeps none of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::Result;
use crate::checkpoint::{Signed, SignedCheckpoint};
use crate::policy::Policy;

mod body;
mod bundle;
mod course;
mod export;
mod folder;
mod keys;
mod leaf;
mod marks;
mod proof;
mod tree;
mod trust;

pub use export::{verify_export, verify_export_streaming, verify_with_past};
pub use proof::{key_changes, verify_proof};

/// What a verification without witness or time stamp proves, and what it does not; the words are the same everywhere.
pub const WHAT_IT_PROVES: &str = "without a witness or a time stamp this proves that nothing has changed since a checkpoint, \
     or for a key fingerprint, that you got by another way; it does not prove who typed something, nor that it is true";
/// Said when the policy is the one that came with what it judges.
pub const SELF_ASSERTED: &str = "self-asserted: the policy is the one inside what was verified";

/// The verdict on a leaf; the worst counts, and later is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Leaf and every field of the body.
    Verified,
    /// Leaf proved; body or some fields declared as not shown.
    Withheld,
    /// Leaf proved, and a proved erase leaf names what is missing.
    Erased,
    /// A line, or a file that a shown value names, is not there and nothing declares it.
    Missing,
    /// Anything else.
    Bad,
}

impl Verdict {
    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "VERIFIED",
            Self::Withheld => "WITHHELD",
            Self::Erased => "ERASED",
            Self::Missing => "MISSING",
            Self::Bad => "BAD",
        }
    }

    /// Whether nothing is wrong: neither missing nor bad.
    #[must_use]
    pub fn is_ok(self) -> bool {
        self < Self::Missing
    }
}

/// One leaf and the verdict on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Index of the leaf.
    pub seq: u64,
    /// Id of the record; empty when the envelope cannot be read.
    pub id: String,
    /// Revision that the leaf makes or is about; 0 when the envelope cannot be read.
    pub revision: u64,
    /// The verdict.
    pub state: Verdict,
    /// Why, in a sentence.
    pub reason: Cow<'static, str>,
}

/// Something wrong that is not one leaf's: a file of the export, the checkpoint, the chain of keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Path inside the export, or `seen`, `tree`, `proof`.
    pub place: String,
    /// What is wrong, in a sentence.
    pub reason: String,
}

/// The outcome of a verification, in the shape of `verify --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// No leaf is missing or bad, and nothing else is wrong.
    pub ok: bool,
    /// The log key that was trusted, as a verifier key; empty when the checkpoint was not accepted.
    pub trusted: String,
    /// SHA-256 of that public key in hex, for comparing by another way.
    pub fingerprint: String,
    /// Whether the policy came with what was verified.
    pub self_asserted: bool,
    /// Leaves below the checkpoint; 0 when it was not accepted.
    pub entries: u64,
    /// Root of the checkpoint in base64; empty when it was not accepted.
    pub root: String,
    /// One per leaf that was judged.
    pub items: Vec<Item>,
    /// What is wrong beside the leaves.
    pub faults: Vec<Fault>,
    /// What was not judged, who cosigned, what is worth knowing.
    pub notes: Vec<String>,
    /// What this proves and what it does not.
    pub proves: String,
}

impl Report {
    fn new(trust: &Trust<'_>) -> Self {
        let proves = if trust.self_asserted { format!("{WHAT_IT_PROVES}; {SELF_ASSERTED}") } else { WHAT_IT_PROVES.to_owned() };
        Self { proves, ..Self::unheard(trust.self_asserted) }
    }

    /// A report that nobody reads, for passes whose faults a later pass reports.
    fn unheard(self_asserted: bool) -> Self {
        Self {
            ok: false,
            trusted: String::new(),
            fingerprint: String::new(),
            self_asserted,
            entries: 0,
            root: String::new(),
            items: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
            proves: String::new(),
        }
    }

    fn fault(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), reason: reason.into() });
    }
}

/// What the verifier trusts.
#[derive(Clone, Copy)]
pub struct Trust<'a> {
    /// The policy that was given.
    pub policy: &'a Policy,
    /// Whether it is the one inside what is verified.
    pub self_asserted: bool,
    /// An earlier checkpoint of the same log, which must be consistent with this one.
    pub seen: Option<&'a SignedCheckpoint>,
    /// Judges time stamps; without it only that they carry the checkpoint's digest is.
    pub stamps: Option<&'a dyn Stamps>,
}

impl<'a> Trust<'a> {
    /// Trust in a policy that was got by another way.
    #[must_use]
    pub fn given(policy: &'a Policy) -> Self {
        Self { policy, self_asserted: false, seen: None, stamps: None }
    }
}

/// Knows authorities that stamp times.
pub trait Stamps {
    /// Judges an RFC 3161 token, in DER, over these bytes; gives who says what about them, in a sentence.
    ///
    /// # Errors
    /// When the token is over other bytes, is not signed by a known authority, or cannot be read.
    fn judge(&self, token: &[u8], text: &[u8]) -> Result<String>;
}

/// Whether a token carries the SHA-256 of these bytes: what can be said of a time stamp without knowing who gave it.
#[must_use]
pub fn stamps_text(token: &[u8], text: &[u8]) -> bool {
    let digest = Sha256::digest(text);
    token.windows(digest.len()).any(|part| part == &digest[..])
}

/// The course that records of a kind can take, in one version of the kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// States; the first is the one that a create leaf has.
    pub states: Vec<String>,
    /// States in which a revision is in force: it stays so while a changed one waits.
    pub settled: BTreeSet<String>,
    /// Transitions from a state to a state. A transition that may be undone (a withdrawn approval) is listed both ways.
    pub transitions: BTreeSet<(String, String)>,
}

/// Gives courses by kind and version.
pub trait Courses {
    /// The course of a kind in a version; none when the version is not known, which the report says.
    fn course(&self, kind: &str, schema: u64) -> Option<&Course>;
}

/// Courses by (kind, version).
impl Courses for BTreeMap<(String, u64), Course> {
    fn course(&self, kind: &str, schema: u64) -> Option<&Course> {
        self.get(&(kind.to_owned(), schema))
    }
}

/// Knows no kind: no course is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCourses;

impl Courses for NoCourses {
    fn course(&self, _: &str, _: u64) -> Option<&Course> {
        None
    }
}

/// An export to be judged. It must give the same bytes each time it is asked.
pub trait Source {
    /// Every file in it, as paths whose parts are joined by `/`. Whatever is neither a folder nor a plain file is listed as well.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn paths(&self) -> Result<Vec<String>>;

    /// The bytes at a path that [`Source::paths`] gave.
    ///
    /// # Errors
    /// When they cannot be read.
    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>>;
}

/// What can be asked about earlier leaves, and kept until all are judged, where memory is not to grow with the log.
pub trait Past {
    /// Hands the envelopes of a record's leaves before leaf `seq` to `each`, in order. They must be those of the source.
    ///
    /// # Errors
    /// When they cannot be read.
    fn leaves_of(&self, id: &str, seq: u64, each: &mut dyn FnMut(&[u8])) -> Result<()>;

    /// Keeps some bytes.
    ///
    /// # Errors
    /// When there is no room for them.
    fn keep(&self, bytes: &[u8]) -> Result<()>;

    /// What was kept, each from its begin.
    ///
    /// # Errors
    /// When it cannot be read again.
    fn kept(&self) -> Result<Vec<Box<dyn Read + '_>>>;
}

/// The worst that was found about a leaf so far.
struct Worst {
    verdict: Verdict,
    reason: Cow<'static, str>,
}

impl Worst {
    fn new() -> Self {
        Self { verdict: Verdict::Verified, reason: Cow::Borrowed("the leaf and every field of its body are proved") }
    }

    fn add(&mut self, verdict: Verdict, reason: impl Into<Cow<'static, str>>) {
        if verdict > self.verdict {
            *self = Self { verdict, reason: reason.into() };
        }
    }

    fn bad(&mut self, reason: impl Into<Cow<'static, str>>) {
        self.add(Verdict::Bad, reason);
    }
}
