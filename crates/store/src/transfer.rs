//! Copying everything that is true from one store into an empty one: leaves, bodies, checkpoints with their signatures, files, desk.
//!
//! What is computed is not copied; the caller recreates it with [`Store::rebuild`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use vouch_ledger::Hash;

use crate::leaf::{Head, Leaf, LogLeaf};
use crate::snapshot::{LeafQuery, Snapshot};
use crate::store::{Append, Signer, Store};
use crate::{Error, ErrorKind, Refusal, Result};

/// Leaves read at once, and desk entries.
const PAGE: usize = 1_000;
/// Largest file that is copied; none larger was ever taken in.
const LARGEST: u64 = 1 << 30;

/// How much was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Leaves, with their bodies where these are there.
    pub leaves: u64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Files.
    pub files: u64,
    /// Desk entries.
    pub entries: u64,
}

/// Gives each head the note that it had, instead of signing it again.
#[derive(Default)]
struct Replay(Mutex<BTreeMap<u64, (Hash, Vec<u8>)>>);

impl Replay {
    fn expect(&self, head: &Head, note: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(head.size, (head.root, note));
    }
}

impl Signer for Replay {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let note = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&head.size);
        match note {
            Some((root, note)) if root == head.root => Ok(note),
            Some(_) => Err(format!("the first {} leaves do not lead to the root of their checkpoint", head.size).into()),
            None => Err(format!("there is no checkpoint of {} leaves", head.size).into()),
        }
    }
}

/// Opens the place that is copied to, with the signer that gives each checkpoint the note it had.
pub type Opening<'o> = &'o dyn Fn(Arc<dyn Signer>) -> Result<Arc<dyn Store>>;

