//! Several handles on one log, as several processes have them; and a server that goes away.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use vouch_ledger::leaf_hash;
use vouch_ledger::tree::root_of;

use super::Database;
use crate::contract::Place;
use crate::contract::server::{Stop, wait_until};
use crate::contract::story::{Scribe, all_leaves, open, system, write_systems};
use crate::{Append, CommitListener, ErrorKind, Head, Snapshot, Store};

#[test]
fn handles_take_turns_and_never_leave_two_roots_for_one_size() {
    const HANDLES: u64 = 3;
    const UNITS: u64 = 40;
    let database = Database::new();
    let stores: Vec<Arc<dyn Store>> = (0..HANDLES).map(|_| open(&database)).collect();
    let answered = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for store in &stores {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..UNITS / 4 {
                        let unit = |append: &mut dyn Append| {
                            let seq = append.tip().size;
                            system(&format!("SYS-{}", seq + 1), "one of many").append(append)?;
                            Ok(seq)
                        };
                        let (seq, head) = store.run(unit).unwrap();
                        answered.lock().unwrap().push((seq, head));
                    }
                });
            }
        }
    });
    let snapshot = stores[0].snapshot().unwrap();
    let hashes: Vec<_> = all_leaves(&*snapshot).iter().map(|leaf| leaf_hash(&leaf.envelope)).collect();
    assert_eq!(hashes.len() as u64, HANDLES * UNITS);
    let mut seqs: Vec<u64> = answered.lock().unwrap().iter().map(|(seq, _)| *seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (0..HANDLES * UNITS).collect::<Vec<_>>());
    for (_, head) in answered.into_inner().unwrap() {
        assert_eq!(head.root, root_of(&hashes[..usize::try_from(head.size).unwrap()]), "{}", head.size);
    }
}

/// Keeps the size of the log that it was last shown.
#[derive(Default)]
struct Watch(AtomicU64);

impl CommitListener for Watch {
    fn committed(&self, _: &Head) {}

    fn rolled_back(&self, _: u64) {}

    fn overtaken(&self, now: &dyn Snapshot) {
        self.0.store(now.head().unwrap().size, Ordering::SeqCst);
    }
}

#[test]
fn a_handle_that_follows_hears_of_what_others_write() {
    let database = Database::new();
    let (one, other) = (open(&database), open(&database));
    write_systems(&*one, 1);
    let watch = Arc::new(Watch::default());
    other.subscribe(watch.clone());
    other.follow().unwrap();
    wait_until(|| watch.0.load(Ordering::SeqCst) == 1);
    write_systems(&*one, 2);
    wait_until(|| watch.0.load(Ordering::SeqCst) == 3);
}

#[test]
fn a_server_that_stops_at_once_and_comes_back_has_everything_that_was_acknowledged() {
    let database = Database::alone();
    let store = open(&database);
    let watch = Arc::new(Watch::default());
    store.subscribe(watch.clone());
    store.follow().unwrap();
    for round in 1..4 {
        let head = write_systems(&*store, 3);
        database.server.stop(Stop::Immediate);
        let error = store.write(Box::new(|append| Ok(system("SYS-1", "lost").append(append)?))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
        database.server.start();
        assert_eq!(store.snapshot().unwrap().head().unwrap(), head);
        assert_eq!(head.size, 3 * round);
    }
    assert_eq!(write_systems(&*store, 1).size, 10);
    wait_until(|| watch.0.load(Ordering::SeqCst) == 10);
}

#[test]
fn a_commit_whose_answer_is_lost_is_asked_for() {
    let database = Database::new();
    let store = database.open(Arc::new(Scribe)).unwrap();
    write_systems(&*store, 1);
    // Every connection of the role is ended while the unit is at work, so its commit meets a closed one.
    let server = Arc::clone(&database.server);
    let name = database.name().to_owned();
    let unit = move |append: &mut dyn Append| {
        system("SYS-2", "two").append(append)?;
        server.as_administrator(
            "postgres",
            &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"),
        );
        Ok(())
    };
    let error = store.write(Box::new(unit)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert_eq!(store.snapshot().unwrap().head().unwrap().size, 1);
    assert_eq!(write_systems(&*store, 1).size, 2);
}
