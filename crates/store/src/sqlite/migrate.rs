//! Numbered migrations, each in a transaction of its own, with a checksum of what was run.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};
use vouch_ledger::hex;

use crate::sqlite::setting::{APPLICATION_ID, get, set};
use crate::{Error, ErrorKind, Result};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Migration {
    /// Name of the file, without its ending.
    pub(super) name: &'static str,
    /// What it runs.
    pub(super) sql: &'static str,
}

/// All steps in order; the first has number 1.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_log", sql: include_str!("../../migrations/0001_log.sqlite.sql") },
    Migration { name: "0002_records", sql: include_str!("../../migrations/0002_records.sqlite.sql") },
    Migration { name: "0003_desk", sql: include_str!("../../migrations/0003_desk.sqlite.sql") },
];

/// Keeps what was run. It is the one table that no migration makes.
const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT";

/// Brings the schema up to date.
///
/// # Errors
/// As [`check`]; Migration when a step fails, which leaves the schema as that step found it.
pub(super) fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<()> {
    let done = check_header(connection, migrations)?;
    if done == 0 {
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 {
            return Err(foreign());
        }
    }
    for (at, migration) in migrations.iter().enumerate().skip(done) {
        apply(connection, at + 1, migration).map_err(|error| {
            let message = format!("migration `{}` failed: {error}", migration.name);
            // Where the disk is to blame, another version of vouch is no help.
            let (kind, hint) = match (error.kind(), error.hint()) {
                (kind @ (ErrorKind::Full | ErrorKind::Io | ErrorKind::Busy | ErrorKind::Missing), Some(hint)) => (kind, hint),
                _ => {
                    (ErrorKind::Migration, "nothing was changed; go on with the version of vouch that ran before, and report this")
                }
            };
            Error::new(kind, message).with_hint(hint).with_source(error)
        })?;
    }
    check_history(connection, migrations)
}

/// Refuses a schema that is not exactly that of `migrations`.
///
/// # Errors
/// Newer, Migration (still to be run, or other than what was run), Corrupt (not a database of ours).
pub(super) fn check(connection: &Connection, migrations: &[Migration]) -> Result<()> {
    let done = check_header(connection, migrations)?;
    if done < migrations.len() {
        let message = format!("the database has schema {done}, this version of vouch wants {}", migrations.len());
        return Err(
            Error::new(ErrorKind::Migration, message).with_hint("open it for writing once, with `vouch fsck` or `vouch serve`")
        );
    }
    check_history(connection, migrations)
}

/// Number of migrations that were run.
fn check_header(connection: &Connection, migrations: &[Migration]) -> Result<usize> {
    let (application, version): (i64, i64) = (get(connection, "application_id")?, get(connection, "user_version")?);
    if application != APPLICATION_ID && (application != 0 || version != 0) {
        return Err(foreign());
    }
    let done = usize::try_from(version).map_err(|_| foreign())?;
    if done > migrations.len() {
        let message = format!("the database has schema {done}, this version of vouch knows {} at most", migrations.len());
        return Err(Error::new(ErrorKind::Newer, message)
            .with_hint("use the version of vouch that wrote it, or a newer one; or restore a backup made before the upgrade"));
    }
    Ok(done)
}

fn check_history(connection: &Connection, migrations: &[Migration]) -> Result<()> {
    let mut statement = connection.prepare("SELECT name, sha256 FROM migration WHERE number = ?1")?;
    for (at, migration) in migrations.iter().enumerate() {
        let run: Option<(String, String)> =
            statement.query_row([number(at + 1)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if run != Some((migration.name.to_owned(), checksum(migration))) {
            let message = format!("the database was not made by migration `{}` as this version of vouch has it", migration.name);
            return Err(Error::new(ErrorKind::Migration, message).with_hint("use the version of vouch that made it"));
        }
    }
    Ok(())
}

fn apply(connection: &mut Connection, place: usize, migration: &Migration) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(HISTORY)?;
    transaction.execute_batch(migration.sql)?;
    let row = (number(place), migration.name, checksum(migration));
    transaction.execute("INSERT INTO migration (number, name, sha256) VALUES (?1, ?2, ?3)", row)?;
    set(&transaction, "application_id", APPLICATION_ID)?;
    set(&transaction, "user_version", number(place))?;
    Ok(transaction.commit()?)
}

fn checksum(migration: &Migration) -> String {
    hex(&Sha256::digest(migration.sql).into())
}

fn number(place: usize) -> i64 {
    i64::try_from(place).expect("migrations are few")
}

fn foreign() -> Error {
    Error::new(ErrorKind::Corrupt, "vouch.db is a database of another program").with_hint("choose another data folder with --data")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { name: "0001_a", sql: "CREATE TABLE a (x INTEGER) STRICT;" };
    const SECOND: Migration = Migration { name: "0002_b", sql: "CREATE TABLE b (x INTEGER) STRICT;" };
    const BROKEN: Migration =
        Migration { name: "0002_c", sql: "CREATE TABLE c (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);" };

    fn tables(connection: &Connection) -> String {
        let sql = "SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM sqlite_schema ORDER BY name)";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn at(migrations: &[Migration]) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, migrations).unwrap();
        connection
    }

    #[test]
    fn steps_run_once_and_in_order() {
        let mut connection = at(&[FIRST]);
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        check(&connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(tables(&connection), "a b migration");
    }

    #[test]
    fn a_failing_step_changes_nothing_and_is_named() {
        let mut connection = at(&[FIRST]);
        let error = migrate(&mut connection, &[FIRST, BROKEN]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Migration);
        assert!(error.message().contains("0002_c"), "{error}");
        assert_eq!(tables(&connection), "a migration");
        check(&connection, &[FIRST]).unwrap();
    }

    #[test]
    fn a_newer_schema_is_refused() {
        let mut connection = at(&[FIRST, SECOND]);
        assert_eq!(migrate(&mut connection, &[FIRST]).unwrap_err().kind(), ErrorKind::Newer);
        let error = check(&connection, &[FIRST]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Newer);
        assert!(error.hint().is_some());
    }

    #[test]
    fn an_older_schema_is_refused_for_reading() {
        assert_eq!(check(&at(&[FIRST]), &[FIRST, SECOND]).unwrap_err().kind(), ErrorKind::Migration);
    }

    #[test]
    fn a_step_that_was_altered_after_it_ran_is_refused() {
        let altered = Migration { sql: "CREATE TABLE a (x TEXT) STRICT;", ..FIRST };
        let error = migrate(&mut at(&[FIRST]), &[altered]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Migration);
        assert!(error.message().contains("0001_a"), "{error}");
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert_eq!(migrate(&mut connection, &[FIRST]).unwrap_err().kind(), ErrorKind::Corrupt);
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA application_id = 7").unwrap();
        assert_eq!(migrate(&mut connection, &[FIRST]).unwrap_err().kind(), ErrorKind::Corrupt);
        assert_eq!(tables(&connection), "");
    }
}
