//! Tortures a store and looks whether it kept its word: `cargo xtask torture NAME`.
//!
//! Workers, each a process of its own, append and write every acknowledgement into a pipe. What comes out of the pipes is a ledger outside
//! of the store. After each kill or stop the store is opened again and compared with it: nothing acknowledged is lost, nothing is there
//! twice, and every checkpoint that was ever seen is that of the leaves.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a chore that reads its arguments and prints what it found")]
#![allow(clippy::unwrap_used, reason = "it stops where something fails")]

mod audit;
mod calls;
mod disk;
mod fail;
mod power;
mod tamper;
mod tenancy;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use vouch_ledger::{hex, leaf_hash};
use vouch_store::contract::server::{Server, Stop};
use vouch_store::contract::story::{ORIGIN, Scribe, Text};
use vouch_store::{Append, Postgres, Settings, Sqlite, Store};

use audit::{Ack, Audit};

/// Writing threads of one worker.
const THREADS: usize = 16;

fn open(place: &str) -> Arc<dyn Store> {
    try_open(place).unwrap()
}

fn try_open(place: &str) -> vouch_store::Result<Arc<dyn Store>> {
    let settings = Settings::default();
    Ok(if place.starts_with("postgres://") {
        Arc::new(Postgres::open(place, ORIGIN, Arc::new(Scribe), settings)?)
    } else {
        Arc::new(Sqlite::open(Path::new(place), Arc::new(Scribe), settings)?)
    })
}

/// Appends until it is killed.
fn work(place: &str, name: &str) {
    let store = open(place);
    let out = Mutex::new(std::io::stdout());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, out) = (&store, &out);
            scope.spawn(move || {
                for number in 0_u64.. {
                    let token = format!("{name}/{thread}/{number}");
                    match append(&**store, &token) {
                        Ok((seq, leaf, head)) => {
                            let line = format!("{token} {seq} {leaf} {} {}\n", head.size, hex(&head.root));
                            out.lock().unwrap().write_all(line.as_bytes()).unwrap();
                        }
                        // A token is never tried twice, so whatever is there twice was doubled by the store.
                        Err(_) => thread::sleep(Duration::from_millis(20)),
                    }
                }
            });
        }
    });
}

pub(crate) fn append(store: &dyn Store, token: &str) -> vouch_store::Result<(u64, String, vouch_store::Head)> {
    let token = token.to_owned();
    let unit = move |append: &mut dyn Append| {
        let seq = append.tip().size;
        let (id, links) = (format!("SYS-{}", seq + 1), [format!("SYS-{}", seq / 2 + 1)]);
        let links: Vec<&str> = links.iter().map(String::as_str).collect();
        let text = format!("token {token} and some words to search");
        let leaf = Text { kind: "ai-system", id: &id, title: &token, text: &text, links: &links }.leaf(seq);
        let hash = hex(&leaf_hash(&leaf.envelope));
        append.append(leaf)?;
        Ok((seq, hash))
    };
    let ((seq, hash), head) = store.run(unit)?;
    Ok((seq, hash, head))
}

/// A worker and what it has acknowledged.
struct Worker {
    child: Child,
    acks: mpsc::Receiver<Ack>,
}

impl Worker {
    fn start(place: &str, name: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.args(["work", place, name]).stdout(Stdio::piped()).spawn().unwrap();
        let (give, acks) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || lines.map_while(Result::ok).filter_map(|line| Ack::parse(&line)).all(|ack| give.send(ack).is_ok()));
        Self { child, acks }
    }

    /// Waits for the first acknowledgement, which shows that it is under load.
    fn wait(&self, into: &mut Vec<Ack>) {
        into.push(self.acks.recv_timeout(Duration::from_secs(120)).expect("a worker acknowledges something"));
    }

    /// Ends it as the system does, without a chance to clean up; then all it ever acknowledged.
    fn kill(mut self, into: &mut Vec<Ack>) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        into.extend(self.acks.iter());
    }
}

/// Numbers that spread kills over the work; the same seed gives the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Kills workers under load.
fn kill(place: &str, what: &str, cycles: u64, processes: usize) -> bool {
    let (mut audit, mut dice) = (Audit::default(), Dice(0x9e37_79b9_7f4a_7c15));
    for cycle in 0..cycles {
        let mut acks = Vec::new();
        let workers: Vec<Worker> = (0..processes).map(|at| Worker::start(place, &format!("{cycle}.{at}"))).collect();
        workers.iter().for_each(|worker| worker.wait(&mut acks));
        for worker in workers {
            thread::sleep(Duration::from_millis(dice.below(120)));
            worker.kill(&mut acks);
        }
        audit.compare(&*open(place), &acks);
    }
    audit.verdict(what, cycles)
}

/// Stops the server at once, under the load of two processes, and starts it again.
fn stop(cycles: u64) -> bool {
    let server = Server::start_new();
    let place = server.database();
    let (mut audit, mut dice) = (Audit::default(), Dice(0x2545_f491_4f6c_dd1d));
    let workers: Vec<Worker> = (0..2).map(|at| Worker::start(&place, &at.to_string())).collect();
    let mut acks = Vec::new();
    for _ in 0..cycles {
        workers.iter().for_each(|worker| worker.wait(&mut acks));
        thread::sleep(Duration::from_millis(dice.below(300)));
        server.stop(Stop::Immediate);
        acks.extend(workers.iter().flat_map(|worker| worker.acks.try_iter()));
        server.start();
        // Acknowledged before the stop, and so there before anything else is.
        audit.compare(&*open(&place), &acks);
        acks.clear();
    }
    workers.into_iter().for_each(|worker| worker.kill(&mut acks));
    audit.compare(&*open(&place), &acks);
    audit.verdict("immediate stop of PostgreSQL, 2 processes", cycles)
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let count = |text: &str| text.parse::<u64>().expect("a number of cycles");
    let is_kept = match words[..] {
        ["work", place, name] => return work(place, name),
        ["write", place, name, rounds, appends, how] => return calls::write(place, name, (count(rounds), count(appends)), how),
        ["kill-sqlite", cycles] => {
            let folder = tempfile::tempdir().unwrap();
            kill(folder.path().to_str().unwrap(), "kill -9, SQLite", count(cycles), 1)
        }
        ["kill-postgres", cycles] => {
            let server = Server::start_new();
            kill(&server.database(), "kill -9, PostgreSQL, 2 processes", count(cycles), 2)
        }
        ["stop-postgres", cycles] => stop(count(cycles)),
        ["power-cut", cycles] => power::cut(count(cycles)),
        ["fail-calls", calls] => fail::fail(count(calls)),
        ["tamper", flips] => tamper::tamper(count(flips)),
        ["tenancy", calls] => tenancy::ask(count(calls)),
        _ => panic!("say which torture, and how many cycles"),
    };
    assert!(is_kept, "the store did not keep its word");
}
