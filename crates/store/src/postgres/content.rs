//! Files in the database: bytes are taken in under a number, in pieces; a file names the number by its hash.
//!
//! Pieces are committed before any unit names them, so a row never names bytes that could be lost, and no upload holds the head row.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use vouch_ledger::{Hash, hex};

use crate::files::StagedFile;
use crate::postgres::rows::unsigned;
use crate::postgres::session::{Doorway, Session, Sql};
use crate::{Error, ErrorKind, Result};

/// Bytes of one piece.
const PIECE: usize = 1 << 20;

/// Where bytes are taken in.
pub(super) struct Contents {
    doorway: Arc<Doorway>,
}

/// Bytes that no file names yet. Dropping it removes them, unless a commit has named them.
pub(crate) struct Content {
    contents: Arc<Contents>,
    number: i64,
    is_kept: bool,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "content {}", self.number)
    }
}

impl Content {
    /// Number under which the bytes lie.
    pub(super) fn number(&self) -> i64 {
        self.number
    }

    /// Whether it was staged through `contents`.
    pub(super) fn is_of(&self, contents: &Arc<Contents>) -> bool {
        Arc::ptr_eq(&self.contents, contents)
    }

    /// A commit names the bytes, or may.
    pub(super) fn keep(&mut self) {
        self.is_kept = true;
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        if !self.is_kept {
            // A scrub removes what could not be removed here.
            let _ = self.contents.discard(self.number);
        }
    }
}

impl Contents {
    pub(super) fn new(doorway: Arc<Doorway>) -> Self {
        Self { doorway }
    }

    pub(super) fn stage(self: &Arc<Self>, bytes: &mut dyn Read, max_size: u64) -> Result<StagedFile> {
        const BEGIN: Sql = Sql::new("INSERT INTO content (org) VALUES ($1) RETURNING content");
        const PUT: Sql = Sql::new("INSERT INTO piece (org, content, position, bytes) VALUES ($1, $2, $3, $4)");
        let session = self.doorway.lend(Duration::from_secs(10))?;
        let row = session.query_opt(BEGIN, &[])?.ok_or_else(|| Error::new(ErrorKind::Engine, "the database gave no number"))?;
        let content = Content { contents: Arc::clone(self), number: row.try_get(0)?, is_kept: false };
        let (mut hasher, mut size, mut position) = (Sha256::new(), 0_u64, 0_i32);
        // One byte more than allowed tells that there are too many.
        let mut bytes = bytes.take(max_size.saturating_add(1));
        loop {
            let mut piece = Vec::new();
            let read = bytes.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            read.map_err(|error| Error::new(ErrorKind::Io, format!("the file cannot be read: {error}")).with_source(error))?;
            size += piece.len() as u64;
            if size > max_size {
                // Its connection goes back first: removing the pieces wants one.
                drop(session);
                return Err(too_large(max_size));
            }
            if piece.is_empty() {
                break;
            }
            hasher.update(&piece);
            session.execute(PUT, &[&content.number, &position, &piece])?;
            position += 1;
        }
        Ok(StagedFile::in_database(hasher.finalize().into(), size, content))
    }

    fn discard(&self, number: i64) -> Result<()> {
        remove(&*self.doorway.lend(Duration::ZERO)?, number)
    }
}

fn too_large(max_size: u64) -> Error {
    Error::new(ErrorKind::Invalid, format!("the file has more than {max_size} bytes"))
        .with_hint("keep it elsewhere and record where, or raise the bound in the settings")
}

/// Removes the bytes under a number.
fn remove(session: &Session, number: i64) -> Result<()> {
    const PIECES: Sql = Sql::new("DELETE FROM piece WHERE org = $1 AND content = $2");
    const CONTENT: Sql = Sql::new("DELETE FROM content WHERE org = $1 AND content = $2");
    session.execute(PIECES, &[&number])?;
    session.execute(CONTENT, &[&number]).map(drop)
}

/// Names staged bytes by their hash; bytes that were named so before go, in case they were damaged.
pub(super) fn name(session: &Session, sha256: &Hash, size: u64, number: i64) -> Result<()> {
    const NAME: Sql = Sql::new("INSERT INTO file (org, sha256, size, content) VALUES ($1, $2, $3, $4)");
    forget(session, sha256)?;
    session.execute(NAME, &[&&sha256[..], &super::rows::signed(size), &number]).map(drop)
}

/// Removes a file with its bytes; one that is not kept is no error. Says whether there was one.
pub(super) fn forget(session: &Session, sha256: &Hash) -> Result<bool> {
    const FORGET: Sql = Sql::new("DELETE FROM file WHERE org = $1 AND sha256 = $2 RETURNING content");
    let Some(row) = session.query_opt(FORGET, &[&&sha256[..]])? else { return Ok(false) };
    remove(session, row.try_get(0)?)?;
    Ok(true)
}

/// Bytes of a file, compared with their hash.
pub(super) fn read(session: &Session, sha256: &Hash) -> Result<Option<Vec<u8>>> {
    const FILE: Sql = Sql::new("SELECT size, content FROM file WHERE org = $1 AND sha256 = $2");
    const PIECES: Sql = Sql::new("SELECT bytes FROM piece WHERE org = $1 AND content = $2 ORDER BY position");
    let Some(row) = session.query_opt(FILE, &[&&sha256[..]])? else { return Ok(None) };
    let (size, number): (u64, i64) = (unsigned(&row, 0)?, row.try_get(1)?);
    let mut bytes = Vec::new();
    for row in session.query(PIECES, &[&number])? {
        bytes.extend_from_slice(row.try_get(0)?);
    }
    if bytes.is_empty() && size > 0 {
        return Err(Error::new(ErrorKind::Missing, format!("file `{}` has no bytes in the database", hex(sha256)))
            .with_hint("attach it again: the same bytes heal it"));
    }
    let found: Hash = Sha256::digest(&bytes).into();
    if found != *sha256 || bytes.len() as u64 != size {
        return Err(Error::new(ErrorKind::Corrupt, format!("file `{}` does not hold the bytes that were stored", hex(sha256)))
            .with_hint("put the file back from a backup, or attach it again: the same bytes heal it"));
    }
    Ok(Some(bytes))
}

/// Removes bytes that no file names. What was staged in the last day may still be named by its process.
pub(super) fn sweep(session: &Session) -> Result<()> {
    const STRAY: Sql = Sql::new(
        "SELECT content FROM content WHERE org = $1 AND staged_at < now() - interval '1 day'
         AND NOT EXISTS (SELECT 1 FROM file WHERE file.org = $1 AND file.content = content.content)",
    );
    for row in session.query(STRAY, &[])? {
        remove(session, row.try_get(0)?)?;
    }
    Ok(())
}
