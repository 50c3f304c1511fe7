//! Tortures a store and looks whether it kept its word: `cargo xtask torture NAME`.
//!
//! Workers, each a process of its own, append and write every acknowledgement into a pipe. What comes out of the pipes is a ledger outside
//! of the store. After each kill or stop the store is opened again and compared with it: nothing acknowledged is lost, nothing is there
//! twice, and every checkpoint that was ever seen is that of the leaves.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a chore that reads its arguments and prints what it found")]
#![allow(clippy::unwrap_used, reason = "it stops where something fails")]

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use vouch_ledger::tree::Appender;
use vouch_ledger::{hex, leaf_hash};
use vouch_store::contract::server::{Server, Stop};
use vouch_store::contract::story::{ORIGIN, Scribe, Text};
use vouch_store::{Append, LeafQuery, Postgres, Settings, Sqlite, Store};

/// Writing threads of one worker.
const THREADS: usize = 16;

/// An acknowledgement, as a worker wrote it down.
#[derive(Debug, Clone)]
struct Ack {
    token: String,
    seq: u64,
    leaf: String,
    size: u64,
    root: String,
}

impl Ack {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ').map(str::to_owned);
        let mut next = || words.next();
        let (token, seq, leaf, size, root) = (next()?, next()?, next()?, next()?, next()?);
        // A line that was cut off by the kill acknowledges nothing.
        (root.len() == 64).then_some(())?;
        Some(Self { token, seq: seq.parse().ok()?, leaf, size: size.parse().ok()?, root })
    }
}

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

fn append(store: &dyn Store, token: &str) -> vouch_store::Result<(u64, String, vouch_store::Head)> {
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

/// What the store was found to hold, compared page by page as it grows.
#[derive(Default)]
struct Audit {
    tree: Appender,
    /// Hash of each leaf, and root of each size that may have been seen.
    leaves: Vec<String>,
    roots: HashMap<u64, String>,
    tokens: HashSet<String>,
    acknowledged: u64,
    lost: u64,
    doubled: u64,
    inconsistent: u64,
}

impl Audit {
    /// Reads what is new, and compares the acknowledgements with it.
    fn compare(&mut self, store: &dyn Store, acks: &[Ack]) {
        let snapshot = store.snapshot().unwrap();
        loop {
            let query = LeafQuery { from: self.tree.size(), limit: 5_000, bodies: true, ..LeafQuery::default() };
            let page = snapshot.leaves(query).unwrap();
            if page.is_empty() {
                break;
            }
            for leaf in page {
                assert_eq!(leaf.seq, self.tree.size(), "a leaf is missing");
                let hash = leaf_hash(&leaf.envelope);
                self.tree.push(hash);
                self.leaves.push(hex(&hash));
                self.roots.insert(self.tree.size(), hex(&self.tree.root()));
                let body = String::from_utf8(leaf.body.expect("every leaf has its body")).unwrap();
                let token = body.split('\n').nth(2).unwrap().to_owned();
                if !self.tokens.insert(token) {
                    self.doubled += 1;
                }
            }
        }
        let head = snapshot.head().unwrap();
        assert_eq!((head.size, head.root), (self.tree.size(), self.tree.root()), "the head is that of the leaves");
        for ack in acks {
            self.acknowledged += 1;
            let held = self.leaves.get(usize::try_from(ack.seq).unwrap());
            if held != Some(&ack.leaf) || !self.tokens.contains(&ack.token) {
                self.lost += 1;
            }
            if self.roots.get(&ack.size) != Some(&ack.root) {
                self.inconsistent += 1;
            }
        }
    }

    fn verdict(&self, what: &str, cycles: u64) -> bool {
        println!(
            "{what}: {cycles} cycles, {} acknowledged, {} leaves, {} lost, {} doubled, {} checkpoints inconsistent",
            self.acknowledged,
            self.tree.size(),
            self.lost,
            self.doubled,
            self.inconsistent
        );
        self.acknowledged > 0 && self.lost + self.doubled + self.inconsistent == 0
    }
}

/// Numbers that spread kills over the work; the same seed gives the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
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
        ["kill-sqlite", cycles] => {
            let folder = tempfile::tempdir().unwrap();
            kill(folder.path().to_str().unwrap(), "kill -9, SQLite", count(cycles), 1)
        }
        ["kill-postgres", cycles] => {
            let server = Server::start_new();
            kill(&server.database(), "kill -9, PostgreSQL, 2 processes", count(cycles), 2)
        }
        ["stop-postgres", cycles] => stop(count(cycles)),
        _ => panic!("say `kill-sqlite`, `kill-postgres` or `stop-postgres`, and how many cycles"),
    };
    assert!(is_kept, "the store did not keep its word");
}
