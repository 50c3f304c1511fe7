//! What a unit reads and writes: rows inside the open transaction, and the group's [`Buffer`].

use std::cell::RefCell;
use std::sync::Arc;

use vouch_ledger::tree::Appender;
use vouch_ledger::{Envelope, Hash, leaf_hash};

use crate::StagedFile;
use crate::leaf::{Head, Leaf, LinkRow, Projection, Tip};
use crate::postgres::buffer::{Buffer, RecordWrite, Write};
use crate::postgres::content::{self, Contents};
use crate::postgres::flush;
use crate::postgres::rows::{View, number_of, shows, signed};
use crate::postgres::search;
use crate::postgres::session::{Session, Sql};
use crate::store::Append;
use crate::{Error, ErrorKind, Result};

/// Marks in `upkeep` that removed bytes may remain until a scrub.
pub(super) const SCRUB: &str = "scrub";

/// One unit at work.
pub(super) struct UnitOfWork<'g> {
    pub(super) session: &'g Session,
    pub(super) contents: &'g Arc<Contents>,
    pub(super) origin: &'g str,
    /// The tree as of the last commit.
    pub(super) tree: &'g Appender,
    pub(super) buffer: RefCell<&'g mut Buffer>,
    /// The first write that failed. Its rows may be half there, so the unit cannot stand.
    pub(super) failure: RefCell<Option<Error>>,
}

shows!(UnitOfWork<'_>);

impl View for UnitOfWork<'_> {
    fn session(&self) -> Result<&Session> {
        // What was written must be seen, so it is sent first; a failure there is a failed write.
        if let Some(failure) = &*self.failure.borrow() {
            return Err(failure.repeated());
        }
        self.send().inspect_err(|error| *self.failure.borrow_mut() = Some(error.repeated()))?;
        Ok(self.session)
    }

    fn current_head(&self) -> Result<Head> {
        let buffer = self.buffer.borrow();
        let mut tree = self.tree.clone();
        buffer.leaves.iter().for_each(|leaf| tree.push(*leaf));
        let Tip { size, time_ms } = buffer.tip;
        Ok(Head { size, root: tree.root(), time_ms })
    }

    fn committed(&self) -> &Session {
        self.session
    }
}

impl Append for UnitOfWork<'_> {
    fn tip(&self) -> Tip {
        self.buffer.borrow().tip
    }

    fn append(&mut self, leaf: Leaf) -> Result<()> {
        self.write(|unit| unit.append_leaf(leaf))
    }

    fn replace_body(&mut self, seq: u64, body: &[u8]) -> Result<()> {
        const REPLACE: Sql = Sql::new("UPDATE body SET body = $3 WHERE org = $1 AND seq = $2");
        self.write(|unit| {
            let changed = unit.sent()?.execute(REPLACE, &[&signed(seq), &body])?;
            unit.removed_one_body(changed, seq)
        })
    }

    fn remove_body(&mut self, seq: u64) -> Result<()> {
        const REMOVE: Sql = Sql::new("DELETE FROM body WHERE org = $1 AND seq = $2");
        self.write(|unit| {
            let changed = unit.sent()?.execute(REMOVE, &[&signed(seq)])?;
            unit.removed_one_body(changed, seq)
        })
    }

    fn drop_projection(&mut self, id: &str) -> Result<()> {
        self.write(|unit| {
            drop_record(unit.sent()?, id)?;
            unit.needs_scrub()
        })
    }

    fn put_file(&mut self, mut file: StagedFile) -> Result<()> {
        self.write(|unit| {
            let number = file.content_mut().filter(|content| content.is_of(unit.contents)).map(|content| content.number());
            let number = number.ok_or_else(|| Error::new(ErrorKind::Misuse, "the file was staged by another store"))?;
            content::name(unit.sent()?, file.sha256(), file.size(), number)?;
            unit.buffer.borrow_mut().staged.push(file);
            Ok(())
        })
    }

    fn remove_file(&mut self, sha256: &Hash) -> Result<()> {
        self.write(|unit| {
            if content::forget(unit.sent()?, sha256)? {
                unit.needs_scrub()?;
            }
            Ok(())
        })
    }

    fn desk_put(&mut self, space: &str, key: &str, value: &[u8]) -> Result<()> {
        self.write(|unit| unit.desk(space, key, Some(value.to_vec())))
    }

    fn desk_delete(&mut self, space: &str, key: &str) -> Result<()> {
        self.write(|unit| unit.desk(space, key, None))
    }
}

