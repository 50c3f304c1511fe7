//! The contract on both kinds of store, and what is SQLite's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vouch_ledger::{Hash, hex};

use crate::contract::Place;
use crate::{Result, Settings, Signer, Sqlite, Store};

fn settings() -> Settings {
    Settings { patience: Duration::from_secs(30), ..Settings::default() }
}

/// A folder that goes away with the value.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

fn read_all(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, bytes);
        } else {
            bytes.extend(fs::read(path).unwrap());
        }
    }
}

impl Place for Disk {
    fn open(&self, signer: Arc<dyn Signer>) -> Result<Arc<dyn Store>> {
        Ok(Arc::new(Sqlite::open(self.path(), signer, settings())?))
    }

    fn outlives_the_store(&self) -> bool {
        true
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        read_all(self.path(), &mut bytes);
        bytes
    }

    fn damage(&self, file: &Hash) -> bool {
        let name = hex(file);
        let path: PathBuf = self.path().join("files").join(&name[..2]).join(name);
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 1;
        fs::write(path, bytes).unwrap();
        true
    }
}

struct Memory;

impl Place for Memory {
    fn open(&self, signer: Arc<dyn Signer>) -> Result<Arc<dyn Store>> {
        Ok(Arc::new(Sqlite::memory(signer, settings())?))
    }

    fn outlives_the_store(&self) -> bool {
        false
    }

    fn bytes(&self) -> Vec<u8> {
        Vec::new()
    }

    fn damage(&self, _: &Hash) -> bool {
        false
    }
}

mod memory {
    crate::contract_tests!(super::Memory);
}

mod disk {
    crate::contract_tests!(super::Disk::new());
}

mod failure;
mod law;
mod opening;
mod tables;
