//! A connection bound to one organisation.
//!
//! Statements go through [`Session`], which puts the organisation first among the parameters of each; [`Sql`] is checked, when the
//! crate is compiled, to use it. So no statement can be written that forgets whose rows it means.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use crate::Settings;
use crate::pool::{Lent, Pool};
use crate::postgres::address::Address;
use crate::postgres::migrate::{self, MIGRATIONS};
use crate::{Error, ErrorKind, Result};

/// Oldest server that is taken.
const OLDEST: i32 = 150_000;
/// Longest that one statement may take, in seconds; rebuilding and scrubbing lift it.
const STATEMENT_SECONDS: u64 = 120;
/// Longest that a unit may think while it holds the head row, in seconds.
const IDLE_SECONDS: u64 = 600;

/// A statement that binds the organisation as `$1`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sql(&'static str);

impl Sql {
    /// Takes a statement that names `org` and `$1`; used in constants only, so another one does not compile.
    pub(super) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(
            contains(bytes, b"org = $1") || contains(bytes, b"(org") && contains(bytes, b"$1"),
            "a statement says whose rows it means"
        );
        Self(text)
    }
}

const fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let mut at = 0;
    while at + wanted.len() <= text.len() {
        let mut same = 0;
        while same < wanted.len() && text[at + same] == wanted[same] {
            same += 1;
        }
        if same == wanted.len() {
            return true;
        }
        at += 1;
    }
    false
}

/// Values of a statement after the organisation.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// A connection of one organisation.
pub(super) struct Session {
    client: RefCell<Client>,
    statements: RefCell<HashMap<&'static str, Statement>>,
    org: i64,
}

impl Session {
    pub(super) fn query(&self, sql: Sql, values: Values<'_>) -> Result<Vec<Row>> {
        let statement = self.prepare(sql)?;
        Ok(self.client.borrow_mut().query(&statement, &self.with_org(values))?)
    }

    pub(super) fn query_opt(&self, sql: Sql, values: Values<'_>) -> Result<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    pub(super) fn execute(&self, sql: Sql, values: Values<'_>) -> Result<u64> {
        let statement = self.prepare(sql)?;
        Ok(self.client.borrow_mut().execute(&statement, &self.with_org(values))?)
    }

    fn with_org<'v>(&'v self, values: Values<'v>) -> Vec<&'v (dyn ToSql + Sync)> {
        let mut all: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(values.len() + 1);
        all.push(&self.org);
        all.extend_from_slice(values);
        all
    }

    fn prepare(&self, sql: Sql) -> Result<Statement> {
        if let Some(statement) = self.statements.borrow().get(sql.0) {
            return Ok(statement.clone());
        }
        let statement = self.client.borrow_mut().prepare(sql.0)?;
        self.statements.borrow_mut().insert(sql.0, statement.clone());
        Ok(statement)
    }

    /// Runs what concerns no rows: the borders of transactions, settings, upkeep of whole tables.
    pub(super) fn control(&self, sql: &str) -> Result<()> {
        Ok(self.client.borrow_mut().batch_execute(sql)?)
    }

    /// Begins a writing transaction and locks the head row: its size, root and time.
    pub(super) fn begin_as_writer(&self) -> Result<(i64, Vec<u8>, i64)> {
        const LOCK: Sql = Sql::new("SELECT size, root, time_ms FROM log WHERE org = $1 FOR UPDATE");
        self.control("BEGIN")?;
        let row = self
            .query_opt(LOCK, &[])?
            .ok_or_else(|| Error::new(ErrorKind::Missing, "the log is no longer in the database").with_hint("restore a backup"))?;
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    }

    /// Whether the connection is known to be gone.
    pub(super) fn is_closed(&self) -> bool {
        self.client.borrow().is_closed()
    }

    /// Works with the connection itself.
    pub(super) fn with_client<T>(&self, work: impl FnOnce(&mut Client) -> Result<T>) -> Result<T> {
        work(&mut self.client.borrow_mut())
    }

    /// Number by which the database knows the organisation.
    pub(super) fn org(&self) -> i64 {
        self.org
    }
}

/// Opens sessions of one organisation, and keeps those of readers.
pub(super) struct Doorway {
    address: Address,
    origin: String,
    org: i64,
    settings: Settings,
    is_writer: bool,
    readers: Pool<Session>,
}