/// Copies what `from` holds into the empty store that `open` opens, commit by commit, so that each checkpoint is there as it was
/// signed; then compares every byte. `progress` hears how many leaves of how many are done.
///
/// # Errors
/// Misuse when the new store is not empty; Corrupt when leaves do not lead to a checkpoint, or a comparison fails; Busy when `from`
/// went on meanwhile; what the stores say. The new store is then of no use.
pub fn transfer(from: &dyn Store, open: Opening<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Copied> {
    let source = from.snapshot()?;
    let copied = copy(&*source, u64::MAX, open, progress)?;
    let head = source.head()?;
    drop(source);
    if from.snapshot()?.head()? != head {
        return Err(Error::new(ErrorKind::Busy, "somebody wrote to the old place during the transfer")
            .with_hint("stop every vouch that writes there, empty the new place, and try again"));
    }
    Ok(copied)
}

/// Copies what a snapshot shows, up to the last checkpoint of at most `until` leaves. Where that is not its last one, the desk, which
/// belongs to the present, is left out.
///
/// # Errors
/// As [`transfer`]; Missing when there is no such checkpoint.
pub fn copy(source: &dyn Snapshot, until: u64, open: Opening<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Copied> {
    let Some(last) = source.checkpoint(until)? else {
        return Err(Error::new(ErrorKind::Missing, "there is no checkpoint to copy up to").with_hint("name a larger size"));
    };
    let replay = Arc::new(Replay::default());
    let to = open(replay.clone())?;
    if to.snapshot()?.head()?.size > 0 {
        return Err(
            Error::new(ErrorKind::Misuse, "the new place holds a log already").with_hint("name an empty folder or database")
        );
    }
    let mut copied = Copied::default();
    copy_leaves(source, last.head.size, (&*to, &replay), &mut copied, progress)?;
    copy_files(source, &*to, &mut copied)?;
    if last.head == source.head()? {
        copy_desk(source, &*to, &mut copied)?;
    }
    compare(source, &*to.snapshot()?, &last.head)?;
    Ok(copied)
}

/// Sizes of all checkpoints, smallest first.
fn sizes(source: &dyn Snapshot, until: u64) -> Result<Vec<u64>> {
    let (mut sizes, mut below) = (Vec::new(), until);
    while let Some(checkpoint) = source.checkpoint(below)? {
        sizes.push(checkpoint.head.size);
        if checkpoint.head.size == 0 {
            break;
        }
        below = checkpoint.head.size - 1;
    }
    sizes.reverse();
    Ok(sizes)
}

fn copy_leaves(
    source: &dyn Snapshot,
    all: u64,
    (to, replay): (&dyn Store, &Replay),
    copied: &mut Copied,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<()> {
    for size in sizes(source, all)? {
        let checkpoint = source.checkpoint(size)?.filter(|checkpoint| checkpoint.head.size == size);
        let checkpoint =
            checkpoint.ok_or_else(|| Error::new(ErrorKind::Corrupt, format!("the checkpoint of {size} leaves is gone")))?;
        replay.expect(&checkpoint.head, checkpoint.note);
        let mut leaves: Vec<LogLeaf> = Vec::new();
        while copied.leaves + (leaves.len() as u64) < size {
            let from = copied.leaves + leaves.len() as u64;
            let limit = usize::try_from(size - from).unwrap_or(PAGE).min(PAGE);
            let page = source.leaves(LeafQuery { from, limit, bodies: true, ..LeafQuery::default() })?;
            if page.is_empty() {
                return Err(Error::new(ErrorKind::Corrupt, format!("leaf {from} is missing")).with_hint("run `vouch ledger fsck`"));
            }
            leaves.extend(page);
        }
        copied.leaves = size;
        let unit = move |append: &mut dyn Append| {
            for LogLeaf { envelope, body, .. } in leaves {
                append.append(Leaf { envelope, body, ..Leaf::default() })?;
            }
            Ok(())
        };
        // One caller: each unit is a commit, and so each checkpoint one of the new log.
        to.write(Box::new(unit))?;
        copied.checkpoints += 1;
        progress(size, all);
    }
    Ok(())
}

fn copy_files(source: &dyn Snapshot, to: &dyn Store, copied: &mut Copied) -> Result<()> {
    let mut after: Option<Hash> = None;
    loop {
        let page = source.files(after.as_ref(), PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        for (hash, _) in page {
            let bytes = source.file(&hash)?.unwrap_or_default();
            let staged = to.stage(&mut &*bytes, LARGEST)?;
            to.write(Box::new(move |append| Ok(append.put_file(staged)?)))?;
            copied.files += 1;
        }
    }
}

fn copy_desk(source: &dyn Snapshot, to: &dyn Store, copied: &mut Copied) -> Result<()> {
    for space in source.desk_spaces()? {
        let mut after: Option<String> = None;
        loop {
            let page = source.desk_scan(&space, "", after.as_deref(), PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            copied.entries += page.len() as u64;
            let space = space.clone();
            let put = move |append: &mut dyn Append| {
                page.iter().try_for_each(|(key, value)| append.desk_put(&space, key, value)).map_err(Into::into)
            };
            to.write(Box::new(put))?;
        }
    }
    Ok(())
}

/// Refuses a copy that does not hold what the source does up to a head.
fn compare(source: &dyn Snapshot, made: &dyn Snapshot, head: &Head) -> Result<()> {
    let differ = |what: String| Err(Error::new(ErrorKind::Corrupt, format!("{what} differs between the two places")));
    let all = sizes(source, head.size)?;
    if made.head()? != *head || all != sizes(made, u64::MAX)? {
        return differ("the head or the list of checkpoints".to_owned());
    }
    for size in all {
        if source.checkpoint(size)? != made.checkpoint(size)? {
            return differ(format!("the checkpoint of {size} leaves"));
        }
    }
    let mut from = 0;
    while from < head.size {
        let query = LeafQuery { from, limit: PAGE, bodies: true, ..LeafQuery::default() };
        let (left, right) = (source.leaves(query)?, made.leaves(query)?);
        if let Some((leaf, _)) = left.iter().zip(&right).find(|(left, right)| left != right) {
            return differ(format!("leaf {}", leaf.seq));
        }
        // Pages may end early at different places; what both have shown is what counts.
        match left.iter().zip(&right).next_back() {
            Some((leaf, _)) => from = leaf.seq + 1,
            None => return differ(format!("leaf {from}")),
        }
    }
    let mut after: Option<Hash> = None;
    loop {
        let (left, right) = (source.files(after.as_ref(), PAGE)?, made.files(after.as_ref(), PAGE)?);
        if left != right {
            return differ("the list of files".to_owned());
        }
        let Some((last, _)) = left.last() else { break };
        after = Some(*last);
        for (hash, _) in &left {
            // Reading compares with the hash.
            made.file(hash)?;
        }
    }
    Ok(())
}
