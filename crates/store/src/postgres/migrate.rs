//! Numbered migrations, each in a transaction of its own, with a checksum of what was run.

use postgres::Client;
use sha2::{Digest, Sha256};
use vouch_ledger::hex;

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
    Migration { name: "0001_log", sql: include_str!("../../migrations/0001_log.postgres.sql") },
    Migration { name: "0002_records", sql: include_str!("../../migrations/0002_records.postgres.sql") },
    Migration { name: "0003_desk", sql: include_str!("../../migrations/0003_desk.postgres.sql") },
];

/// Keeps what was run. It is the one table that no migration makes, and the one that belongs to no organisation.
const HISTORY: &str = "CREATE SCHEMA IF NOT EXISTS vouch;
    CREATE TABLE IF NOT EXISTS vouch.migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)";
/// Processes that start at once take turns.
const TURN: &str = "SELECT pg_advisory_xact_lock(8607142026)";

/// Brings the schema up to date.
///
/// # Errors
/// Newer, Migration (a step failed, which leaves the schema as that step found it; or is other than what was run).
pub(super) fn migrate(client: &mut Client, migrations: &[Migration]) -> Result<()> {
    let done = done(client, migrations)?;
    for (at, migration) in migrations.iter().enumerate().skip(done) {
        apply(client, at, migration).map_err(|error| {
            let message = format!("migration `{}` failed: {error}", migration.name);
            Error::new(ErrorKind::Migration, message)
                .with_hint(
                    "nothing was changed; go on with the version of vouch that ran before, and see that the role owns the database",
                )
                .with_source(error)
        })?;
    }
    check(client, migrations)
}

/// Refuses a schema that is not exactly that of `migrations`.
///
/// # Errors
/// Missing, Newer, Migration (still to be run, or other than what was run).
pub(super) fn check(client: &mut Client, migrations: &[Migration]) -> Result<()> {
    let done = done(client, migrations)?;
    if done == 0 {
        return Err(Error::new(ErrorKind::Missing, "the database holds nothing of vouch")
            .with_hint("run `vouch init` or `vouch transfer` with this database first"));
    }
    if done < migrations.len() {
        let message = format!("the database has schema {done}, this version of vouch wants {}", migrations.len());
        return Err(Error::new(ErrorKind::Migration, message).with_hint("write to it once, with `vouch rebuild`"));
    }
    let rows = client.query("SELECT name, sha256 FROM vouch.migration ORDER BY number", &[])?;
    for (row, migration) in rows.iter().zip(migrations) {
        let run: (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if run != (migration.name.to_owned(), checksum(migration)) {
            let message = format!("the database was not made by migration `{}` as this version of vouch has it", migration.name);
            return Err(Error::new(ErrorKind::Migration, message).with_hint("use the version of vouch that made it"));
        }
    }
    Ok(())
}

/// Number of migrations that were run.
fn done(client: &mut Client, migrations: &[Migration]) -> Result<usize> {
    let there: bool = client.query_one("SELECT to_regclass('vouch.migration') IS NOT NULL", &[])?.try_get(0)?;
    if !there {
        return Ok(0);
    }
    let count: i64 = client.query_one("SELECT count(*) FROM vouch.migration", &[])?.try_get(0)?;
    let done = usize::try_from(count).unwrap_or(usize::MAX);
    if done > migrations.len() {
        let message = format!("the database has schema {done}, this version of vouch knows {} at most", migrations.len());
        return Err(Error::new(ErrorKind::Newer, message).with_hint("use the version of vouch that wrote it, or a newer one"));
    }
    Ok(done)
}

fn apply(client: &mut Client, at: usize, migration: &Migration) -> Result<()> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(TURN)?;
    transaction.batch_execute(HISTORY)?;
    let number = i32::try_from(at + 1).expect("migrations are few");
    // Another process may have run it while this one waited for its turn.
    if transaction.query_opt("SELECT 1 FROM vouch.migration WHERE number = $1", &[&number])?.is_none() {
        transaction.batch_execute(migration.sql)?;
        let row: [&(dyn postgres::types::ToSql + Sync); 3] = [&number, &migration.name, &checksum(migration)];
        transaction.execute("INSERT INTO vouch.migration (number, name, sha256) VALUES ($1, $2, $3)", &row)?;
    }
    Ok(transaction.commit()?)
}

fn checksum(migration: &Migration) -> String {
    hex(&Sha256::digest(migration.sql).into())
}
