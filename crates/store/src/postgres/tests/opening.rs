//! What is refused at the start, and who may read.

use std::sync::Arc;

use super::{Database, settings};
use crate::contract::Place;
use crate::contract::story::{ORIGIN, Scribe, open, write_systems};
use crate::{ErrorKind, Postgres};

fn refused(database: &Database) -> crate::Error {
    database.open(Arc::new(Scribe)).err().expect("opening must be refused")
}

#[test]
fn a_role_that_sees_through_the_walls_is_refused() {
    let database = Database::new();
    let address = database.address.replace("vouch:", "postgres:");
    let error = Postgres::open(&address, ORIGIN, Arc::new(Scribe), settings()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsafe);
    assert!(error.message().contains("row-level security"), "{error}");
}

#[test]
fn a_server_that_cannot_be_reached_is_named_as_such_without_the_password() {
    let error =
        Postgres::open("postgres://vouch:secret-word@127.0.0.1:1/none", ORIGIN, Arc::new(Scribe), settings()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(!format!("{error} {error:?}").contains("secret-word"));
}

#[test]
fn a_database_whose_settings_weaken_commits_is_refused() {
    let database = Database::alone();
    // What this session sets wins over a default of the database.
    database.server.as_administrator("postgres", &format!("ALTER DATABASE {} SET synchronous_commit = off", database.name()));
    database.open(Arc::new(Scribe)).unwrap();
    database.server.as_administrator("postgres", "ALTER SYSTEM SET full_page_writes = off");
    database.server.as_administrator("postgres", "SELECT pg_reload_conf()");
    crate::contract::server::wait_until(|| database.open(Arc::new(Scribe)).is_err());
    let error = refused(&database);
    database.server.as_administrator("postgres", "ALTER SYSTEM RESET full_page_writes");
    database.server.as_administrator("postgres", "SELECT pg_reload_conf()");
    crate::contract::server::wait_until(|| database.open(Arc::new(Scribe)).is_ok());
    assert_eq!(error.kind(), ErrorKind::Unsafe);
    assert!(error.message().contains("full_page_writes"), "{error}");
}

#[test]
fn a_schema_of_another_version_is_refused() {
    let database = Database::new();
    drop(open(&database));
    database.alter("INSERT INTO migration VALUES (99, 'later', 'x')");
    assert_eq!(refused(&database).kind(), ErrorKind::Newer);
    database.alter("DELETE FROM migration WHERE number = 99; UPDATE migration SET sha256 = 'x' WHERE number = 2");
    let error = refused(&database);
    assert_eq!(error.kind(), ErrorKind::Migration);
    assert!(error.message().contains("0002_records"), "{error}");
}

#[test]
fn a_reader_writes_nothing_and_sees_what_is_committed_since() {
    let database = Database::new();
    let reading = || Postgres::open_for_reading(&database.address, ORIGIN, settings());
    assert_eq!(reading().err().unwrap().kind(), ErrorKind::Missing);
    let store = open(&database);
    write_systems(&*store, 2);
    let reader = reading().unwrap();
    let reader: &dyn crate::Store = &reader;
    assert_eq!(reader.snapshot().unwrap().head().unwrap().size, 2);
    write_systems(&*store, 1);
    assert_eq!(reader.snapshot().unwrap().head().unwrap().size, 3);
    assert_eq!(reader.write(Box::new(|_| Ok(()))).unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(reader.stage(&mut &b"x"[..], 9).unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(reader.scrub().unwrap_err().kind(), ErrorKind::Misuse);
    let other = Postgres::open_for_reading(&database.address, "other.example.test", settings()).err().unwrap();
    assert_eq!(other.kind(), ErrorKind::Missing);
}

#[test]
fn a_tip_that_does_not_fit_its_checkpoint_is_refused() {
    for sql in [
        "DELETE FROM leaf WHERE seq = 4",
        "DELETE FROM checkpoint WHERE size = 5",
        "UPDATE checkpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = 5",
        "UPDATE log SET root = decode(repeat('00', 32), 'hex')",
        "UPDATE log SET size = 4",
        "DELETE FROM tile",
        "UPDATE tile SET hashes = decode(repeat('00', octet_length(hashes)), 'hex')",
    ] {
        let database = Database::new();
        let store = open(&database);
        write_systems(&*store, 4);
        write_systems(&*store, 1);
        drop(store);
        database.alter(sql);
        let error = refused(&database);
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{sql}: {error}");
    }
}

#[test]
fn every_table_is_named_as_true_or_computed() {
    let database = Database::new();
    drop(open(&database));
    let mut client = database.server.administrator(database.name());
    let rows = client.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'vouch' ORDER BY 1", &[]).unwrap();
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let derived = crate::postgres::rebuild::DERIVED.iter().map(|(table, _)| *table);
    let mut named: Vec<&str> = derived.chain(crate::postgres::rebuild::TRUE.iter().copied()).collect();
    named.sort_unstable();
    assert_eq!(tables, named);
}
