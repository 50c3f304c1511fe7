//! Reading rows: the one implementation of [`Snapshot`], over whatever holds a session.

use std::time::Duration;

use postgres::Row;
use vouch_ledger::Hash;

use crate::leaf::{Checkpoint, Head, Link, LinkRow, LogLeaf, Projection, RecordRow};
use crate::pool::Lent;
use crate::postgres::session::{Doorway, Session, Sql};
use crate::postgres::{content, search};
use crate::snapshot::{LeafQuery, LinkQuery, MAX_PAGE, MAX_PAGE_BYTES, RecordQuery, SearchHit, Snapshot};
use crate::{Error, ErrorKind, Result};

/// What a view differs in: whose session, whose head.
pub(super) trait View {
    /// The session, to which everything that this view should see has been sent.
    fn session(&self) -> Result<&Session>;
    fn current_head(&self) -> Result<Head>;
    /// The session without what was written and not sent: as of the last commit, or a little later.
    fn committed(&self) -> &Session;
}

/// Reads for a view. [`shows`] makes the view itself a snapshot.
pub(super) struct Rows<'v, V>(pub(super) &'v V);

/// Makes a view a [`Snapshot`], which another engine's views are too.
macro_rules! shows {
    ($view:ty) => {
        impl $crate::Snapshot for $view {
            fn head(&self) -> $crate::Result<$crate::Head> {
                $crate::postgres::rows::Rows(self).head()
            }
            fn checkpoint(&self, size: u64) -> $crate::Result<Option<$crate::Checkpoint>> {
                $crate::postgres::rows::Rows(self).checkpoint(size)
            }
            fn leaves(&self, query: $crate::LeafQuery<'_>) -> $crate::Result<Vec<$crate::LogLeaf>> {
                $crate::postgres::rows::Rows(self).leaves(query)
            }
            fn body(&self, seq: u64) -> $crate::Result<Option<Vec<u8>>> {
                $crate::postgres::rows::Rows(self).body(seq)
            }
            fn tile(&self, level: u8, index: u64) -> $crate::Result<Option<Vec<u8>>> {
                $crate::postgres::rows::Rows(self).tile(level, index)
            }
            fn record(&self, id: &str) -> $crate::Result<Option<$crate::RecordRow>> {
                $crate::postgres::rows::Rows(self).record(id)
            }
            fn records(&self, query: $crate::RecordQuery<'_>) -> $crate::Result<Vec<$crate::RecordRow>> {
                $crate::postgres::rows::Rows(self).records(query)
            }
            fn links(
                &self,
                query: $crate::LinkQuery<'_>,
                after: Option<&$crate::Link>,
                limit: usize,
            ) -> $crate::Result<Vec<$crate::Link>> {
                $crate::postgres::rows::Rows(self).links(query, after, limit)
            }
            fn last_number(&self, kind: &str) -> $crate::Result<u64> {
                $crate::postgres::rows::Rows(self).last_number(kind)
            }
            fn search(&self, words: &str, limit: usize) -> $crate::Result<Vec<$crate::SearchHit>> {
                $crate::postgres::rows::Rows(self).search(words, limit)
            }
            fn file(&self, sha256: &vouch_ledger::Hash) -> $crate::Result<Option<Vec<u8>>> {
                $crate::postgres::rows::Rows(self).file(sha256)
            }
            fn files(&self, after: Option<&vouch_ledger::Hash>, limit: usize) -> $crate::Result<Vec<(vouch_ledger::Hash, u64)>> {
                $crate::postgres::rows::Rows(self).files(after, limit)
            }
            fn desk_spaces(&self) -> $crate::Result<Vec<String>> {
                $crate::postgres::rows::Rows(self).desk_spaces()
            }
            fn desk_get(&self, space: &str, key: &str) -> $crate::Result<Option<Vec<u8>>> {
                $crate::postgres::rows::Rows(self).desk_get(space, key)
            }
            fn desk_scan(
                &self,
                space: &str,
                prefix: &str,
                after: Option<&str>,
                limit: usize,
            ) -> $crate::Result<Vec<(String, Vec<u8>)>> {
                $crate::postgres::rows::Rows(self).desk_scan(space, prefix, after, limit)
            }
        }
    };
}
pub(super) use shows;

