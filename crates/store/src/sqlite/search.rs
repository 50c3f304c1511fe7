//! Full-text search by FTS5: the part of searching that is SQLite's own.

use rusqlite::{Connection, OptionalExtension, params};

use crate::Result;
use crate::snapshot::SearchHit;

/// Words of a query beyond these are left out; nobody types more.
const MAX_WORDS: usize = 32;

/// What a unit changes in the index: the text of the record with this key, None to take it out.
#[derive(Debug)]
pub(super) struct SearchChange {
    pub(super) key: i64,
    pub(super) text: Option<String>,
}

/// Records that hold all words, best first.
pub(super) fn find(connection: &Connection, words: &str, limit: i64) -> Result<Vec<SearchHit>> {
    let Some(query) = query(words) else { return Ok(Vec::new()) };
    // Ids and titles say most about a record. The engine's rank is smaller for what fits better.
    let sql = "SELECT record.id, record.kind, record.title, bm25(search, 8.0, 4.0, 1.0) AS rank_of_row
               FROM search JOIN record ON record.key = search.rowid
               WHERE search MATCH ?1 ORDER BY rank_of_row, record.key LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![query, limit], |row| {
        let rank: f64 = row.get(3)?;
        Ok(SearchHit { id: row.get(0)?, kind: row.get(1)?, title: row.get(2)?, score: -rank })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Each word becomes a quoted string, so that nothing typed is query syntax; the last may be the beginning of a word.
fn query(words: &str) -> Option<String> {
    let words = words.split(|letter: char| letter.is_whitespace() || letter == '\0');
    let quoted = words.filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_WORDS);
    let query = quoted.map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect::<Vec<_>>().join(" ");
    (!query.is_empty()).then(|| query + " *")
}

/// Brings the index in line with changes, in order; the last one of a record counts.
///
/// Called once per commit: within savepoints the engine would write an index segment for each.
pub(super) fn apply(connection: &Connection, changes: &[SearchChange]) -> Result<()> {
    let mut last: std::collections::BTreeMap<i64, Option<&str>> = std::collections::BTreeMap::new();
    for change in changes {
        last.insert(change.key, change.text.as_deref());
    }
    let mut remove = connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?;
    let mut named = connection.prepare_cached("SELECT id, title FROM record WHERE key = ?1")?;
    let mut add = connection.prepare_cached("INSERT INTO search (rowid, id, title, text) VALUES (?1, ?2, ?3, ?4)")?;
    for (key, text) in last {
        remove.execute([key])?;
        let Some(text) = text else { continue };
        let record: Option<(String, String)> = named.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((id, title)) = record {
            add.execute(params![key, id, title, text])?;
        }
    }
    Ok(())
}

/// Empties the index.
pub(super) fn clear(connection: &Connection) -> Result<()> {
    connection.execute("DELETE FROM search", [])?;
    Ok(())
}

/// Rewrites the index as one segment, which leaves no trace of entries that were taken out.
pub(super) fn scrub(connection: &Connection) -> Result<()> {
    connection.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_quoted_words() {
        for (typed, expected) in [
            ("risk", Some("\"risk\" *")),
            ("face match", Some("\"face\" \"match\" *")),
            ("a\" OR title:\"b", Some("\"a\"\"\" \"OR\" \"title:\"\"b\" *")),
            (" - * \" ", None),
            ("", None),
            ("a\0b", Some("\"a\" \"b\" *")),
        ] {
            assert_eq!(query(typed).as_deref(), expected, "{typed:?}");
        }
    }
}
