//! What a unit reads and writes: rows inside the open transaction, and [`Pending`] for the rest.

use rusqlite::{Connection, OptionalExtension, params};
use vouch_ledger::tree::Appender;
use vouch_ledger::{Envelope, Hash, leaf_hash};

use crate::files::{Files, StagedFile};
use crate::leaf::{Head, Leaf, LinkRow, Projection, Tip};
use crate::sqlite::pending::Pending;
use crate::sqlite::rows::{View, number_of, signed};
use crate::sqlite::search::SearchChange;
use crate::store::Append;
use crate::{Error, ErrorKind, Result};

/// Marks in `upkeep` that removed bytes may remain in free pages until a scrub.
pub(super) const SCRUB: &str = "scrub";

/// One unit at work.
pub(super) struct UnitOfWork<'g> {
    pub(super) connection: &'g Connection,
    pub(super) files: &'g Files,
    /// The tree as of the last commit.
    pub(super) tree: &'g Appender,
    pub(super) pending: &'g mut Pending,
    /// The first write that failed. Its rows may be half there, so the unit cannot stand.
    pub(super) failure: Option<Error>,
}

impl View for UnitOfWork<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }

    fn current_head(&self) -> Result<Head> {
        let mut tree = self.tree.clone();
        self.pending.leaves.iter().for_each(|leaf| tree.push(*leaf));
        let Tip { size, time_ms } = self.pending.tip;
        Ok(Head { size, root: tree.root(), time_ms })
    }

    fn file_bytes(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>> {
        match self.pending.staged.iter().find(|file| file.sha256() == sha256) {
            Some(file) => Files::read_staged(file),
            None => self.files.read(sha256, size),
        }
    }
}

impl Append for UnitOfWork<'_> {
    fn tip(&self) -> Tip {
        self.pending.tip
    }

    fn append(&mut self, leaf: Leaf) -> Result<()> {
        self.write(|unit| unit.append_leaf(leaf))
    }

    fn replace_body(&mut self, seq: u64, body: &[u8]) -> Result<()> {
        self.write(|unit| {
            let changed = unit.execute("UPDATE body SET body = ?2 WHERE seq = ?1", params![signed(seq), body])?;
            unit.removed_one_body(changed, seq)
        })
    }

    fn remove_body(&mut self, seq: u64) -> Result<()> {
        self.write(|unit| {
            let changed = unit.execute("DELETE FROM body WHERE seq = ?1", [signed(seq)])?;
            unit.removed_one_body(changed, seq)
        })
    }

    fn drop_projection(&mut self, id: &str) -> Result<()> {
        self.write(|unit| {
            let sql = "DELETE FROM record WHERE id = ?1 RETURNING key";
            let key = unit.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            unit.pending.search.extend(key.map(|key| SearchChange { key, text: None }));
            unit.needs_scrub()
        })
    }

    fn put_file(&mut self, file: StagedFile) -> Result<()> {
        self.write(|unit| {
            if !unit.files.owns(&file) {
                return Err(Error::new(ErrorKind::Misuse, "the file was staged by another store"));
            }
            let row = params![file.sha256(), signed(file.size())];
            unit.execute("INSERT INTO file (sha256, size) VALUES (?1, ?2) ON CONFLICT DO NOTHING", row)?;
            unit.execute("DELETE FROM file_removal WHERE sha256 = ?1", [file.sha256()])?;
            unit.pending.staged.push(file);
            Ok(())
        })
    }

    fn remove_file(&mut self, sha256: &Hash) -> Result<()> {
        self.write(|unit| {
            if unit.execute("DELETE FROM file WHERE sha256 = ?1", [sha256])? > 0 {
                unit.execute("INSERT INTO file_removal (sha256) VALUES (?1) ON CONFLICT DO NOTHING", [sha256])?;
                unit.pending.removed.push(*sha256);
            }
            Ok(())
        })
    }

    fn desk_put(&mut self, space: &str, key: &str, value: &[u8]) -> Result<()> {
        let sql = "INSERT INTO desk (space, key, value) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = excluded.value";
        self.write(|unit| unit.execute(sql, params![space, key, value]).map(drop))
    }

    fn desk_delete(&mut self, space: &str, key: &str) -> Result<()> {
        self.write(|unit| unit.execute("DELETE FROM desk WHERE space = ?1 AND key = ?2", [space, key]).map(drop))
    }
}