impl<V: View> Snapshot for Rows<'_, V> {
    fn head(&self) -> Result<Head> {
        self.0.current_head()
    }

    fn checkpoint(&self, size: u64) -> Result<Option<Checkpoint>> {
        checkpoint(self.0.session()?, size)
    }

    fn leaves(&self, query: LeafQuery<'_>) -> Result<Vec<LogLeaf>> {
        leaves(self.0.session()?, query)
    }

    fn body(&self, seq: u64) -> Result<Option<Vec<u8>>> {
        const BODY: Sql = Sql::new("SELECT body FROM body WHERE org = $1 AND seq = $2");
        let row = self.0.session()?.query_opt(BODY, &[&signed(seq)])?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
        tile(self.0.committed(), level, index)
    }

    fn record(&self, id: &str) -> Result<Option<RecordRow>> {
        const RECORD: Sql =
            Sql::new("SELECT id, kind, seq, revision, state, in_force, title, fields FROM record WHERE org = $1 AND id = $2");
        self.0.session()?.query_opt(RECORD, &[&id])?.as_ref().map(record_row).transpose()
    }

    fn records(&self, query: RecordQuery<'_>) -> Result<Vec<RecordRow>> {
        const ALL: Sql = Sql::new(
            "SELECT id, kind, seq, revision, state, in_force, title, fields FROM record
             WHERE org = $1 AND kind = $2 AND number > $3 ORDER BY number LIMIT $4",
        );
        const IN_STATE: Sql = Sql::new(
            "SELECT id, kind, seq, revision, state, in_force, title, fields FROM record
             WHERE org = $1 AND kind = $2 AND number > $3 AND state = $5 ORDER BY number LIMIT $4",
        );
        let after = query.after.map_or(Ok(0), number_of)?;
        let limit = page(query.limit);
        let rows = match &query.state {
            Some(state) => self.0.session()?.query(IN_STATE, &[&query.kind, &after, &limit, state])?,
            None => self.0.session()?.query(ALL, &[&query.kind, &after, &limit])?,
        };
        rows.iter().map(record_row).collect()
    }

    fn links(&self, query: LinkQuery<'_>, after: Option<&Link>, limit: usize) -> Result<Vec<Link>> {
        const FROM: Sql = Sql::new(
            "SELECT from_id, field, to_id, to_revision FROM link
             WHERE org = $1 AND from_id = $2 AND (from_id, field, to_id, to_revision) > ($3, $4, $5, $6)
             ORDER BY from_id, field, to_id, to_revision LIMIT $7",
        );
        const TO: Sql = Sql::new(
            "SELECT from_id, field, to_id, to_revision FROM link
             WHERE org = $1 AND to_id = $2 AND (from_id, field, to_id, to_revision) > ($3, $4, $5, $6)
             ORDER BY from_id, field, to_id, to_revision LIMIT $7",
        );
        let (sql, id) = match query {
            LinkQuery::From(id) => (FROM, id),
            LinkQuery::To(id) => (TO, id),
        };
        // Smaller than every row, since no id is empty.
        let (from, field, to, revision) = match after {
            Some(Link { from_id, link }) => (&**from_id, &*link.field, &*link.to_id, link.to_revision.unwrap_or(0)),
            None => ("", "", "", 0),
        };
        let rows = self.0.session()?.query(sql, &[&id, &from, &field, &to, &signed(revision), &page(limit)])?;
        rows.iter().map(link_row).collect()
    }

    fn last_number(&self, kind: &str) -> Result<u64> {
        const LAST: Sql = Sql::new("SELECT last FROM series WHERE org = $1 AND kind = $2");
        let row = self.0.session()?.query_opt(LAST, &[&kind])?;
        row.map_or(Ok(0), |row| unsigned(&row, 0))
    }

    fn search(&self, words: &str, limit: usize) -> Result<Vec<SearchHit>> {
        search::find(self.0.committed(), words, page(limit))
    }

    fn file(&self, sha256: &Hash) -> Result<Option<Vec<u8>>> {
        content::read(self.0.session()?, sha256)
    }

    fn files(&self, after: Option<&Hash>, limit: usize) -> Result<Vec<(Hash, u64)>> {
        const FILES: Sql = Sql::new(
            "SELECT sha256, size FROM file WHERE org = $1 AND ($2::bytea IS NULL OR sha256 > $2) ORDER BY sha256 LIMIT $3",
        );
        let rows = self.0.session()?.query(FILES, &[&after.map(|hash| &hash[..]), &page(limit)])?;
        rows.iter().map(|row| Ok((hash(row.try_get(0)?)?, unsigned(row, 1)?))).collect()
    }

    fn desk_spaces(&self) -> Result<Vec<String>> {
        const SPACES: Sql = Sql::new("SELECT DISTINCT space FROM desk WHERE org = $1 ORDER BY space");
        self.0.session()?.query(SPACES, &[])?.iter().map(|row| text(row.try_get(0)?)).collect()
    }

    fn desk_get(&self, space: &str, key: &str) -> Result<Option<Vec<u8>>> {
        const GET: Sql = Sql::new("SELECT value FROM desk WHERE org = $1 AND space = $2 AND key = $3");
        let row = self.0.session()?.query_opt(GET, &[&space.as_bytes(), &key.as_bytes()])?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    fn desk_scan(&self, space: &str, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>> {
        // From the prefix on, keys that begin with it come first and in a row.
        const SCAN: Sql = Sql::new(
            "SELECT key, value FROM desk WHERE org = $1 AND space = $2 AND key >= $3 AND ($4::bytea IS NULL OR key > $4)
             AND substring(key FOR octet_length($3)) = $3 ORDER BY key LIMIT $5",
        );
        let after = after.map(str::as_bytes);
        let rows = self.0.session()?.query(SCAN, &[&space.as_bytes(), &prefix.as_bytes(), &after, &page(limit)])?;
        rows.iter().map(|row| Ok((text(row.try_get(0)?)?, row.try_get(1)?))).collect()
    }
}

/// A session inside a reading transaction.
pub(super) struct ReadView<'s> {
    session: Lent<'s, Session>,
    head: Head,
}

