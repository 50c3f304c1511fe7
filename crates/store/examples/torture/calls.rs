//! Workers whose calls to the system are written down or fail: a small library in C, made here and loaded before the system's own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use vouch_store::contract::story::Scribe;
use vouch_store::contract::weaken;
use vouch_store::{Append, Settings, Sqlite, Store};

use crate::audit::Ack;

/// Errors after which a worker gives up.
const ENOUGH: usize = 15;

/// A folder for one store, its log of calls, and images of it; in memory where the system has such a place, since nothing here rests on a
/// real disk.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// What goes wrong with which calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failing {
    pub(crate) kind: &'static str,
    pub(crate) first: u64,
    pub(crate) count: u64,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let bench = Self { folder: tempfile::tempdir_in(parent).unwrap() };
        fs::write(bench.at("calls.c"), include_str!("calls.c")).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).args([bench.at("calls.so"), bench.at("calls.c")]).arg("-ldl");
        let status = compiler.status().expect("a C compiler named `cc` is wanted");
        assert!(status.success(), "the library that stands between does not compile");
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the store lies.
    pub(crate) fn store(&self) -> PathBuf {
        self.at("store")
    }

    /// Where a disk is laid out as a power cut left it.
    pub(crate) fn image(&self) -> PathBuf {
        self.at("image")
    }

    /// Begins with nothing.
    pub(crate) fn clear(&self) {
        for name in ["store", "calls.log"] {
            let path = self.at(name);
            if path.is_dir() {
                fs::remove_dir_all(&path).unwrap();
            } else if path.exists() {
                fs::remove_file(&path).unwrap();
            }
        }
        fs::create_dir(self.store()).unwrap();
    }

    /// What was called so far.
    pub(crate) fn log(&self) -> Vec<u8> {
        fs::read(self.at("calls.log")).unwrap()
    }

    /// Runs a worker to its end; what it said.
    pub(crate) fn run(&self, name: &str, work: (u64, u64), how: &str, failing: Option<Failing>) -> Said {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["write", self.store().to_str().unwrap(), name, &work.0.to_string(), &work.1.to_string(), how]);
        command.env("LD_PRELOAD", self.at("calls.so")).env("CALLS_FOLDER", self.store()).env("CALLS_LOG", self.at("calls.log"));
        if let Some(Failing { kind, first, count }) = failing {
            command.env("CALLS_FAIL", kind).env("CALLS_FIRST", first.to_string()).env("CALLS_COUNT", count.to_string());
        }
        let output = command.stdout(Stdio::piped()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = text.lines().filter_map(|line| line.strip_prefix("error ")).map(str::to_owned).collect();
        Said { acks: text.lines().filter_map(Ack::parse).collect(), errors, ended_well: output.status.success(), text }
    }
}

/// What a worker said.
pub(crate) struct Said {
    pub(crate) acks: Vec<Ack>,
    /// Kind, then hint and message.
    pub(crate) errors: Vec<String>,
    pub(crate) ended_well: bool,
    pub(crate) text: String,
}

/// Opens the store and appends, several times over, one after the other; says what was acknowledged and what was refused.
pub(crate) fn write(place: &str, name: &str, (rounds, appends): (u64, u64), how: &str) {
    // Tells the record of calls that another process begins.
    say(&format!("begin {name}"));
    let mut errors = 0;
    for round in 0..rounds {
        let Some(store) = open(place, &mut errors) else { return };
        if how == "weak" {
            weaken(&store);
        }
        for number in 0..appends {
            let token = format!("{name}/{round}/{number}");
            let done = if number % 4 == 3 { keep_file(&store, &token) } else { Ok(()) };
            match done.and_then(|()| crate::append(&store, &token)) {
                Ok((seq, leaf, head)) => {
                    say(&format!("{token} {seq} {leaf} {} {}", head.size, vouch_ledger::hex(&head.root)));
                }
                Err(error) => {
                    refused(&error);
                    errors += 1;
                    if errors == ENOUGH {
                        return;
                    }
                }
            }
        }
    }
}

/// Opens the store, if need be at a later try.
fn open(place: &str, errors: &mut usize) -> Option<Sqlite> {
    while *errors < ENOUGH {
        match Sqlite::open(Path::new(place), Arc::new(Scribe), Settings::default()) {
            Ok(store) => return Some(store),
            Err(error) => refused(&error),
        }
        *errors += 1;
    }
    None
}

fn keep_file(store: &dyn Store, token: &str) -> vouch_store::Result<()> {
    let staged = store.stage(&mut token.repeat(100).as_bytes(), 1 << 20)?;
    store.write(Box::new(move |append: &mut dyn Append| Ok(append.put_file(staged)?)))?;
    Ok(())
}

fn refused(error: &vouch_store::Error) {
    say(&format!("error {:?} [{}] {}", error.kind(), error.hint().unwrap_or_default(), error.message().replace('\n', " ")));
}

/// In one call, so that a line is there whole or not at all.
fn say(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}
