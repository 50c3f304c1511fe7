//! Connections and the settings that durability rests on, asserted by reading them back.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, ErrorKind, Result};

/// `VOUC`: marks the file as ours for tools that look at the header.
pub(super) const APPLICATION_ID: i64 = 0x564f_5543;
/// Prepared statements kept per connection; more than there are in this crate.
const STATEMENTS: usize = 128;
/// After a checkpoint the write-ahead log is cut to this many bytes.
const LOG_BYTES: i64 = 64 << 20;
/// Pages in the write-ahead log after which a commit moves them into the database: 64 MiB. Fewer would sync the database more often;
/// with 4,000 pages 64 writers get a quarter fewer leaves written.
const LOG_PAGES: i64 = 16_000;

/// Opens the database for the writer and asserts that commits will be durable.
pub(super) fn writer(path: &Path, patience: Duration) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    // Closing would move the log into the database and so sync once more what may have failed; an engine that is well allows it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    set(&connection, "journal_mode", "WAL")?;
    shared(&connection)?;
    set(&connection, "synchronous", "FULL")?;
    // Where plain fsync leaves bytes in the drive's cache (macOS), the stronger call.
    set(&connection, "fullfsync", 1)?;
    set(&connection, "checkpoint_fullfsync", 1)?;
    set(&connection, "journal_size_limit", LOG_BYTES)?;
    set(&connection, "wal_autocheckpoint", LOG_PAGES)?;
    assert_durable(&connection)?;
    empty_log(&connection)?;
    Ok(connection)
}

/// Moves what an earlier process left in the write-ahead log into the database and empties it. After a failed sync the system may show
/// pages of the log that never reached the disk, and it takes them for clean; whatever was appended behind them would be lost with them.
///
/// # Errors
/// Busy while a reader needs the log.
pub(super) fn empty_log(connection: &Connection) -> Result<()> {
    let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        return Err(Error::new(ErrorKind::Busy, "a reader holds an old state of the database")
            .with_hint("try again; if it lasts, see which program holds vouch.db open"));
    }
    Ok(())
}

/// Opens the database for reading.
pub(super) fn reader(path: &Path, patience: Duration) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(patience)?;
    shared(&connection)?;
    set(&connection, "query_only", 1)?;
    Ok(connection)
}

/// A database in memory, which keeps nothing and so asserts no durability.
pub(super) fn memory() -> Result<Connection> {
    let connection = Connection::open_in_memory()?;
    shared(&connection)?;
    Ok(connection)
}

fn shared(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    set(connection, "foreign_keys", 1)?;
    set(connection, "secure_delete", 1)?;
    set(connection, "trusted_schema", 0)?;
    set(connection, "cell_size_check", 1)?;
    // Savepoints keep their copies of pages in memory, not in a temporary file.
    set(connection, "temp_store", "MEMORY")
}

pub(super) fn set(connection: &Connection, name: &str, value: impl rusqlite::ToSql) -> Result<()> {
    // Some settings answer with their new value and some do not; assertions read them back.
    connection.pragma_update_and_check(None, name, &value, |_| Ok(())).or_else(|error| match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other.into()),
    })
}

pub(super) fn get<T: FromSql>(connection: &Connection, name: &str) -> Result<T> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

/// Refuses a connection whose acknowledged commits a power cut could take back, or whose removals would leave bytes.
///
/// # Errors
/// Unsafe, naming the setting, what it is and what it must be.
pub(super) fn assert_durable(connection: &Connection) -> Result<()> {
    let mode: String = get(connection, "journal_mode")?;
    let wanted = |name: &str, is: String, must: &str| {
        if is == must {
            return Ok(());
        }
        let message = format!("the database runs with {name} = `{is}`, not `{must}`; writes would not be safe");
        Err(Error::new(ErrorKind::Unsafe, message)
            .with_hint("keep the data folder on a local disk with shared memory and file locks, not on a network share"))
    };
    wanted("journal_mode", mode, "wal")?;
    // 2 is FULL: each commit syncs the write-ahead log. NORMAL loses acknowledged writes at a power cut.
    for (name, must) in [("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")] {
        wanted(name, get::<i64>(connection, name)?.to_string(), must)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = writer(&folder.path().join("vouch.db"), Duration::from_secs(1)).unwrap();
        (folder, connection)
    }

    #[test]
    fn the_writer_is_durable_as_opened() {
        let (_folder, connection) = opened();
        assert_durable(&connection).unwrap();
    }

    #[test]
    fn each_setting_that_durability_rests_on_is_asserted() {
        for (name, value) in [("synchronous", "NORMAL"), ("synchronous", "OFF"), ("foreign_keys", "0"), ("secure_delete", "0")] {
            let (_folder, connection) = opened();
            set(&connection, name, value).unwrap();
            let error = assert_durable(&connection).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsafe, "{name}={value}");
            assert!(error.message().contains(name), "{error}");
        }
        let (_folder, connection) = opened();
        set(&connection, "journal_mode", "DELETE").unwrap();
        assert!(assert_durable(&connection).unwrap_err().message().contains("journal_mode"));
    }

    #[test]
    fn a_database_that_cannot_have_a_write_ahead_log_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        // This way of locking has no shared memory, as a network share has none.
        let path = format!("file:{}?vfs=unix-dotfile", folder.path().join("vouch.db").display());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(path, flags).unwrap();
        set(&connection, "journal_mode", "WAL").unwrap();
        assert_eq!(assert_durable(&connection).unwrap_err().kind(), ErrorKind::Unsafe);
    }
}