impl<'s> ReadView<'s> {
    pub(super) fn begin(doorway: &'s Doorway, patience: Duration) -> Result<Self> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut session = doorway.lend(patience)?;
        if session.control(BEGIN).is_err() {
            // An idle connection may have been closed by the server, and then all were.
            session.discard();
            drop(session);
            doorway.forget_idle();
            session = doorway.lend(patience)?;
            session.control(BEGIN)?;
        }
        let mut view = Self { session, head: Head::EMPTY };
        // The first read pins what all later ones see.
        view.head = head(&view.session)?;
        Ok(view)
    }
}

impl Drop for ReadView<'_> {
    fn drop(&mut self) {
        if self.session.control("ROLLBACK").is_err() {
            self.session.discard();
        }
    }
}

shows!(ReadView<'_>);

impl View for ReadView<'_> {
    fn session(&self) -> Result<&Session> {
        Ok(&self.session)
    }

    fn current_head(&self) -> Result<Head> {
        Ok(self.head)
    }

    fn committed(&self) -> &Session {
        &self.session
    }
}

/// The head that the last commit left.
pub(super) fn head(session: &Session) -> Result<Head> {
    Ok(checkpoint(session, u64::MAX)?.map_or(Head::EMPTY, |checkpoint| checkpoint.head))
}

fn checkpoint(session: &Session, size: u64) -> Result<Option<Checkpoint>> {
    const CHECKPOINT: Sql =
        Sql::new("SELECT size, root, time_ms, note FROM checkpoint WHERE org = $1 AND size <= $2 ORDER BY size DESC LIMIT 1");
    let row = session.query_opt(CHECKPOINT, &[&signed(size)])?;
    let read = |row: Row| {
        let head = Head { size: unsigned(&row, 0)?, root: hash(row.try_get(1)?)?, time_ms: row.try_get(2)? };
        Ok(Checkpoint { head, note: row.try_get(3)? })
    };
    row.map(read).transpose()
}

