//! A process that writes is killed; whatever it was told is durable is there.

#![allow(clippy::disallowed_methods, reason = "the child is told by the environment what to do")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something fails, and the child prints to its parent"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use vouch_ledger::{Action, Envelope, hex, leaf_hash, tree::root_of};
use vouch_store::{Append, Head, Leaf, LeafQuery, Refusal, Result, Settings, Signer, Snapshot, Sqlite, Store};

/// Names the folder to the child.
const FOLDER: &str = "VOUCH_STORE_TEST_FOLDER";
const WRITERS: usize = 8;
const ROUNDS: usize = 4;
/// Acknowledgements after which the child is killed.
const ENOUGH: usize = 150;

struct Scribe;

impl Signer for Scribe {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        Ok(hex(&head.root).into_bytes())
    }
}

fn open(folder: &Path) -> Sqlite {
    Sqlite::open(folder, Arc::new(Scribe), Settings::default()).unwrap()
}

/// A leaf that nobody else writes: its commitment says who wrote it, and as which of his.
fn append(append: &mut dyn Append, writer: usize, count: u64) -> Result<u64, Refusal> {
    let seq = append.tip().size;
    let mut c = [0; 32];
    c[..8].copy_from_slice(&seq.to_be_bytes());
    c[8] = u8::try_from(writer)?;
    c[9..17].copy_from_slice(&count.to_be_bytes());
    let (actor, org, state, kind) = ("system", "kill.example.test", "draft", "risk");
    let id = format!("RSK-{}", seq + 1);
    let envelope = Envelope { action: Action::Create, actor, c, id: &id, kind, org, revision: 1, schema: 1, seq, state, time: 0 };
    append.append(Leaf { envelope: envelope.to_bytes()?, body: Some(vec![7; 500]), ..Leaf::default() })?;
    Ok(seq)
}

/// Writes until it is killed, and prints each leaf once it is acknowledged. Does nothing unless the parent asks.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store: &dyn Store = &store;
            scope.spawn(move || {
                for count in 0.. {
                    let (seq, _) = store.run(move |unit| append(unit, writer, count)).unwrap();
                    println!("acknowledged {seq} {writer} {count}");
                }
            });
        }
    });
}

fn start(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child_that_writes_until_it_is_killed", "--nocapture"]).env(FOLDER, folder);
    child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lines that the child printed whole: `seq writer count`.
fn acknowledged_before_kill(mut child: Child) -> Vec<(u64, u8, u64)> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(std::io::Result::ok);
    let parse = |line: String| {
        let numbers: Vec<u64> = line.strip_prefix("acknowledged ")?.split(' ').map_while(|word| word.parse().ok()).collect();
        let [seq, writer, count] = numbers[..] else { return None };
        Some((seq, u8::try_from(writer).ok()?, count))
    };
    let mut seen: Vec<_> = lines.by_ref().filter_map(parse).take(ENOUGH).collect();
    // SIGKILL: nothing in the child runs any more.
    child.kill().unwrap();
    child.wait().unwrap();
    // What was still in the pipe was acknowledged too; only a line that was cut off says nothing, and a cut number could say wrong.
    let mut rest: Vec<_> = lines.filter_map(parse).collect();
    rest.pop();
    seen.append(&mut rest);
    seen
}

#[test]
fn whatever_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..ROUNDS {
        let seen = acknowledged_before_kill(start(folder.path()));
        assert!(seen.len() >= ENOUGH, "round {round}: the child wrote");
        let store = open(folder.path());
        let snapshot = store.snapshot().unwrap();
        let head = snapshot.head().unwrap();
        let mut leaves = Vec::new();
        while (leaves.len() as u64) < head.size {
            let query = LeafQuery { from: leaves.len() as u64, limit: 10_000, bodies: true, ..LeafQuery::default() };
            leaves.extend(snapshot.leaves(query).unwrap());
        }
        for (seq, writer, count) in seen {
            assert!(seq >= before, "round {round}: leaf {seq} was there before");
            let leaf = leaves.get(usize::try_from(seq).unwrap()).unwrap_or_else(|| panic!("round {round}: leaf {seq} is lost"));
            let envelope = Envelope::parse(&leaf.envelope).unwrap();
            assert_eq!((envelope.c[8], &envelope.c[9..17]), (writer, &count.to_be_bytes()[..]), "round {round}: leaf {seq}");
            assert_eq!(leaf.body.as_deref(), Some(&[7; 500][..]));
        }
        let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(&leaf.envelope)).collect();
        assert_eq!(head.root, root_of(&hashes));
        before = head.size;
    }
}
