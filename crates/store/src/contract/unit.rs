//! Units: all or nothing, many in a commit, answered when durable.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak, mpsc};
use std::thread;
use std::time::Duration;

use crate::contract::Place;
use crate::contract::story::{Text, open, refuse, system, write_systems};
use crate::{Append, CommitListener, ErrorKind, Head, LinkQuery, ProjectionChange, Projector, Refusal, Result, Snapshot, Store};

/// Everything that a unit can write.
fn write_everything(append: &mut dyn Append) -> Result<()> {
    Text { links: &["SYS-9"], text: "void", ..system("SYS-7", "void") }.append(append)?;
    append.desk_put("job", "void", b"void")?;
    append.desk_delete("job", "kept")?;
    append.remove_body(0)?;
    append.drop_projection("SYS-1")
}

fn assert_untouched(store: &dyn Store, before: &Head) {
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.head().unwrap(), *before);
    assert!(snapshot.record("SYS-7").unwrap().is_none());
    assert!(snapshot.links(LinkQuery::To("SYS-9"), None, 9).unwrap().is_empty());
    assert!(snapshot.search("void", 9).unwrap().is_empty());
    assert!(snapshot.desk_get("job", "void").unwrap().is_none());
    assert!(snapshot.desk_get("job", "kept").unwrap().is_some());
    assert!(snapshot.body(0).unwrap().is_some());
    assert!(snapshot.record("SYS-1").unwrap().is_some());
    assert_eq!(snapshot.last_number("ai-system").unwrap(), before.size);
}

fn beginning(place: &dyn Place) -> (Arc<dyn Store>, Head) {
    let store = open(place);
    store.write(Box::new(|append| Ok(append.desk_put("job", "kept", b"1")?))).unwrap();
    let head = write_systems(&*store, 2);
    (store, head)
}

pub fn a_refused_unit_leaves_nothing_and_others_go_through(place: &dyn Place) {
    let (store, head) = beginning(place);
    // The first unit holds the writer until the refused and the good one wait together.
    let (waiting, go) = mpsc::channel();
    let arrived = AtomicUsize::new(0);
    thread::scope(|scope| {
        let store = &*store;
        let arrived = &arrived;
        scope.spawn(move || store.write(Box::new(move |_| go.recv().map_err(Into::into))).unwrap());
        let refused = scope.spawn(move || {
            arrived.fetch_add(1, Ordering::SeqCst);
            store.write(Box::new(|append| {
                write_everything(append)?;
                Err(refuse("revision 3 was expected"))
            }))
        });
        let good = scope.spawn(move || {
            arrived.fetch_add(1, Ordering::SeqCst);
            store.write(Box::new(|append| Ok(append.desk_put("job", "good", b"1")?)))
        });
        while arrived.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(20));
        waiting.send(()).unwrap();
        let error = refused.join().unwrap().unwrap_err();
        assert_eq!(error.into_refusal().unwrap().to_string(), "revision 3 was expected");
        good.join().unwrap().unwrap();
    });
    assert_untouched(&*store, &head);
    assert!(store.snapshot().unwrap().desk_get("job", "good").unwrap().is_some());
    assert_eq!(write_systems(&*store, 1).size, 3);
}

pub fn a_unit_that_goes_on_after_a_failed_write_leaves_nothing(place: &dyn Place) {
    let (store, head) = beginning(place);
    let unit = |append: &mut dyn Append| {
        write_everything(append)?;
        assert_eq!(append.remove_body(99).unwrap_err().kind(), ErrorKind::Missing);
        // Whatever comes after the failure is refused with the same words.
        assert_eq!(append.desk_put("job", "after", b"1").unwrap_err().kind(), ErrorKind::Missing);
        Ok(())
    };
    assert_eq!(store.write(Box::new(unit)).unwrap_err().kind(), ErrorKind::Missing);
    assert_untouched(&*store, &head);
}

pub fn a_unit_that_panics_leaves_nothing(place: &dyn Place) {
    let (store, head) = beginning(place);
    let unit = |append: &mut dyn Append| {
        write_everything(append)?;
        panic!("a mistake of the caller")
    };
    let error = store.write(Box::new(unit)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panicked);
    assert!(error.message().contains("a mistake of the caller"), "{error}");
    assert_untouched(&*store, &head);
    assert_eq!(write_systems(&*store, 1).size, 3);
}

pub fn a_unit_reads_what_it_wrote(place: &dyn Place) {
    let (store, _) = beginning(place);
    let file = store.stage(&mut &b"report"[..], 100).unwrap();
    let unit = move |append: &mut dyn Append| {
        let before = append.head()?;
        Text { links: &["SYS-1@2"], ..system("SYS-3", "three") }.append(append)?;
        append.desk_put("job", "new", b"2")?;
        let hash = *file.sha256();
        append.put_file(file)?;
        assert_eq!(append.tip().size, 3);
        let head = append.head()?;
        assert_eq!(head.size, 3);
        assert_ne!(head.root, before.root);
        assert_eq!(append.record("SYS-3")?.unwrap().projection.title, "three");
        assert_eq!(append.links(LinkQuery::To("SYS-1"), None, 9)?[0].link.to_revision, Some(2));
        assert_eq!(append.last_number("ai-system")?, 3);
        assert_eq!(append.desk_get("job", "new")?.unwrap(), b"2");
        assert_eq!(append.body(2)?, system("SYS-3", "three").leaf(2).body.map(|body| [&body[..], b"SYS-1@2"].concat()));
        assert_eq!(append.file(&hash)?.unwrap(), b"report");
        Ok(head)
    };
    let (inside, outside) = store.run(unit).unwrap();
    assert_eq!(inside, outside);
}

