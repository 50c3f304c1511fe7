//! Writing: units, the one writer, and what is told after a commit.

use std::io;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use vouch_ledger::Hash;

use crate::leaf::{Head, Leaf, LinkRow, LogLeaf, Projection, Tip};
use crate::snapshot::Snapshot;
use crate::{Error, ErrorKind, Refusal, Result, StagedFile};

/// What one use case writes, all or nothing. It is run once by the writer, between other units.
///
/// It reads and writes through the [`Append`] that it is given, never through the store. Returning an error leaves nothing; so does
/// going on after a call that failed.
pub type Unit = Box<dyn FnOnce(&mut dyn Append) -> Result<(), Refusal> + Send>;

/// The store of one organisation. An engine that keeps several organisations makes one handle for each, so that every query
/// of a handle is bound to its organisation by construction.
pub trait Store: Send + Sync {
    /// Runs a unit and answers when its commit is durable, with the head that the commit left. Units of many callers share a commit.
    ///
    /// # Errors
    /// Refused, with the unit's own error; Busy when the queue stays full; what the failed call or the failed commit said. Nothing is
    /// written then, except that after Commit nobody knows before the store is opened again.
    fn write(&self, unit: Unit) -> Result<Head>;

    /// A view of everything committed so far. Not to be called inside a unit.
    ///
    /// # Errors
    /// Busy when all readers stay taken; when the engine fails.
    fn snapshot(&self) -> Result<Box<dyn Snapshot + Send + '_>>;

    /// Takes in the bytes of a file, durably; [`Append::put_file`] then names it. Dropping it before that removes it.
    ///
    /// # Errors
    /// Invalid when there are more than `max_size` bytes; Full or Io.
    fn stage(&self, bytes: &mut dyn io::Read, max_size: u64) -> Result<StagedFile>;

    /// Tells `listener` about every commit of this handle from now on, and once it follows, of others.
    fn subscribe(&self, listener: Arc<dyn CommitListener>);

    /// From now on listeners also hear when another process has written. An engine that lets one process write has nothing to do.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    fn follow(&self) -> Result<()> {
        Ok(())
    }

    /// Recreates everything that is computed (projections, links, search, numbers, tiles) from leaves and bodies, in one
    /// transaction. Writers wait.
    ///
    /// # Errors
    /// Corrupt when the leaves do not lead to the root of the last checkpoint; what the projector or the engine says. Nothing is
    /// changed then.
    fn rebuild(&self, projector: &mut dyn Projector) -> Result<()>;

    /// Rewrites what is stored so that no byte of anything removed remains in it, search entries, write-ahead log and free pages
    /// included, and removes files that nothing names. Takes time in proportion to all that is stored; writers wait.
    ///
    /// # Errors
    /// Busy while a snapshot is held; Full when there is no room for a second copy.
    fn scrub(&self) -> Result<()>;

    /// How much was written through this handle.
    fn counts(&self) -> Counts;
}

impl dyn Store + '_ {
    /// As [`Store::write`], for a unit that has a result.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn run<T: Send + 'static>(
        &self,
        unit: impl FnOnce(&mut dyn Append) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<(T, Head)> {
        let (give, take) = mpsc::sync_channel(1);
        let head = self.write(Box::new(move |append| {
            let value = unit(append)?;
            // The receiver waits in this function until the writer has answered.
            give.send(value).map_err(|_| Error::new(ErrorKind::Closed, "nobody waits for the answer"))?;
            Ok(())
        }))?;
        let value = take.recv().map_err(|_| Error::new(ErrorKind::Closed, "the unit gave no answer"))?;
        Ok((value, head))
    }
}

/// What a unit reads and writes. Reads see what the unit and the units before it wrote, except where a method says otherwise.
pub trait Append: Snapshot {
    /// Tip of the log, this unit's leaves included.
    fn tip(&self) -> Tip;

    /// Appends a leaf with its body, projection, links and search text.
    ///
    /// # Errors
    /// Invalid unless the envelope is canonical, its `seq` is the size of the log, its time not before the last leaf's, and its `org`
    /// that of the log.
    fn append(&mut self, leaf: Leaf) -> Result<()>;