impl Doorway {
    /// Checks the server, brings the tables up to date where `is_writer`, and finds the organisation.
    pub(super) fn open(address: Address, origin: &str, settings: Settings, is_writer: bool) -> Result<Self> {
        let mut client = address.connect()?;
        prepare(&mut client, origin, settings.patience, is_writer)?;
        check_server(&mut client, is_writer)?;
        if is_writer {
            migrate::migrate(&mut client, MIGRATIONS)?
        } else {
            migrate::check(&mut client, MIGRATIONS)?
        }
        let org = organisation(&mut client, origin, is_writer)?;
        let readers = Pool::new(settings.readers);
        Ok(Self { address, origin: origin.to_owned(), org, settings, is_writer, readers })
    }

    /// A new connection of the organisation.
    pub(super) fn session(&self) -> Result<Session> {
        let mut client = self.address.connect()?;
        prepare(&mut client, &self.origin, self.settings.patience, self.is_writer)?;
        client.execute("SELECT set_config('vouch.organisation', $1, false)", &[&self.org.to_string()])?;
        Ok(Session { client: RefCell::new(client), statements: RefCell::default(), org: self.org })
    }

    /// A connection out of the pool.
    pub(super) fn lend(&self, patience: Duration) -> Result<Lent<'_, Session>> {
        self.readers.lend(0, patience, || self.session())
    }

    /// Closes the connections of the pool that nobody has.
    pub(super) fn forget_idle(&self) {
        self.readers.clear();
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }
}

/// Settings that everything rests on, for a new connection.
fn prepare(client: &mut Client, origin: &str, patience: Duration, is_writer: bool) -> Result<()> {
    let patience = patience.as_millis().max(1);
    client.batch_execute(&format!(
        "SET search_path = vouch; SET synchronous_commit = on; SET client_encoding = 'UTF8'; SET row_security = on;
         SET lock_timeout = {patience}; SET statement_timeout = '{STATEMENT_SECONDS}s';
         SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'; SET client_connection_check_interval = '10s';
         SET default_transaction_read_only = {};",
        if is_writer { "off" } else { "on" }
    ))?;
    client.execute("SELECT set_config('vouch.origin', $1, false)", &[&origin])?;
    Ok(())
}

/// Refuses a server whose acknowledged commits a crash could take back, or a role that sees through the walls between organisations.
fn check_server(client: &mut Client, is_writer: bool) -> Result<()> {
    let row = client.query_one(
        "SELECT current_setting('server_version_num')::int, current_setting('synchronous_commit'), current_setting('fsync'),
                current_setting('full_page_writes'), current_setting('server_encoding'),
                (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user), pg_is_in_recovery()",
        &[],
    )?;
    let unsafe_server = |message: String, hint: &str| Err(Error::new(ErrorKind::Unsafe, message).with_hint(hint));
    let version: i32 = row.try_get(0)?;
    if version < OLDEST {
        return unsafe_server(format!("the database server is version {}", version / 10_000), "use PostgreSQL 15 or later");
    }
    for (column, name, must) in
        [(1, "synchronous_commit", "on"), (2, "fsync", "on"), (3, "full_page_writes", "on"), (4, "server_encoding", "UTF8")]
    {
        let is: &str = row.try_get(column)?;
        if is != must {
            return unsafe_server(
                format!("the database server runs with {name} = `{is}`, not `{must}`; writes would not be safe"),
                "set it so on the server",
            );
        }
    }
    if row.try_get(5)? {
        return unsafe_server(
            "row-level security does not bind this role, so organisations would not be kept apart twice".to_owned(),
            "connect as a role that is no superuser and has no BYPASSRLS, and that owns the database",
        );
    }
    if is_writer && row.try_get(6)? {
        return unsafe_server("the database server is a standby and takes no writes".to_owned(), "name the primary server");
    }
    Ok(())
}

/// The number of the organisation, which is given where it is new.
fn organisation(client: &mut Client, origin: &str, is_writer: bool) -> Result<i64> {
    if is_writer {
        let empty = crate::Head::EMPTY;
        client.execute(
            "INSERT INTO log (origin, root, time_ms) VALUES ($1, $2, $3) ON CONFLICT (origin) DO NOTHING",
            &[&origin, &&empty.root[..], &empty.time_ms],
        )?;
    }
    let row = client.query_opt("SELECT org FROM log WHERE origin = $1", &[&origin])?;
    let row = row.ok_or_else(|| {
        Error::new(ErrorKind::Missing, format!("the database has no log of `{origin}`"))
            .with_hint("run `vouch init` or `vouch transfer` with this database first")
    })?;
    Ok(row.try_get(0)?)
}
