//! Durable appends: alone, beside one `fdatasync` of the same disk, and by 64 writers at once; then proofs out of what was written.
//!
//! `cargo bench -p vouch-store -- [--seconds N] [--folder DIR] [--database URL] [--processes N]`. The folder decides which disk is
//! measured; by default one below the build folder, which is emptied afterwards. A database named is measured instead, by one or
//! several processes of 64 writers each; it must be empty, or a bench's.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and its arguments")]
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops where something fails")]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use vouch_ledger::tree::inclusion_proof;
use vouch_ledger::{Action, Checkpoint, Envelope, SignerKey};
use vouch_store::{
    Append, Head, Leaf, LinkRow, Postgres, Projection, Refusal, Result, Settings, Signer, Snapshot, Sqlite, Store, Tiles,
};

const ORIGIN: &str = "bench.example.test";
const WRITERS: usize = 64;
/// A year after which nothing here depends on the real date.
const TIME: i64 = 1_700_000_000_000;

struct Key(SignerKey);

impl Signer for Key {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: head.size, root: head.root };
        Ok(checkpoint.sign(&self.0)?.to_bytes())
    }
}

/// A leaf of the usual size: a body of 12 fields, a row for lists, two links, a few words to search.
fn leaf(size: u64) -> Leaf {
    let mut c = [9; 32];
    c[..8].copy_from_slice(&size.to_be_bytes());
    let id = format!("RSK-{}", size + 1);
    let envelope = Envelope {
        action: Action::Create,
        actor: "PER-1",
        c,
        id: &id,
        kind: "risk",
        org: ORIGIN,
        revision: 1,
        schema: 1,
        seq: size,
        state: "draft",
        time: TIME,
    };
    let link = |field: &str, id: u64| LinkRow { field: field.to_owned(), to_id: format!("SYS-{id}"), to_revision: None };
    Leaf {
        envelope: envelope.to_bytes().unwrap(),
        body: Some(vec![b'x'; 1_400]),
        projection: Some(Projection {
            revision: 1,
            state: "draft".to_owned(),
            in_force: None,
            title: format!("Risk {size} of the screening at gates"),
            fields: vec![b'y'; 800],
        }),
        links: Some(vec![link("system", size % 97 + 1), link("treats", size % 13 + 1)]),
        search: Some(format!("matching of travellers gives a false alarm number{size} review by a person before any decision")),
    }
}

fn write_one(append: &mut dyn Append) -> Result<(), Refusal> {
    let size = append.tip().size;
    Ok(append.append(leaf(size))?)
}

/// Value at a share of sorted times.
fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share) as usize]
}

fn sync_alone(folder: &Path) -> Duration {
    let mut file = File::create(folder.join("sync")).unwrap();
    let page = [7; 4096];
    let one = |_| {
        file.write_all(&page).unwrap();
        let begun = Instant::now();
        file.sync_data().unwrap();
        begun.elapsed()
    };
    at(&mut (0..300).map(one).collect::<Vec<_>>(), 0.5)
}

fn append_alone(store: &dyn Store) -> Vec<Duration> {
    let one = |_| {
        let begun = Instant::now();
        store.write(Box::new(write_one)).unwrap();
        begun.elapsed()
    };
    (0..500).map(one).collect()
}

fn append_together(store: &dyn Store, seconds: u64) -> (u64, Vec<Duration>) {
    let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let times = thread::scope(|scope| {
        let one = |_| {
            scope.spawn(|| {
                let mut times = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    store.write(Box::new(write_one)).unwrap();
                    times.push(begun.elapsed());
                    done.fetch_add(1, Ordering::Relaxed);
                }
                times
            })
        };
        let writers: Vec<_> = (0..WRITERS).map(one).collect();
        thread::sleep(Duration::from_secs(seconds));
        over.store(true, Ordering::Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    (done.into_inner(), times)
}

fn prove(store: &dyn Store) -> Vec<Duration> {
    let one = |number: u64| {
        let begun = Instant::now();
        let snapshot = store.snapshot().unwrap();
        let head = snapshot.head().unwrap();
        inclusion_proof(&Tiles(&*snapshot), head.size, &head.root, number * 7_919 % head.size).unwrap();
        begun.elapsed()
    };
    (0..1_000).map(one).collect()
}

fn option(name: &str) -> Option<String> {
    let mut given = std::env::args().skip_while(|given| given != name);
    given.nth(1)
}

/// Counts what a process of its own appends.
fn spawn(seconds: u64, database: &str) -> std::process::Child {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--seconds", &seconds.to_string(), "--database", database, "--alone"]).stdout(std::process::Stdio::piped());
    command.spawn().unwrap()
}

/// Appends to a database with 64 writers in each of several processes.
fn measure_database(database: &str, seconds: u64, key: Arc<Key>) {
    let is_child = std::env::args().any(|word| word == "--alone");
    let processes: usize = option("--processes").map_or(1, |processes| processes.parse().unwrap());
    let store = Postgres::open(database, ORIGIN, key, Settings::default()).unwrap();
    let others: Vec<_> = (1..processes).map(|_| spawn(seconds, database)).collect();
    let before = store.counts();
    let (mut done, mut times) = append_together(&store, seconds);
    let commits = store.counts().commits - before.commits;
    if is_child {
        println!("{done}");
        return;
    }
    let own = done;
    for other in others {
        done += String::from_utf8(other.wait_with_output().unwrap().stdout).unwrap().trim().parse::<u64>().unwrap();
    }
    println!(
        "{processes} x {WRITERS} writers              p50 {:>10.1?}  p99 {:>10.1?}",
        at(&mut times, 0.5),
        at(&mut times, 0.99)
    );
    println!("                            {} appends/s, {:.1} in a commit", done / seconds, own as f64 / commits as f64);
}

fn main() {
    let seconds = option("--seconds").map_or(5, |seconds| seconds.parse().unwrap());
    if let Some(database) = option("--database") {
        return measure_database(&database, seconds, Arc::new(Key(SignerKey::from_seed(ORIGIN, &[3; 32]).unwrap())));
    }
    let parent = option("--folder").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let key = Key(SignerKey::from_seed(ORIGIN, &[3; 32]).unwrap());
    let store = Sqlite::open(folder.path(), Arc::new(key), Settings::default()).unwrap();

    let sync = sync_alone(folder.path());
    println!("fdatasync of 4 KiB          p50 {sync:>10.1?}");
    let mut alone = append_alone(&store);
    let p50 = at(&mut alone, 0.5);
    let ratio = p50.as_secs_f64() / sync.as_secs_f64();
    println!("one append                  p50 {p50:>10.1?}  p99 {:>10.1?}  {ratio:.1} x fdatasync", at(&mut alone, 0.99));

    let before = store.counts();
    let (done, mut times) = append_together(&store, seconds);
    let commits = store.counts().commits - before.commits;
    let rate = done / seconds;
    println!("{WRITERS} writers                  p50 {:>10.1?}  p99 {:>10.1?}", at(&mut times, 0.5), at(&mut times, 0.99));
    println!("                            {rate} appends/s, {:.1} in a commit", done as f64 / commits as f64);
    let mut proofs = prove(&store);
    let size = store.snapshot().unwrap().head().unwrap().size;
    println!("proof out of {size:<9} leaves p50 {:>10.1?}  p99 {:>10.1?}", at(&mut proofs, 0.5), at(&mut proofs, 0.99));
}
