//! The way to the server is kept private, and who answers must be who was named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::{Database, settings};
use crate::contract::Place;
use crate::contract::server::wait_until;
use crate::contract::story::{ORIGIN, Scribe, write_systems};
use crate::{Error, ErrorKind, Postgres, Store};

/// An authority that openssl plays; its keys live as long as the value.
struct Authority(tempfile::TempDir);

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output();
    let output = output.expect("openssl must be installed: it plays the authority");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = format!("req -x509 {KEY} -keyout ca.key -out ca.pem -days 2 -subj /CN=Authority");
        openssl(folder.path(), &made);
        Self(folder)
    }

    /// Certificate and key for a server of this name, `IP:…` or `DNS:…`.
    fn certificate(&self, name: &str) -> (Vec<u8>, Vec<u8>) {
        let folder = self.0.path();
        fs::write(folder.join("names"), format!("subjectAltName={name}")).unwrap();
        openssl(folder, &format!("req {KEY} -keyout server.key -out server.csr -subj /CN=Server"));
        openssl(folder, "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem");
        (fs::read(folder.join("server.pem")).unwrap(), fs::read(folder.join("server.key")).unwrap())
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }
}

fn open(database: &Database, how: &str) -> Result<Postgres, Error> {
    Postgres::open(&format!("{}?{how}", database.address), ORIGIN, Arc::new(Scribe), settings())
}

fn refused(database: &Database, how: &str) -> String {
    let error = open(database, how).err().unwrap_or_else(|| panic!("`{how}` must be refused"));
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    error.to_string()
}

#[test]
fn a_server_is_taken_under_its_name_and_authority_only() {
    let (authority, other) = (Authority::new(), Authority::new());
    let database = Database::alone();
    let (ours, theirs) = (authority.root().display().to_string(), other.root().display().to_string());
    // Before it has a certificate.
    assert!(refused(&database, &format!("sslmode=require&sslrootcert={ours}")).contains("TLS"));

    let served = |name: &str| {
        let (certificate, key) = authority.certificate(name);
        database.server.serve_tls(&certificate, &key);
    };
    served("IP:127.0.0.1");
    for mode in ["require", "verify-ca", "verify-full"] {
        let how = format!("sslmode={mode}&sslrootcert={ours}");
        // A reloaded certificate takes a moment.
        wait_until(|| open(&database, &how).is_ok());
    }
    // An authority that is named asks for TLS, also on this machine.
    let store = open(&database, &format!("sslrootcert={ours}")).unwrap();
    write_systems(&store, 3);
    let mut administrator = database.server.administrator(database.name());
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'vouch' AND NOT ssl";
    assert_eq!(administrator.query_one(sql, &[]).unwrap().get::<_, i64>(0), 0, "every connection of the store is private");
    assert_eq!(store.snapshot().unwrap().head().unwrap().size, 3);
    drop(store);

    assert!(refused(&database, &format!("sslmode=require&sslrootcert={theirs}")).contains("certificate"));
    assert!(refused(&database, "sslmode=require").contains("certificate"), "no authority of the system stands behind it");
    served("DNS:db.example.test");
    let how = format!("sslmode=require&sslrootcert={ours}");
    wait_until(|| open(&database, &how).is_err());
    assert!(refused(&database, &how).contains("certificate"));
    database.open(Arc::new(Scribe)).unwrap();
}