impl UnitOfWork<'_> {
    /// Runs one write; after the first that fails none is done.
    fn write(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if let Some(failure) = &*self.failure.borrow() {
            return Err(failure.repeated());
        }
        write(self).inspect_err(|error| *self.failure.borrow_mut() = Some(error.repeated()))
    }

    /// Sends what waits: what earlier units wrote, then a savepoint, then what this unit wrote.
    fn send(&self) -> Result<()> {
        let mut buffer = self.buffer.borrow_mut();
        if !buffer.has_savepoint {
            let earlier = buffer.take_earlier();
            flush::send(self.session, earlier)?;
            self.session.control("SAVEPOINT unit")?;
            buffer.has_savepoint = true;
        }
        if buffer.writes.is_empty() {
            return Ok(());
        }
        let own = buffer.take();
        flush::send(self.session, own)
    }

    /// The session, after everything that waits was sent.
    fn sent(&self) -> Result<&Session> {
        self.send()?;
        Ok(self.session)
    }

    fn push(&self, write: Write) {
        self.buffer.borrow_mut().push(write);
    }

    fn desk(&self, space: &str, key: &str, value: Option<Vec<u8>>) -> Result<()> {
        self.push(Write::Desk { space: space.to_owned(), key: key.to_owned(), value });
        self.send_if_large()
    }

    fn send_if_large(&self) -> Result<()> {
        let is_large = self.buffer.borrow().is_large();
        if is_large { self.send() } else { Ok(()) }
    }

    fn removed_one_body(&mut self, changed: u64, seq: u64) -> Result<()> {
        if changed == 0 {
            return Err(Error::new(ErrorKind::Missing, format!("leaf {seq} has no body")));
        }
        self.needs_scrub()
    }

    fn needs_scrub(&self) -> Result<()> {
        const NOTE: Sql = Sql::new("INSERT INTO upkeep (org, name) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        self.session.execute(NOTE, &[&SCRUB]).map(drop)
    }

    fn append_leaf(&mut self, leaf: Leaf) -> Result<()> {
        let Leaf { envelope: bytes, body, projection, links, search } = leaf;
        let size = self.tip().size;
        let envelope = Envelope::parse(&bytes)
            .map_err(|error| Error::new(ErrorKind::Invalid, format!("the envelope of leaf {size} cannot be taken: {error}")))?;
        self.check(&envelope)?;
        let (id, seq) = (envelope.id.to_owned(), signed(envelope.seq));
        let number = number_of(envelope.id)?;
        if projection.is_none() && (links.is_some() || search.is_some()) {
            self.index_alone(&id, search.as_deref())?;
        }
        if let Some(projection) = projection {
            let words = search.map(|text| search::vector(&id, &projection.title, &text));
            self.push(Write::Record { row: record(&envelope, number, projection), words });
        }
        if let Some(links) = links {
            self.push(Write::Links { id: id.clone(), links });
        }
        self.push(Write::Number { kind: envelope.kind.to_owned(), number });
        let (hash, tip) = (leaf_hash(&bytes), Tip { size: envelope.seq + 1, time_ms: envelope.time });
        self.push(Write::Leaf { seq, id, envelope: bytes, body });
        {
            let mut buffer = self.buffer.borrow_mut();
            buffer.leaves.push(hash);
            buffer.tip = tip;
        }
        self.send_if_large()
    }

    /// A leaf with links or text and no row for lists: there must be a row already, and its text is replaced.
    fn index_alone(&self, id: &str, text: Option<&str>) -> Result<()> {
        const TITLE: Sql = Sql::new("SELECT title FROM record WHERE org = $1 AND id = $2");
        const WORDS: Sql = Sql::new("UPDATE record SET words = $3::text::tsvector WHERE org = $1 AND id = $2");
        let row = self.sent()?.query_opt(TITLE, &[&id])?;
        let row =
            row.ok_or_else(|| Error::new(ErrorKind::Invalid, format!("`{id}` has links or search text and no projection")))?;
        if let Some(text) = text {
            let title = String::from_utf8_lossy(row.try_get(0)?).into_owned();
            self.session.execute(WORDS, &[&id, &search::vector(id, &title, text)])?;
        }
        Ok(())
    }

    /// The leaf belongs here: next in order, not before the last one, of this log.
    fn check(&self, envelope: &Envelope<'_>) -> Result<()> {
        let Tip { size, time_ms } = self.tip();
        let bad = |what: String| Err(Error::new(ErrorKind::Invalid, what));
        if envelope.seq != size {
            return bad(format!("seq: `{}` does not follow, the log has {size} leaves", envelope.seq));
        }
        if envelope.time < time_ms {
            return bad(format!("time: leaf {size} is {} ms earlier than the leaf before it", time_ms - envelope.time));
        }
        if envelope.org != self.origin {
            return bad(format!("org: `{}` does not write to the log of `{}`", envelope.org, self.origin));
        }
        Ok(())
    }
}

/// The row of a record, as a leaf leaves it.
pub(super) fn record(envelope: &Envelope<'_>, number: i64, projection: Projection) -> RecordWrite {
    let Projection { revision, state, in_force, title, fields } = projection;
    RecordWrite {
        id: envelope.id.to_owned(),
        kind: envelope.kind.to_owned(),
        number,
        revision: signed(revision),
        state,
        in_force: in_force.map(signed),
        title: title.into_bytes(),
        fields,
        seq: signed(envelope.seq),
    }
}

/// Removes the row and the links of a record; one that is not there is no error.
pub(super) fn drop_record(session: &Session, id: &str) -> Result<()> {
    const RECORD: Sql = Sql::new("DELETE FROM record WHERE org = $1 AND id = $2");
    const LINKS: Sql = Sql::new("DELETE FROM link WHERE org = $1 AND from_id = $2");
    session.execute(RECORD, &[&id])?;
    session.execute(LINKS, &[&id]).map(drop)
}

/// Everything a record is shown by, as writes.
pub(super) fn shown(envelope: &Envelope<'_>, projection: Projection, links: Vec<LinkRow>, text: &str) -> Result<[Write; 2]> {
    let number = number_of(envelope.id)?;
    let words = Some(search::vector(envelope.id, &projection.title, text));
    let links = Write::Links { id: envelope.id.to_owned(), links };
    Ok([Write::Record { row: record(envelope, number, projection), words }, links])
}
