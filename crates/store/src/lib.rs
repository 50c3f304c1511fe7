//! The store of one organisation: the log's leaves with their bodies, what lists and search show of them, files, and a desk for
//! what is not a record.
//!
//! [`Store`] is the one seam: a [`Unit`] of work is written all or nothing and answered when it is durable, a [`Snapshot`] reads one
//! consistent state. [`Sqlite`] keeps it in one folder, [`Postgres`] in a database that processes share. What is computed (projections, links, search, numbers, tiles) is written in
//! the transaction of the leaf it follows from and can be recreated by [`Store::rebuild`].
//!
//! What this crate never contains: rules of records, permissions, clocks, randomness, signing keys, network. Times stand in the
//! envelopes, notes are signed by a [`Signer`] of the caller, and bodies and fields are bytes that it does not look into. No engine's
//! own ways show in [`Store`], [`Append`] or [`Snapshot`].

#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod error;
mod files;
mod folder;
mod group;
mod leaf;
mod pool;
mod postgres;
mod queue;
mod snapshot;
mod sqlite;
mod store;
mod transfer;
mod writer;

pub use error::{Error, ErrorKind, Refusal, Result};
pub use files::StagedFile;
pub use leaf::{Checkpoint, Head, Leaf, Link, LinkRow, LogLeaf, Projection, RecordRow, Tip};
pub use postgres::Postgres;
pub use snapshot::{LeafQuery, LinkQuery, MAX_PAGE, MAX_PAGE_BYTES, RecordQuery, SearchHit, Snapshot, Tiles};
pub use sqlite::Sqlite;
pub use store::{Append, CommitListener, Counts, ProjectionChange, Projector, Settings, Signer, Store, Unit};
pub use transfer::{Copied, Opening, copy, transfer};
