//! Every table is either true or computed, and a rebuild recreates all that are computed.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::contract::story::{Fold, Scribe, Text, system, write_systems};
use crate::sqlite::rebuild::{DERIVED, TRUE};
use crate::{Settings, Sqlite, Store};

fn with_connection<T>(store: &Sqlite, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> T {
    store.with_engine(|engine| Ok(work(&engine.connection)?)).unwrap()
}

fn rows_of(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let columns: Vec<usize> = (0..statement.column_count()).filter(|&at| statement.column_name(at) != Ok("key")).collect();
    let rows = statement.query_map([], |row| columns.iter().map(|&at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>())?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.sort_by_cached_key(|row| format!("{row:?}"));
    Ok(rows)
}

fn derived(store: &Sqlite) -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let read = |connection: &Connection| DERIVED.iter().map(|&table| Ok((table, rows_of(connection, table)?))).collect();
    with_connection(store, read)
}

fn filled() -> Sqlite {
    let store = Sqlite::memory(Arc::new(Scribe), Settings::default()).unwrap();
    write_systems(&store, 300);
    for number in 1..20 {
        let (id, link) = (format!("RSK-{number}"), format!("SYS-{number}@{number}"));
        Text { kind: "risk", id: &id, title: "risk", text: "may go wrong", links: &[&link] }.write(&store);
    }
    store
}

#[test]
fn every_table_is_named_as_true_or_computed() {
    let store = filled();
    let sql =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'
               ORDER BY name";
    let tables: Vec<String> =
        with_connection(&store, |connection| connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect());
    let mut named: Vec<&str> = DERIVED.iter().chain(TRUE).copied().collect();
    named.sort_unstable();
    assert_eq!(tables, named);
}

#[test]
fn a_rebuild_empties_and_refills_every_computed_table() {
    let store = filled();
    let before = derived(&store);
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table} has rows to lose");
    }
    let spoil = "
        DELETE FROM record WHERE number % 2 = 0;
        UPDATE record SET title = 'spoilt', state = 'spoilt';
        INSERT INTO record VALUES (9999, 'SYS-9999', 'ai-system', 9999, 1, 'draft', NULL, 'ghost', x'00', 0);
        INSERT INTO link VALUES ('SYS-9999', 'ghost', 'SYS-1', 0);
        DELETE FROM link WHERE to_id = 'SYS-3';
        UPDATE series SET last = 1; INSERT INTO series VALUES ('ghost', 9);
        DELETE FROM search WHERE rowid % 3 = 0; INSERT INTO search VALUES ('SYS-9999', 'ghost', 'ghost');
        DELETE FROM tile WHERE level = 1; INSERT INTO tile VALUES (2, 7, x'00');
        UPDATE tile SET hashes = x'0011' WHERE level = 0 AND position = 1;";
    with_connection(&store, |connection| connection.execute_batch(spoil));
    let spoilt = derived(&store);
    for ((table, rows), (_, was)) in spoilt.iter().zip(&before) {
        assert_ne!(rows, was, "{table} was not spoilt");
    }
    store.rebuild(&mut Fold::default()).unwrap();
    assert_eq!(derived(&store), before);
    assert_eq!(system("SYS-301", "after").write(&store).size, 320);
}

#[test]
fn a_rebuild_refuses_leaves_that_do_not_lead_to_the_checkpoint() {
    for spoil in [
        "UPDATE leaf SET envelope = (SELECT envelope FROM leaf WHERE seq = 4) WHERE seq = 5",
        "PRAGMA foreign_keys = 0; DELETE FROM leaf WHERE seq = 5",
    ] {
        let store = filled();
        let before = derived(&store);
        with_connection(&store, |connection| connection.execute_batch(spoil));
        let error = store.rebuild(&mut Fold::default()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Corrupt, "{error}");
        assert_eq!(derived(&store), before);
    }
}
