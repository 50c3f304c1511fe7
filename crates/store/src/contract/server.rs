//! A PostgreSQL server of the tests' own: in a folder of its own, on a free port of this machine, as an unprivileged user.
//!
//! It is started where it is first wanted and stopped when nobody wants it any more; no other server is touched.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use postgres::{Client, NoTls};

/// Where Debian puts the server's programs, newest first as they are tried.
const PROGRAMS: &[&str] = &[
    "/usr/lib/postgresql/18/bin",
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/15/bin",
    "/usr/local/bin",
    "/usr/bin",
];
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
logging_collector = off
";
const SHORT_LOG: &str = "
wal_recycle = off
min_wal_size = 2MB
max_wal_size = 64MB
";
const PASSWORD: &str = "made-for-this-test";

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Connections are ended and everything is written.
    Fast,
    /// At once, as in a crash; the next start recovers.
    Immediate,
}

/// A server that goes away with the value.
pub struct Server {
    folder: tempfile::TempDir,
    programs: &'static str,
    port: u16,
    databases: AtomicU32,
}

impl Server {
    /// The server of this process, started if it does not run.
    pub fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap();
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start_new());
            *running = Arc::downgrade(&server);
            server
        })
    }

    /// A server of its own, for whoever stops it. Its write-ahead log is kept short, so that its bytes can be searched.
    pub fn start_new() -> Self {
        Self::start_with(SHORT_LOG, 1)
    }

    /// A server of its own with the settings that a new one has, for whoever measures.
    pub fn start_usual() -> Self {
        Self::start_with("", 16)
    }

    fn start_with(more_settings: &str, segment_mebibytes: u32) -> Self {
        let programs = PROGRAMS.iter().find(|folder| Path::new(folder).join("initdb").is_file());
        let programs =
            programs.expect("PostgreSQL 15 or later is wanted: install the package `postgresql`, or run `cargo xtask ci`");
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let server = Self { folder, programs, port, databases: AtomicU32::new(0) };
        if let Some((user, group)) = stand_in() {
            std::os::unix::fs::chown(server.folder.path(), Some(user), Some(group)).unwrap();
        }
        let password = server.folder.path().join("password");
        fs::write(&password, PASSWORD).unwrap();
        let data = server.data();
        let made = server.run(
            "initdb",
            &[
                "--pgdata",
                data.to_str().unwrap(),
                "--username=postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                &format!("--wal-segsize={segment_mebibytes}"),
                "--pwfile",
                password.to_str().unwrap(),
            ],
        );
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut settings = fs::File::options().append(true).open(data.join("postgresql.conf")).unwrap();
        writeln!(settings, "{SETTINGS}{more_settings}port = {port}").unwrap();
        server.start();
        server.as_administrator("postgres", "CREATE ROLE vouch LOGIN PASSWORD 'made-for-this-test' NOSUPERUSER NOBYPASSRLS");
        server.as_administrator("postgres", "GRANT pg_checkpoint TO vouch");
        server
    }

    /// Starts it again after a stop, on the same port.
    pub fn start(&self) {
        let (data, log) = (self.data(), self.folder.path().join("log"));
        let started =
            self.run("pg_ctl", &["start", "--wait", "--timeout=120", "-D", data.to_str().unwrap(), "-l", log.to_str().unwrap()]);
        assert!(started.status.success(), "pg_ctl start: {}", fs::read_to_string(&log).unwrap_or_default());
    }

    /// Stops it.
    pub fn stop(&self, how: Stop) {
        let mode = if how == Stop::Fast { "--mode=fast" } else { "--mode=immediate" };
        let data = self.data();
        self.run("pg_ctl", &["stop", mode, "--wait", "-D", data.to_str().unwrap()]);
    }

    /// A new database; its address for the role that owns it.
    pub fn database(&self) -> String {
        let name = format!("vouch_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.as_administrator("postgres", &format!("CREATE DATABASE {name} OWNER vouch TEMPLATE template0"));
        self.as_administrator(&name, "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO vouch");
        format!("postgres://vouch:{PASSWORD}@127.0.0.1:{}/{name}", self.port)
    }

    /// Runs statements as superuser, whom no wall stops.
    pub fn as_administrator(&self, database: &str, sql: &str) {
        self.administrator(database).batch_execute(sql).unwrap();
    }

    /// The same where the server may be gone.
    ///
    /// # Errors
    /// When it cannot be reached, or does not do it.
    pub fn try_as_administrator(&self, database: &str, sql: &str) -> std::result::Result<(), postgres::Error> {
        Client::connect(&self.administrator_address(database), NoTls)?.batch_execute(sql)
    }

    fn administrator_address(&self, database: &str) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// A connection as superuser, whom no wall stops.
    pub fn administrator(&self, database: &str) -> Client {
        Client::connect(&self.administrator_address(database), NoTls).unwrap()
    }

    /// Has it speak TLS with this certificate and key, in PEM, to whoever asks for it; soon, not at once.
    pub fn serve_tls(&self, certificate: &[u8], key: &[u8]) {
        for (name, bytes) in [("server.crt", certificate), ("server.key", key)] {
            let path = self.data().join(name);
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            if let Some((user, group)) = stand_in() {
                std::os::unix::fs::chown(&path, Some(user), Some(group)).unwrap();
            }
        }
        self.as_administrator("postgres", "ALTER SYSTEM SET ssl = on");
        self.as_administrator("postgres", "SELECT pg_reload_conf()");
    }

    /// Folder with everything the server keeps.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Every byte that is kept of a database, and of the write-ahead log of all, after everything in memory was written there.
    pub fn bytes(&self, database: &str) -> Vec<u8> {
        let mut client = self.administrator(database);
        client.batch_execute("CHECKPOINT").unwrap();
        let row = client.query_one("SELECT oid::bigint FROM pg_database WHERE datname = current_database()", &[]).unwrap();
        let number: i64 = row.get(0);
        let mut bytes = Vec::new();
        for part in ["pg_wal".to_owned(), "global".to_owned(), format!("base/{number}")] {
            read_all(&self.data().join(part), &mut bytes);
        }
        bytes
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let path = Path::new(self.programs).join(program);
        let mut command = match stand_in() {
            None => Command::new(&path),
            Some((user, group)) => {
                let mut command = Command::new("setpriv");
                command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]).arg(&path);
                command
            }
        };
        // The server keeps what it inherits open, so its output must not be a pipe that is waited for.
        let errors = tempfile::NamedTempFile::new().unwrap();
        command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors.reopen().unwrap());
        let status = command.status().unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut stderr = Vec::new();
        fs::File::open(errors.path()).and_then(|mut file| file.read_to_end(&mut stderr)).unwrap();
        Output { status, stdout: Vec::new(), stderr }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(Stop::Immediate);
    }
}

/// User and group to run as where this process is root, whom the server refuses: those of the package, else nobody's.
fn stand_in() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata("/proc/self").map_or(1, |own| own.uid()) != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    of("postgres").or_else(|| of("nobody"))
}

/// Files may go while they are read.
fn read_all(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_all(&path, bytes);
        } else if let Ok(read) = fs::read(&path) {
            bytes.extend(read);
        }
    }
}

/// Waits until `is_so`, for at most half a minute.
pub fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("what was waited for did not happen");
}
