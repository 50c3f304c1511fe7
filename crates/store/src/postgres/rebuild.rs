//! Recreating what is computed from what is true.

use vouch_ledger::tree::Appender;
use vouch_ledger::{Envelope, leaf_hash};

use crate::leaf::{Head, LogLeaf};
use crate::postgres::buffer::Write;
use crate::postgres::engine::{Engine, damaged};
use crate::postgres::flush;
use crate::postgres::rows::{View, number_of, shows, signed};
use crate::postgres::session::{Session, Sql};
use crate::postgres::unit::{drop_record, shown};
use crate::snapshot::{LeafQuery, Snapshot};
use crate::store::{ProjectionChange, Projector};
use crate::{Error, ErrorKind, Result};

/// Tables that are computed. A rebuild empties and refills each.
pub(super) const DERIVED: &[(&str, Sql)] = &[
    ("link", Sql::new("DELETE FROM link WHERE org = $1")),
    ("record", Sql::new("DELETE FROM record WHERE org = $1")),
    ("series", Sql::new("DELETE FROM series WHERE org = $1")),
    ("tile", Sql::new("DELETE FROM tile WHERE org = $1")),
];

/// Tables that hold what cannot be computed.
#[cfg(test)]
pub(super) const TRUE: &[&str] = &["body", "checkpoint", "content", "desk", "file", "leaf", "log", "migration", "piece", "upkeep"];

/// Leaves of one page, and rows sent at once.
const PAGE: usize = 1_000;

/// A session inside the transaction of the rebuild.
struct Inside<'e> {
    session: &'e Session,
    head: Head,
}

shows!(Inside<'_>);

impl View for Inside<'_> {
    fn session(&self) -> Result<&Session> {
        Ok(self.session)
    }

    fn current_head(&self) -> Result<Head> {
        Ok(self.head)
    }

    fn committed(&self) -> &Session {
        self.session
    }
}

impl Engine {
    /// Recreates every table of [`DERIVED`] in one transaction.
    pub(super) fn rebuild(&mut self, projector: &mut dyn Projector) -> Result<()> {
        self.standing.check_running()?;
        self.begin()?;
        let head = self.head;
        let refilled = self.session().and_then(|session| {
            session.control("SET LOCAL statement_timeout = 0")?;
            refill(&Inside { session, head }, projector)
        });
        match refilled {
            Ok(()) => self.commit(&head),
            Err(error) => {
                // The refusal is what the caller wants to hear, whatever becomes of the connection.
                let _ = self.session().and_then(|session| session.control("ROLLBACK"));
                Err(error)
            }
        }
    }
}

fn refill(inside: &Inside<'_>, projector: &mut dyn Projector) -> Result<()> {
    for (_, clear) in DERIVED {
        inside.session.execute(*clear, &[])?;
    }
    let (mut tree, all) = (Appender::new(), inside.head.size);
    let mut rows = Rows { session: inside.session, writes: Vec::new() };
    while tree.size() < all {
        let query = LeafQuery { from: tree.size(), limit: PAGE, bodies: true, ..LeafQuery::default() };
        let leaves = inside.leaves(query)?;
        if leaves.is_empty() {
            return Err(damaged(format!("leaf {} is missing; nothing was changed", tree.size())));
        }
        for leaf in leaves {
            rows.take(&leaf, &mut tree, projector)?;
        }
        flush::send_tiles(inside.session, &tree.take_full())?;
        projector.progress(tree.size(), all);
    }
    loop {
        let changes = projector.finish().map_err(Error::refused)?;
        if changes.is_empty() {
            break;
        }
        rows.change(changes)?;
    }
    rows.send()?;
    flush::send_tiles(inside.session, &tree.take_writes())?;
    if tree.root() != inside.head.root {
        return Err(damaged(format!("the {all} leaves do not lead to the root of the last checkpoint; nothing was changed")));
    }
    Ok(())
}

/// The rows that are being refilled.
struct Rows<'e> {
    session: &'e Session,
    writes: Vec<Write>,
}

impl Rows<'_> {
    fn take(&mut self, leaf: &LogLeaf, tree: &mut Appender, projector: &mut dyn Projector) -> Result<()> {
        if leaf.seq != tree.size() {
            return Err(damaged(format!("leaf {} is missing; nothing was changed", tree.size())));
        }
        let envelope = envelope_of(leaf.seq, &leaf.envelope)?;
        self.writes.push(Write::Number { kind: envelope.kind.to_owned(), number: number_of(envelope.id)? });
        tree.push(leaf_hash(&leaf.envelope));
        self.change(projector.leaf(leaf).map_err(Error::refused)?)
    }

    fn change(&mut self, changes: Vec<ProjectionChange>) -> Result<()> {
        const ENVELOPE: Sql = Sql::new("SELECT envelope FROM leaf WHERE org = $1 AND seq = $2");
        for change in changes {
            match change {
                ProjectionChange::Put { seq, projection, links, search } => {
                    let row = self.session.query_opt(ENVELOPE, &[&signed(seq)])?;
                    let row = row.ok_or_else(|| Error::new(ErrorKind::Invalid, format!("there is no leaf {seq}")))?;
                    let bytes: Vec<u8> = row.try_get(0)?;
                    self.writes.extend(shown(&envelope_of(seq, &bytes)?, projection, links, &search)?);
                }
                ProjectionChange::Drop { id } => {
                    self.send()?;
                    drop_record(self.session, &id)?;
                }
            }
        }
        if self.writes.len() >= PAGE { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<()> {
        flush::send(self.session, std::mem::take(&mut self.writes))
    }
}

fn envelope_of(seq: u64, bytes: &[u8]) -> Result<Envelope<'_>> {
    Envelope::parse(bytes)
        .map_err(|error| damaged(format!("the envelope of leaf {seq} cannot be read: {error}")).with_source(error))
}
