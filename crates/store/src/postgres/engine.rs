//! The writer of one process at work: the head row locked, many units, one commit.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use vouch_ledger::tree::{Appender, TileReader};

use crate::group::{self, Standing};
use crate::leaf::{Head, Tip};
use crate::postgres::buffer::Buffer;
use crate::postgres::content::Contents;
use crate::postgres::flush;
use crate::postgres::rows::{hash, signed};
use crate::postgres::session::{Doorway, Session, Sql};
use crate::postgres::unit::UnitOfWork;
use crate::store::{Signer, Unit};
use crate::{Error, ErrorKind, Result};

/// How often, and how far apart, a lost server is asked what became of a commit.
const ASKED: u32 = 100;
const APART: Duration = Duration::from_millis(200);
const RESTART: &str = "stop vouch, check the database server, and start it again";

/// The writing connection and what it knows of the log.
pub(super) struct Engine {
    doorway: Arc<Doorway>,
    contents: Arc<Contents>,
    /// None after the connection was lost.
    session: Option<Session>,
    pub(super) head: Head,
    tree: Appender,
    pub(super) standing: Standing,
    signer: Arc<dyn Signer>,
}

impl group::Engine for Engine {
    type Pending = Buffer;

    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    fn head(&self) -> Head {
        self.head
    }

    fn begin_group(&mut self) -> Result<Buffer> {
        self.begin()?;
        Ok(Buffer::new(Tip { size: self.head.size, time_ms: self.head.time_ms }))
    }

    fn size(buffer: &Buffer) -> u64 {
        buffer.tip.size
    }

    fn run_unit(&mut self, unit: Unit, buffer: &mut Buffer) -> Result<Result<()>> {
        let mark = buffer.mark();
        let outcome = group::outcome(unit, &mut self.work(buffer)?, |work| work.failure.take());
        if outcome.is_err() {
            if buffer.has_savepoint {
                // Where the transaction itself is lost, so is the group.
                self.session()?.control("ROLLBACK TO unit; RELEASE unit")?;
            }
            buffer.back_to(&mark);
        } else if buffer.has_savepoint {
            self.session()?.control("RELEASE unit")?;
        }
        Ok(outcome)
    }

    fn end_empty(&mut self) -> Result<()> {
        self.session()?.control("ROLLBACK")
    }

    fn commit_group(&mut self, mut buffer: Buffer) -> Result<()> {
        let (tree, head) = self.seal(&mut buffer)?;
        let committed = self.commit(&head);
        if committed.as_ref().is_ok() || committed.as_ref().is_err_and(|error| error.kind() == ErrorKind::Commit) {
            // Bytes that a commit names, or may name, are not removed.
            buffer.staged.iter_mut().filter_map(crate::StagedFile::content_mut).for_each(|content| content.keep());
        }
        committed?;
        (self.tree, self.head) = (tree, head);
        Ok(())
    }

    fn roll_back(&mut self, error: &Error) {
        let is_lost = error.kind() == ErrorKind::Unreachable;
        if is_lost || self.session().and_then(|session| session.control("ROLLBACK")).is_err() {
            // The server takes the transaction back when the connection ends.
            self.session = None;
        }
    }
}

impl Engine {
    /// Takes over a log, after comparing its head with its last checkpoint and its tiles.
    pub(super) fn load(doorway: Arc<Doorway>, contents: Arc<Contents>, signer: Arc<dyn Signer>) -> Result<Self> {
        let session = Some(doorway.session()?);
        let (head, tree, standing) = (Head::EMPTY, Appender::new(), Standing::new(RESTART));
        let mut engine = Self { doorway, contents, session, head, tree, standing, signer };
        engine.begin()?;
        let checked = engine.check_tip();
        engine.session()?.control("ROLLBACK")?;
        checked.map(|()| engine)
    }

    /// Refuses a log whose tables do not agree on its end.
    fn check_tip(&self) -> Result<()> {
        const LEAVES: Sql = Sql::new("SELECT coalesce(max(seq) + 1, 0) FROM leaf WHERE org = $1");
        let row = self.session()?.query_opt(LEAVES, &[])?;
        let leaves: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        if leaves != signed(self.head.size) {
            return Err(damaged(format!("the log has {leaves} leaves, and its head says {}", self.head.size)));
        }
        if super::rows::head(self.session()?)? != self.head {
            return Err(damaged(format!("the head of {} leaves has no checkpoint", self.head.size)));
        }
        Ok(())
    }

