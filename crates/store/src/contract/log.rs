//! Leaves, tiles, checkpoints.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vouch_ledger::tree::{EMPTY_ROOT, check_inclusion, inclusion_proof, root_of};
use vouch_ledger::{Action, leaf_hash};

use crate::contract::Place;
use crate::contract::story::{BEGINNING, all_leaves, envelope, open, system, write_systems};
use crate::{ErrorKind, Head, Leaf, LeafQuery, MAX_PAGE_BYTES, Refusal, Result, Signer, Snapshot, Tiles};

pub fn an_empty_store_has_the_head_of_an_empty_log(place: &dyn Place) {
    let store = open(place);
    let snapshot = store.snapshot().unwrap();
    let head = snapshot.head().unwrap();
    assert_eq!((head.size, head.root), (0, EMPTY_ROOT));
    assert!(snapshot.checkpoint(u64::MAX).unwrap().is_none());
    assert!(all_leaves(&*snapshot).is_empty());
    assert!(snapshot.tile(0, 0).unwrap().is_none());
}

pub fn leaves_come_back_as_written(place: &dyn Place) {
    let store = open(place);
    for (id, title) in [("SYS-1", "one"), ("SYS-2", "two"), ("SYS-1", "one again")] {
        system(id, title).write(&*store);
    }
    let snapshot = store.snapshot().unwrap();
    let leaves = all_leaves(&*snapshot);
    assert_eq!(leaves.iter().map(|leaf| leaf.seq).collect::<Vec<_>>(), [0, 1, 2]);
    let written = system("SYS-1", "one again").leaf(2);
    assert_eq!((&leaves[2].envelope, &leaves[2].body), (&written.envelope, &written.body));
    assert_eq!(snapshot.body(2).unwrap(), written.body);
    assert_eq!(snapshot.body(3).unwrap(), None);
    let of = |from, limit| {
        let query = LeafQuery { id: Some("SYS-1"), from, limit, bodies: false };
        snapshot.leaves(query).unwrap().into_iter().map(|leaf| (leaf.seq, leaf.body)).collect::<Vec<_>>()
    };
    assert_eq!(of(0, 9), [(0, None), (2, None)]);
    assert_eq!(of(1, 9), [(2, None)]);
    assert_eq!(of(0, 1), [(0, None)]);
}

pub fn a_page_of_leaves_is_bounded_in_rows_and_bytes(place: &dyn Place) {
    let store = open(place);
    let large = vec![b'x'; MAX_PAGE_BYTES / 2];
    let unit = move |append: &mut dyn crate::Append| {
        for size in 0..3 {
            let body = Some(large.clone());
            append.append(Leaf { envelope: envelope(size, Action::Create, "ai-system", "SYS-1"), body, ..Leaf::default() })?;
        }
        Ok(())
    };
    store.write(Box::new(unit)).unwrap();
    let snapshot = store.snapshot().unwrap();
    let page = |bodies| snapshot.leaves(LeafQuery { limit: 100, bodies, ..LeafQuery::default() }).unwrap().len();
    assert_eq!((page(true), page(false)), (2, 3));
}

pub fn tiles_prove_every_leaf_under_every_checkpoint(place: &dyn Place) {
    let store = open(place);
    for count in [1, 254, 1, 1, 300] {
        write_systems(&*store, count);
    }
    let snapshot = store.snapshot().unwrap();
    let hashes: Vec<_> = all_leaves(&*snapshot).iter().map(|leaf| leaf_hash(&leaf.envelope)).collect();
    assert_eq!(hashes.len(), 557);
    assert_eq!(snapshot.tile(0, 1).unwrap().unwrap().len(), 256 * 32);
    assert_eq!(snapshot.tile(1, 0).unwrap().unwrap().len(), 2 * 32);
    for size in [1, 255, 256, 257, 557] {
        let head = snapshot.checkpoint(size).unwrap().unwrap().head;
        assert_eq!(head.size, size);
        assert_eq!(head.root, root_of(&hashes[..usize::try_from(size).unwrap()]));
        for index in (0..size).step_by(41).chain([size - 1]) {
            let proof = inclusion_proof(&Tiles(&*snapshot), size, &head.root, index).unwrap();
            check_inclusion(&proof, size, &head.root, index, &hashes[usize::try_from(index).unwrap()]).unwrap();
        }
    }
}