    /// Replaces the body of a leaf by one of which less can be told.
    ///
    /// # Errors
    /// Missing when the leaf has no body.
    fn replace_body(&mut self, seq: u64, body: &[u8]) -> Result<()>;

    /// Removes the body of a leaf.
    ///
    /// # Errors
    /// Missing when the leaf has no body.
    fn remove_body(&mut self, seq: u64) -> Result<()>;

    /// Takes a record out of lists, links and search; its leaves stay.
    ///
    /// # Errors
    /// When the engine fails. A record that is not there is no error.
    fn drop_projection(&mut self, id: &str) -> Result<()>;

    /// Keeps a staged file. It is in its place before the commit.
    ///
    /// # Errors
    /// Misuse when it was staged by another store.
    fn put_file(&mut self, file: StagedFile) -> Result<()>;

    /// Removes a file; its bytes go after the commit.
    ///
    /// # Errors
    /// When the engine fails. A file that is not kept is no error.
    fn remove_file(&mut self, sha256: &Hash) -> Result<()>;

    /// Sets a desk entry.
    ///
    /// # Errors
    /// When the engine fails.
    fn desk_put(&mut self, space: &str, key: &str, value: &[u8]) -> Result<()>;

    /// Removes a desk entry. One that is not there is no error.
    ///
    /// # Errors
    /// When the engine fails.
    fn desk_delete(&mut self, space: &str, key: &str) -> Result<()>;
}

/// Signs the head of each commit that adds leaves.
pub trait Signer: Send + Sync {
    /// The signed note of a checkpoint of `head`. `written` sees what is about to be committed, so a signer can look up which key the
    /// log has by now.
    ///
    /// # Errors
    /// Whatever keeps it from signing; the commit then fails and nothing is written.
    fn sign(&self, head: &Head, written: &dyn Snapshot) -> Result<Vec<u8>, Refusal>;
}

/// Hears about commits, on the writer's thread. It must be quick, must not write and must not panic: after a panic the store takes
/// no more writes.
pub trait CommitListener: Send + Sync {
    /// A commit is durable; nobody has been answered yet.
    fn committed(&self, head: &Head);

    /// What units wrote from leaf `size` on is void: a unit was refused, or the commit failed.
    fn rolled_back(&self, size: u64);

    /// Another process may have written; `now` shows what is committed. Not on the writer's thread, so units may run meanwhile.
    fn overtaken(&self, _now: &dyn Snapshot) {}
}

/// One change of what lists show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectionChange {
    /// The record is shown so from now on.
    Put {
        /// Leaf that this follows from; its envelope names record and kind.
        seq: u64,
        /// How it is shown.
        projection: Projection,
        /// All its links.
        links: Vec<LinkRow>,
        /// Text by which it is found, besides id and title.
        search: String,
    },
    /// The record is not shown.
    Drop {
        /// Id of the record.
        id: String,
    },
}

/// Computes what lists show from the log.
pub trait Projector {
    /// Takes one leaf, in order, with its body if that is there. May give changes at once.
    ///
    /// # Errors
    /// Ends the rebuild without a change.
    fn leaf(&mut self, leaf: &LogLeaf) -> Result<Vec<ProjectionChange>, Refusal>;

    /// Gives what is left after the last leaf, page by page: called until it gives nothing.
    ///
    /// # Errors
    /// Ends the rebuild without a change.
    fn finish(&mut self) -> Result<Vec<ProjectionChange>, Refusal> {
        Ok(Vec::new())
    }

    /// Hears how many leaves of how many are done.
    fn progress(&mut self, _done: u64, _all: u64) {}
}

/// Bounds of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Units that may wait for the writer; a further caller waits for room.
    pub queue_units: usize,
    /// Most units in one transaction.
    pub group_units: usize,
    /// Snapshots at one time; a further caller waits for one to end.
    pub readers: usize,
    /// How long to wait for room in the queue, a reader, or another program's lock.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { queue_units: 1_024, group_units: 256, readers: 16, patience: Duration::from_secs(10) }
    }
}

/// How much was written through a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Units that were written.
    pub units: u64,
    /// Units that left nothing.
    pub refused: u64,
    /// Transactions that were committed.
    pub commits: u64,
}
