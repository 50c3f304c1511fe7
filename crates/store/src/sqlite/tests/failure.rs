//! When there is no room, when too many ask, and when a commit fails.

use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::Disk;
use crate::contract::story::{Scribe, all_leaves, system, write_systems};
use crate::sqlite::setting::set;
use crate::{Append, CommitListener, ErrorKind, Head, Settings, Sqlite, Store};

fn store_with(disk: &Disk, settings: Settings) -> Sqlite {
    Sqlite::open(disk.path(), Arc::new(Scribe), settings).unwrap()
}

fn alter(store: &Sqlite, sql: &str) {
    store.with_engine(|engine| Ok(engine.connection.execute_batch(sql)?)).unwrap();
}

#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl CommitListener for Diary {
    fn committed(&self, head: &Head) {
        self.0.lock().unwrap().push(format!("committed {}", head.size));
    }

    fn rolled_back(&self, size: u64) {
        self.0.lock().unwrap().push(format!("void from {size}"));
    }
}

#[test]
fn a_full_disk_refuses_the_unit_and_room_lets_writing_go_on() {
    let disk = Disk::new();
    let store = store_with(&disk, Settings::default());
    let head = write_systems(&store, 3);
    let limit = |pages: i64| store.with_engine(|engine| set(&engine.connection, "max_page_count", pages)).unwrap();
    limit(1);
    let large = |append: &mut dyn Append| Ok(append.desk_put("job", "large", &[7; 1 << 20])?);
    let error = store.write(Box::new(large)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Full, "{error}");
    assert!(error.hint().is_some());
    assert_eq!(store.snapshot().unwrap().head().unwrap(), head);
    limit(1 << 30);
    store.write(Box::new(large)).unwrap();
    assert_eq!(write_systems(&store, 1).size, 4);
}

#[test]
fn a_failed_commit_answers_nobody_with_success_and_stops_the_writer() {
    let disk = Disk::new();
    let store = store_with(&disk, Settings::default());
    write_systems(&store, 2);
    let diary = Arc::new(Diary::default());
    store.subscribe(diary.clone());
    // A rule that is only looked at when the transaction commits.
    alter(
        &store,
        "CREATE TABLE trap (x INTEGER REFERENCES leaf (seq) DEFERRABLE INITIALLY DEFERRED) STRICT;
         CREATE TRIGGER spring AFTER INSERT ON desk WHEN new.key = 'trap' BEGIN INSERT INTO trap VALUES (-1); END",
    );
    let (waiting, go) = mpsc::channel::<()>();
    let (begun, running) = mpsc::channel::<()>();
    let errors: Vec<_> = thread::scope(|scope| {
        let store = &store;
        scope.spawn(move || {
            let hold = move |_: &mut dyn Append| {
                begun.send(())?;
                go.recv().map_err(Into::into)
            };
            store.write(Box::new(hold)).unwrap()
        });
        running.recv().unwrap();
        let trap = scope.spawn(move || {
            store.write(Box::new(|append| {
                system("SYS-3", "three").append(append)?;
                Ok(append.desk_put("job", "trap", b"1")?)
            }))
        });
        let innocent = scope.spawn(move || store.write(Box::new(|append| Ok(append.desk_put("job", "innocent", b"1")?))));
        thread::sleep(Duration::from_millis(100));
        waiting.send(()).unwrap();
        [trap, innocent].map(|caller| caller.join().unwrap().unwrap_err()).into()
    });
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Commit, "{error}");
    }
    assert_eq!(*diary.0.lock().unwrap(), ["committed 2", "void from 2"]);
    assert_eq!(store.write(Box::new(|_| Ok(()))).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(store.scrub().unwrap_err().kind(), ErrorKind::Closed);
    assert!(store.snapshot().unwrap().desk_get("job", "innocent").unwrap().is_none());
    alter(&store, "DROP TRIGGER spring");
    drop(store);
    let store = store_with(&disk, Settings::default());
    assert_eq!(all_leaves(&*store.snapshot().unwrap()).len(), 2);
    assert_eq!(write_systems(&store, 1).size, 3);
}

#[test]
fn a_full_queue_is_an_error_and_not_a_longer_queue() {
    let disk = Disk::new();
    let settings = Settings { queue_units: 2, patience: Duration::from_millis(50), ..Settings::default() };
    let store = store_with(&disk, settings);
    let (waiting, go) = mpsc::channel::<()>();
    let (begun, running) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let store = &store;
        scope.spawn(move || {
            store.write(Box::new(move |_| {
                begun.send(())?;
                go.recv().map_err(Into::into)
            }))
        });
        running.recv().unwrap();
        let callers: Vec<_> =
            (0..5).map(|_| scope.spawn(move || store.write(Box::new(|append| Ok(append.desk_put("a", "b", b"c")?))))).collect();
        thread::sleep(Duration::from_millis(300));
        waiting.send(()).unwrap();
        let refused = callers.into_iter().filter_map(|caller| caller.join().unwrap().err()).map(|error| error.kind());
        assert_eq!(refused.collect::<Vec<_>>(), [ErrorKind::Busy; 3]);
    });
}

#[test]
fn more_snapshots_than_readers_wait_and_then_are_refused() {
    let disk = Disk::new();
    let store = store_with(&disk, Settings { readers: 2, patience: Duration::from_millis(20), ..Settings::default() });
    let held = [store.snapshot().unwrap(), store.snapshot().unwrap()];
    assert_eq!(store.snapshot().err().unwrap().kind(), ErrorKind::Busy);
    drop(held);
    assert!(store.snapshot().is_ok());
}

#[test]
fn a_scrub_says_when_a_snapshot_still_holds_the_old_state() {
    let disk = Disk::new();
    let store = store_with(&disk, Settings { patience: Duration::from_millis(20), ..Settings::default() });
    write_systems(&store, 3);
    let held = store.snapshot().unwrap();
    store.write(Box::new(|append| Ok(append.remove_body(0)?))).unwrap();
    let error = store.scrub().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    drop(held);
    store.scrub().unwrap();
    assert_eq!(write_systems(&store, 1).size, 4);
}
