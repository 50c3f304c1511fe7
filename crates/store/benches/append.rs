//! Durable appends: alone, beside one `fdatasync` of the same disk, and by 64 writers at once; then proofs out of what was written.
//!
//! `cargo bench -p vouch-store --bench append -- [--seconds N] [--folder DIR] [--database URL|new] [--processes N[,N]…]`. The folder
//! decides which disk is measured; by default one below the build folder, which is emptied afterwards. A database named is measured
//! instead, by one or several processes of 64 writers each; it must be empty, or a bench's. `new` starts a server for it.
//! Prints lines `measure append_sqlite_per_s N`, `measure append_sqlite_p50_ms N`, `measure append_alone_ratio N` of a folder, and of a
//! database `measure append_postgres_1_per_s N`, `measure append_postgres_2_per_s N` or `measure append_postgres_4_per_s N`.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and its arguments")]
#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops where something fails")]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use vouch_ledger::tree::inclusion_proof;
use vouch_ledger::{Action, Checkpoint, Envelope, SignerKey};
use vouch_store::{
    Append, Head, Leaf, LinkRow, Postgres, Projection, Refusal, Result, Settings, Signer, Snapshot, Sqlite, Store, Tiles,
};

#[path = "../src/contract/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "the contract suite asks more of a server than a benchmark does")]
mod server;

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

/// A process of its own that appends when it is told to.
struct Other(Child);

impl Other {
    fn start(database: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--database", database, "--as-told"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    /// All begin at once: a process that is still opening the log would measure nothing.
    fn go(&mut self, seconds: u64) {
        writeln!(self.0.stdin.as_mut().unwrap(), "{seconds}").unwrap();
    }

    fn wait(self) -> u64 {
        let output = self.0.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }
}

fn open(database: &str) -> Postgres {
    let key = Key(SignerKey::from_seed(ORIGIN, &[3; 32]).unwrap());
    Postgres::open(database, ORIGIN, Arc::new(key), Settings::default()).unwrap()
}

/// Appends as long as the process that started this one says, and tells how many.
fn append_as_told(database: &str) {
    let store = open(database);
    store.write(Box::new(write_one)).unwrap();
    let mut seconds = String::new();
    std::io::stdin().read_line(&mut seconds).unwrap();
    println!("{}", append_together(&store, seconds.trim().parse().unwrap()).0);
}

/// Appends to a database with 64 writers in each of several processes.
fn measure_database(database: &str, seconds: u64, processes: usize) {
    let store = open(database);
    let mut others: Vec<_> = (1..processes).map(|_| Other::start(database)).collect();
    // By then they have written their first leaf and wait.
    thread::sleep(Duration::from_secs(if processes > 1 { 2 } else { 0 }));
    let mut alone = append_alone(&store);
    others.iter_mut().for_each(|other| other.go(seconds));
    let before = store.counts();
    let (own, mut times) = append_together(&store, seconds);
    let commits = store.counts().commits - before.commits;
    let done = own + others.into_iter().map(Other::wait).sum::<u64>();
    println!("{}", line("one append", &mut alone));
    println!("{}", line(&format!("{processes} x {WRITERS} writers"), &mut times));
    println!("{:<28}{} appends/s, {:.1} in a commit", "", done / seconds, own as f64 / commits as f64);
    println!("measure append_postgres_{processes}_per_s {:.0}", done as f64 / seconds as f64);
}

fn line(what: &str, times: &mut [Duration]) -> String {
    format!("{what:<28}p50 {:>10.1?}  p99 {:>10.1?}", at(times, 0.5), at(times, 0.99))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn measure_folder(seconds: u64) {
    let parent = option("--folder").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let key = Key(SignerKey::from_seed(ORIGIN, &[3; 32]).unwrap());
    let store = Sqlite::open(folder.path(), Arc::new(key), Settings::default()).unwrap();

    // Before and after, since others may use the disk meanwhile.
    let before = sync_alone(folder.path());
    let mut alone = append_alone(&store);
    let sync = sync_alone(folder.path()).max(before);
    let ratio = at(&mut alone, 0.5).as_secs_f64() / sync.as_secs_f64();
    println!("{:<28}p50 {sync:>10.1?}", "fdatasync of 4 KiB");
    println!("{}  {ratio:.1} x fdatasync", line("one append", &mut alone));
    println!("measure append_alone_ratio {ratio:.2}");

    let before = store.counts();
    let (done, mut times) = append_together(&store, seconds);
    let after = store.counts();
    println!("{}", line(&format!("{WRITERS} writers"), &mut times));
    let each = done as f64 / (after.commits - before.commits) as f64;
    println!("{:<28}{} appends/s, {each:.1} in a commit, {} commits in all", "", done / seconds, after.commits);
    println!("measure append_sqlite_per_s {}", done as f64 / seconds as f64);
    println!("measure append_sqlite_p50_ms {:.2}", milliseconds(at(&mut times, 0.5)));
    let mut proofs = prove(&store);
    let size = store.snapshot().unwrap().head().unwrap().size;
    println!("{}", line(&format!("proof out of {size} leaves"), &mut proofs));
}

fn main() {
    let seconds = option("--seconds").map_or(5, |seconds| seconds.parse().unwrap());
    let Some(database) = option("--database") else { return measure_folder(seconds) };
    if std::env::args().any(|word| word == "--as-told") {
        return append_as_told(&database);
    }
    let processes = option("--processes").unwrap_or_else(|| "1".to_owned());
    let processes = processes.split(',').map(|number| number.parse().unwrap());
    if database == "new" {
        let server = server::Server::start_usual();
        processes.for_each(|processes| measure_database(&server.database(), seconds, processes));
    } else {
        processes.for_each(|processes| measure_database(&database, seconds, processes));
    }
}