impl UnitOfWork<'_> {
    /// Runs one write; after the first that fails none is done.
    fn write(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if let Some(failure) = &self.failure {
            return Err(failure.repeated());
        }
        write(self).inspect_err(|error| self.failure = Some(error.repeated()))
    }

    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    fn removed_one_body(&mut self, changed: usize, seq: u64) -> Result<()> {
        if changed == 0 {
            return Err(Error::new(ErrorKind::Missing, format!("leaf {seq} has no body")));
        }
        self.needs_scrub()
    }

    fn needs_scrub(&self) -> Result<()> {
        self.execute("INSERT INTO upkeep (name) VALUES (?1) ON CONFLICT DO NOTHING", [SCRUB]).map(drop)
    }

    fn append_leaf(&mut self, leaf: Leaf) -> Result<()> {
        let envelope = Envelope::parse(&leaf.envelope).map_err(|error| {
            Error::new(ErrorKind::Invalid, format!("the envelope of leaf {} cannot be taken: {error}", self.pending.tip.size))
        })?;
        self.check(&envelope)?;
        let seq = signed(envelope.seq);
        self.execute("INSERT INTO leaf (seq, id, envelope) VALUES (?1, ?2, ?3)", params![seq, envelope.id, leaf.envelope])?;
        if let Some(body) = &leaf.body {
            self.execute("INSERT INTO body (seq, body) VALUES (?1, ?2)", params![seq, body])?;
        }
        count_up(self.connection, &envelope)?;
        if let Some(projection) = &leaf.projection {
            put_projection(self.connection, &envelope, projection)?;
        }
        if leaf.links.is_some() || leaf.search.is_some() {
            let key = key_of(self.connection, envelope.id)?;
            if let Some(links) = &leaf.links {
                put_links(self.connection, envelope.id, links)?;
            }
            self.pending.search.extend(leaf.search.map(|text| SearchChange { key, text: Some(text) }));
        }
        self.pending.leaves.push(leaf_hash(&leaf.envelope));
        self.pending.tip = Tip { size: envelope.seq + 1, time_ms: envelope.time };
        Ok(())
    }

    /// The leaf belongs here: next in order, not before the last one, of this log.
    fn check(&mut self, envelope: &Envelope<'_>) -> Result<()> {
        let Tip { size, time_ms } = self.pending.tip;
        let bad = |what: String| Err(Error::new(ErrorKind::Invalid, what));
        if envelope.seq != size {
            return bad(format!("seq: `{}` does not follow, the log has {size} leaves", envelope.seq));
        }
        if envelope.time < time_ms {
            return bad(format!("time: leaf {size} is {} ms earlier than the leaf before it", time_ms - envelope.time));
        }
        match &self.pending.origin {
            Some(origin) if origin != envelope.org => {
                bad(format!("org: `{}` does not write to the log of `{origin}`", envelope.org))
            }
            Some(_) => Ok(()),
            None => {
                self.execute("INSERT INTO log (only_row, origin) VALUES (1, ?1)", [envelope.org])?;
                self.pending.origin = Some(envelope.org.to_owned());
                Ok(())
            }
        }
    }
}

/// Remembers the highest number of the kind.
pub(super) fn count_up(connection: &Connection, envelope: &Envelope<'_>) -> Result<()> {
    let sql = "INSERT INTO series (kind, last) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET last = excluded.last WHERE excluded.last > last";
    connection.prepare_cached(sql)?.execute(params![envelope.kind, number_of(envelope.id)?])?;
    Ok(())
}

pub(super) fn put_projection(connection: &Connection, envelope: &Envelope<'_>, projection: &Projection) -> Result<()> {
    let sql = "INSERT INTO record (id, kind, number, revision, state, in_force, title, fields, seq)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, state = excluded.state, in_force = excluded.in_force,
                   title = excluded.title, fields = excluded.fields, seq = excluded.seq";
    connection.prepare_cached(sql)?.execute(params![
        envelope.id,
        envelope.kind,
        number_of(envelope.id)?,
        signed(projection.revision),
        projection.state,
        projection.in_force.map(signed),
        projection.title,
        projection.fields,
        signed(envelope.seq),
    ])?;
    Ok(())
}

pub(super) fn put_links(connection: &Connection, id: &str, links: &[LinkRow]) -> Result<()> {
    connection.prepare_cached("DELETE FROM link WHERE from_id = ?1")?.execute([id])?;
    // Two rows of a list may hold the same link; it is one link of the field.
    let sql = "INSERT INTO link (from_id, field, to_id, to_revision) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    let mut insert = connection.prepare_cached(sql)?;
    for link in links {
        insert.execute(params![id, link.field, link.to_id, signed(link.to_revision.unwrap_or(0))])?;
    }
    Ok(())
}

pub(super) fn key_of(connection: &Connection, id: &str) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT key FROM record WHERE id = ?1")?;
    let key = statement.query_row([id], |row| row.get(0)).optional()?;
    key.ok_or_else(|| Error::new(ErrorKind::Invalid, format!("`{id}` has links or search text and no projection")))
}