pub fn a_leaf_that_does_not_belong_is_refused(place: &dyn Place) {
    let store = open(place);
    write_systems(&*store, 2);
    let good = String::from_utf8(envelope(2, Action::Create, "ai-system", "SYS-3")).unwrap();
    for (from, to, named) in [
        ("\"seq\":2", "\"seq\":1", "seq"),
        ("\"seq\":2", "\"seq\":3", "seq"),
        ("2023-11-14T22:13:20.002Z", "2023-11-14T22:13:20.000Z", "time"),
        ("log.example.test", "other.example.test", "org"),
        ("\"v\":1", "\"v\":2", "leaf 2"),
        ("SYS-3", "SYS-x", "id"),
    ] {
        let envelope = good.replacen(from, to, 1);
        assert_ne!(envelope, good, "{from} must occur");
        let leaf = Leaf { envelope: envelope.into_bytes(), ..Leaf::default() };
        let error = store.write(Box::new(move |append| Ok(append.append(leaf)?))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        assert!(error.message().contains(named), "{error}");
    }
    assert_eq!(store.snapshot().unwrap().head().unwrap().size, 2);
    let leaf = Leaf { envelope: good.into_bytes(), ..Leaf::default() };
    store.write(Box::new(move |append| Ok(append.append(leaf)?))).unwrap();
}

pub fn every_commit_with_leaves_keeps_a_signed_checkpoint(place: &dyn Place) {
    let store = open(place);
    let first = write_systems(&*store, 3);
    let second = write_systems(&*store, 2);
    let desk_only = store.write(Box::new(|append| Ok(append.desk_put("job", "a", b"1")?))).unwrap();
    assert_eq!(desk_only, second);
    assert_eq!(second.time_ms, BEGINNING + 4);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.head().unwrap(), second);
    for (size, head) in [(3, first), (4, first), (5, second), (u64::MAX, second)] {
        let checkpoint = snapshot.checkpoint(size).unwrap().unwrap();
        assert_eq!(checkpoint.head, head);
        let note = format!("{} {}", head.size, vouch_ledger::hex(&head.root));
        assert_eq!(String::from_utf8(checkpoint.note).unwrap(), note);
    }
    assert!(snapshot.checkpoint(2).unwrap().is_none());
}

/// Signs only while it is willing.
struct Moody(AtomicBool);

impl Signer for Moody {
    fn sign(&self, _: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        if self.0.load(Ordering::SeqCst) { Ok(b"signed".to_vec()) } else { Err("the key is locked".into()) }
    }
}

pub fn a_commit_that_cannot_be_signed_leaves_nothing(place: &dyn Place) {
    let signer = Arc::new(Moody(AtomicBool::new(false)));
    let store = place.open(signer.clone()).unwrap();
    let error = store.write(Box::new(|append| Ok(system("SYS-1", "one").append(append)?))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signing);
    assert!(error.message().contains("the key is locked"), "{error}");
    assert_eq!(store.snapshot().unwrap().head().unwrap(), Head::EMPTY);
    signer.0.store(true, Ordering::SeqCst);
    assert_eq!(write_systems(&*store, 1).size, 1);
}

/// Writes how many systems the log has.
struct Counting;

impl Signer for Counting {
    fn sign(&self, head: &Head, written: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        assert_eq!(written.head()?, *head);
        Ok(written.last_number("ai-system")?.to_string().into_bytes())
    }
}

pub fn a_signer_sees_what_is_about_to_be_committed(place: &dyn Place) {
    let store = place.open(Arc::new(Counting)).unwrap();
    write_systems(&*store, 7);
    let checkpoint = store.snapshot().unwrap().checkpoint(7).unwrap().unwrap();
    assert_eq!(checkpoint.note, b"7");
}

pub fn everything_is_there_after_opening_again(place: &dyn Place) {
    let store = open(place);
    write_systems(&*store, 300);
    let head = store.write(Box::new(|append| Ok(append.desk_put("session", "a", b"1")?))).unwrap();
    let leaves = all_leaves(&*store.snapshot().unwrap());
    drop(store);
    if !place.outlives_the_store() {
        return;
    }
    let store = open(place);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.head().unwrap(), head);
    assert_eq!(all_leaves(&*snapshot), leaves);
    assert_eq!(snapshot.desk_get("session", "a").unwrap().unwrap(), b"1");
    drop(snapshot);
    assert_eq!(write_systems(&*store, 1).size, 301);
}
