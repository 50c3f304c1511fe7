//! Reading rows: the one implementation of [`Snapshot`], over whatever holds a connection.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vouch_ledger::Hash;

use crate::leaf::{Checkpoint, Head, Link, LinkRow, LogLeaf, Projection, RecordRow};
use crate::snapshot::{LeafQuery, LinkQuery, MAX_PAGE, MAX_PAGE_BYTES, RecordQuery, SearchHit, Snapshot};
use crate::sqlite::search;
use crate::{Error, ErrorKind, Result};

/// What a view differs in: whose connection, whose head, and files that are not in their place yet.
pub(super) trait View {
    fn connection(&self) -> &Connection;
    fn current_head(&self) -> Result<Head>;
    fn file_bytes(&self, sha256: &Hash, size: u64) -> Result<Vec<u8>>;
}

impl<V: View> Snapshot for V {
    fn head(&self) -> Result<Head> {
        self.current_head()
    }

    fn checkpoint(&self, size: u64) -> Result<Option<Checkpoint>> {
        checkpoint(self.connection(), size)
    }

    fn leaves(&self, query: LeafQuery<'_>) -> Result<Vec<LogLeaf>> {
        leaves(self.connection(), query)
    }

    fn body(&self, seq: u64) -> Result<Option<Vec<u8>>> {
        let mut statement = self.connection().prepare_cached("SELECT body FROM body WHERE seq = ?1")?;
        Ok(statement.query_row([signed(seq)], |row| row.get(0)).optional()?)
    }

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
        tile(self.connection(), level, index)
    }

    fn record(&self, id: &str) -> Result<Option<RecordRow>> {
        let mut statement = self.connection().prepare_cached(&format!("SELECT {RECORD} FROM record WHERE id = ?1"))?;
        Ok(statement.query_row([id], record_row).optional()?)
    }

    fn records(&self, query: RecordQuery<'_>) -> Result<Vec<RecordRow>> {
        let after = query.after.map_or(Ok(0), number_of)?;
        let (state, limit) =
            if query.state.is_some() { ("state = ?2", page(query.limit)) } else { ("?2 IS NULL", page(query.limit)) };
        let sql = format!("SELECT {RECORD} FROM record WHERE kind = ?1 AND {state} AND number > ?3 ORDER BY number LIMIT ?4");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![query.kind, query.state, after, limit], record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn links(&self, query: LinkQuery<'_>, after: Option<&Link>, limit: usize) -> Result<Vec<Link>> {
        let (column, id) = match query {
            LinkQuery::From(id) => ("from_id", id),
            LinkQuery::To(id) => ("to_id", id),
        };
        let sql = format!(
            "SELECT from_id, field, to_id, to_revision FROM link
             WHERE {column} = ?1 AND (from_id, field, to_id, to_revision) > (?2, ?3, ?4, ?5)
             ORDER BY from_id, field, to_id, to_revision LIMIT ?6"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        // Smaller than every row, since no id is empty.
        let (from, field, to, revision) = match after {
            Some(Link { from_id, link }) => (&**from_id, &*link.field, &*link.to_id, link.to_revision.unwrap_or(0)),
            None => ("", "", "", 0),
        };
        let rows = statement.query_map(params![id, from, field, to, signed(revision), page(limit)], link_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn last_number(&self, kind: &str) -> Result<u64> {
        let mut statement = self.connection().prepare_cached("SELECT last FROM series WHERE kind = ?1")?;
        let last = statement.query_row([kind], |row| unsigned(row, 0)).optional()?;
        Ok(last.unwrap_or(0))
    }

    fn search(&self, words: &str, limit: usize) -> Result<Vec<SearchHit>> {
        search::find(self.connection(), words, page(limit))
    }

    fn file(&self, sha256: &Hash) -> Result<Option<Vec<u8>>> {
        let mut statement = self.connection().prepare_cached("SELECT size FROM file WHERE sha256 = ?1")?;
        let size = statement.query_row([sha256], |row| unsigned(row, 0)).optional()?;
        size.map(|size| self.file_bytes(sha256, size)).transpose()
    }

    fn files(&self, after: Option<&Hash>, limit: usize) -> Result<Vec<(Hash, u64)>> {
        let sql = "SELECT sha256, size FROM file WHERE ?1 IS NULL OR sha256 > ?1 ORDER BY sha256 LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![after, page(limit)], |row| Ok((row.get(0)?, unsigned(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn desk_spaces(&self) -> Result<Vec<String>> {
        let mut statement = self.connection().prepare_cached("SELECT DISTINCT space FROM desk ORDER BY space")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn desk_get(&self, space: &str, key: &str) -> Result<Option<Vec<u8>>> {
        let mut statement = self.connection().prepare_cached("SELECT value FROM desk WHERE space = ?1 AND key = ?2")?;
        Ok(statement.query_row([space, key], |row| row.get(0)).optional()?)
    }

    fn desk_scan(&self, space: &str, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>> {
        // From the prefix on, keys that begin with it come first and in a row.
        let sql = "SELECT key, value FROM desk
                   WHERE space = ?1 AND key >= ?2 AND (?3 IS NULL OR key > ?3) ORDER BY key LIMIT ?4";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(params![space, prefix, after, page(limit)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            if !key.starts_with(prefix) {
                break;
            }
            found.push((key, row.get(1)?));
        }
        Ok(found)
    }
}

/// The head that the last commit left.
pub(super) fn head(connection: &Connection) -> Result<Head> {
    Ok(checkpoint(connection, u64::MAX)?.map_or(Head::EMPTY, |checkpoint| checkpoint.head))
}

fn checkpoint(connection: &Connection, size: u64) -> Result<Option<Checkpoint>> {
    let sql = "SELECT size, root, time_ms, note FROM checkpoint WHERE size <= ?1 ORDER BY size DESC LIMIT 1";
    let read = |row: &Row<'_>| {
        let head = Head { size: unsigned(row, 0)?, root: row.get(1)?, time_ms: row.get(2)? };
        Ok(Checkpoint { head, note: row.get(3)? })
    };
    Ok(connection.prepare_cached(sql)?.query_row([signed(size)], read).optional()?)
}

pub(super) fn tile(connection: &Connection, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT hashes FROM tile WHERE level = ?1 AND position = ?2")?;
    Ok(statement.query_row((level, signed(index)), |row| row.get(0)).optional()?)
}

fn leaves(connection: &Connection, query: LeafQuery<'_>) -> Result<Vec<LogLeaf>> {
    let of = if query.id.is_some() { "id = ?1" } else { "?1 IS NULL" };
    let sql = if query.bodies {
        format!("SELECT seq, envelope, body FROM leaf LEFT JOIN body USING (seq) WHERE {of} AND seq >= ?2 ORDER BY seq LIMIT ?3")
    } else {
        format!("SELECT seq, envelope, NULL FROM leaf WHERE {of} AND seq >= ?2 ORDER BY seq LIMIT ?3")
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![query.id, signed(query.from), page(query.limit)])?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let leaf = LogLeaf { seq: unsigned(row, 0)?, envelope: row.get(1)?, body: row.get(2)? };
        bytes += leaf.envelope.len() + leaf.body.as_ref().map_or(0, Vec::len);
        found.push(leaf);
        if bytes >= MAX_PAGE_BYTES {
            break;
        }
    }
    Ok(found)
}

const RECORD: &str = "id, kind, seq, revision, state, in_force, title, fields";

fn record_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let in_force: Option<i64> = row.get(5)?;
    let projection = Projection {
        revision: unsigned(row, 3)?,
        state: row.get(4)?,
        in_force: in_force.map(i64::unsigned_abs),
        title: row.get(6)?,
        fields: row.get(7)?,
    };
    Ok(RecordRow { id: row.get(0)?, kind: row.get(1)?, seq: unsigned(row, 2)?, projection })
}

fn link_row(row: &Row<'_>) -> rusqlite::Result<Link> {
    let to_revision = Some(unsigned(row, 3)?).filter(|revision| *revision > 0);
    Ok(Link { from_id: row.get(0)?, link: LinkRow { field: row.get(1)?, to_id: row.get(2)?, to_revision } })
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

pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(MAX_PAGE)).expect("a page is small")
}
