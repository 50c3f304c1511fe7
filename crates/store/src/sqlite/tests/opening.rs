//! Who may open a folder, and what is refused at the start.

use std::fs;
use std::sync::Arc;

use rusqlite::Connection;

use super::{Disk, settings};
use crate::contract::Place;
use crate::contract::story::{Scribe, open, system, write_systems};
use crate::{ErrorKind, Settings, Sqlite, Store};

fn open_again(disk: &Disk) -> crate::Error {
    disk.open(Arc::new(Scribe)).err().expect("opening must be refused")
}

/// Changes the database of a folder that nobody has open.
fn alter(disk: &Disk, sql: &str) {
    Connection::open(disk.path().join("vouch.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let disk = Disk::new();
    let store = open(&disk);
    write_systems(&*store, 2);
    let error = open_again(&disk);
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(error.hint().is_some());
    let reader = Sqlite::open_for_reading(disk.path(), settings()).unwrap();
    let size = |store: &dyn Store| store.snapshot().unwrap().head().unwrap().size;
    assert_eq!(size(&reader), 2);
    write_systems(&*store, 1);
    assert_eq!(size(&reader), 3, "a reader sees what was committed since");
    drop(store);
    assert_eq!(write_systems(&*open(&disk), 1).size, 4);
    assert_eq!(size(&reader), 4);
}

#[test]
fn a_reader_writes_nothing() {
    let disk = Disk::new();
    let missing = Sqlite::open_for_reading(disk.path(), settings()).err().unwrap();
    assert_eq!(missing.kind(), ErrorKind::Missing);
    assert!(missing.hint().unwrap().contains("vouch init"));
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0, "looking leaves no trace");
    drop(open(&disk));
    let reader = Sqlite::open_for_reading(disk.path(), settings()).unwrap();
    assert_eq!(reader.write(Box::new(|_| Ok(()))).unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(reader.stage(&mut &b"x"[..], 9).unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(reader.scrub().unwrap_err().kind(), ErrorKind::Misuse);
}

#[test]
fn a_newer_schema_is_refused_by_writers_and_readers() {
    let disk = Disk::new();
    drop(open(&disk));
    alter(&disk, "PRAGMA user_version = 99");
    let error = open_again(&disk);
    assert_eq!(error.kind(), ErrorKind::Newer);
    assert!(error.hint().unwrap().contains("newer"), "{error}");
    let error = Sqlite::open_for_reading(disk.path(), settings()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Newer);
}

#[test]
fn a_tip_that_does_not_fit_its_checkpoint_is_refused() {
    for sql in [
        "DELETE FROM body WHERE seq = 4; DELETE FROM record WHERE seq = 4; DELETE FROM leaf WHERE seq = 4",
        "DELETE FROM checkpoint WHERE size = 5",
        "UPDATE checkpoint SET root = zeroblob(32) WHERE size = 5",
        "DELETE FROM tile",
        "UPDATE tile SET hashes = zeroblob(length(hashes))",
    ] {
        let disk = Disk::new();
        let store = open(&disk);
        write_systems(&*store, 4);
        write_systems(&*store, 1);
        drop(store);
        alter(&disk, sql);
        let error = open_again(&disk);
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{sql}: {error}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let disk = Disk::new();
    fs::write(disk.path().join("vouch.db"), [b'x'; 8192]).unwrap();
    assert_eq!(open_again(&disk).kind(), ErrorKind::Corrupt);
}

#[test]
fn what_was_left_undone_is_done_at_the_next_start() {
    let disk = Disk::new();
    let store = open(&disk);
    let file = store.stage(&mut &b"to be removed"[..], 99).unwrap();
    let hash = *file.sha256();
    store.write(Box::new(move |append| Ok(append.put_file(file)?))).unwrap();
    system("SYS-1", "canary").write(&*store);
    store.write(Box::new(|append| Ok(append.remove_body(0)?))).unwrap();
    drop(store);
    // As if the process had ended between the commit of a removal and the removal.
    let row = format!("x'{}'", vouch_ledger::hex(&hash));
    alter(&disk, &format!("DELETE FROM file; INSERT INTO file_removal VALUES ({row})"));
    let store = Sqlite::open(disk.path(), Arc::new(Scribe), Settings::default()).unwrap();
    assert!(!disk.bytes().windows(13).any(|window| window == b"to be removed"));
    let left: i64 = store
        .with_engine(|engine| {
            let sql = "SELECT (SELECT count(*) FROM file_removal) + (SELECT count(*) FROM upkeep)";
            Ok(engine.connection.query_row(sql, [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_scrub_removes_files_that_no_row_names() {
    let disk = Disk::new();
    let store = open(&disk);
    let file = store.stage(&mut &b"kept"[..], 99).unwrap();
    let hash = *file.sha256();
    store.write(Box::new(move |append| Ok(append.put_file(file)?))).unwrap();
    // As if a commit had failed after the file was in its place.
    let stray = vouch_ledger::hex(&[0xab; 32]);
    let folder = disk.path().join("files").join(&stray[..2]);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(&stray), b"stray").unwrap();
    store.scrub().unwrap();
    assert!(!folder.join(&stray).exists());
    assert_eq!(store.snapshot().unwrap().file(&hash).unwrap().unwrap(), b"kept");
}
