//! The ledger: an append-only Merkle log of envelopes, commitments to bodies that can be shown field by field, and proofs that
//! anybody can check.
//!
//! It speaks the C2SP formats tlog-tiles, tlog-checkpoint, signed-note, tlog-proof, tlog-policy and tlog-cosignature, hashes as
//! RFC 6962 §2.1, and writes JSON as RFC 8785. What is hashed, signed and exported byte for byte stands in `docs/FORMATS.md` §4–8.
//!
//! The way of a leaf: [`Fields`] are sealed under a key into a [`StoredBody`], whose commitment goes into an [`Envelope`]; the leaf
//! hash of the envelope's bytes is pushed onto a [`tree::Appender`], whose root is signed as a [`Checkpoint`]. [`export`] writes a log
//! out, [`verify`] judges an export or a proof file by nothing but its bytes and a [`Policy`].
//!
//! What this crate never contains: files, network, database, clock, randomness, environment, logging. Times, seeds and keys are
//! parameters; readers and writers are traits. It uses no other crate of this project and knows no kind of record: which courses a
//! kind has is a parameter as well.

mod body;
mod change;
mod checkpoint;
pub mod commitment;
mod encoding;
mod envelope;
mod erasure;
mod error;
pub mod export;
mod fields;
pub mod jcs;
mod key;
mod line;
mod policy;
mod proof;
pub mod time;
pub mod tree;
pub mod verify;
pub mod witness;

pub use body::{Field, MAX_LINE, Part, Show, StoredBody};
pub use change::KeyChange;
pub use checkpoint::{Checkpoint, Signed, SignedCheckpoint};
pub use encoding::{MAX_INTEGER, base64, hex, parse_base64, parse_base64_hash, parse_decimal, parse_hex};
pub use envelope::{
    ACTIVE, Action, Envelope, KEY_KIND, MAX_ENVELOPE, SET_ASIDE, is_field_name, is_id, is_origin, is_person, leaf_hash,
};
pub use erasure::{EraseReason, Erasure, Taken};
pub use error::{Error, ErrorKind, Result};
pub use fields::{Fields, FileValue, files_in};
pub use key::{KeyType, SignerKey, VerifierKey};
pub use line::{Cell, Line, Shown, seq_of};
pub use policy::{Accepted, Known, Policy};
pub use proof::{Block, TlogProof, read_blocks, write_blocks};

/// A SHA-256 hash, or 32 bytes of a key or salt.
pub type Hash = [u8; 32];