    pub(super) fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(|| Error::new(ErrorKind::Unreachable, "the connection to the database server is lost"))
    }

    /// Begins a transaction, waits for the head row, and takes in what other processes wrote.
    pub(super) fn begin(&mut self) -> Result<()> {
        if self.session.as_ref().is_none_or(Session::is_closed) {
            self.session = Some(self.doorway.session()?);
        }
        let begun = self.session()?.begin_as_writer().or_else(|error| {
            if error.kind() != ErrorKind::Unreachable {
                return Err(error);
            }
            // An idle connection may have been closed by a server that is back by now.
            self.session = None;
            self.session.insert(self.doorway.session()?).begin_as_writer()
        });
        let (size, root, time_ms) = begun?;
        let head = Head { size: u64::try_from(size).unwrap_or(u64::MAX), root: hash(&root)?, time_ms };
        if head != self.head {
            let tree = self.load_tree(head.size)?;
            if tree.root() != head.root {
                return Err(damaged(format!("the tiles do not lead to the root of the head of {size} leaves")));
            }
            (self.tree, self.head) = (tree, head);
        }
        Ok(())
    }

    /// The right edge of the tree, read in one statement.
    fn load_tree(&self, size: u64) -> Result<Appender> {
        const EDGE: Sql = Sql::new(
            "SELECT edge.level, edge.position, held.hashes FROM unnest($2::smallint[], $3::bigint[]) AS edge (level, position),
                 LATERAL (SELECT hashes FROM tile WHERE org = $1 AND level = edge.level AND position = edge.position OFFSET 0) AS held",
        );
        let (mut levels, mut positions) = (Vec::new(), Vec::new());
        let mut hashes = size;
        while hashes > 0 {
            levels.push(i16::try_from(levels.len()).expect("a tree has few levels"));
            positions.push(signed(hashes / 256));
            hashes /= 256;
        }
        let mut edge = HashMap::new();
        for row in self.session()?.query(EDGE, &[&levels, &positions])? {
            let (level, position): (i16, i64) = (row.try_get(0)?, row.try_get(1)?);
            edge.insert((level, position), row.try_get::<_, Vec<u8>>(2)?);
        }
        Appender::load(size, &Edge(edge))
            .map_err(|error| damaged("the tiles of the log cannot be read".to_owned()).with_source(error))
    }

    fn work<'g>(&'g self, buffer: &'g mut Buffer) -> Result<UnitOfWork<'g>> {
        let (contents, origin) = (&self.contents, self.doorway.origin());
        let (buffer, failure) = (RefCell::new(buffer), RefCell::default());
        Ok(UnitOfWork { session: self.session()?, contents, origin, tree: &self.tree, buffer, failure })
    }

    /// Sends what the group wrote, with tiles, signed checkpoint and the new head.
    fn seal(&mut self, buffer: &mut Buffer) -> Result<(Appender, Head)> {
        flush::send(self.session()?, buffer.take())?;
        if buffer.leaves.is_empty() {
            return Ok((self.tree.clone(), self.head));
        }
        let mut tree = self.tree.clone();
        buffer.leaves.iter().for_each(|leaf| tree.push(*leaf));
        let writes = tree.take_writes();
        let head = Head { size: tree.size(), root: tree.root(), time_ms: buffer.tip.time_ms };
        buffer.mark();
        buffer.has_savepoint = true;
        let view = self.work(buffer)?;
        let note = group::sign(&*self.signer, &head, &view)?;
        flush::send_head(self.session()?, &writes, &head, &note)?;
        Ok((tree, head))
    }

    /// Commits. Where the server goes away meanwhile, it is asked afterwards what became of it.
    pub(super) fn commit(&mut self, head: &Head) -> Result<()> {
        // In a transaction that has failed, COMMIT takes everything back and reports success; the query before it does not.
        let Err(error) = self.session()?.control("SELECT 1; COMMIT") else { return Ok(()) };
        if error.kind() != ErrorKind::Unreachable {
            return Err(error);
        }
        self.session = None;
        let unknown = |error: Error| {
            let message = format!("the server went away during a commit, and whether it is kept is not known: {}", error.message());
            Error::new(ErrorKind::Commit, message).with_hint("look whether it is there before you do it again").with_source(error)
        };
        if *head == self.head {
            // Nothing in the log says whether a write to the desk was kept.
            return Err(unknown(error));
        }
        match self.ask_for(head) {
            Ok(true) => Ok(()),
            Ok(false) => Err(error),
            Err(silence) => Err(unknown(silence)),
        }
    }

    /// Whether a head was committed. The head row is free only once the lost connection's transaction has ended.
    fn ask_for(&mut self, head: &Head) -> Result<bool> {
        const ROOT: Sql = Sql::new("SELECT root FROM checkpoint WHERE org = $1 AND size = $2");
        let mut silence = Error::new(ErrorKind::Unreachable, "the database server does not come back");
        for _ in 0..ASKED {
            let asked = self.doorway.session().and_then(|session| {
                session.begin_as_writer()?;
                let row = session.query_opt(ROOT, &[&signed(head.size)])?;
                session.control("ROLLBACK")?;
                let root = row.map(|row| row.try_get::<_, Vec<u8>>(0)).transpose()?;
                Ok((root.is_some_and(|root| root == head.root), session))
            });
            match asked {
                Ok((is_kept, session)) => {
                    self.session = Some(session);
                    return Ok(is_kept);
                }
                Err(error) => silence = error,
            }
            thread::sleep(APART);
        }
        Err(silence)
    }
}

/// Tiles of the right edge.
struct Edge(HashMap<(i16, i64), Vec<u8>>);

impl TileReader for Edge {
    fn tile(&self, level: u8, index: u64, width: u16) -> vouch_ledger::Result<Vec<u8>> {
        let mut hashes = self.0.get(&(i16::from(level), signed(index))).cloned().unwrap_or_default();
        hashes.truncate(usize::from(width) * 32);
        Ok(hashes)
    }
}

pub(super) fn damaged(what: String) -> Error {
    Error::new(ErrorKind::Corrupt, what).with_hint("run `vouch ledger fsck`, or restore a backup")
}