pub(super) fn tile(session: &Session, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
    const TILE: Sql = Sql::new("SELECT hashes FROM tile WHERE org = $1 AND level = $2 AND position = $3");
    let row = session.query_opt(TILE, &[&i16::from(level), &signed(index)])?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

fn leaves(session: &Session, query: LeafQuery<'_>) -> Result<Vec<LogLeaf>> {
    // The server ends the page, so that no more than a page is ever on the way.
    const WITH_BODIES: Sql = Sql::new(
        "SELECT seq, envelope, body FROM (
             SELECT leaf.seq, envelope, body, sum(octet_length(envelope) + coalesce(octet_length(body), 0)) OVER (ORDER BY leaf.seq)
                    - octet_length(envelope) - coalesce(octet_length(body), 0) AS before
             FROM leaf LEFT JOIN body ON body.org = leaf.org AND body.seq = leaf.seq
             WHERE leaf.org = $1 AND leaf.seq >= $2 ORDER BY leaf.seq LIMIT $3) AS page
         WHERE before < $4 ORDER BY seq",
    );
    const OF_RECORD_WITH_BODIES: Sql = Sql::new(
        "SELECT seq, envelope, body FROM (
             SELECT leaf.seq, envelope, body, sum(octet_length(envelope) + coalesce(octet_length(body), 0)) OVER (ORDER BY leaf.seq)
                    - octet_length(envelope) - coalesce(octet_length(body), 0) AS before
             FROM leaf LEFT JOIN body ON body.org = leaf.org AND body.seq = leaf.seq
             WHERE leaf.org = $1 AND leaf.id = $5 AND leaf.seq >= $2 ORDER BY leaf.seq LIMIT $3) AS page
         WHERE before < $4 ORDER BY seq",
    );
    const PLAIN: Sql = Sql::new(
        "SELECT seq, envelope, NULL::bytea FROM leaf WHERE org = $1 AND seq >= $2 AND $4::bigint > 0 ORDER BY seq LIMIT $3",
    );
    const OF_RECORD: Sql = Sql::new(
        "SELECT seq, envelope, NULL::bytea FROM leaf
         WHERE org = $1 AND id = $5 AND seq >= $2 AND $4::bigint > 0 ORDER BY seq LIMIT $3",
    );
    let (from, limit, most) = (signed(query.from), page(query.limit), signed(MAX_PAGE_BYTES as u64));
    let rows = match (&query.id, query.bodies) {
        (None, true) => session.query(WITH_BODIES, &[&from, &limit, &most])?,
        (Some(id), true) => session.query(OF_RECORD_WITH_BODIES, &[&from, &limit, &most, id])?,
        (None, false) => session.query(PLAIN, &[&from, &limit, &most])?,
        (Some(id), false) => session.query(OF_RECORD, &[&from, &limit, &most, id])?,
    };
    let leaf = |row: &Row| Ok(LogLeaf { seq: unsigned(row, 0)?, envelope: row.try_get(1)?, body: row.try_get(2)? });
    rows.iter().map(leaf).collect()
}

fn record_row(row: &Row) -> Result<RecordRow> {
    let in_force: Option<i64> = row.try_get(5)?;
    let projection = Projection {
        revision: unsigned(row, 3)?,
        state: row.try_get(4)?,
        in_force: in_force.map(i64::unsigned_abs),
        title: text(row.try_get(6)?)?,
        fields: row.try_get(7)?,
    };
    Ok(RecordRow { id: row.try_get(0)?, kind: row.try_get(1)?, seq: unsigned(row, 2)?, projection })
}

fn link_row(row: &Row) -> Result<Link> {
    let to_revision = Some(unsigned(row, 3)?).filter(|revision| *revision > 0);
    Ok(Link { from_id: row.try_get(0)?, link: LinkRow { field: row.try_get(1)?, to_id: row.try_get(2)?, to_revision } })
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::Corrupt, "a stored text is no text").with_source(error))
}

pub(super) fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::new(ErrorKind::Corrupt, format!("a stored hash has {} bytes", bytes.len())))
}

/// The number at the end of an id.
pub(super) fn number_of(id: &str) -> Result<i64> {
    let number = id.rsplit_once('-').and_then(|(_, number)| number.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| Error::new(ErrorKind::Invalid, format!("`{id}` is not an id such as `SYS-3`")))
}

/// Counts fit: a log has fewer than 2^53 leaves. Larger numbers are only asked for, never stored.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(row: &Row, column: usize) -> Result<u64> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| Error::new(ErrorKind::Corrupt, format!("a stored count is {number}")))
}

fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(MAX_PAGE)).expect("a page is small")
}
