//! The contract on PostgreSQL, and what is this engine's own.

use std::sync::Arc;
use std::time::Duration;

use vouch_ledger::Hash;

use crate::contract::Place;
use crate::contract::server::Server;
use crate::contract::story::ORIGIN;
use crate::{Postgres, Result, Settings, Signer, Store};

fn settings() -> Settings {
    Settings { patience: Duration::from_secs(30), ..Settings::default() }
}

/// A database that goes away with the server.
struct Database {
    server: Arc<Server>,
    address: String,
}

impl Database {
    fn new() -> Self {
        let server = Server::shared();
        let address = server.database();
        Self { server, address }
    }

    /// A database on a server of its own, for whoever stops or alters it.
    fn alone() -> Self {
        let server = Arc::new(Server::start_new());
        Self { address: server.database(), server }
    }

    fn name(&self) -> &str {
        self.address.rsplit('/').next().unwrap()
    }

    /// Changes the database as somebody whom no wall stops.
    fn alter(&self, sql: &str) {
        self.server.as_administrator(self.name(), &format!("SET search_path = vouch; {sql}"));
    }

    fn open_as(&self, origin: &str, signer: Arc<dyn Signer>) -> Result<Arc<Postgres>> {
        Ok(Arc::new(Postgres::open(&self.address, origin, signer, settings())?))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Its files would be synced with every checkpoint of the tests that follow. A server that is gone has nothing to drop.
        let _ = self.server.try_as_administrator("postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name()));
    }
}

impl Place for Database {
    fn open(&self, signer: Arc<dyn Signer>) -> Result<Arc<dyn Store>> {
        Ok(self.open_as(ORIGIN, signer)?)
    }

    fn outlives_the_store(&self) -> bool {
        true
    }

    fn bytes(&self) -> Vec<u8> {
        self.server.bytes(self.name())
    }

    fn removes_at_once(&self) -> bool {
        false
    }

    fn damage(&self, file: &Hash) -> bool {
        let hash = vouch_ledger::hex(file);
        self.alter(&format!(
            "UPDATE piece SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)
             FROM file WHERE file.content = piece.content AND sha256 = '\\x{hash}' AND position = 0"
        ));
        true
    }
}

#[test]
fn the_contract_holds() {
    let mut failed = Vec::new();
    // One server for all cases, however the tests are run.
    let _server = Server::shared();
    for (name, case) in crate::contract::CASES {
        let outcome = std::panic::catch_unwind(|| case(&Database::new()));
        if let Err(panic) = outcome {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            failed.push(format!("{name}: {}", text.unwrap_or_default()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

mod opening;
mod sharing;
mod tls;
mod walls;