pub fn many_callers_share_a_commit(place: &dyn Place) {
    const CALLERS: usize = 64;
    let store = open(place);
    let (waiting, go) = mpsc::channel();
    let arrived = AtomicUsize::new(0);
    let seqs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| store.write(Box::new(move |_| go.recv().map_err(Into::into))).unwrap());
        for _ in 0..CALLERS {
            scope.spawn(|| {
                arrived.fetch_add(1, Ordering::SeqCst);
                let unit = |append: &mut dyn Append| {
                    let seq = append.tip().size;
                    system(&format!("SYS-{}", seq + 1), "one of many").append(append)?;
                    Ok(seq)
                };
                let (seq, head) = store.run(unit).unwrap();
                assert!(head.size > seq, "the answer came before the leaf");
                seqs.lock().unwrap().push(seq);
            });
        }
        while arrived.load(Ordering::SeqCst) < CALLERS {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(50));
        waiting.send(()).unwrap();
    });
    let mut seqs = seqs.into_inner().unwrap();
    seqs.sort_unstable();
    assert_eq!(seqs, (0..CALLERS as u64).collect::<Vec<_>>());
    let counts = store.counts();
    assert_eq!(counts.units, CALLERS as u64 + 1);
    assert!(counts.commits < counts.units / 2, "{counts:?}");
}

/// Keeps what it hears.
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

pub fn a_listener_hears_of_commits_before_callers_and_of_what_is_void(place: &dyn Place) {
    let store = open(place);
    let diary = Arc::new(Diary::default());
    store.subscribe(diary.clone());
    let heard = || diary.0.lock().unwrap().clone();
    write_systems(&*store, 2);
    assert_eq!(heard(), ["committed 2"]);
    store
        .write(Box::new(|append| Err(system("SYS-3", "x").append(append).map_or_else(Into::into, |()| refuse("no")))))
        .unwrap_err();
    assert_eq!(heard(), ["committed 2", "void from 2"]);
}

struct Clumsy;

impl CommitListener for Clumsy {
    fn committed(&self, _: &Head) {
        panic!("a listener's mistake")
    }

    fn rolled_back(&self, _: u64) {}
}

pub fn a_listener_that_panics_stops_the_store(place: &dyn Place) {
    let store = open(place);
    store.subscribe(Arc::new(Clumsy));
    // The commit is durable, so it is answered as such.
    assert_eq!(write_systems(&*store, 1).size, 1);
    let error = store.write(Box::new(|_| Ok(()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert!(error.message().contains("a listener's mistake"), "{error}");
    assert_eq!(store.snapshot().unwrap().head().unwrap().size, 1);
}

struct Calling(Weak<dyn Store>);

impl Projector for Calling {
    fn leaf(&mut self, _: &crate::LogLeaf) -> Result<Vec<ProjectionChange>, Refusal> {
        let store = self.0.upgrade().unwrap();
        Err(store.write(Box::new(|_| Ok(()))).unwrap_err().into())
    }
}

pub fn the_store_cannot_be_called_by_what_it_runs(place: &dyn Place) {
    let store = open(place);
    write_systems(&*store, 1);
    let inner = Arc::downgrade(&store);
    let unit = move |_: &mut dyn Append| {
        let store = inner.upgrade().unwrap();
        assert_eq!(store.snapshot().err().unwrap().kind(), ErrorKind::Misuse);
        Err(store.write(Box::new(|_| Ok(()))).unwrap_err().into())
    };
    assert_eq!(store.write(Box::new(unit)).unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(store.rebuild(&mut Calling(Arc::downgrade(&store))).unwrap_err().kind(), ErrorKind::Misuse);
}

pub fn a_snapshot_does_not_change(place: &dyn Place) {
    let store = open(place);
    let before = write_systems(&*store, 1);
    let old = store.snapshot().unwrap();
    system("SYS-1", "renamed").write(&*store);
    let new = store.snapshot().unwrap();
    let title = |snapshot: &dyn Snapshot| snapshot.record("SYS-1").unwrap().unwrap().projection.title;
    assert_eq!((title(&*old), title(&*new)), ("system 1".to_owned(), "renamed".to_owned()));
    assert_eq!((old.head().unwrap(), new.head().unwrap().size), (before, 2));
    assert_eq!(old.leaves(crate::LeafQuery { limit: 9, ..Default::default() }).unwrap().len(), 1);
}

pub fn a_unit_with_a_result_gives_it(place: &dyn Place) {
    let store = open(place);
    let (id, head) = store
        .run(|append| {
            let id = format!("SYS-{}", append.last_number("ai-system")? + 1);
            system(&id, "named inside").append(append)?;
            Ok(id)
        })
        .unwrap();
    assert_eq!((id.as_str(), head.size), ("SYS-1", 1));
    let error = store.run(|_| Err::<(), _>(refuse("not today"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}
